package api

import (
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// Public is what stands for an action in the routes without a credential.
const Public = public

// RouteActions gives the action of every route, by its pattern.
func RouteActions() map[string]auth.Action {
	actions := map[string]auth.Action{}
	for _, r := range routes() {
		actions[r.pattern] = r.action
	}
	return actions
}

// SumOther adds up what a list of rows leaves to the others.
func SumOther(o *Other, q *spend.Query) error { return o.sum(q) }
