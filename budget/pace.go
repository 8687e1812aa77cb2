package budget

import (
	"fmt"
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
)

// Pace is how fast calls go on beyond the limit of a budget that throttles: one at
// once, then one after the other.
//
// Example: at 6 calls a minute the first call beyond the limit goes on, and each that
// follows at the earliest 10 seconds after the one before.
type Pace struct {
	Calls int64
	Per   time.Duration
}

// String says it as "6 calls in 1m0s".
func (p Pace) String() string { return fmt.Sprintf("%d calls in %s", p.Calls, p.Per) }

// rate is the bucket that the pace is kept by, nil of a budget without one.
func (p Pace) rate() *Rate {
	if p == (Pace{}) {
		return nil
	}
	return &Rate{Counts: Calls, Amount: p.Calls, Per: p.Per, Burst: 1}
}

func (b *Budget) checkPace(at string, found *document.Problems) {
	p := b.Pace
	if (b.AtLimit == Throttle) != (p != Pace{}) {
		found.Add(true, at+".pace", "is how fast calls go on beyond the limit, {calls: 6, per: minute}: said with at_limit throttle, and only there")
		return
	}
	if p == (Pace{}) {
		return
	}
	found.Add(p.Calls < 1 || p.Calls > maxRate, at+".pace.calls", "must be a whole number from 1 to %d", int64(maxRate))
	found.Add(p.Per < time.Millisecond || p.Per > maxPer, at+".pace.per", "must be second, minute, hour, day or a length from 1ms to 24h")
	found.Add(!b.Window.accumulates(), at+".at_limit", "a call that is too large by itself cannot be slowed down: write stop")
}

// slow lets a call on that does not fit when its turn has come, or says how long that
// is: until the bucket has room, or until a new window has.
func (e *Engine) slow(l *limit, t *take, c *Call, r *Reason) {
	r.Pace = l.budget.Pace
	if a := e.accounts[t.key]; a != nil {
		a.bucket.fill(l.pace, c.At.UnixNano())
		r.Wait = a.bucket.wait(l.pace, 1)
	}
	if r.Wait == 0 {
		r.Action, t.n = Warn, 1
		return
	}
	b := l.budget
	again := fits(money.Amount{}, r.Needs.Amount, withGrace(b.Amount, b.Grace))
	if r.Cause == Full && again && b.Window.Period != Rolling && !r.Resets.IsZero() {
		r.Wait = min(r.Wait, r.Resets.Sub(c.At))
	}
}
