package app

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// People lists up to limit people with their roles, oldest first, behind a
// principal id.
func (a *App) People(ctx context.Context, after string, limit int) (people []api.Person, err error) {
	err = a.State.Read(ctx, func(tx *state.Tx) error {
		rows, err := tx.People(ctx, after, limit)
		if err != nil {
			return err
		}
		for i := range rows {
			shown, err := shownPerson(ctx, tx, &rows[i])
			if err != nil {
				return err
			}
			people = append(people, shown)
		}
		return nil
	})
	return people, err
}

// Given lists every role of a person.
func (a *App) Given(ctx context.Context) (all []auth.PersonGrant, err error) {
	err = a.State.Read(ctx, func(tx *state.Tx) error {
		rows, err := tx.Grants(ctx)
		for i := range rows {
			all = append(all, auth.PersonGrant{Principal: rows[i].Principal, Grant: auth.Grant{Role: auth.Role(rows[i].Role), Scope: rows[i].Scope}})
		}
		return err
	})
	return all, err
}

func shownPerson(ctx context.Context, tx *state.Tx, p *state.Person) (api.Person, error) {
	shown := api.Person{
		Principal: p.Principal, Name: p.Name, Email: p.Email, ExternalIDs: append([]string{}, p.ExternalIDs...),
		Roles: []api.Role{}, Created: p.Created, Erased: p.Erased,
	}
	grants, err := tx.GrantsOf(ctx, p.Principal)
	for _, g := range grants {
		shown.Roles = append(shown.Roles, api.Role{Role: auth.Role(g.Role), Scope: g.Scope})
	}
	return shown, err
}

// FindPerson gives the person of a principal id, or of what a source calls them.
// The error is of kind notfound when there is none.
func (a *App) FindPerson(ctx context.Context, who string) (person api.Person, err error) {
	who = ingest.PlainName(who)
	err = a.State.Read(ctx, func(tx *state.Tx) error {
		of, err := tx.PrincipalsOf(ctx, []string{who})
		if err != nil {
			return err
		}
		row, found, err := tx.Person(ctx, of[who])
		if err != nil {
			return err
		}
		if !found {
			return spend.Errorf(spend.KindNotFound, "find a person", "nobody is known by that").
				WithHint("name the principal id, or what a source calls the person")
		}
		person, err = shownPerson(ctx, tx, &row)
		return err
	})
	return person, err
}

// KeepPerson adds a person, or says more of the one whose external id is among
// those given. The error is of kind conflict when they are of several people.
func (a *App) KeepPerson(ctx context.Context, by auth.Identity, r auth.PersonRequest) (api.KeptPerson, error) {
	return a.people.keep(ctx, by, r)
}

// ErasePerson forgets who somebody was, named by principal id or by what a source
// calls them, and gives the principal id, which keeps its lines. The error is of
// kind notfound when there is nobody to forget, and unavailable when a reader
// keeps the engine's log from being emptied: the person is erased, and the copy in
// the log goes with the next write.
func (a *App) ErasePerson(ctx context.Context, by auth.Identity, who string) (string, error) {
	person, err := a.FindPerson(ctx, who)
	if err != nil {
		return "", err
	}
	done, err := a.people.erase(ctx, by, person.Principal)
	if err == nil && !done {
		err = spend.Errorf(spend.KindNotFound, "erase a person", "this person is erased already")
	}
	return person.Principal, err
}

// GiveRole gives a person a role and notes it in the audit trail.
func (a *App) GiveRole(ctx context.Context, by auth.Identity, to auth.PersonGrant) error {
	return a.State.Write(ctx, func(tx *state.Tx) error { return auth.GiveRole(ctx, tx, by, to) })
}

// TakeRole takes a role from a person and notes it in the audit trail.
func (a *App) TakeRole(ctx context.Context, by auth.Identity, from auth.PersonGrant) error {
	return a.State.Write(ctx, func(tx *state.Tx) error { return auth.TakeRole(ctx, tx, by, from) })
}

// keep adds a person or says more of one. It holds the mutex, so that the
// pipeline does not make a new person of the same claim meanwhile.
func (d *directory) keep(ctx context.Context, by auth.Identity, r auth.PersonRequest) (kept api.KeptPerson, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err = d.store.Write(ctx, func(tx *state.Tx) error {
		ids := claims(&r)
		row, err := meant(ctx, tx, ids)
		if err != nil {
			return err
		}
		kept = api.KeptPerson{Principal: row.Principal, New: row.Principal == ""}
		if kept.New {
			kept.Principal = auth.NewPrincipal()
		}
		if err := tx.PutPerson(ctx, joined(&row, &r, kept.Principal, ids)); err != nil {
			return err
		}
		// No digest of before and after: one of a name could be guessed after its erasure.
		_, err = auth.Append(ctx, tx, auth.Note{Who: by, Action: auth.PersonManage, Target: "person/" + kept.Principal})
		return err
	})
	return kept, err
}

// claims are the external ids of a request, its e-mail among them, as sources
// are read.
func claims(r *auth.PersonRequest) (ids []string) {
	for _, id := range append(slices.Clone(r.ExternalIDs), r.Email) {
		if id = ingest.PlainName(id); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// meant finds the one person that external ids are of, an empty row when they are
// nobody's.
func meant(ctx context.Context, tx *state.Tx, ids []string) (state.Person, error) {
	of, err := tx.PrincipalsOf(ctx, ids)
	if err != nil {
		return state.Person{}, err
	}
	principal := ""
	for _, id := range ids {
		switch found := of[id]; {
		case found == "" || found == principal:
		case principal != "":
			return state.Person{}, spend.Errorf(spend.KindConflict, "add a person", "the external ids are those of several people").
				WithHint("their lines are booked already and stay apart; add each by itself")
		default:
			principal = found
		}
	}
	row, _, err := tx.Person(ctx, principal)
	return row, err
}

// joined is what is known of a person after a request: a name or e-mail replaces
// the one before, external ids are added. A principal id is no external id.
func joined(row *state.Person, r *auth.PersonRequest, principal string, ids []string) state.Person {
	p := state.Person{Principal: principal, Name: row.Name, Email: row.Email, ExternalIDs: slices.Clone(row.ExternalIDs)}
	if r.Name != "" {
		p.Name = r.Name
	}
	if r.Email != "" {
		p.Email = ingest.PlainName(r.Email)
	}
	for _, id := range ids {
		if id != principal && !slices.Contains(p.ExternalIDs, id) {
			p.ExternalIDs = append(p.ExternalIDs, id)
		}
	}
	return p
}
