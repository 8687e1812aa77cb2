package gateway

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// opening is what the ledger said of the beginning of an attempt.
type opening struct {
	told   chan struct{} // closed when it has said it
	behind uint64        // in the journal
	err    error
}

func (o *opening) isTold() bool {
	select {
	case <-o.told:
		return true
	default:
		return false
	}
}

// haste foresees whether the answer of an attempt will wait for a sync. With an upstream
// that takes longer than the disk none does, and syncs serve many records each; with a
// faster one they begin with the attempt, and are over when its answer comes.
type haste struct{ left atomic.Int32 }

// hasty is how many attempts make haste after one whose answer waited. The first behind
// them shows whether that is still needed.
const hasty = 32

func (h *haste) expect() { h.left.Store(hasty) }

func (h *haste) next() bool {
	left := h.left.Load()
	if left > 0 {
		h.left.CompareAndSwap(left, left-1) // one more or less does not matter
	}
	return left > 0
}

// begin writes that the attempt begins, or says why it may not be made. While the
// ledger stalls it is refused or passes on, as the operator wants; what passes on is
// counted, and written later if the ledger takes it in the end.
func (a *attempt) begin() *protocol.Refusal {
	if a.Stalled == Pass && a.Stalls.Writes() {
		a.unrecorded = true
		a.miss()
		return nil
	}
	if a.Stalled == Refuse {
		if err := a.calm(a.r.Context()); err != nil {
			return a.unkept(err)
		}
	}
	o, r := &opening{told: make(chan struct{})}, a.opened()
	refused := a.Stalled == Refuse
	err := a.within(&a.Stalls.writes, func() {
		o.behind, o.err = a.Ledger.Begin(r)
		if o.err == nil && a.haste.next() {
			a.Ledger.Hasten(o.behind)
		}
		close(o.told)
		a.records.Put(r)
	}, func() { a.comesBack(o, refused) })
	if errors.Is(err, errStalled) && !refused { // o is told later
		a.opening = o
		return nil
	}
	if err == nil {
		err = o.err
	}
	switch {
	case err == nil:
		a.opening = o
		if a.Stalls.missed.some.Load() && a.Stalls.late() == 0 {
			a.tellMissed()
		}
		return nil
	case refused || spend.KindOf(err) == spend.KindInvalid:
		return a.unkept(err)
	}
	a.Log.Error("begin a call", "error", err) // it failed, and does not stall
	a.unrecorded = true
	a.miss()
	return nil
}

// comesBack ends what the ledger took when nobody waited for it any more and the call
// was refused, and counts what it did not take although the call was made.
func (a *attempt) comesBack(o *opening, refused bool) {
	switch {
	case !refused && o.err != nil:
		a.miss()
		a.release()
	case refused && o.err == nil:
		e := a.event()
		e.EndedAt, e.Status, e.UsageSource = a.started, spend.StatusRefused, spend.UsageNone
		if err := a.Ledger.End(told(e, a.hold)); err != nil {
			a.counts.Unsettled.Add(1)
			a.Log.Error("end a call that was refused", "attempt", a.id, "error", err)
		}
	}
}

// synced returns when the beginning of the attempt outlives a loss of power, or when the
// answer is to be given all the same. It fails with what the client is refused for.
func (a *attempt) synced() error {
	o := a.opening
	if a.unrecorded {
		return nil
	}
	if a.Stalled == Pass && a.Stalls.late() > 0 {
		a.hurry()
		return nil
	}
	if o.isTold() && o.err == nil && o.behind <= a.Ledger.Kept() { // as it is when the upstream takes longer than the disk
		return nil
	}
	a.haste.expect()
	var failed error
	ctx := context.WithoutCancel(a.r.Context()) // the stall's bound is the wait's
	err := a.within(&a.Stalls.syncs, func() {
		if <-o.told; o.err == nil {
			failed = a.Ledger.Synced(ctx, o.behind)
		}
	}, func() {})
	if err == nil {
		err = failed
	}
	if err != nil && a.Stalled == Pass {
		a.hurry()
		return nil
	}
	return err
}

// shows says that the client may see something of the answer.
func (a *attempt) shows() bool { return !a.gone.Load() && a.synced() == nil }

// hurry counts, once, an attempt whose answer is given before its record is synced.
func (a *attempt) hurry() {
	if !a.hurried {
		a.hurried = true
		a.counts.Unsynced.Add(1)
	}
}

// end writes how the attempt ended, when its beginning is written. If the ledger stalls,
// that comes later, and nobody waits.
func (a *attempt) end(r *ingest.Record) {
	if a.unrecorded {
		return
	}
	o := a.opening
	err := a.within(&a.Stalls.writes, func() {
		if <-o.told; o.err != nil {
			return // the beginning counts it as missed
		}
		if err := a.Ledger.End(r); err != nil {
			a.counts.Unsettled.Add(1)
			a.Log.Error("end a call", "attempt", a.id, "error", err)
		}
		a.records.Put(r)
	}, func() {})
	if errors.Is(err, errLate) {
		a.counts.Unsettled.Add(1)
		a.Log.Error("end a call", "attempt", a.id, "error", err)
	}
}
