package app

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

// converted gives money in another currency by the rate of the day.
func (s *Server) converted(m money.Money, to money.Currency, at time.Time) money.Null {
	return s.quoted(m, exchange.Want{To: to, Day: exchange.DayOf(at, s.Calendar().Location())})
}

// quoted gives money in the currency that is wanted, unknown where no rate in force says
// so.
func (s *Server) quoted(m money.Money, w exchange.Want) money.Null {
	if m.Currency == w.To {
		return money.Known(m.Amount)
	}
	w.From = m.Currency
	quote, found := s.rates.Load().On(w)
	if !found {
		return money.Null{}
	}
	amount, err := quote.Convert(m.Amount)
	if err != nil { // beyond all amounts
		return money.Null{}
	}
	return money.Known(amount)
}

// opening sums what one state of the ledger has booked for the limits in force.
func (s *Server) opening(ctx context.Context, r lake.Reader, failed *error) *budget.Opening {
	in := s.order.Load()
	now := s.Now()
	o := &budget.Opening{At: now}
	if len(in.limits.Budgets) == 0 {
		return o
	}
	o.Told, *failed = s.told(ctx, now.Add(-keepNotices))
	u := usesOf(&in.limits, now.Add(-keepCounters))
	u.Apart = s.apart(in.limits.Budgets)
	o.Lines = s.lines(ctx, r, u, failed)
	o.Earned = func(yield func(budget.Earned) bool) {
		err := lake.EachEarned(ctx, r, u.From, func(e lake.Earned) error { return goOn(yield(s.earnedOf(e))) })
		*failed = cmp.Or(*failed, err)
	}
	return o
}

// apart says that lines must not be summed before they are converted.
func (s *Server) apart(all []budget.Budget) bool {
	return s.rates.Load() != nil && slices.ContainsFunc(all, func(b budget.Budget) bool {
		return b.Counts.IsMoney() && (b.Counts != budget.Effective || b.Notional || b.Currency != s.Currency())
	})
}

// lines sums lines of the ledger as budgets count them.
func (s *Server) lines(ctx context.Context, r lake.Reader, u lake.Uses, failed *error) iter.Seq[budget.Line] {
	reporting := s.Currency()
	return func(yield func(budget.Line) bool) {
		err := lake.EachUse(ctx, r, u, func(use *lake.Use) error {
			line := lineOf(&use.Charge, reporting)
			line.Keys, line.Cost.Tokens = nil, use.Tokens
			return goOn(yield(line))
		})
		*failed = cmp.Or(*failed, err)
	}
}

func goOn(more bool) error {
	if more {
		return nil
	}
	return spend.Errorf(spend.KindInternal, "count budgets", "nobody counts")
}

// usesOf asks for everything that limits look at, since the first window that still
// counts after an instant began.
func usesOf(l *policy.Limits, after time.Time) lake.Uses {
	u := lake.Uses{From: after}
	for i := range l.Budgets {
		b := &l.Budgets[i]
		lookAt(&u, b)
		switch w := &b.Window; w.Period {
		case budget.Rolling:
			u.Slices = append(u.Slices, w.Slice())
		case budget.Minute:
			u.Slices = append(u.Slices, time.Minute)
		case budget.EachRun:
			u.Runs = after
		}
		if from := after.Add(-longest(&b.Window)); from.Before(u.From) {
			u.From = from
		}
	}
	return u
}

// lookAt adds the dimensions of a budget.
func lookAt(u *lake.Uses, b *budget.Budget) {
	all := slices.Clone(b.Apart())
	for _, s := range append(slices.Clone(b.Exempt), b.Scope) {
		all = slices.AppendSeq(all, maps.Keys(s))
	}
	for _, name := range all {
		list := &u.By
		tag, is := strings.CutPrefix(name, "tags.")
		if is {
			list = &u.Tags
		}
		if !slices.Contains(*list, tag) {
			*list = append(*list, tag)
		}
	}
}

// longest is the most that a window lasts.
func longest(w *budget.Window) time.Duration {
	const day = 24 * time.Hour
	switch w.Period {
	case budget.Rolling:
		return w.Length + w.Length/30 + time.Minute
	case budget.Week:
		return 9 * day
	case budget.Month:
		return 40 * day
	case budget.Quarter:
		return 110 * day
	case budget.Year:
		return 380 * day
	}
	return 2 * day
}

// openBudgets makes the counters of what is booked, and of calls that are still open.
func (s *Server) openBudgets(ctx context.Context) error {
	var failed error
	o := s.opening(ctx, s.Lake, &failed)
	err := s.Lake.EachOpened(ctx, func(c *spend.Charge) {
		if c.Source == gateway.Source {
			o.Pending = append(o.Pending, s.pendingOf(c))
		}
	})
	s.Budgets = budget.New(s.order.Load().limits.Set, s.converted, o)
	s.Budgets.Forget(s.Now().Add(-keepCounters))
	s.Ingest.Pipeline.Ledger = counting{s.App, s.Budgets, &s.fresh, s.pulse}
	return cmp.Or(err, failed, s.hushGone(ctx))
}

// pendingOf is a call of the gateway that is open in the ledger.
func (s *Server) pendingOf(c *spend.Charge) budget.Pending {
	tokens := c.Usage.PromptTokens() + c.Usage.CompletionTokens()
	return budget.Pending{Call: budget.Call{
		ID: spend.Digest("attempt", c.Attempt), At: c.UsedAt, Subject: budget.SubjectOf(&c.Event),
		Bound: budget.AtMost(money.Known(c.Exposure), s.Currency(), tokens),
	}}
}
