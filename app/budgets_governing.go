package app

import (
	"context"
	"maps"
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

// governs sets what a call must be as well for a limit to look at it: what is not known of
// the calls, and what some kinds of them are not.
func governs(rail *api.Guardrail, scope budget.Selector, exempt []budget.Selector, calls []budget.Known) (found bool) {
	rail.Beside = budget.Selector{}
	for _, known := range calls {
		beside, may := budget.Governs(scope, exempt, known)
		maps.Copy(rail.Beside, beside)
		if found = found || may; may {
			continue
		}
		rail.Some = true
		for name, wants := range scope {
			if value, said := known[name]; said && !slices.Contains(wants, value) {
				rail.Beside[name] = wants
			}
		}
	}
	rail.Some = rail.Some && len(rail.Beside) == 0
	return found
}
