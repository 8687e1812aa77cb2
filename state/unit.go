package state

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// UnitKind is what a unit of the organisation is.
type UnitKind string

// The kinds of unit.
const (
	BusinessUnit UnitKind = "business_unit"
	Team         UnitKind = "team"        // in a business unit
	Application  UnitKind = "application" // owned by one team
	Workflow     UnitKind = "workflow"    // of one application; another may use the name
	PersonUnit   UnitKind = "person"      // in a team
)

// parent gives the kind that a kind stands under, "" for the widest.
func (k UnitKind) parent() (UnitKind, bool) {
	switch k {
	case BusinessUnit:
		return "", true
	case Team:
		return BusinessUnit, true
	case Application, PersonUnit:
		return Team, true
	case Workflow:
		return Application, true
	}
	return "", false
}

// Unit is a unit of the organisation under its parent, from a day to the day
// before another. Days are "2026-11-25" in the organisation's zone.
type Unit struct {
	Kind   UnitKind
	Name   string // of a person the principal id
	Parent string // name of the unit above, "" when it stands alone
	From   string
	To     string // first day it no longer holds, "" while it does
}

// Validate refuses an unknown kind, an empty name, a parent of the widest kind
// and days that are none or in the wrong order. The error is of kind invalid.
func (u *Unit) Validate() error {
	above, known := u.Kind.parent()
	switch {
	case !known:
		return spend.Errorf(spend.KindInvalid, "keep a unit", "there is no kind of unit %.40q", u.Kind).
			WithHint("one of business_unit, team, application, workflow, person")
	case u.Name == "":
		return spend.Errorf(spend.KindInvalid, "keep a unit", "a %s needs a name", u.Kind)
	case above == "" && u.Parent != "":
		return spend.Errorf(spend.KindInvalid, "keep a unit", "a %s stands under nothing", u.Kind)
	case !isDay(u.From) || u.To != "" && !isDay(u.To):
		return spend.Errorf(spend.KindInvalid, "keep a unit", "from %.20q to %.20q are no days", u.From, u.To).
			WithHint("write them like 2026-11-25; leave the end empty while it holds")
	case u.To != "" && u.To <= u.From:
		return spend.Errorf(spend.KindInvalid, "keep a unit", "it ends on %s, before it begins on %s", u.To, u.From)
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

const selectUnits = `SELECT kind, name, parent, valid_from, valid_to FROM organisation `

func scanUnit(scan scanner) (u Unit, err error) {
	return u, scan(&u.Kind, &u.Name, &u.Parent, &u.From, &u.To)
}

// AddUnit adds a unit. The error is of kind conflict when the unit stands
// somewhere already on one of its days, notfound when its parent does not exist
// on its first.
func (tx *Tx) AddUnit(ctx context.Context, u Unit) error {
	if err := u.Validate(); err != nil {
		return err
	}
	if err := tx.parentExists(ctx, u); err != nil {
		return err
	}
	history, err := tx.UnitHistory(ctx, u.Kind, u.Name)
	if err != nil {
		return err
	}
	for _, other := range history {
		if (u.Kind != Workflow || other.Parent == u.Parent) && overlap(u, other) {
			return spend.Errorf(spend.KindConflict, "keep a unit", "%s %q stands under %q from %s on", u.Kind, u.Name, other.Parent, other.From).
				WithHint("end that first, then add the new place from that day on")
		}
	}
	return tx.exec(ctx, ask(`INSERT INTO organisation (kind, name, parent, valid_from, valid_to) VALUES (?, ?, ?, ?, ?)`,
		u.Kind, u.Name, u.Parent, u.From, u.To))
}

func (tx *Tx) parentExists(ctx context.Context, u Unit) error {
	above, _ := u.Kind.parent()
	if u.Kind == PersonUnit {
		person, found, err := tx.Person(ctx, u.Name)
		if err != nil {
			return err
		}
		if !found || !person.Erased.IsZero() {
			return spend.Errorf(spend.KindNotFound, "keep a unit", "a person stands here by principal id, and nobody has this one").
				WithHint("keep the person first; a name in the organisation could not be erased")
		}
	}
	if u.Parent == "" {
		return nil
	}
	found, err := list(ctx, tx, ask(selectUnits+`WHERE kind = ? AND name = ? AND valid_from <= ? AND (valid_to = '' OR valid_to > ?)`,
		above, u.Parent, u.From, u.From), scanUnit)
	if err == nil && len(found) == 0 {
		return spend.Errorf(spend.KindNotFound, "keep a unit", "there is no %s %q on %s", above, u.Parent, u.From)
	}
	return err
}

// overlap says that two spans share a day; an empty end is open.
func overlap(a, b Unit) bool {
	return (b.To == "" || a.From < b.To) && (a.To == "" || b.From < a.To)
}

// EndUnit sets the end of an open unit, false when there is none as described by
// kind, name and parent. To is the first day it no longer holds.
func (tx *Tx) EndUnit(ctx context.Context, u Unit) (bool, error) {
	if !isDay(u.To) {
		return false, spend.Errorf(spend.KindInvalid, "end a unit", "%.20q is no day", u.To)
	}
	n, err := tx.change(ctx, ask(`UPDATE organisation SET valid_to = ?
WHERE kind = ? AND name = ? AND parent = ? AND valid_to = '' AND valid_from < ?`, u.To, u.Kind, u.Name, u.Parent, u.To))
	return n > 0, err
}

// Units lists the organisation as it stood on a day.
func (tx *Tx) Units(ctx context.Context, day string) ([]Unit, error) {
	return list(ctx, tx, ask(selectUnits+`WHERE valid_from <= ? AND (valid_to = '' OR valid_to > ?) ORDER BY kind, name, parent`,
		day, day), scanUnit)
}

// UnitHistory lists where a unit stood, oldest first.
func (tx *Tx) UnitHistory(ctx context.Context, kind UnitKind, name string) ([]Unit, error) {
	return list(ctx, tx, ask(selectUnits+`WHERE kind = ? AND name = ? ORDER BY valid_from, parent`, kind, name), scanUnit)
}
