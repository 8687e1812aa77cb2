package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/lake"
)

const (
	heardFor = 28 * 24 * time.Hour // back from now, for how long a source uses to pause
	fewHours = 10                  // with usage, below which nobody knows
)

// Sources lists who told usage, those that have gone silent first.
func (a *App) Sources(ctx context.Context, now time.Time) ([]api.Source, error) {
	heard, err := lake.HeardOf(ctx, a.Lake, now.Add(-heardFor))
	var all []api.Source
	for i := range heard {
		all = append(all, sourceHeard(&heard[i], now))
	}
	slices.SortStableFunc(all, func(a, b api.Source) int {
		return cmp.Or(cmp.Compare(slices.Index(rhythms(), a.Rhythm), slices.Index(rhythms(), b.Rhythm)), b.Last.Compare(a.Last))
	})
	return all, err
}

// rhythms are in the order in which sources are listed.
func rhythms() []api.Rhythm { return []api.Rhythm{api.Silent, api.Talking, api.Rare} }

func sourceHeard(h *lake.Heard, now time.Time) api.Source {
	silence := max(now.Sub(h.Last), 0)
	s := api.Source{
		Source: h.Source, Rhythm: api.Talking, Calls: h.Calls, First: h.First, Last: h.Last, Booked: h.Booked,
		Hours: len(h.Hours), Silence: int64(silence / time.Second),
	}
	pause := time.Hour
	for i := 1; i < len(h.Hours); i++ {
		pause = max(pause, h.Hours[i].Sub(h.Hours[i-1]))
	}
	switch {
	case len(h.Hours) < fewHours:
		s.Rhythm = api.Rare
		return s
	case silence > 2*pause:
		s.Rhythm = api.Silent
	}
	s.Pause = int64(pause / time.Second)
	return s
}
