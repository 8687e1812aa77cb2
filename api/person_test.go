package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func TestPeople(t *testing.T) {
	t.Parallel()
	const people = "/api/v1/people"
	for _, s := range []scenario{
		{name: "everybody", method: "GET", url: people, status: 200, want: []string{`"name":"Ada Quill"`, `"role":"lead"`, `"team":"claims"`, `"erased":"2026-11-20`, `"next":""`}},
		{name: "a page", method: "GET", url: people + "?limit=1", status: 200, want: []string{`"next":"` + ada + `"`}, not: []string{"bbbb"}},
		{name: "the next", method: "GET", url: people + "?limit=1&cursor=" + ada, status: 200, want: []string{"bbbb", `"next":""`}, not: []string{"Ada"}},
		{name: "added", method: "POST", url: people, body: `{"name":"Bo Tern","email":"bo@example.org"}`, status: 200, want: []string{`"principal":"` + ada, `"new":true`}, not: []string{"Bo", "example"}},
		{name: "nothing said", method: "POST", url: people, body: `{}`, status: 400, want: []string{"nothing is said"}},
		{name: "an e-mail that is none", method: "POST", url: people, body: `{"email":"bo"}`, status: 400, want: []string{"no @"}},
		{name: "a name that no list shows", method: "POST", url: people, body: `{"name":"Bo\nTern"}`, status: 400, want: []string{"cannot be shown"}, not: []string{"Tern"}},
		{name: "a field that is none", method: "POST", url: people, body: `{"phone":"1"}`, status: 400},
		{name: "found", method: "POST", url: people + "/find", body: `{"who":"ada"}`, status: 200, want: []string{`"email":"ada@example.org"`}},
		{name: "nobody", method: "POST", url: people + "/find", body: `{"who":"eve"}`, status: 404, not: []string{"eve"}},
		{name: "erased", method: "DELETE", url: people + "/" + ada, status: 204},
		{name: "erased by a name", method: "DELETE", url: people + "/ada@example.org", status: 400, want: []string{"people/find"}, not: []string{"ada@"}},
		{name: "a role", method: "POST", url: people + "/" + ada + "/roles", body: `{"role":"lead","scope":{"team":"claims"}}`, status: 200, want: []string{`"roles":[{"role":"lead"`}, not: []string{"Ada"}},
		{name: "a lead of all", method: "POST", url: people + "/" + ada + "/roles", body: `{"role":"lead"}`, status: 400, want: []string{"without a scope"}},
		{name: "a role of programs", method: "POST", url: people + "/" + ada + "/roles", body: `{"role":"ingest"}`, status: 400, want: []string{"role of programs"}},
		{name: "a role taken", method: "DELETE", url: people + "/" + ada + "/roles?role=lead&business_unit=retail&team=claims", status: 204},
		{name: "a misspelt scope", method: "DELETE", url: people + "/" + ada + "/roles?role=lead&taem=claims", status: 400, want: []string{`"field":"taem"`}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.token = "admin"
			f := &fake{}
			s.run(t, server(t, f))
			if s.name != "a role taken" {
				return
			}
			want := []auth.PersonGrant{{Principal: ada, Grant: auth.Grant{Role: auth.Lead, Scope: spend.Scope{BusinessUnit: "retail", Team: "claims"}}}}
			if diff := cmp.Diff(want, f.taken); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhoLookedIsNoted holds that whoever is told a name stands in the audit trail.
func TestWhoLookedIsNoted(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := server(t, f)
	list := scenario{name: "everybody", method: "GET", url: "/api/v1/people", token: "admin", status: 200}
	list.run(t, h)
	find := scenario{name: "one", method: "POST", url: "/api/v1/people/find", token: "admin", body: `{"who":"ada"}`, status: 200}
	find.run(t, h)
	var targets []string
	for _, n := range f.notes {
		targets = append(targets, n.Target)
	}
	if diff := cmp.Diff([]string{"person/look", "person/" + ada + "/look"}, targets); diff != "" {
		t.Error(diff)
	}
}

// TestAnswersAboutPeopleAreKeptWithoutNames repeats requests under a key.
func TestAnswersAboutPeopleAreKeptWithoutNames(t *testing.T) {
	t.Parallel()
	f := &fake{kept: map[api.Request]string{}}
	h := server(t, f)
	key := map[string]string{"Idempotency-Key": "k"}
	for _, s := range []scenario{
		{name: "add", url: "/api/v1/people", body: `{"name":"Ada Quill","email":"ada@example.org"}`},
		{name: "role", url: "/api/v1/people/" + ada + "/roles", body: `{"role":"viewer"}`},
	} {
		s.method, s.token, s.header, s.status = "POST", "admin", key, 200
		s.run(t, h)
		if again := s.run(t, h); again.Header().Get("Idempotency-Replayed") != "true" || !strings.Contains(again.Body.String(), ada) {
			t.Errorf("%s again: %s", s.name, again.Body)
		}
	}
	for _, answer := range f.kept {
		if strings.Contains(answer, "Ada") || strings.Contains(answer, "example") {
			t.Errorf("the memory names a person: %s", answer)
		}
	}
	if len(f.kept) != 2 || len(f.people) != 1 {
		t.Errorf("%d answers kept, %d people added", len(f.kept), len(f.people))
	}
}
