package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// order is what the documents that are applied put in force. It is immutable.
type order struct {
	ingest.Order
	name     string // of the organisation, "" when it told none
	outcomes *outcome.Definitions
	limits   policy.Limits
	known    []occasion.Occasion // holidays and launches
	planned  []plan.Line         // what is meant to be spent
	unread   error               // documents that are applied and cannot be read, nil when all can
}

// Currency is the organisation's reporting currency.
func (a *App) Currency() money.Currency { return a.order.Load().Reporting }

// Calendar is that of the organisation's days and finance periods.
func (a *App) Calendar() calendar.Calendar { return a.order.Load().Calendar }

// View is the calendar of questions that name no zone.
func (a *App) View() calendar.Calendar {
	c := a.Calendar()
	if a.Zone != nil {
		c.Zone = a.Zone
	}
	return c
}

// readOrder puts in force what is applied to the folder.
func (a *App) readOrder(ctx context.Context) error {
	var applied inForce
	err := a.State.Read(ctx, func(tx *state.Tx) (err error) {
		applied, err = appliedTo(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	due, err := a.orderOf(applied.Set)
	if err == nil {
		due.unread = applied.unread()
		a.order.Store(due)
	}
	return err
}

// Reread puts in force what the files of prices, rules and channels say now, for what is
// booked next. After an error everything is as before.
func (s *Server) Reread(ctx context.Context) error {
	s.applying.Lock()
	defer s.applying.Unlock()
	channels, err := readChannels(s.Channels)
	if err != nil {
		return err
	}
	book, rules := s.book, s.rules
	if err = s.readFiles(); err == nil {
		err = s.readOrder(ctx)
	}
	if err != nil { // also of files that contradict what is applied: an order to come is made of the old ones
		s.book, s.rules = book, rules
		return err
	}
	s.couriers.Store(channels)
	s.Ingest.Pipeline.UseOrder(s.order.Load().Order)
	s.warnOfSealed(ctx)
	return nil
}

// orderOf makes an order of what is applied.
func (a *App) orderOf(s *policy.Set) (*order, error) { return a.orderWith(s, a.rules) }

// orderWith makes an order of what is applied and of the rules of the operator's
// file, which come before those that are applied.
func (a *App) orderWith(s *policy.Set, file *attribute.Rules) (*order, error) {
	declared := s.Organisation
	if !s.Declared {
		declared = a.undeclared()
	}
	zone, err := time.LoadLocation(declared.Zone)
	if err != nil {
		return nil, spend.Errorf(spend.KindUnavailable, "read the organisation's zone", "%w", err)
	}
	rules, err := attribute.New(append(file.All(), s.Rules.All()...))
	if err != nil {
		return nil, err
	}
	names, err := register.New(s.Register)
	if err != nil {
		return nil, err
	}
	due := &order{name: declared.Name, outcomes: s.Outcomes, known: s.Occasions, planned: s.Planned, Order: ingest.Order{
		Book: a.book, Reporting: declared.Currency, Calendar: calendar.New(zone, declared.Fiscal), Rules: rules.In(zone), Register: names,
	}}
	if len(declared.Units) > 0 {
		due.Hierarchy = declared.Hierarchy()
	}
	due.limits, err = s.Limits(due.Calendar)
	return due, err
}

// inForce is what the documents of a folder declare.
type inForce struct {
	*policy.Set
	broken map[string]error // documents that cannot be read, and why
}

// unread says which documents cannot be read, nil when all can.
func (f *inForce) unread() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(f.broken)) {
		errs = append(errs, fmt.Errorf("%s: %w", name, f.broken[name]))
	}
	if len(errs) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindConflict, "read what is applied", "%w", errors.Join(errs...)).WithHint("apply these documents again")
}

// appliedTo reads and compiles what is applied. A document that cannot be read
// closes no folder, where nobody could mend it: without it the organisation is
// that of the settings. What documents said of the register stands in the register,
// with what people said of it since.
func appliedTo(ctx context.Context, tx *state.Tx) (inForce, error) {
	found := inForce{broken: map[string]error{}}
	kept, err := tx.Documents(ctx)
	if err != nil {
		return found, err
	}
	var documents []policy.Document
	for i := range kept {
		if isRegister(kept[i].Name) {
			continue
		}
		d, err := policy.Read([]byte(kept[i].YAML))
		if err != nil {
			found.broken[kept[i].Name] = err
			continue
		}
		documents = append(documents, d)
	}
	if found.Set, err = policy.Compile(documents); err != nil {
		return found, err
	}
	found.Incomplete = len(found.broken) > 0
	if found.Register, err = tx.Register(ctx); err != nil {
		return found, err
	}
	if found.broken[string(policy.Organisation)] == nil {
		return found, nil
	}
	s, err := tx.Settings(ctx)
	found.Declared = true
	found.Organisation = organisation.Document{Name: s.Name, Zone: s.Zone, Currency: s.ReportingCurrency, Fiscal: s.Fiscal}
	return found, err
}
