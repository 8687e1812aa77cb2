package ingest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
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

// completion is what the organisation adds to a scope; nil, which spares the
// calendar, where there is none.
func (o *Order) completion() attribute.Organisation {
	if o.Hierarchy == nil {
		return nil
	}
	return func(scope *spend.Scope, at time.Time) bool {
		return o.Hierarchy.CompleteAt(scope, at, o.Calendar.Location())
	}
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
