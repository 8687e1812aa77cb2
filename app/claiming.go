package app

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// usedIn gives the scopes of which there are lines, of all time, under the names of
// something that nobody answers for: whoever claims it claims those too. Lines without a team,
// in the unit of the team that it is claimed for, are that team's to claim; lines of
// neither team nor unit are nobody's.
func (a *App) usedIn(ctx context.Context, c *register.Change, called []string, today int) (scopes []spend.Scope, err error) {
	q := (&listing{RegisterQuestion: &api.RegisterQuestion{To: a.Now()}}).question(a, c.Kind)
	q.By = []spend.Dimension{"business_unit", "team"}
	q.Where = []spend.Filter{{By: spend.Dimension(c.Kind), Values: called}}
	t, err := a.Answer(ctx, q)
	if err != nil {
		return nil, err
	}
	o := a.order.Load()
	own := o.of(c.Kind, called[0], c.Team, today)
	for i := range t.Rows {
		r := &t.Rows[i]
		used := spend.Scope{BusinessUnit: r.Keys[0], Team: r.Keys[1]}
		if used.Team == "" && used.BusinessUnit == own.BusinessUnit {
			used.Team = own.Team
		}
		left := slices.ContainsFunc(r.Values, func(v money.Null) bool { return !v.Valid || !v.Amount.IsZero() }) // else it is taken back
		if left && (r.Keys[0] != "" || r.Keys[1] != "") {
			scopes = append(scopes, o.above(c.Kind, called[0], used, today))
		}
	}
	return scopes, nil
}
