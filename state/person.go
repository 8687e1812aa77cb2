package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Person is who a principal id stands for. After an erasure only the id and the
// two times are left.
type Person struct {
	Principal   string // random, made by auth.NewPrincipal
	Name        string
	Email       string
	ExternalIDs []string // account ids at vendors and sign-in services
	Created     time.Time
	Erased      time.Time // zero while known
}

func scanPerson(scan scanner) (p Person, err error) {
	var ids string
	if err := scan(&p.Principal, &p.Name, &p.Email, &ids, instant{&p.Created}, instant{&p.Erased}); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(ids), &p.ExternalIDs)
}

const selectPeople = `SELECT principal, name, email, external_ids, created_at, erased_at FROM people `

// Person gives the person with a principal id, false when there is none.
func (tx *Tx) Person(ctx context.Context, principal string) (Person, bool, error) {
	return first(ctx, tx, ask(selectPeople+`WHERE principal = ?`, principal), scanPerson)
}

// People lists up to limit people, erased ones too, oldest first: those behind a
// principal id, or from the start when it is empty. The error is of kind invalid
// when nobody has that id.
func (tx *Tx) People(ctx context.Context, after string, limit int) ([]Person, error) {
	last, found, err := tx.Person(ctx, after)
	if err != nil {
		return nil, err
	}
	if !found && after != "" {
		return nil, spend.Errorf(spend.KindInvalid, "list people", "%.40q is no place in the list", after).
			WithHint("pass next of the page before, unchanged")
	}
	since := micros(last.Created)
	return list(ctx, tx, ask(selectPeople+`WHERE created_at > ? OR (created_at = ? AND principal > ?) ORDER BY created_at, principal LIMIT ?`,
		since, since, after, limit), scanPerson)
}

// PutPerson adds a person or changes what is known of one. The error is of kind
// conflict when the person was erased, and when an external id is somebody else's.
func (tx *Tx) PutPerson(ctx context.Context, p Person) error {
	if p.Principal == "" {
		return spend.Errorf(spend.KindInvalid, "keep a person", "a principal id is needed")
	}
	ids := p.ExternalIDs
	if ids == nil {
		ids = []string{}
	}
	encoded, err := json.Marshal(ids)
	if err != nil {
		return spend.Errorf(spend.KindInternal, "keep a person", "%w", err)
	}
	n, err := tx.change(ctx, ask(`INSERT INTO people (principal, name, email, external_ids, created_at, erased_at) VALUES (?, ?, ?, ?, ?, 0)
ON CONFLICT (principal) DO UPDATE SET name = excluded.name, email = excluded.email, external_ids = excluded.external_ids
WHERE people.erased_at = 0`, p.Principal, p.Name, p.Email, string(encoded), micros(tx.now)))
	if err == nil && n == 0 {
		return spend.Errorf(spend.KindConflict, "keep a person", "this person was erased").
			WithHint("give somebody who comes back a new principal id")
	}
	if err != nil {
		return err
	}
	return tx.indexIDs(ctx, p.Principal, ids)
}

// ErasePerson removes name, e-mail, external ids, roles and sessions of a
// principal, and what answered requests and applied documents say of it; false
// when there is none or it was erased before. After the commit the old bytes are
// gone from the file and its log as well.
func (tx *Tx) ErasePerson(ctx context.Context, principal string) (bool, error) {
	person, found, err := tx.Person(ctx, principal)
	if err != nil || !found || !person.Erased.IsZero() {
		return false, err
	}
	tx.erased = true
	for _, q := range []question{
		ask(`UPDATE people SET name = '', email = '', external_ids = '[]', erased_at = ? WHERE principal = ?`, micros(tx.now), principal),
		ask(`DELETE FROM external_ids WHERE principal = ?`, principal),
		ask(`DELETE FROM roles WHERE subject_kind = 'principal' AND subject = ?`, principal),
		ask(`DELETE FROM sessions WHERE principal = ?`, principal),
	} {
		if err := tx.exec(ctx, q); err != nil {
			return false, err
		}
	}
	return true, tx.redact(ctx, &person)
}
