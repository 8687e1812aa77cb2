package api

import (
	"context"
	"errors"
	"time"

	"github.com/bursarhq/bursar/queue"
	"github.com/bursarhq/bursar/spend"
)

// admission lets a few questions run at once and a few more wait. Turns are fair by who
// asks: whoever asks much waits behind what he asked himself, and never has every slot or
// keeps others out of the queue. Events do not pass here, so no question can keep them
// waiting.
type admission struct {
	slots   *queue.Places
	patient time.Duration
}

func newAdmission(l *Limits) *admission {
	return &admission{queue.NewPlaces(l.Queries, queue.Line{Most: l.Queue, Share: max(l.Queries-1, 1)}), l.QueueTime}
}

// enter waits for the turn of a question of whoever calls; leave has to be called after
// it. The error is of kind unavailable when too many wait or the turn did not come.
func (c *call) enter() error {
	err := c.turns.slots.Enter(c.request.Context(), c.asker(), c.turns.patient)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, queue.ErrFull):
		return busy("too many questions wait already")
	case errors.Is(err, queue.ErrLate):
		return busy("no turn came within %s", c.turns.patient)
	}
	return busy("the caller left: %w", context.Cause(c.request.Context()))
}

func (c *call) leave() { c.turns.slots.Leave(c.asker()) }

func (c *call) asker() queue.Who { return queue.Who{Caller: c.who.Actor()} }

func busy(format string, args ...any) error {
	return spend.Errorf(spend.KindUnavailable, "ask the ledger", format, args...).WithHint("ask again in a moment")
}
