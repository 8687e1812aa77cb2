package budget

import (
	"sync"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Engine counts what the limits of a set are used by, and decides. It may be used
// by many goroutines.
type Engine struct {
	convert Convert

	mu       sync.Mutex // guards what stands below
	set      *Set
	spans    []span // of each limit, the one that was asked for last
	accounts map[accountKey]*account
	values   []int // of each limit, how many accounts it has
	pending  map[spend.ID]*pending
	spare    []*pending     // of calls that have ended, for the next ones
	takes    []take         // room for those of the decision in the making
	told     map[told]int64 // when, in Unix nanoseconds
	due      []Crossing
	changed  map[touched]span // since alerts were looked at
	latest   int64            // the newest instant that was heard of
	horizon  int64            // spans that end before are forgotten
	quiet    bool             // it is in the making, and notices no threshold
}

// pending is an admitted call that the ledger has not booked.
type pending struct {
	Pending
	takes []take
}

// New makes an engine whose counters are those of an opening. Buckets of rates
// begin full: how fast calls came before is not kept.
func New(set *Set, convert Convert, o *Opening) *Engine {
	e := &Engine{convert: convert}
	e.begin(set, o)
	return e
}

// begin replaces everything that is counted.
func (e *Engine) begin(set *Set, o *Opening) {
	e.set, e.spans, e.values = set, make([]span, len(set.limits)), make([]int, len(set.limits))
	e.accounts, e.pending = map[accountKey]*account{}, map[spend.ID]*pending{}
	e.told, e.due, e.changed = map[told]int64{}, nil, map[touched]span{}
	e.see(o.At)
	for i := range o.Told {
		e.told[o.Told[i].key()] = o.Told[i].At.UnixNano()
	}
	for i := range o.Pending {
		e.resume(&o.Pending[i])
	}
	if o.Lines != nil {
		for line := range o.Lines {
			e.book(&line)
		}
	}
	if o.Earned != nil {
		for earned := range o.Earned {
			e.earn(&earned)
		}
	}
	e.alert()
}

// Ask gives the verdict on a call and holds nothing, as for a simulation.
func (e *Engine) Ask(c *Call) Verdict {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.decide(c).Verdict
}

// Acquire gives the verdict on a call. One that goes on is held at its bound under
// every limit, in the same step; one that does not is held under none. A call
// that is held already goes on: asked twice is held once.
func (e *Engine) Acquire(c *Call) Verdict {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, held := e.pending[c.ID]; held {
		return Verdict{}
	}
	d := e.decide(c)
	if d.Action.Admits() {
		e.hold(c, d.takes)
	}
	return d.Verdict
}

// resume holds a call that was admitted before, whatever is left.
func (e *Engine) resume(p *Pending) {
	if _, held := e.pending[p.Call.ID]; held || !p.Call.isSound() {
		return
	}
	e.hold(&p.Call, e.weigh(&p.Call).takes)
	if p.Settled != nil {
		e.settle(p.Call.ID, *p.Settled)
	}
}

func (e *Engine) hold(c *Call, takes []take) {
	e.see(c.At)
	for i := range takes {
		t := &takes[i]
		if r := e.set.limits[t.key.limit].rate; r != nil {
			e.account(t.key).takeRate(r, t.n)
			continue
		}
		e.account(t.key).bucket.level -= t.n
		at := e.counter(t.key, t.span)
		at.held, at.unknown = plus(at.held, t.amount), at.unknown+t.unknown()
	}
	p := e.room()
	p.Pending, p.takes = Pending{Call: *c}, append(p.takes[:0], takes...)
	e.pending[c.ID] = p
}

// mostSpare is how many calls that have ended are kept for the next ones: as many as a
// busy second has.
const mostSpare = 2048

// room is that of a call that has ended, or new.
func (e *Engine) room() *pending {
	last := len(e.spare) - 1
	if last < 0 {
		return &pending{}
	}
	p := e.spare[last]
	e.spare = e.spare[:last]
	return p
}

// unknown counts the call where nobody knows what it takes.
func (t *take) unknown() int64 {
	if t.dark {
		return 1
	}
	return 0
}

func (a *account) takeRate(r *Rate, n int64) {
	if r.Counts == Open {
		a.open++
		return
	}
	a.bucket.level -= n
}

// Settle says what an admitted call cost, before the ledger books it. It takes
// the place of the bound; said again, of what was said before. A cost that nobody
// knows stays at the bound. Calls that are not pending are none of ours, or
// booked.
func (e *Engine) Settle(id spend.ID, cost Cost) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle(id, cost)
	e.alert()
}

func (e *Engine) settle(id spend.ID, cost Cost) {
	p := e.pending[id]
	if p == nil {
		return
	}
	for i := range p.takes {
		t := &p.takes[i]
		if l := &e.set.limits[t.key.limit]; l.budget != nil {
			e.settleBudget(t, cost.in(l.budget, p.Call.At, e.convert))
		} else {
			e.settleRate(l.rate, t, cost)
		}
		t.settled = true
	}
	p.Settled = &cost
}

func (e *Engine) settleBudget(t *take, actual money.Null) {
	at := e.counter(t.key, t.span)
	e.drop(at, t)
	if actual.Valid {
		t.amount, t.dark = actual.Amount, false
	}
	at.settled, at.unknown = plus(at.settled, t.amount), at.unknown+t.unknown()
	e.touch(t.key, t.span)
}

// settleRate gives back what was not used, and ends the call under a rate of
// open ones.
func (e *Engine) settleRate(r *Rate, t *take, cost Cost) {
	a := e.account(t.key)
	switch {
	case r.Counts == Open && !t.settled:
		a.open--
	case r.Counts == Tokens:
		a.bucket.give(r, t.n-cost.Tokens)
		t.n = cost.Tokens
	}
}

// drop takes what a call has out of a counter.
func (e *Engine) drop(at *counter, t *take) {
	at.unknown -= t.unknown()
	if t.settled {
		at.settled = plus(at.settled, t.amount.Neg())
		return
	}
	at.held = plus(at.held, t.amount.Neg())
}

// Release ends a call that the upstream has not seen: it cost nothing. Calls that
// are not pending are none of ours, or booked.
func (e *Engine) Release(id spend.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.end(id, true)
}

// end takes a pending call out of every limit. A rate gives back what the call
// took when nothing was consumed.
func (e *Engine) end(id spend.ID, nothing bool) {
	p := e.pending[id]
	if p == nil {
		return
	}
	delete(e.pending, id)
	for i := range p.takes {
		t := &p.takes[i]
		l := &e.set.limits[t.key.limit]
		switch {
		case l.budget != nil:
			e.drop(e.counter(t.key, t.span), t)
			e.touch(t.key, t.span)
			if nothing && t.n > 0 {
				e.account(t.key).bucket.give(l.pace, t.n)
			}
		case l.rate.Counts == Open && !t.settled:
			e.account(t.key).open--
		case l.rate.Counts != Open && nothing:
			e.account(t.key).bucket.give(l.rate, t.n)
		}
	}
	if len(e.spare) < mostSpare {
		e.spare = append(e.spare, p)
	}
}

// span gives the span of a limit in which an instant lies. Most calls ask for the
// one that was asked for last, which spares them the calendar.
func (e *Engine) span(limit int32, at time.Time) span {
	if s := e.spans[limit]; s.holds(at.UnixNano()) {
		return s
	}
	s := e.set.limits[limit].budget.Window.slice(at)
	e.spans[limit] = s
	return s
}

func (e *Engine) account(key accountKey) *account {
	a := e.accounts[key]
	if a == nil {
		a = &account{}
		if r := e.set.limits[key.limit].pace; r != nil {
			a.bucket = bucket{level: r.Burst, at: e.latest}
		}
		e.accounts[key] = a
		e.values[key.limit]++
	}
	a.used = max(a.used, e.latest)
	return a
}

func (e *Engine) counter(key accountKey, s span) *counter { return e.account(key).counter(s) }

// see notes that it is an instant now. Those of lines are none: their clocks may
// be wrong.
func (e *Engine) see(now time.Time) {
	if sane(now) {
		e.latest = max(e.latest, now.UnixNano())
	}
}
