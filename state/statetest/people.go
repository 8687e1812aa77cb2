package statetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func compare(want, got any) string { return cmp.Diff(want, got) }

// somebody keeps a person and gives the principal id.
func (r *room) somebody() string {
	id := auth.NewPrincipal()
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.PutPerson(ctx, state.Person{Principal: id, Name: "Mira Ott", Email: "mira@example.org", ExternalIDs: []string{"vendor:77"}})
	}))
	return id
}

func people(r *room) {
	id := r.somebody()
	at := r.now.Truncate(time.Microsecond)
	r.now = r.now.Add(time.Hour)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.PutPerson(ctx, state.Person{Principal: id, Name: "Mira Ott-Frey", Email: "mira@example.org", ExternalIDs: []string{"vendor:77", "sso:9"}})
	}))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		p, found, err := tx.PersonByExternalID(ctx, "sso:9")
		r.same("person", state.Person{
			Principal: id, Name: "Mira Ott-Frey", Email: "mira@example.org", ExternalIDs: []string{"vendor:77", "sso:9"}, Created: at,
		}, p)
		r.same("found", true, found)
		_, found, _ = tx.PersonByExternalID(ctx, "sso")
		r.same("found by half an id", false, found)
		return err
	}))
	r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.PutPerson(ctx, state.Person{}) }))
}

// strangers keeps people of one instant and gives their principal ids in order.
func (r *room) strangers(n int) (ids []string) {
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		for range n {
			ids = append(ids, auth.NewPrincipal())
			if err := tx.PutPerson(ctx, state.Person{Principal: ids[len(ids)-1]}); err != nil {
				return err
			}
		}
		return nil
	}))
	slices.Sort(ids)
	return ids
}

// pagesOfPeople reads people of one instant and of another, two at a time.
func pagesOfPeople(r *room) {
	want := r.strangers(3)
	r.now = r.now.Add(time.Minute)
	want = append(want, r.strangers(3)...)
	var got []string
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		page, err := tx.People(ctx, "", 2)
		for err == nil && len(page) > 0 {
			for _, p := range page {
				got = append(got, p.Principal)
			}
			page, err = tx.People(ctx, got[len(got)-1], 2)
		}
		return err
	}))
	r.same("people", want, got)
	r.refuses(spend.KindInvalid, r.read(func(ctx context.Context, tx *state.Tx) error {
		_, err := tx.People(ctx, auth.NewPrincipal(), 2)
		return err
	}))
}

func erasure(r *room) {
	id := r.somebody()
	session := state.Session{Hash: "h", Principal: id, Created: r.now, Expires: r.now.Add(time.Hour)}
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		if err := tx.AddGrant(ctx, id, state.Grant{Role: "viewer"}); err != nil {
			return err
		}
		return tx.AddSession(ctx, session)
	}))
	for _, want := range []bool{true, false} {
		r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
			done, err := auth.Erase(ctx, tx, auth.System(), id)
			r.same("erased now", want, done)
			return err
		}))
	}
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		p, _, err := tx.Person(ctx, id)
		r.same("what is left", []any{id, "", "", 0, false}, []any{p.Principal, p.Name, p.Email, len(p.ExternalIDs), p.Erased.IsZero()})
		grants, _ := tx.GrantsOf(ctx, id)
		_, found, _ := tx.Session(ctx, "h")
		entries, _ := tx.AuditAfter(ctx, 0, 10)
		r.same("roles, session, entries", []any{0, false, 1}, []any{len(grants), found, len(entries)})
		return err
	}))
	r.refuses(spend.KindConflict, r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.PutPerson(ctx, state.Person{Principal: id, Name: "back"})
	}))
	r.refuses(spend.KindNotFound, r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.AddGrant(ctx, id, state.Grant{Role: "viewer"})
	}))
}

func roles(r *room) {
	id := r.somebody()
	lead := state.Grant{Role: "lead", Scope: spend.Scope{BusinessUnit: "retail", Team: "claims"}}
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		for _, g := range []state.Grant{lead, lead, {Role: "viewer"}} {
			if err := tx.AddGrant(ctx, id, g); err != nil {
				return err
			}
		}
		grants, err := tx.GrantsOf(ctx, id)
		r.same("grants", []state.Grant{lead, {Role: "viewer"}}, grants)
		if err != nil {
			return err
		}
		everybody, err := tx.Grants(ctx)
		r.same("grants of all", []state.PersonGrant{{Principal: id, Grant: lead}, {Principal: id, Grant: state.Grant{Role: "viewer"}}}, everybody)
		return err
	}))
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		done, err := tx.DropGrant(ctx, id, lead)
		again, _ := tx.DropGrant(ctx, id, lead)
		r.same("dropped once", []bool{true, false}, []bool{done, again})
		return err
	}))
	r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.AddGrant(ctx, id, state.Grant{Role: "lead", Scope: spend.Scope{Workflow: "triage"}})
	}))
}

// externalIDs asks for more ids at once than one statement takes.
func externalIDs(r *room) {
	first := r.somebody()
	var ids []string
	for i := range 1200 {
		ids = append(ids, fmt.Sprintf("sso:%d", i))
	}
	second := auth.NewPrincipal()
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.PutPerson(ctx, state.Person{Principal: second, ExternalIDs: ids})
	}))
	r.refuses(spend.KindConflict, r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.PutPerson(ctx, state.Person{Principal: auth.NewPrincipal(), ExternalIDs: []string{"sso:7"}})
	}))
	asked := append(ids, "vendor:77", first, "nobody", auth.NewPrincipal())
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		found, err := tx.PrincipalsOf(ctx, asked)
		r.same("found", []any{1202, second, first, first}, []any{len(found), found["sso:1199"], found["vendor:77"], found[first]})
		erased, _ := tx.ErasedAmong(ctx, []string{first, second})
		r.same("erased", 0, len(erased))
		return err
	}))
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		if _, err := auth.Erase(ctx, tx, auth.System(), second); err != nil {
			return err
		}
		found, err := tx.PrincipalsOf(ctx, asked)
		r.same("found after the erasure", map[string]string{"vendor:77": first, first: first}, found)
		erased, _ := tx.ErasedAmong(ctx, append(asked, second))
		r.same("erased", map[string]bool{second: true}, erased)
		return err
	}))
}

func redaction(r *room) {
	id := r.somebody()
	request := state.Request{Scope: "person.add", Key: "k", Digest: "d", Expires: r.now.Add(time.Hour)}
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		if err := tx.Remember(ctx, request, `{"name":"Mira Ott","email":"mira@example.org"}`); err != nil {
			return err
		}
		_, err := tx.Apply(ctx, state.Applied{Name: "teams", YAML: "lead: mira@example.org\n", By: "system"})
		return err
	}))
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		_, err := auth.Erase(ctx, tx, auth.System(), id)
		return err
	}))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		response, _, err := tx.Recall(ctx, request)
		document, _, _ := tx.Document(ctx, "teams")
		r.same("what is left", []string{`{"name":"` + id + `","email":"` + id + `"}`, "lead: " + id + "\n"}, []string{response, document.YAML})
		return err
	}))
}
