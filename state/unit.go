package state

import (
	"context"

	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
)

const selectUnits = `SELECT kind, name, parent, cost_centre, valid_from, valid_to FROM organisation `

func scanUnit(scan scanner) (u organisation.Unit, err error) {
	return u, scan(&u.Kind, &u.Name, &u.Parent, &u.CostCentre, &u.From, &u.To)
}

// AddUnit adds a unit. The error is of kind conflict when the unit stands
// somewhere already on one of its days, notfound when its parent does not exist
// on its first.
func (tx *Tx) AddUnit(ctx context.Context, u organisation.Unit) error {
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
		if (u.Kind != organisation.Workflow || other.Parent == u.Parent) && u.Overlaps(&other) {
			return spend.Errorf(spend.KindConflict, "keep a unit", "%s %q stands under %q from %s on", u.Kind, u.Name, other.Parent, other.From).
				WithHint("end that first, then add the new place from that day on")
		}
	}
	return tx.exec(ctx, ask(`INSERT INTO organisation (kind, name, parent, cost_centre, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?)`,
		u.Kind, u.Name, u.Parent, u.CostCentre, u.From, u.To))
}

func (tx *Tx) parentExists(ctx context.Context, u organisation.Unit) error {
	above, _ := u.Kind.Parent()
	if u.Kind == organisation.PersonUnit {
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

// EndUnit sets the end of an open unit, false when there is none as described by
// kind, name and parent. To is the first day it no longer holds.
func (tx *Tx) EndUnit(ctx context.Context, u organisation.Unit) (bool, error) {
	if u.To == "" || u.Validate() != nil {
		return false, spend.Errorf(spend.KindInvalid, "end a unit", "%.20q is no day after its first, %.20q", u.To, u.From)
	}
	n, err := tx.change(ctx, ask(`UPDATE organisation SET valid_to = ?
WHERE kind = ? AND name = ? AND parent = ? AND valid_to = '' AND valid_from < ?`, u.To, u.Kind, u.Name, u.Parent, u.To))
	return n > 0, err
}

// Units lists the organisation as it stood on a day.
func (tx *Tx) Units(ctx context.Context, day string) ([]organisation.Unit, error) {
	return list(ctx, tx, ask(selectUnits+`WHERE valid_from <= ? AND (valid_to = '' OR valid_to > ?) ORDER BY kind, name, parent`,
		day, day), scanUnit)
}

// UnitHistory lists where a unit stood, oldest first.
func (tx *Tx) UnitHistory(ctx context.Context, kind organisation.UnitKind, name string) ([]organisation.Unit, error) {
	return list(ctx, tx, ask(selectUnits+`WHERE kind = ? AND name = ? ORDER BY valid_from, parent`, kind, name), scanUnit)
}

// PutUnits makes the organisation consist of the units given, which stand above
// before below. What is there already stays untouched.
func (tx *Tx) PutUnits(ctx context.Context, units []organisation.Unit) error {
	rows, err := list(ctx, tx, ask(selectUnits+`ORDER BY kind, name, parent, valid_from`), scanUnit)
	if err != nil {
		return err
	}
	there, due := setOf(rows), setOf(units)
	for _, u := range rows {
		if due[u] {
			continue
		}
		err := tx.exec(ctx, ask(`DELETE FROM organisation WHERE kind = ? AND name = ? AND parent = ? AND valid_from = ?`, u.Kind, u.Name, u.Parent, u.From))
		if err != nil {
			return err
		}
	}
	for _, u := range units {
		if there[u] {
			continue
		}
		if err := tx.AddUnit(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func setOf(units []organisation.Unit) map[organisation.Unit]bool {
	set := make(map[organisation.Unit]bool, len(units))
	for _, u := range units {
		set[u] = true
	}
	return set
}
