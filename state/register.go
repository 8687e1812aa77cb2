package state

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

const (
	selectEntries = `SELECT kind, name, team, contact, purpose, retired, changed_at, changed_by FROM register_entries `
	selectNames   = `SELECT kind, name, means, valid_from, valid_to, changed_at, changed_by FROM register_names `
)

// RegisterChange is a row of the register's history: what was said of an entry, or
// of a name. One of the two is set.
type RegisterChange struct {
	Entry *register.Entry
	Alias *register.Alias // of nothing when the name stopped meaning something
	At    time.Time
	By    string // as the audit trail names who did it
}

func scanEntry(scan scanner) (c RegisterChange, err error) {
	var retired int64
	c.Entry = &register.Entry{}
	err = scan(&c.Entry.Kind, &c.Entry.Name, &c.Entry.Team, &c.Entry.Contact, &c.Entry.Purpose, &retired, instant{&c.At}, &c.By)
	c.Entry.Retired = retired != 0
	return c, err
}

func scanAlias(scan scanner) (c RegisterChange, err error) {
	c.Alias = &register.Alias{}
	return c, scan(&c.Alias.Kind, &c.Alias.Name, &c.Alias.Of, &c.Alias.From, &c.Alias.To, instant{&c.At}, &c.By)
}

// Register gives what people said of applications, workflows and agents, by kind
// and name.
func (tx *Tx) Register(ctx context.Context) (d register.Declared, err error) {
	entries, err := list(ctx, tx, ask(selectEntries+`WHERE seq IN (SELECT MAX(seq) FROM register_entries GROUP BY kind, name)
AND (team <> '' OR contact <> '' OR purpose <> '' OR retired <> 0) ORDER BY kind, name`), scanEntry)
	if err != nil {
		return d, err
	}
	names, err := list(ctx, tx, ask(selectNames+`WHERE seq IN (SELECT MAX(seq) FROM register_names GROUP BY kind, name, valid_from)
AND means <> '' ORDER BY kind, name, valid_from`), scanAlias)
	for i := range entries {
		d.Entries = append(d.Entries, *entries[i].Entry)
	}
	for i := range names {
		d.Aliases = append(d.Aliases, *names[i].Alias)
	}
	return d, err
}

// PutRegister makes the register what is given: it adds a row for each entry and
// name that changes. The error is that of Declared.Validate, or of kind notfound
// when nobody known has a contact's principal id.
func (tx *Tx) PutRegister(ctx context.Context, by string, due register.Declared) error {
	if by == "" {
		return spend.Errorf(spend.KindInvalid, "keep the register", "who changes it is needed")
	}
	if err := due.Validate(); err != nil {
		return err
	}
	kept, err := tx.Register(ctx)
	if err != nil {
		return err
	}
	if err := tx.putEntries(ctx, by, leaving(kept.Entries, due.Entries)); err != nil {
		return err
	}
	return tx.putNames(ctx, by, leavingNames(kept.Aliases, due.Aliases))
}

// leaving lists the entries to add, so that those that are kept become those that
// are due. Of what is gone nothing is said any more.
func leaving(kept, due []register.Entry) (rows []register.Entry) {
	there := map[register.Entry]bool{}
	for _, e := range kept {
		there[e] = true
	}
	named := map[register.Entry]bool{}
	for _, e := range due {
		named[register.Entry{Kind: e.Kind, Name: e.Name}] = true
		if !there[e] {
			rows = append(rows, e)
		}
	}
	for _, e := range kept {
		if gone := (register.Entry{Kind: e.Kind, Name: e.Name}); !named[gone] {
			rows = append(rows, gone)
		}
	}
	return rows
}

func leavingNames(kept, due []register.Alias) (rows []register.Alias) {
	there := map[register.Alias]bool{}
	for _, a := range kept {
		there[a] = true
	}
	named := map[register.Alias]bool{}
	for _, a := range due {
		named[register.Alias{Kind: a.Kind, Name: a.Name, From: a.From}] = true
		if !there[a] {
			rows = append(rows, a)
		}
	}
	for _, a := range kept {
		if gone := (register.Alias{Kind: a.Kind, Name: a.Name, From: a.From}); !named[gone] {
			rows = append(rows, gone)
		}
	}
	return rows
}

func (tx *Tx) putEntries(ctx context.Context, by string, rows []register.Entry) error {
	last, err := list(ctx, tx, ask(`SELECT COALESCE(MAX(seq), 0) FROM register_entries`), scanCount)
	if err != nil {
		return err
	}
	for i, e := range rows {
		if err := tx.isContact(ctx, e.Contact); err != nil {
			return err
		}
		retired := int64(0)
		if e.Retired {
			retired = 1
		}
		err := tx.exec(ctx, ask(`INSERT INTO register_entries (seq, kind, name, team, contact, purpose, retired, changed_at, changed_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, last[0]+int64(i)+1, e.Kind, e.Name, e.Team, e.Contact, e.Purpose, retired, micros(tx.now), by))
		if err != nil {
			return err
		}
	}
	return nil
}

// isContact refuses a contact whom nobody ever knew.
func (tx *Tx) isContact(ctx context.Context, principal string) error {
	if principal == "" {
		return nil
	}
	_, found, err := tx.Person(ctx, principal)
	if err == nil && !found {
		err = spend.Errorf(spend.KindNotFound, "keep the register", "a contact stands here by principal id, and nobody has this one").
			WithHint("bursar person list has the ids; a name in the register could not be erased")
	}
	return err
}

func (tx *Tx) putNames(ctx context.Context, by string, rows []register.Alias) error {
	last, err := list(ctx, tx, ask(`SELECT COALESCE(MAX(seq), 0) FROM register_names`), scanCount)
	if err != nil {
		return err
	}
	for i, a := range rows {
		err := tx.exec(ctx, ask(`INSERT INTO register_names (seq, kind, name, means, valid_from, valid_to, changed_at, changed_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, last[0]+int64(i)+1, a.Kind, a.Name, a.Of, a.From, a.To, micros(tx.now), by))
		if err != nil {
			return err
		}
	}
	return nil
}

// RegisterHistory lists what was said of a name, and of names that mean or meant it,
// oldest first.
func (tx *Tx) RegisterHistory(ctx context.Context, kind register.Kind, name string) ([]RegisterChange, error) {
	const meaning = `(name = ? OR name IN (SELECT name FROM register_names WHERE kind = ? AND means = ?)) ORDER BY seq`
	entries, err := list(ctx, tx, ask(selectEntries+`WHERE kind = ? AND `+meaning, kind, name, kind, name), scanEntry)
	if err != nil {
		return nil, err
	}
	names, err := list(ctx, tx, ask(selectNames+`WHERE kind = ? AND `+meaning, kind, name, kind, name), scanAlias)
	all := slices.Concat(entries, names)
	slices.SortStableFunc(all, func(a, b RegisterChange) int { return a.At.Compare(b.At) })
	return all, err
}

// LastRegisterChange gives when and by whom the register was changed last, zero
// when nothing ever was.
func (tx *Tx) LastRegisterChange(ctx context.Context) (RegisterChange, error) {
	var last RegisterChange
	for _, table := range []string{"register_entries", "register_names"} {
		c, found, err := first(ctx, tx, ask(`SELECT changed_at, changed_by FROM `+table+` ORDER BY seq DESC LIMIT 1`),
			func(scan scanner) (c RegisterChange, err error) { return c, scan(instant{&c.At}, &c.By) })
		if err != nil {
			return last, err
		}
		if found && !c.At.Before(last.At) {
			last = c
		}
	}
	return last, nil
}
