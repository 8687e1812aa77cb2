package app

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/budget"
)

// Governing lists the limits in force that may look at calls of which some values are
// known, budgets first, each in the order in which documents declare them.
func (l limits) Governing(_ context.Context, calls []budget.Known, at time.Time) ([]api.Guardrail, error) {
	in := l.order.Load()
	ended := in.limits.Ended(at)
	var all []api.Guardrail
	for i := range in.limits.Budgets {
		b := &in.limits.Budgets[i]
		rail := api.Guardrail{
			Limit: b.ID, Kind: api.BudgetRail, Says: b.String(), AtLimit: string(b.AtLimit), Owner: b.Owner, Each: b.Apart(), Scope: l.scopeOf(b, nil, at),
		}
		if slices.Contains(ended, b.ID) {
			rail.AtLimit = string(budget.Warn)
		}
		if governs(&rail, b.Scope, b.Exempt, calls) {
			all = append(all, rail)
		}
	}
	for i := range in.limits.Rates {
		r := &in.limits.Rates[i]
		rail := api.Guardrail{
			Limit: r.ID, Kind: api.RateRail, Says: r.String(), AtLimit: string(budget.Throttle), Owner: r.Owner, Each: r.Each,
			Scope: l.scopeOf(&budget.Budget{Scope: r.Scope}, nil, at),
		}
		if governs(&rail, r.Scope, r.Exempt, calls) {
			all = append(all, rail)
		}
	}
	return all, nil
}

// governs sets what calls must be besides, the least of any of the kinds of calls: a limit
// that looks at all calls of one kind needs nothing more.
func governs(rail *api.Guardrail, scope budget.Selector, exempt []budget.Selector, calls []budget.Known) (found bool) {
	for _, known := range calls {
		beside, may := budget.Governs(scope, exempt, known)
		if may && (!found || len(beside) < len(rail.Beside)) {
			rail.Beside, found = beside, true
		}
	}
	return found
}
