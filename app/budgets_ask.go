package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// limits answers questions about the limits in force.
type limits struct{ *Server }

// Budgets lists the windows of an instant, those that nothing counts in among them.
// Single persons are left out unless they may be shown.
func (l limits) Budgets(_ context.Context, at time.Time) ([]api.BudgetStanding, error) {
	in := l.order.Load()
	current := l.Server.Budgets.Current(at)
	all := []api.BudgetStanding{}
	for i := range in.limits.Budgets {
		b := &in.limits.Budgets[i]
		found := false
		for j := range current {
			if current[j].Budget == b.ID {
				all, found = append(all, l.standing(b, &current[j], at)), true
			}
		}
		if !found && len(b.Each) == 0 && b.Window.Period != budget.EachRun {
			idle := budget.Standing{Budget: b.ID, Counts: b.Counts, Currency: b.Currency, Amount: b.Amount, Grace: b.Grace}
			idle.From, idle.To = b.Window.Around(at)
			all = append(all, l.standing(b, &idle, at))
		}
	}
	all = slices.DeleteFunc(all, func(s api.BudgetStanding) bool { return l.hides(&s.Scope) })
	slices.SortStableFunc(all, func(a, b api.BudgetStanding) int { return cmp.Compare(a.Budget, b.Budget) })
	return all, nil
}

// hides says that a scope is of a single person, and persons are not shown.
func (l limits) hides(s *spend.Scope) bool { return s.Principal != "" && !l.Privacy.PersonViews }

// refuse adds what a budget has refused under the values that a window counts apart.
func refuse(all *api.BudgetStanding, s *budget.Standing, overruns []gateway.Overrun) {
	for _, o := range overruns {
		if o.Limit != s.Budget || !slices.Equal(o.Each, s.Each) {
			continue
		}
		if all.RefusedBy == nil {
			all.RefusedBy = map[string]int64{}
		}
		all.Refused += o.Calls
		all.RefusedBy[o.Workflow] += o.Calls
	}
}

func (l limits) standing(b *budget.Budget, s *budget.Standing, at time.Time) api.BudgetStanding {
	all := api.BudgetStanding{
		Budget: b.ID, Says: b.String(), Scope: l.scopeOf(b, s.Each, at), From: known(s.From), To: known(s.To),
		Counts: string(s.Counts), Currency: s.Currency, Limit: s.Amount, Booked: s.Booked, Settled: s.Settled, Held: s.Held, Left: s.Left(),
		Unknown: s.Unknown, AtLimit: string(b.AtLimit), Owner: b.Owner, Reached: []string{}, Plain: plain(b), Rolls: b.Window.Rolls(),
	}
	if b.Window.Period != budget.Rolling {
		all.Resets = known(s.To)
	}
	names := b.Apart()
	for i, value := range s.Each {
		if all.Each == nil {
			all.Each = map[string]string{}
		}
		all.Each[names[i]] = value
	}
	refuse(&all, s, l.metrics.calls.Overruns())
	all.Used = percentOf(s.Used(), s.Amount)
	spent := percentOf(s.Spent(), s.Amount)
	for _, a := range b.Alerts {
		if !a.Forecast && s.Spent().Sign() > 0 && spent >= int64(a.Percent) {
			all.Reached = append(all.Reached, a.String())
		}
	}
	return all
}

// plain says that a budget counts everything, or all of one unit or team.
func plain(b *budget.Budget) bool {
	for name, values := range b.Scope {
		if name != "business_unit" && name != "team" || len(values) != 1 || values[0] == "" {
			return false
		}
	}
	return len(b.Exempt) == 0 && len(b.Each) == 0 && !b.Notional
}

// percentOf is a part of a limit in whole percent, rounded down; of no limit
// everything is more than all.
func percentOf(part, limit money.Amount) int64 {
	const most = 1_000_000
	if limit.Sign() <= 0 {
		if part.Sign() > 0 {
			return most
		}
		return 0
	}
	low, high := int64(0), int64(most)
	for low < high { // the last percentage that the part reaches: no amount is divided
		middle := (low + high + 1) / 2
		if reached, err := limit.MulRatio(middle, 100); err == nil && part.Cmp(reached) >= 0 {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// scopeOf is the scope in which everything lies that a budget counts.
func (l limits) scopeOf(b *budget.Budget, values []string, at time.Time) (scope spend.Scope) {
	put := func(name, value string) {
		if field := scope.Field(name); field != nil {
			*field = value
		}
	}
	for name, wants := range b.Scope {
		if len(wants) == 1 {
			put(name, wants[0])
		}
	}
	for i, name := range b.Apart() {
		if i < len(values) {
			put(name, values[i])
		}
	}
	if scope.Equal(&spend.Scope{}) {
		return scope // of everything, which no organisation places
	}
	o := &l.order.Load().Order
	return o.Placed(scope, at)
}

// CheckBudgets asks the counters about a call that nobody makes.
func (l limits) CheckBudgets(_ context.Context, t api.BudgetTrial) (api.BudgetVerdict, error) {
	if t.Depth < 0 {
		return api.BudgetVerdict{}, spend.Errorf(spend.KindInvalid, "check budgets", "depth: is below 0")
	}
	in, now := l.order.Load(), l.Now()
	e := spend.Event{UsedAt: now, Seller: t.Seller, RequestedModel: t.Model, Region: t.Region, Kind: t.Kind, Scope: t.Scope, Usage: t.Usage}
	e.Seller = ingest.SellerOf(&e)
	e.Scope = in.ScopeOf(&e)
	priced := pricebook.Call{Seller: e.Seller, Model: t.Model, At: now, Region: t.Region, Kind: t.Kind, Usage: &t.Usage}
	asked := budget.Call{ID: spend.Digest("trial"), At: now, Subject: budget.SubjectOf(&e), Depth: t.Depth, Approved: t.Approved}
	asked.Bound = budget.Bound(in.Book, &priced, new(pricebook.Rating))
	v := l.Server.Budgets.Ask(&asked)
	if v.Action == budget.Downgrade {
		priced.Model, asked.Subject.Model, asked.Downgraded = v.Model, v.Model, true
		asked.Bound = budget.Bound(in.Book, &priced, new(pricebook.Rating))
		v = downgraded(v, l.Server.Budgets.Ask(&asked))
	}
	verdict := api.BudgetVerdict{
		Admitted: v.Action.Admits() || v.Action == budget.Downgrade, Action: string(v.Action), Model: v.Model, Wait: v.Wait.Seconds(),
		Needs: asked.Bound.Effective, Currency: asked.Bound.Currency, Scope: e.Scope,
	}
	for i := range v.Reasons {
		r := &v.Reasons[i]
		told := api.BudgetReason{
			Limit: r.Limit, Action: string(r.Action), Cause: string(r.Cause), Says: r.String(), Resets: known(r.Resets), Owner: r.Owner,
			Scope: l.scopeOfLimit(r.Limit, r.Each, now),
		}
		for _, f := range in.limits.IdleOf(r.Limit, l.known(in)) {
			told.Remarks = append(told.Remarks, f.String())
		}
		if l.hides(&told.Scope) {
			told = told.Covered()
		}
		verdict.Reasons = append(verdict.Reasons, told)
	}
	return verdict, nil
}

// downgraded is the word on a call that is asked again with the model of a downgrade, as
// the gateway does: that it goes on so, or why it does not.
func downgraded(first, again budget.Verdict) budget.Verdict {
	again.Reasons = append(first.Reasons[:1:1], again.Reasons...)
	if again.Action.Admits() {
		again.Action, again.Model = budget.Downgrade, first.Model
	}
	return again
}
