package api

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// askedOwnOutcomes reads the question of whoever may see one scope too: the answer is
// about the workflows of that scope then.
func (c *call) askedOwnOutcomes() ([]need, error) {
	needs, err := c.askedOutcomes()
	if err != nil || c.seesAll() {
		return needs, err
	}
	return inOwnScope(c)
}

// seesAll says that whoever asks may read the spend of the whole organisation.
func (c *call) seesAll() bool { return auth.Authorise(c.who, auth.SpendRead, auth.Target{}).Allowed }

// narrow adds the conditions of the scope that whoever asks may read to the question.
func (c *call) narrow() {
	own, q := ownScope(c.who, auth.SpendRead), *c.question
	q.Where = slices.Clone(q.Where)
	names := spend.ScopeFields()
	for i, value := range own.Fields() {
		if *value != "" {
			q.Where = append(q.Where, spend.Filter{By: spend.Dimension(names[i]), Values: []string{*value}})
		}
	}
	c.question = &q
}

// stand says in which scopes the lines of a workflow lie.
type stand struct{ own, foreign bool }

// ownOutcomes gives the rows of workflows of which every line in the window lies in a
// scope that whoever asks may read. Results have no team, so a row of a workflow that
// others use too would tell of theirs: it is left out and counted. What names no workflow
// is everybody's, and left out too.
func (c *call) ownOutcomes(ctx context.Context, q *spend.Query) (outcome.Table, error) {
	t, err := c.Outcomes.Outcomes(ctx, q)
	if err != nil {
		return outcome.Table{}, err
	}
	stands, err := c.standsOf(ctx, &t, q)
	if err != nil {
		return outcome.Table{}, err
	}
	delete(stands, "")
	var rows []outcome.Row // not in place: the table may be remembered for others
	for i := range t.Rows {
		switch stands[t.Rows[i].Workflow] {
		case stand{own: true}:
			rows = append(rows, t.Rows[i])
		case stand{own: true, foreign: true}:
			t.Shared++
		}
	}
	t.Rows = rows
	t.Days = slices.DeleteFunc(slices.Clone(t.Days), func(d outcome.Day) bool { return stands[d.Workflow] != stand{own: true} })
	return t, t.Sum()
}

// standsOf finds where the workflows of a table stand: with their lines in the window,
// and those without one with their lines of any time.
func (c *call) standsOf(ctx context.Context, t *outcome.Table, q *spend.Query) (map[string]stand, error) {
	stands, err := c.stands(ctx, *q)
	if err != nil || !slices.ContainsFunc(t.Rows, func(r outcome.Row) bool { return stands[r.Workflow] == stand{} }) {
		return stands, err
	}
	always := *q
	always.From, always.To = time.Time{}, time.Time{}
	ever, err := c.stands(ctx, always)
	if err != nil {
		return nil, err
	}
	maps.Copy(ever, stands)
	return ever, nil
}

// stands finds where the workflows of a question lie. Lines that were corrected away lie
// nowhere.
func (c *call) stands(ctx context.Context, q spend.Query) (map[string]stand, error) {
	q.By = []spend.Dimension{"business_unit", "team", "application", "workflow"}
	q.Measures, q.Order, q.Grain = []spend.Measure{spend.Cost, spend.Calls, spend.Exposed}, "", spend.Whole
	t, err := c.Asker.Answer(ctx, &q)
	if err != nil {
		return nil, err
	}
	found := map[string]stand{}
	for i := range t.Rows {
		keys, values := t.Rows[i].Keys, t.Rows[i].Values
		if values[0].Amount.IsZero() && values[1].Amount.IsZero() && values[2].Amount.IsZero() {
			continue
		}
		scope := spend.Scope{BusinessUnit: keys[0], Team: keys[1], Application: keys[2]}
		mine := auth.Authorise(c.who, auth.SpendRead, auth.Target{Scope: scope}).Allowed
		s := found[keys[3]]
		found[keys[3]] = stand{own: s.own || mine, foreign: s.foreign || !mine}
	}
	return found, nil
}
