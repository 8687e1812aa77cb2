package api

import (
	"context"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/spend"
)

// inTurn does what asks the ledger in turn, and within the time that a question has.
func (c *call) inTurn(work func(ctx context.Context) error) error {
	if err := c.enter(); err != nil {
		return err
	}
	defer c.leave()
	ctx, cancel := context.WithTimeout(c.request.Context(), c.limits.QueryTime)
	defer cancel()
	return work(ctx)
}

// noted keeps in the audit trail that the question tells persons apart, if it does.
func (c *call) noted(ctx context.Context, id string) error {
	if !privacy.Personal(c.question) {
		return nil
	}
	return c.Audit.Note(ctx, auth.Note{Who: c.who, Action: auth.PersonRead, Target: "query/" + id})
}

// whole is the envelope of the question.
func (c *call) whole(ctx context.Context) (Envelope, error) {
	id := c.queryID()
	if err := c.noted(ctx, id); err != nil {
		return Envelope{}, err
	}
	table, err := c.table(ctx)
	if err != nil {
		return Envelope{}, err
	}
	return c.envelope(ctx, &table, id)
}

// beside answers the question for what stands beside a list: the trust figures, and the
// total of all lines that the list is about.
func (c *call) beside(ctx context.Context) (Meta, Total, error) {
	e, err := c.whole(ctx)
	return e.Meta, e.Total, err
}

// ownLines are the conditions that keep a question within what the caller may see, none
// for who may see everything.
func (c *call) ownLines() (where []spend.Filter) {
	if auth.Authorise(c.who, auth.SpendRead, auth.Target{}).Allowed {
		return nil
	}
	own, names := ownScope(c.who, auth.SpendRead), spend.ScopeFields()
	for i, value := range own.Fields() {
		if *value != "" {
			where = append(where, spend.Filter{By: spend.Dimension(names[i]), Values: []string{*value}})
		}
	}
	return where
}
