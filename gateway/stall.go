package gateway

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Stalled is what becomes of calls while the ledger's journal stalls.
type Stalled string

// The policies for it.
const (
	Refuse Stalled = "refuse" // they are told to come later
	Pass   Stalled = "pass"   // they go on without a record of their own, and are counted
)

// Stalls are the steps of a ledger that take longer than a stall may, at any number of
// gateways. Nobody waits for them any more, but they go on: what they were to write is
// written when the ledger comes back.
type Stalls struct {
	writes, syncs, waiting atomic.Int64 // steps that are late, and calls that wait for their end

	mu     sync.Mutex // guards what follows
	since  time.Time
	over   chan struct{} // closed when no step is late any more
	missed missed        // what has passed without a record, and no line tells yet
}

// maxLate bounds the steps that are late, and the calls that wait for the end of a stall:
// each keeps a few kilobytes, and a call its request as well.
const maxLate = 4096

var (
	errStalled = errors.New("the journal does not answer in time")
	errLate    = errors.New("too much waits for the journal")
)

// Since says when the ledger began to stall; the zero time when it does not.
func (s *Stalls) Since() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.since
}

// Writes says that not even writing comes back: then nothing is to be asked of the
// journal.
func (s *Stalls) Writes() bool { return s.writes.Load() > 0 }

func (s *Stalls) late() int64 { return s.writes.Load() + s.syncs.Load() }

// The states of a step.
const (
	stepRuns = iota
	stepEnded
	stepLate
)

// within makes a step of the ledger, and waits for it as long as a stall may take. It
// fails with errStalled when the step goes on; then comesBack runs behind it. With errLate
// the step is not made: too many are late.
func (g *Gateway) within(kind *atomic.Int64, step, comesBack func()) error {
	if kind.Load() >= maxLate {
		return errLate
	}
	var state atomic.Int32
	told := g.alarm.wait()
	g.steps.do(func() {
		step()
		if state.CompareAndSwap(stepRuns, stepEnded) {
			told <- ended
			return
		}
		comesBack()
		g.back(kind)
	})
	what := <-told
	g.alarm.leave(told)
	if what == ended {
		return nil
	}
	g.Stalls.begin(g, kind)
	if state.CompareAndSwap(stepRuns, stepLate) {
		return errStalled
	}
	g.back(kind) // it came back just now
	return nil
}

// begin notes a step that is late.
func (s *Stalls) begin(g *Gateway, kind *atomic.Int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind.Add(1)
	if s.since.IsZero() {
		s.since, s.over = g.Now(), make(chan struct{})
		g.Log.Error("the journal stalls", "calls", string(g.Stalled))
	}
}

// back notes that a step that was late has ended. With the last one the stall is over.
func (g *Gateway) back(kind *atomic.Int64) {
	s := g.Stalls
	s.mu.Lock()
	kind.Add(-1)
	over := s.late() == 0 && !s.since.IsZero()
	if over {
		g.Log.Warn("the journal is back", "seconds", g.Now().Sub(s.since).Seconds())
		s.since = time.Time{}
		close(s.over)
	}
	s.mu.Unlock()
	if over {
		g.tellMissed()
	}
}

// calm waits a moment for the end of a stall. It fails with errStalled when that does
// not come, or too many wait for it.
func (g *Gateway) calm(ctx context.Context) error {
	s := g.Stalls
	if s.late() == 0 {
		return nil
	}
	s.mu.Lock()
	over, stalls := s.over, !s.since.IsZero()
	s.mu.Unlock()
	if !stalls {
		return nil
	}
	defer s.waiting.Add(-1)
	if s.waiting.Add(1) > maxLate {
		return errLate
	}
	timer := time.NewTimer(g.Stall)
	defer timer.Stop()
	select {
	case <-over:
		return nil
	case <-timer.C:
		return errStalled
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Settle waits until no step is late and writes what has passed without a record, for
// the end of the process. It fails with the context's cause.
func (g *Gateway) Settle(ctx context.Context) error {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for g.Stalls.late() > 0 {
		select {
		case <-look.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	g.tellMissed()
	return nil
}
