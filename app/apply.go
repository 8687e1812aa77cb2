package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// errDry ends the transaction of an application that is only tried.
var errDry = errors.New("only tried")

// undeclared is the organisation of a folder to which none is applied.
func (a *App) undeclared() organisation.Document {
	d := organisation.Default()
	d.Currency = cmp.Or(a.Reporting, d.Currency)
	return d
}

// Apply puts declarative documents in force over those that are, and says what
// that changes; when it is dry, it only says so. All of them are applied or none:
// the error is of kind conflict when a change is refused, or when something else is
// in force than was meant. What is booked stays as it is, and what is booked next
// follows the new order. Nothing is booked between the look at the ledger and that
// order.
func (s *Server) Apply(ctx context.Context, by auth.Identity, d api.Declaration) (done api.Application, err error) {
	s.applying.Lock()
	defer s.applying.Unlock()
	if d.Dry {
		done, _, err = s.declare(ctx, by, d)
		return done, err
	}
	err = s.Ingest.Pipeline.Reorder(ctx, func() (ingest.Order, error) {
		var due *order
		if done, due, err = s.declare(ctx, by, d); err != nil {
			return ingest.Order{}, err
		}
		s.order.Store(due)
		s.Ingest.Define(due.outcomes)
		return due.Order, nil
	})
	if err == nil && len(done.Changes) > 0 {
		s.recounted(ctx)
	}
	return done, err
}

// declare keeps documents in the state, and gives what that changes and the order
// that is due by it. When it is dry, it keeps nothing.
func (s *Server) declare(ctx context.Context, by auth.Identity, d api.Declaration) (done api.Application, due *order, err error) {
	ledger, err := s.ledgerStands(ctx)
	if err != nil {
		return done, nil, err
	}
	err = s.State.Write(ctx, func(tx *state.Tx) error {
		old, err := s.standing(ctx, tx, &d)
		if err != nil {
			return err
		}
		next, err := policy.Compile(old.With(d.Documents))
		if err != nil {
			return err
		}
		if !next.Declared {
			next.Organisation = s.undeclared()
		}
		if err := next.Over(old.Register); err != nil {
			return err
		}
		changes := policy.Diff(old, next, ledger)
		done = api.Application{Changes: append([]organisation.Change{}, changes...), Applied: !d.Dry, Over: old.Digest()}
		if due, err = s.orderOf(next); err != nil {
			return err
		}
		for _, f := range due.limits.Lint(s.Now(), s.known(due)) {
			done.Remarks = append(done.Remarks, f.String())
		}
		if d.Dry && slices.ContainsFunc(changes, isRefused) {
			return errDry
		}
		if err := refusedBy(changes); err != nil {
			return err
		}
		if err := keepDocuments(ctx, tx, by, d.Documents); err != nil {
			return err
		}
		if err := keepRegister(ctx, tx, by, registers{old.Register, next.Register}); err != nil {
			return err
		}
		if err := keepOrganisation(ctx, tx, next); err != nil || !d.Dry {
			return err
		}
		return errDry
	})
	if d.Dry && errors.Is(err, errDry) {
		err = nil
	}
	return done, due, err
}

// standing gives what is in force for a declaration over it.
func (s *Server) standing(ctx context.Context, tx *state.Tx, d *api.Declaration) (*policy.Set, error) {
	old, err := appliedTo(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range d.Documents { // they mend what could not be read
		delete(old.broken, d.Documents[i].ID())
	}
	if err := old.unread(); err != nil {
		return nil, err
	}
	if d.Over != "" && d.Over != old.Digest() {
		return nil, spend.Errorf(spend.KindConflict, "apply", "something else is in force than when the changes were shown").
			WithHint("look at the changes again (--dry-run), and apply them then")
	}
	if !old.Declared {
		old.Organisation = s.undeclared()
	}
	return old.Set, nil
}

func isRefused(c organisation.Change) bool { return c.Refused != "" }

// refusedBy gives every change that is refused as one error.
func refusedBy(changes []organisation.Change) error {
	var reasons []string
	for _, c := range changes {
		if isRefused(c) {
			reasons = append(reasons, c.What+": "+c.Refused)
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindConflict, "apply", "%s", strings.Join(reasons, "; ")).WithHint("nothing was applied; change the documents and apply them again")
}

// keepDocuments keeps the documents that are not applied already, each with its
// entry in the audit trail.
func keepDocuments(ctx context.Context, tx *state.Tx, by auth.Identity, documents []policy.Document) error {
	for i := range documents {
		d := &documents[i]
		last, _, err := tx.Document(ctx, d.ID())
		if err != nil {
			return err
		}
		changed, err := tx.Apply(ctx, state.Applied{Name: d.ID(), YAML: d.Text, By: by.Actor()})
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		n := auth.Note{Who: by, Action: auth.PolicyApply, Target: "policy/" + d.ID(), Before: last.Digest, After: auth.DigestOf(d.Text)}
		if _, err := auth.Append(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// keepOrganisation makes settings and units of the state what is declared.
func keepOrganisation(ctx context.Context, tx *state.Tx, s *policy.Set) error {
	if !s.Declared {
		return nil
	}
	o := &s.Organisation
	err := tx.PutSettings(ctx, state.Settings{Name: o.Name, Zone: o.Zone, Fiscal: o.Fiscal, ReportingCurrency: o.Currency})
	if err != nil {
		return err
	}
	return tx.PutUnits(ctx, o.Units)
}

// ledgerStands says what a change of order must respect.
func (s *Server) ledgerStands(ctx context.Context) (policy.Ledger, error) {
	waiting := s.Ingest.Waiting() > 0
	lines, err := lake.Holds(ctx, s.Lake)
	if err != nil {
		return policy.Ledger{}, err
	}
	open, err := s.firstOpen()
	if err != nil {
		return policy.Ledger{}, err
	}
	counted, err := lake.Counted(ctx, s.Lake)
	return policy.Ledger{Ledger: organisation.Ledger{Lines: lines || waiting, Open: open}, Counted: counted, Waiting: waiting}, err
}

// Applied lists what is applied, by name: the register as it stands, all others as
// they were written.
func (s *Server) Applied(ctx context.Context) (found []api.AppliedDocument, err error) {
	err = s.State.Read(ctx, func(tx *state.Tx) error {
		kept, err := tx.Documents(ctx)
		for i := range kept {
			if !isRegister(kept[i].Name) {
				found = append(found, api.AppliedDocument{Name: kept[i].Name, Text: kept[i].YAML, At: kept[i].At, By: kept[i].By})
			}
		}
		if err != nil {
			return err
		}
		standing, is, err := registerDocument(ctx, tx)
		if is {
			found = append(found, standing)
		}
		return err
	})
	slices.SortFunc(found, func(a, b api.AppliedDocument) int { return cmp.Compare(a.Name, b.Name) })
	return found, err
}
