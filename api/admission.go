package api

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// admission lets a few questions run at once and a few more wait. Events do not
// pass here, so no question can keep them waiting.
type admission struct {
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
	patient time.Duration
}

func newAdmission(l *Limits) *admission {
	return &admission{slots: make(chan struct{}, l.Queries), queue: int64(l.Queue), patient: l.QueueTime}
}

// enter waits for a turn; leave has to be called after it. The error is of kind
// unavailable when too many wait or the turn did not come.
func (a *admission) enter(ctx context.Context) error {
	select {
	case a.slots <- struct{}{}:
		return nil
	default:
	}
	defer a.waiting.Add(-1)
	if a.waiting.Add(1) > a.queue {
		return busy("%d questions wait already", a.queue)
	}
	turn := time.NewTimer(a.patient)
	defer turn.Stop()
	select {
	case a.slots <- struct{}{}:
		return nil
	case <-turn.C:
		return busy("no turn came within %s", a.patient)
	case <-ctx.Done():
		return busy("the caller left")
	}
}

func (a *admission) leave() { <-a.slots }

func busy(format string, args ...any) error {
	return spend.Errorf(spend.KindUnavailable, "ask the ledger", format, args...).WithHint("ask again in a moment")
}
