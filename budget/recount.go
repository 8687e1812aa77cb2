package budget

import (
	"slices"
	"time"
)

// Recount makes an engine that is to take the place of another, for other limits or
// when counters are counted anew, while the other goes on deciding. It may be made
// of a part of the past: what is left of it, and what is booked from then on, is told
// to both by Book, Close and Earn, in any order. It notices no threshold, since what
// it counts is not the whole yet. The opening is without pending calls.
func Recount(set *Set, convert Convert, o *Opening) *Engine {
	e := &Engine{convert: convert, quiet: true}
	e.begin(set, o)
	return e
}

// Adopt takes over the limits and the counters of a recount that was told everything
// that is booked. What is pending stays so under the new limits, and what was told
// stays told. Limits that stay go on with what is in their buckets. The recount is of no
// use afterwards.
func (e *Engine) Adopt(fresh *Engine) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fresh.mu.Lock() // always the second of two
	defer fresh.mu.Unlock()
	fresh.latest = max(fresh.latest, e.latest)
	for _, p := range e.pending {
		fresh.resume(&p.Pending)
	}
	e.pour(fresh)
	fresh.quiet = false
	fresh.alert()
	still := e.due
	due := slices.DeleteFunc(fresh.due, e.hasTold)
	for key, at := range e.told {
		fresh.told[key] = max(fresh.told[key], at)
	}
	e.set, e.spans, e.values = fresh.set, fresh.spans, fresh.values
	e.accounts, e.pending, e.told = fresh.accounts, fresh.pending, fresh.told
	e.changed, e.latest = fresh.changed, fresh.latest
	e.due = append(slices.Clone(still), due...)
	slices.SortFunc(e.due, compareCrossings)
}

// pour gives the buckets of a recount what is in those of the same limits. Full ones would
// let a burst through with every change of any limit.
func (e *Engine) pour(fresh *Engine) {
	for key, a := range e.accounts {
		old := &e.set.limits[key.limit]
		i, known := fresh.set.find(old.id())
		if !known || old.pace == nil || a.isFull(old.pace, e.latest) {
			continue
		}
		l := &fresh.set.limits[i]
		if l.pace == nil || l.pace.Counts != old.pace.Counts || !slices.Equal(l.each, old.each) {
			continue
		}
		b := a.bucket
		b.level = min(b.level, l.pace.Burst)
		if l.pace.Per != old.pace.Per {
			b.part = 0 // it is a part of the other
		}
		fresh.account(accountKey{i, key.each}).bucket = b
	}
}

// hasTold says that a crossing was noticed here, of a rolling window within its length.
func (e *Engine) hasTold(c Crossing) bool {
	last, known := e.told[c.key()]
	return known && (!c.Rolling || c.At.UnixNano()-last < int64(e.lengthOf(c.Budget)))
}

// lengthOf is the length of a rolling window, zero of others.
func (e *Engine) lengthOf(id string) time.Duration {
	i, known := e.set.find(id)
	if !known || e.set.limits[i].budget == nil {
		return 0
	}
	return e.set.limits[i].budget.Window.Length
}
