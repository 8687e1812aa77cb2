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
func (a *App) Sources(ctx context.Context, now time.Time, elsewhere bool) ([]api.Source, error) {
	heard, err := lake.HeardOf(ctx, a.Lake, lake.Hearing{Since: now.Add(-heardFor), Zone: a.View().Location(), Closed: a.ClosedThrough(), Elsewhere: elsewhere})
	var all []api.Source
	for i := range heard {
		all = append(all, sourceHeard(&heard[i], now))
	}
	slices.SortStableFunc(all, func(a, b api.Source) int {
		return cmp.Or(cmp.Compare(slices.Index(rhythms(), a.Rhythm), slices.Index(rhythms(), b.Rhythm)), b.Last.Compare(a.Last))
	})
	return all, err
}

// Sources adds what came again since the start.
func (s *Server) Sources(ctx context.Context, now time.Time, elsewhere bool) ([]api.Source, error) {
	all, err := s.App.Sources(ctx, now, elsewhere)
	for i := range all {
		all[i].Repeats = s.repeats.of(all[i].Source)
	}
	return all, err
}

// rhythms are in the order in which sources are listed.
func rhythms() []api.Rhythm { return []api.Rhythm{api.Silent, api.Talking, api.Rare} }

func sourceHeard(h *lake.Heard, now time.Time) api.Source {
	last := h.Last
	if h.Told.After(last) {
		last = h.Told // of a call that is charged as another source tells it
	}
	silence := max(now.Sub(last), 0)
	s := api.Source{
		Source: h.Source, Rhythm: api.Talking, Calls: h.Calls, First: h.First, Last: h.Last, Booked: h.Booked,
		Hours: len(h.Hours), Silence: int64(silence / time.Second),
		Final: partHeard(&h.Final), Provisional: partHeard(&h.Provisional), Estimated: partHeard(&h.Estimated),
		Duplicates: h.Duplicates, ChargedBy: []api.ChargedBy{},
	}
	if !h.Through.IsZero() {
		through := h.Through.Format(time.DateOnly)
		s.FinalThrough = &through
	}
	for _, c := range h.ChargedBy {
		s.ChargedBy = append(s.ChargedBy, api.ChargedBy(c))
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

func partHeard(s *lake.HeardSum) api.SourcePart {
	return api.SourcePart{Calls: s.Calls, Cost: s.Cost, Unknown: s.Unknown}
}
