package budget

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Book counts at an instant lines of the ledger, each once: those of one transaction in one
// call, so that a reversal and its replacement are seen together. A line takes
// the place of what is pending of its attempt. Lines of the book metered count,
// and no others; neither do lines of before 1970 or after 2200, which are mistakes.
func (e *Engine) Book(now time.Time, lines ...Line) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.see(now)
	for i := range lines {
		e.book(&lines[i])
	}
	e.alert()
}

func (e *Engine) book(line *Line) {
	for _, key := range line.Keys {
		if !line.Outside {
			e.end(key, false)
		}
	}
	if !sane(line.At) {
		return
	}
	v := line.Subject.values()
	e.set.index.each(&v, &line.Subject, func(i int32) {
		l := &e.set.limits[i]
		if l.budget == nil || !l.looksAt(&v, &line.Subject) || line.Outside && !l.budget.AtLimit.Admits() {
			return
		}
		b := l.budget
		at := e.late(e.key(i, &v, &line.Subject), line.At)
		if at == nil {
			return
		}
		if amount := line.Cost.in(b, line.At, e.convert); amount.Valid {
			at.booked = plus(at.booked, amount.Amount)
		} else {
			at.unknown += line.Cost.Calls
		}
	})
}

// Close ends calls of which the ledger has no line of their own, since another
// source had told of them before: what they cost is counted already.
func (e *Engine) Close(ids ...spend.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range ids {
		e.end(id, false)
	}
	e.alert()
}

// late gives the counter of an instant that may lie far back, nil when its window
// is forgotten or adds nothing up.
func (e *Engine) late(key accountKey, instant time.Time) *counter {
	w := &e.set.limits[key.limit].budget.Window
	if !w.accumulates() {
		return nil
	}
	s := e.span(key.limit, instant)
	if w.gone(s, e.horizon) {
		return nil
	}
	e.touch(key, s)
	return e.counter(key, s)
}

// Earn counts at an instant verified outcomes for the budgets that grow with them.
func (e *Engine) Earn(now time.Time, all ...Earned) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.see(now)
	for i := range all {
		e.earn(&all[i])
	}
	e.alert()
}

func (e *Engine) earn(x *Earned) {
	if !sane(x.At) {
		return
	}
	v := x.Subject.values()
	e.set.index.each(&v, &x.Subject, func(i int32) {
		l := &e.set.limits[i]
		if l.budget == nil || l.budget.PerOutcome.Outcome != x.Outcome || x.Outcome == "" || !l.looksAt(&v, &x.Subject) {
			return
		}
		if at := e.late(e.key(i, &v, &x.Subject), x.At); at != nil {
			at.earned = plus(at.earned, x.Count)
		}
	})
}

// gone says that a span no longer counts behind the horizon.
func (w *Window) gone(s span, horizon int64) bool {
	return s != always() && s.to+int64(w.Length) <= horizon
}

// Forget drops what no decision needs any more: windows that ended before an
// instant, runs and buckets that were not used since. What is pending stays. A
// line that comes for a forgotten window is not counted, and a run that wakes up
// begins anew, so keep longer than runs may pause and bills may be late.
func (e *Engine) Forget(before time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.horizon = max(e.horizon, before.UnixNano())
	busy := map[accountKey]map[int64]bool{}
	for _, p := range e.pending {
		for _, t := range p.takes {
			if busy[t.key] == nil {
				busy[t.key] = map[int64]bool{}
			}
			busy[t.key][t.span.from] = true
		}
	}
	for key, a := range e.accounts {
		e.forget(key, a, busy[key])
	}
	for key, at := range e.told {
		if at < e.horizon && !e.counts(&key, at) {
			delete(e.told, key)
		}
	}
}

// counts says that the window of what was told may still be used.
func (e *Engine) counts(t *told, at int64) bool {
	i, known := e.set.find(t.budget)
	if !known || t.to != always().to {
		return t.to > e.horizon
	}
	if b := e.set.limits[i].budget; b != nil && b.Window.Period == Rolling {
		return at+int64(b.Window.Length) > e.horizon
	}
	return e.accounts[accountKey{i, t.each}] != nil
}

func (e *Engine) forget(key accountKey, a *account, busy map[int64]bool) {
	l := &e.set.limits[key.limit]
	if l.budget != nil {
		kept := a.counters[:0]
		for _, c := range a.counters {
			idle := c.span == always() && a.used < e.horizon
			if busy[c.from] || !idle && !l.budget.Window.gone(c.span, e.horizon) {
				kept = append(kept, c)
			}
		}
		clear(a.counters[len(kept):])
		a.counters = kept
	}
	full := l.pace == nil || a.open == 0 && a.used < e.horizon && a.isFull(l.pace, e.horizon)
	if len(a.counters) == 0 && len(busy) == 0 && full {
		delete(e.accounts, key)
		e.values[key.limit]--
	}
}

// isFull says that a bucket has filled again by an instant, so that a new one is
// the same.
func (a *account) isFull(r *Rate, at int64) bool {
	b := a.bucket
	b.fill(r, at)
	return r.Counts == Open || b.level == r.Burst
}

// Pending lists the calls that the ledger has not booked and that were used
// before an instant: after a while somebody has to look what became of them.
// Time alone ends none.
func (e *Engine) Pending(before time.Time) []Pending {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Pending
	for _, p := range e.pending {
		if p.Call.At.Before(before) {
			all = append(all, p.Pending)
		}
	}
	slices.SortFunc(all, func(p, q Pending) int {
		return cmp.Or(p.Call.At.Compare(q.Call.At), bytes.Compare(p.Call.ID[:], q.Call.ID[:]))
	})
	return all
}
