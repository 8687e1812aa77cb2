package app

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// counting is a ledger that tells the budgets, and the pulse, what it has committed.
type counting struct {
	*App
	budgets *budget.Engine
	fresh   *atomic.Pointer[budget.Engine] // one in the making, which counts too
	pulse   *pulse
}

// keepCounters is how long windows are counted after their end: for lines that come
// late, and for runs that pause.
const keepCounters = 35 * 24 * time.Hour

// production is the environment in which results come about.
const production = "production"

// Attempts is that of the lake.
func (c counting) Attempts(ctx context.Context, keys []spend.ID) (map[spend.ID]spend.ID, error) {
	return c.Lake.Attempts(ctx, keys)
}

// Heads is that of the lake.
func (c counting) Heads(ctx context.Context, attempts []spend.ID) ([]lake.Head, error) {
	return c.Lake.Heads(ctx, attempts)
}

// Lines is that of the lake.
func (c counting) Lines(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error) {
	return c.Lake.Lines(ctx, attempts)
}

// Sightings is that of the lake.
func (c counting) Sightings(ctx context.Context, attempts []spend.ID) ([]lake.Sighting, error) {
	return c.Lake.Sightings(ctx, attempts)
}

// Append commits a batch and counts it. What shares a transaction with a later batch
// is counted now: when that transaction fails, the folder is opened anew, and the
// budgets with it.
func (c counting) Append(ctx context.Context, b lake.Batch) error {
	if err := c.Lake.Append(ctx, b); err != nil {
		return err
	}
	c.count(&b)
	return nil
}

// counted is how many lines are told to the budgets at once. Calls that ask them wait
// meanwhile.
const counted = 64

func (c counting) count(b *lake.Batch) {
	now, engines := c.Now(), []*budget.Engine{c.budgets}
	if fresh := c.fresh.Load(); fresh != nil {
		engines = append(engines, fresh)
	}
	c.pulse.add(now, b.Charges)
	claimed := map[spend.ID]bool{}
	lines := make([]budget.Line, 0, min(len(b.Charges), counted))
	for some := range slices.Chunk(b.Charges, counted) {
		lines = c.lines(lines[:0], some, claimed)
		for _, e := range engines {
			e.Book(now, lines...)
		}
	}
	over := ended(b, claimed)
	var earned []budget.Earned
	for i := range b.Outcomes {
		if e, counts := lake.EarnedOf(&b.Outcomes[i]); counts {
			earned = append(earned, c.earnedOf(e))
		}
	}
	for _, e := range engines {
		e.Close(over...)
		e.Earn(now, earned...)
	}
}

// lines gives charges as budgets count them, and notes which keys they claim.
func (c counting) lines(room []budget.Line, charges []spend.Charge, claimed map[spend.ID]bool) []budget.Line {
	for i := range charges {
		if charges[i].Book != spend.Metered {
			continue
		}
		line := lineOf(&charges[i], c.Currency())
		for _, key := range line.Keys {
			claimed[key] = claimed[key] || line.Outside
		}
		room = append(room, line)
	}
	return room
}

// ended lists the calls that a batch ends without a line of their own: open ones that
// another source had told of, and what the gateway adds to such a one. A claim of which
// no credential says whose it is ends none.
func ended(b *lake.Batch, claimed map[spend.ID]bool) (ids []spend.ID) {
	for i := range b.Opens {
		c := &b.Opens[i]
		if !lake.Reverses(c) || slices.ContainsFunc(c.Keys(), func(key spend.ID) bool { return claimed[key] }) {
			continue
		}
		ids = append(ids, c.Keys()...)
	}
	for i := range b.Sightings {
		if e := &b.Sightings[i].Event; e.Source == gateway.Source {
			ids = append(ids, e.Keys()...)
		}
	}
	return ids
}

// lineOf is a line as budgets count it. It stands outside when no credential bound
// what it says, as of an import: every way in that has a credential writes it into
// the scope.
func lineOf(c *spend.Charge, reporting money.Currency) budget.Line {
	line := budget.LineOf(c, reporting)
	line.Outside = c.Scope.Credential == ""
	return line
}

// earnedOf is a result in the scope in which a call of its workflow would be booked. No
// result says its environment: it came about in production, unless a rule says where.
func (a *App) earnedOf(e lake.Earned) budget.Earned {
	o := &a.order.Load().Order
	scope := o.ScopeOf(&spend.Event{UsedAt: e.At, Scope: spend.Scope{Workflow: e.Workflow}})
	scope.Environment = cmp.Or(scope.Environment, production)
	return budget.Earned{Outcome: e.Definition, At: e.At, Subject: budget.Subject{Scope: scope}, Count: e.Count}
}
