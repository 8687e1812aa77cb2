package budget

import (
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
)

// take is what a call has of one limit, or would have.
type take struct {
	key     accountKey
	span    span
	amount  money.Amount // of a budget
	dark    bool         // nobody knows the amount, which is counted by number
	n       int64        // of a rate, or of the pace beyond a limit
	settled bool
}

// decision is a verdict with what it takes, until the next one.
type decision struct {
	Verdict
	takes []take
}

// decide is the one deciding function: it looks at every limit of a call and
// changes nothing but the level of buckets, which is a function of time.
func (e *Engine) decide(c *Call) decision {
	if !c.isSound() || c.At.UnixNano() < e.horizon {
		return decision{Verdict: judge([]Reason{{Action: Stop, Cause: Malformed}})}
	}
	return e.weigh(c)
}

// weigh looks at the limits of a sound call.
func (e *Engine) weigh(c *Call) decision {
	d := decision{takes: e.takes[:0]}
	var found []Reason
	var wait time.Duration
	v := c.Subject.values()
	e.set.index.each(&v, &c.Subject, func(i int32) {
		l := &e.set.limits[i]
		if !l.looksAt(&v, &c.Subject) {
			return
		}
		key := e.key(i, &v, &c.Subject)
		var r *Reason
		var t take
		if l.budget != nil {
			t, r = e.tryBudget(l, key, c)
		} else {
			t, r = e.tryRate(l.rate, key, c)
		}
		if r != nil {
			found, wait = append(found, *r), max(wait, r.Wait)
		}
		if l.budget == nil || l.budget.Window.accumulates() {
			d.takes = append(d.takes, t)
		}
	})
	e.takes = d.takes
	d.Verdict = judge(found)
	if d.Action == Throttle {
		d.Wait = wait
	}
	return d
}

// isSound refuses what would break arithmetic: a bound below zero gives room.
func (c *Call) isSound() bool {
	most := money.FromInt(maxAmount)
	for _, a := range [3]money.Null{c.Bound.List, c.Bound.Contracted, c.Bound.Effective} {
		if a.Amount.Sign() < 0 || a.Amount.Cmp(most) > 0 {
			return false
		}
	}
	return !c.ID.IsZero() && sane(c.At) && c.Depth >= 0 &&
		c.Bound.Tokens >= 0 && c.Bound.Tokens <= maxRate && c.Bound.Calls >= 0 && c.Bound.Calls <= maxRate &&
		c.Bound.Exposure.Amount.Sign() >= 0 && c.Bound.Reporting.Amount.Sign() >= 0
}

// sane says that an instant can be counted in nanoseconds.
func sane(at time.Time) bool { return at.Year() >= 1970 && at.Year() <= 2200 }

func (e *Engine) tryBudget(l *limit, key accountKey, c *Call) (take, *Reason) {
	b := l.budget
	s := e.span(key.limit, c.At)
	t := e.accounts[key].sum(&b.Window, s, c.At, e.latest)
	bound, cause := e.bound(b, c)
	limit := b.limitOf(&t)
	most := withGrace(limit, b.Grace)
	use := t.used()
	taken := take{key: key, span: s, amount: bound.Amount, dark: !bound.Valid}
	switch {
	case cause == "" && fits(use, bound.Amount, most):
		return taken, nil
	case cause == "":
		cause = Full
	}
	left, err := most.Sub(use)
	if err != nil || left.Sign() < 0 {
		left = money.Amount{}
	}
	r := &Reason{
		Limit: b.ID, Each: eachOf(key.each, len(l.each)), Cause: cause, Counts: b.Counts, Currency: b.Currency,
		Amount: limit, Grace: b.Grace, Left: left, Needs: bound, Resets: b.Window.resets(s), Rolls: b.Window.Rolls(), Owner: b.Owner,
	}
	if r.Action, r.Model = b.answer(c, l.evident); r.Action == Throttle {
		e.slow(l, &taken, c, r)
	}
	return taken, r
}

// answer is what the budget does with a call that it has no room for.
func (b *Budget) answer(c *Call, evident bool) (Action, string) {
	switch action := b.action(c.At, evident); {
	case action == Downgrade && (c.Downgraded || c.Subject.Model == b.Fallback):
		return Warn, ""
	case action == Downgrade:
		return Downgrade, b.Fallback
	case action == Approve && slices.Contains(c.Approved, b.ID):
		return Warn, ""
	default:
		return action, ""
	}
}

// bound gives what a call takes of a budget at most, and why nobody can say.
func (e *Engine) bound(b *Budget, c *Call) (money.Null, Cause) {
	if b.Counts == Depth {
		return money.Known(money.FromInt(c.Depth)), ""
	}
	bound := c.Bound.in(b, c.At, e.convert)
	switch {
	case bound.Valid:
		return bound, ""
	case b.Unproven.Valid:
		return b.Unproven, ""
	case c.Bound.amount(b.Counts).Valid:
		return bound, Unrated
	}
	return bound, Unproven
}

// fits says that use and need stay within what there is.
func fits(use, need, most money.Amount) bool {
	sum, err := use.Add(need)
	return err == nil && (sum.Cmp(most) <= 0 || need.IsZero())
}

func (e *Engine) tryRate(r *Rate, key accountKey, c *Call) (take, *Reason) {
	taken := take{key: key, n: 1}
	switch r.Counts {
	case Tokens:
		taken.n = c.Bound.Tokens
	case Calls:
		taken.n = c.Bound.Calls
	}
	a, left, wait := e.accounts[key], int64(0), openWait
	switch {
	case a == nil, r.Counts == Open && a.open < r.Amount:
		return taken, nil
	case r.Counts != Open:
		a.bucket.fill(r, c.At.UnixNano())
		left, wait = max(a.bucket.level, 0), a.bucket.wait(r, taken.n)
	}
	if wait == 0 {
		return taken, nil
	}
	why := e.tooFast(r, key, taken.n)
	why.Left, why.Wait = money.FromInt(left), wait
	return taken, why
}

// tooFast is why a call waits for a rate.
func (e *Engine) tooFast(r *Rate, key accountKey, n int64) *Reason {
	return &Reason{
		Limit: r.ID, Each: eachOf(key.each, len(e.set.limits[key.limit].each)), Action: Throttle, Cause: TooFast, Counts: r.Counts,
		Amount: money.FromInt(r.Amount), Needs: money.Known(money.FromInt(n)), Per: r.Per, Owner: r.Owner,
	}
}

// openWait is said where nobody knows when one of the open calls ends.
const openWait = time.Second

func eachOf(key string, n int) []string {
	if n == 0 {
		return nil
	}
	return strings.Split(key, separator)
}
