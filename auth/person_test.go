package auth_test

import (
	"strings"
	"testing"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func TestRolesOfPeople(t *testing.T) {
	t.Parallel()
	m, by := newMemory(), holder(auth.Admin)
	id := auth.NewPrincipal()
	if !auth.IsPrincipal(id) || auth.IsPrincipal("ada@example.org") {
		t.Error("a principal id is not told from an e-mail")
	}
	lead := auth.PersonGrant{Principal: id, Grant: auth.Grant{Role: auth.Lead, Scope: claims()}}
	for range 2 { // the second time changes nothing and is not noted
		if err := auth.GiveRole(t.Context(), m, by, lead); err != nil {
			t.Fatal(err)
		}
	}
	for _, g := range []auth.Grant{
		{Role: auth.Ingest}, {Role: auth.Lead}, {Role: "boss"}, {Role: auth.Admin, Scope: claims()}, {Role: auth.Viewer, Scope: spend.Scope{Workflow: "w"}},
	} {
		err := auth.GiveRole(t.Context(), m, by, auth.PersonGrant{Principal: id, Grant: g})
		if spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("role %s of %v: %v", g.Role, g.Scope, err)
		}
	}
	if err := auth.TakeRole(t.Context(), m, by, lead); err != nil {
		t.Fatal(err)
	}
	if err := auth.TakeRole(t.Context(), m, by, lead); spend.KindOf(err) != spend.KindNotFound {
		t.Errorf("taken twice: %v", err)
	}
	if len(m.trail) != 2 || !strings.Contains(m.trail[1].Entry, `"action":"person.manage","target":"person/`+id+`","before":`) {
		t.Errorf("the trail holds %v", m.trail)
	}
}

func TestPersonRequest(t *testing.T) {
	t.Parallel()
	for _, r := range []auth.PersonRequest{
		{},
		{Email: "mira"},
		{Name: "Mira\x1b[2J"},
		{Name: strings.Repeat("m", 201)},
		{ExternalIDs: []string{" "}},
		{ExternalIDs: make([]string, 101)},
	} {
		if err := r.Validate(); spend.KindOf(err) != spend.KindInvalid || strings.Contains(err.Error(), "ira") {
			t.Errorf("%+v: %v", r, err)
		}
	}
	good := auth.PersonRequest{Name: "Mira Ött", Email: "mira@example.org", ExternalIDs: []string{"vendor:77"}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
}
