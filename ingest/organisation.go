package ingest

import (
	"context"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/pricebook"
)

// Order is how an organisation reads time and money, at which prices, and who
// belongs to whom.
type Order struct {
	Book      *pricebook.Book
	Rules     *attribute.Rules
	Reporting money.Currency          // of every total
	Calendar  calendar.Calendar       // of its days and finance periods
	Hierarchy *organisation.Hierarchy // who belongs to whom, nil when it is not declared
}

// UseOrder makes an order the one in force for what is booked from now on. What is
// booked stays as it is.
func (p *Pipeline) UseOrder(o Order) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Order = o
}

// Reorder is UseOrder for an order that depends on what is booked: decide runs
// when all of that is committed, and until it returns nothing is booked. After an
// error of it the order is the one before.
func (p *Pipeline) Reorder(ctx context.Context, decide func() (Order, error)) error {
	return p.Pause(ctx, func() error {
		o, err := decide()
		if err == nil {
			p.Order = o
		}
		return err
	})
}
