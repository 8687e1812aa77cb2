package gateway

import (
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/queue"
	"github.com/bursarhq/bursar/wire/protocol"
)

// entry is an attempt on its way in: it waits for a place at its upstream and for room
// under its rates, with nothing held meanwhile.
type entry struct {
	*attempt
	until  time.Time
	line   *waiter // of the rate that it waits for, nil for none
	inside bool    // it has a place
	went   bool    // it goes on with it
}

// asker is who waits, and who waits behind whom: calls of a credential, and in it those
// of a workflow.
func (a *attempt) asker() queue.Who { return queue.Who{Caller: a.who.Credential, Part: a.who.Workflow} }

// enter takes a place at the upstream and holds what the attempt may cost, in this
// order. When it has not entered, it is done with the call if another upstream would
// refuse it as well, or nobody waits for an answer any more.
func (a *attempt) enter() (entered, done bool, refusal *protocol.Refusal) {
	e := entry{attempt: a, until: time.Now().Add(a.Queue)}
	defer e.leave()
	defer e.end()
	for waited := false; ; waited = true {
		if err := e.place(); err != nil {
			return false, a.last, a.unmade("the upstream has as many calls as it takes at the same time")
		}
		if a.r.Context().Err() != nil {
			return false, true, nil // no upstream has seen a request
		}
		a.started, a.model = a.Now(), a.request.Model
		verdict := a.acquire(waited)
		if verdict.Action.Admits() {
			a.say(&verdict)
			e.went = true
			return true, false, nil
		}
		e.leave()
		if !e.wait(&verdict) {
			return false, true, a.refused(&verdict)
		}
	}
}

// place takes a place. Whose turn it is under a rate gives that up when there is none,
// so that others under the rate need not wait for this upstream.
func (e *entry) place() (err error) {
	if !e.door.places.Take(e.asker()) {
		e.end()
		over := e.waits()
		err = e.door.places.Enter(e.r.Context(), e.asker(), time.Until(e.until))
		over()
	}
	e.inside = err == nil
	return err
}

// leave gives the place back, unless the attempt goes on with it.
func (e *entry) leave() {
	if e.inside && !e.went {
		e.door.places.Leave(e.asker())
	}
	e.inside = false
}

// wait returns when a rate may have room for the call, false when that is not soon.
func (e *entry) wait(v *budget.Verdict) bool {
	left := time.Until(e.until)
	if v.Action != budget.Throttle || left <= 0 {
		return false
	}
	r, rates := slowest(v.Reasons)
	if !rates || r.Counts != budget.Open && r.Wait > left { // of open calls nobody knows when one ends
		return false
	}
	if e.line != nil && e.line.key != r.Key() {
		e.end()
	}
	if e.line == nil {
		e.line = e.lines.join(r.Key(), e.asker())
	}
	if e.line == nil {
		return false
	}
	defer e.waits()()
	return e.line.await(e.r.Context(), r.Wait, left) == nil
}

// waits notes that the attempt waits, until it is told that this is over.
func (e *entry) waits() (over func()) {
	began := e.Now()
	e.door.waiting.Add(1)
	return func() {
		e.door.waiting.Add(-1)
		e.queued += e.Now().Sub(began)
	}
}

// slowest is the rate that takes longest to have room, false when it is not rates alone
// that hold the call up: a budget that throttles keeps a pace, and no line.
func slowest(all []budget.Reason) (longest budget.Reason, rates bool) {
	rates = true
	for _, r := range all {
		if r.Action != budget.Throttle {
			continue
		}
		rates = rates && r.Cause == budget.TooFast
		if r.Wait >= longest.Wait {
			longest = r
		}
	}
	return longest, rates
}

// end leaves the line.
func (e *entry) end() {
	if e.line != nil {
		e.line.done(e.went)
		e.line = nil
	}
}
