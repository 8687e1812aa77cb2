package telemetry

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

const (
	mostSeries = 1 << 14 // that are remembered
	mostCells  = 1 << 14 // services, models and hours
	keptFor    = 48 * time.Hour
	settling   = 10 * time.Minute // after an hour's end until all of it was told
)

// Tally sums what counters tell by application, service, model and hour. It remembers
// series from an instant on; of a counter that began before, only what it grows by is
// known, and the hour in which it was first seen is not whole. It is for one goroutine.
//
// Example: a counter that starts at 12:00 and tells 100 at 12:10 and 130 at 12:20 has
// counted 130 tokens in that hour; with a new start and 7 at 12:30 it is 137.
type Tally struct {
	since   time.Time
	horizon time.Time // what began, or was told, until then may have been counted and forgotten
	newest  time.Time // hour
	series  map[string]series
	cells   map[Slot]*cell
}

// Slot is what counted tokens are of.
type Slot struct {
	Application, Service, Model string
	Hour                        time.Time
}

// Tokens are those of both sides.
type Tokens struct {
	Prompt     int64 `json:"prompt"`
	Completion int64 `json:"completion"`
}

// Counted is what counters tell of one slot.
type Counted struct {
	Slot
	Tokens
	Family string // the one that is believed
	Whole  bool   // all of the hour is over, was heard and is known
}

type series struct {
	at     time.Time
	tokens int64
}

type cell struct {
	by      map[string]Tokens
	doubted bool
}

// NewTally remembers from an instant on.
func NewTally(since time.Time) *Tally {
	return &Tally{since: since, horizon: since, series: map[string]series{}, cells: map[Slot]*cell{}}
}

// Add counts a point of a sender in a space. It is false where there is no room for what
// it tells of, or it is of too long ago or of no time yet.
func (t *Tally) Add(space, application string, now time.Time, p *Point) bool {
	at := Slot{application, p.Service, p.Model, p.At.Truncate(time.Hour)}
	if p.At.Before(now.Add(-keptFor)) || p.At.After(now.Add(time.Hour)) {
		return false
	}
	c := t.cell(at)
	if c == nil {
		return false
	}
	key := space + "/" + p.Series
	if !p.Delta { // a counter that starts anew is another one
		key += p.Start.Format(time.RFC3339Nano)
	}
	last, known := t.series[key]
	if known && !p.At.After(last.at) {
		again := p.At.Equal(last.at) && p.Tokens == last.tokens
		c.doubted = c.doubted || p.Delta && !again
		return true
	}
	n, sure := t.grown(p, last, known)
	c.doubted = c.doubted || !sure
	c.add(p, n)
	if begin := newer(last.at, p.Start); n > 0 && p.At.Sub(begin) > time.Hour {
		t.doubt(at, begin)
	}
	t.series[key] = series{p.At, p.Tokens}
	t.forget()
	return true
}

// doubt is of the hours from an instant to that of a slot: what was counted over all of
// them is of nobody knows which.
func (t *Tally) doubt(at Slot, begin time.Time) {
	for ; at.Hour.Add(time.Hour).After(newer(begin, t.newest.Add(-keptFor))); at.Hour = at.Hour.Add(-time.Hour) {
		if c := t.cells[at]; c != nil {
			c.doubted = true
		}
	}
}

// grown gives the tokens that a point tells beyond the one before, and whether that is
// all of them.
func (t *Tally) grown(p *Point, last series, known bool) (n int64, sure bool) {
	switch {
	case p.Delta:
		return p.Tokens, known || p.At.After(t.horizon)
	case known && p.Tokens >= last.tokens:
		return p.Tokens - last.tokens, true
	case known: // it fell, and does not say that it started anew
		return p.Tokens, false
	case p.Start.After(t.horizon):
		return p.Tokens, true
	}
	return 0, false
}

func newer(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (c *cell) add(p *Point, n int64) {
	sum := c.by[p.Family]
	side := &sum.Prompt
	if p.Side == Completion {
		side = &sum.Completion
	}
	*side = min(*side+n, maxCount)
	c.by[p.Family] = sum
}

// cell gives the sums of a slot, nil where there is no room. Old hours make room for a
// newer one.
func (t *Tally) cell(at Slot) *cell {
	if c := t.cells[at]; c != nil {
		return c
	}
	if at.Hour.After(t.newest) {
		t.newest = at.Hour
		maps.DeleteFunc(t.cells, func(s Slot, _ *cell) bool { return s.Hour.Before(t.newest.Add(-keptFor)) })
	}
	if len(t.cells) >= mostCells {
		oldest := t.newest
		for s := range t.cells {
			if s.Hour.Before(oldest) {
				oldest = s.Hour
			}
		}
		if !at.Hour.After(oldest) {
			return nil
		}
		maps.DeleteFunc(t.cells, func(s Slot, _ *cell) bool { return s.Hour.Equal(oldest) })
	}
	c := &cell{by: map[string]Tokens{}}
	t.cells[at] = c
	return c
}

// forget drops the half of the series that were silent for longest when there are too
// many.
func (t *Tally) forget() {
	if len(t.series) <= mostSeries {
		return
	}
	keys := slices.SortedFunc(maps.Keys(t.series), func(a, b string) int {
		return cmp.Or(t.series[a].at.Compare(t.series[b].at), cmp.Compare(a, b))
	})
	for _, key := range keys[:len(keys)/2] {
		t.horizon = newer(t.horizon, t.series[key].at)
		delete(t.series, key)
	}
}

// Counted lists what counters have told, by slot.
func (t *Tally) Counted(now time.Time) []Counted {
	all := make([]Counted, 0, len(t.cells))
	for at, c := range t.cells {
		one := Counted{Slot: at, Whole: !c.doubted && !at.Hour.Before(t.since) && !now.Before(at.Hour.Add(time.Hour+settling))}
		for _, family := range families() {
			if sum := c.by[family]; sum != (Tokens{}) {
				one.Tokens, one.Family = sum, family
				break
			}
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Model, b.Model), a.Hour.Compare(b.Hour))
	})
	return all
}
