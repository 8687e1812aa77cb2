package ingest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/register"
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
	Register  *register.Register      // names and owners of applications, workflows and agents, nil for none
}

// completion is what register and organisation add to a scope; nil, which spares the
// calendar, where there is neither.
func (o *Order) completion() attribute.Organisation {
	if o.Hierarchy == nil && o.Register == nil {
		return nil
	}
	return o.place
}

// decide gives the scope that an event is booked under, and the rule that says so.
func (o *Order) decide(e *spend.Event) (scope spend.Scope, rule string) {
	return o.Rules.Resolve(e, o.completion())
}

// ScopeOf normalises an event as booking it does, and gives the scope that it will be
// booked under, as long as this order is in force.
func (o *Order) ScopeOf(e *spend.Event) spend.Scope {
	normalise(e)
	scope, _ := o.decide(e)
	return scope
}

// Placed completes a scope by register and organisation, as they stand at an instant.
func (o *Order) Placed(s spend.Scope, at time.Time) spend.Scope {
	o.place(&s, at)
	return s
}

// place completes a scope as register and organisation stand on the day of use, and
// gives the first of the two that changed something. Names come first, since the
// organisation knows things by them; whoever claimed a thing fills the team where
// nothing else does, and the organisation then says what stands above.
func (o *Order) place(s *spend.Scope, at time.Time) (by string) {
	day := int(exchange.DayOf(at, o.Calendar.Location()))
	if o.Register.Rename(s, day) {
		by = attribute.ByRegister
	}
	if o.Hierarchy.Complete(s, day) && by == "" {
		by = attribute.ByOrganisation
	}
	if o.own(s, day) && by == "" {
		by = attribute.ByRegister
	}
	return by
}

// own gives a scope without a team the one that claimed what the scope names,
// unless that team stands in another business unit than the scope.
func (o *Order) own(s *spend.Scope, day int) bool {
	if s.Team != "" {
		return false
	}
	team := o.Register.Owner(s)
	above := spend.Scope{Team: team}
	o.Hierarchy.Complete(&above, day)
	if team == "" || s.BusinessUnit != "" && above.BusinessUnit != "" && above.BusinessUnit != s.BusinessUnit {
		return false
	}
	s.Team = team
	o.Hierarchy.Complete(s, day)
	return true
}

// UseOrder makes an order the one in force for what is booked from now on. What is
// booked stays as it is.
func (p *Pipeline) UseOrder(o Order) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Order = o
}

// Close makes a finance month the last closed one for what is booked from now on: decide
// runs when all that came before is committed, and until it returns nothing is booked.
// After an error of it nothing is closed.
func (p *Pipeline) Close(ctx context.Context, decide func() (spend.Period, error)) error {
	return p.Pause(ctx, func() error {
		closed, err := decide()
		if err == nil {
			p.Closed = closed
		}
		return err
	})
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
