package state

import (
	"context"
	"encoding/json"
	"slices"
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

// People lists everybody, erased ones too, oldest first.
func (tx *Tx) People(ctx context.Context) ([]Person, error) {
	return list(ctx, tx, ask(selectPeople+`ORDER BY created_at, principal`), scanPerson)
}

// PutPerson adds a person or changes what is known of one. An erased person
// stays erased: the error is then of kind conflict.
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
	return err
}

// PersonByExternalID finds whose account id this is, false when nobody's.
func (tx *Tx) PersonByExternalID(ctx context.Context, id string) (Person, bool, error) {
	people, err := tx.People(ctx)
	if err != nil {
		return Person{}, false, err
	}
	i := slices.IndexFunc(people, func(p Person) bool { return slices.Contains(p.ExternalIDs, id) })
	if i < 0 {
		return Person{}, false, nil
	}
	return people[i], true, nil
}

// ErasePerson removes name, e-mail, external ids, roles and sessions of a
// principal, false when there is none or it was erased before. After the commit
// the old bytes are gone from the file and its log as well.
func (tx *Tx) ErasePerson(ctx context.Context, principal string) (bool, error) {
	n, err := tx.change(ctx, ask(`UPDATE people SET name = '', email = '', external_ids = '[]', erased_at = ?
WHERE principal = ? AND erased_at = 0`, micros(tx.now), principal))
	if err != nil || n == 0 {
		return false, err
	}
	tx.erased = true
	if err := tx.exec(ctx, ask(`DELETE FROM roles WHERE subject_kind = 'principal' AND subject = ?`, principal)); err != nil {
		return false, err
	}
	err = tx.exec(ctx, ask(`DELETE FROM sessions WHERE principal = ?`, principal))
	return err == nil, err
}
