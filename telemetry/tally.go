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
	horizon time.Time      // what began, or was told, until then may have been counted and forgotten
	newest  time.Time      // hour
	silence [][2]time.Time // in which nobody listened
	series  map[string]series
	cells   map[Slot]*cell
}

// Slot is what counted tokens are of.
type Slot struct {
	Space       string // of the credential that told
	Application string
	Service     string
	Seller      string
	Model       string
	Hour        time.Time
}

// Counted is what counters tell of one slot.
type Counted struct {
	Slot
	Tokens
	Family  string    // the one that is believed
	From    time.Time // the hour of the first calls that it may count
	Settled bool      // the hour is over, and what it was was told
	Whole   bool      // all of the hour is over, was heard and is known
}

type series struct {
	at     time.Time
	tokens int64
}

type cell struct {
	by      map[string]Tokens
	from    time.Time // of the earliest interval that counts in it, zero for the hour's own
	doubted bool
}

// NewTally remembers from an instant on.
func NewTally(since time.Time) *Tally {
	return &Tally{since: since, horizon: since, series: map[string]series{}, cells: map[Slot]*cell{}}
}

// Add counts a point of a sender in a space. It is false where there is no room for what
// it tells of, or it is of too long ago or of no time yet.
func (t *Tally) Add(space, application string, now time.Time, p *Point) bool {
	at := Slot{space, application, p.Service, p.Seller, p.Model, p.At.Truncate(time.Hour)}
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
	if begin := newer(last.at, p.Start); n > 0 && !begin.IsZero() {
		c.reach(begin)
		if p.At.Sub(begin) > time.Hour {
			t.doubt(at, begin)
		}
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
	for side, of := range map[Side]*int64{
		Prompt: &sum.Prompt, Completion: &sum.Completion, Read: &sum.Read, Written: &sum.Written, Reasoned: &sum.Reasoned,
	} {
		if p.Side&side != 0 {
			*of = min(*of+n, maxCount)
		}
	}
	c.by[p.Family] = sum
}

// longCall is how long before a counter's interval a call may have begun that ended in it.
const longCall = 10 * time.Minute

// reach notes an interval, for which a call counts when it ends.
func (c *cell) reach(begin time.Time) {
	if begin = begin.Add(-longCall); c.from.IsZero() || begin.Before(c.from) {
		c.from = begin
	}
}

// Silent notes that nobody listened between two instants: nothing in their hours is whole.
func (t *Tally) Silent(from, to time.Time) {
	t.silence = slices.DeleteFunc(t.silence, func(gap [2]time.Time) bool { return gap[1].Before(to.Add(-keptFor)) })
	t.silence = append(t.silence, [2]time.Time{from, to})
}

// heard says that somebody listened for all of an hour.
func (t *Tally) heard(hour time.Time) bool {
	return !hour.Before(t.since) && !slices.ContainsFunc(t.silence, func(gap [2]time.Time) bool {
		return gap[0].Before(hour.Add(time.Hour)) && gap[1].After(hour)
	})
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
		one := Counted{Slot: at, From: at.Hour, Settled: !now.Before(at.Hour.Add(time.Hour + settling))}
		one.Whole = one.Settled && !c.doubted && t.heard(at.Hour)
		if from := c.from.Truncate(time.Hour); !c.from.IsZero() && from.Before(at.Hour) {
			one.From = newer(from, t.newest.Add(-keptFor))
		}
		for _, family := range families() {
			if sum := c.by[family]; sum != (Tokens{}) {
				one.Tokens, one.Family = sum, family
				break
			}
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Space, b.Space), cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.Model, b.Model), a.Hour.Compare(b.Hour))
	})
	return all
}
