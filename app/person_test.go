package app_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// TestOnePersonOfSeveralNames joins what sources call a person by one entry.
func TestOnePersonOfSeveralNames(t *testing.T) {
	t.Parallel()
	a := openFolder(t, filepath.Join(t.TempDir(), "data"), app.Privacy{PersonViews: true})
	importUsers(t, a, users(t, "ada@example.org triage", "bo triage"))
	keep := func(r auth.PersonRequest) string {
		t.Helper()
		kept, err := a.KeepPerson(t.Context(), auth.Local(), r)
		if err != nil || kept.New {
			t.Fatalf("%+v, %v, want somebody known", kept, err)
		}
		return kept.Principal
	}
	first := keep(auth.PersonRequest{Name: "Ada Quill", Email: "Ada@Example.org", ExternalIDs: []string{"acme:7"}})
	if again := keep(auth.PersonRequest{ExternalIDs: []string{first, "aq"}}); again != first {
		t.Errorf("%s is now %s", first, again)
	}
	later := users(t, "acme:7 letters", "AQ letters", "aq letters")
	importUsers(t, a, later)
	person, err := a.FindPerson(t.Context(), " ADA@example.org")
	if err != nil || person.Name != "Ada Quill" || strings.Join(person.ExternalIDs, " ") != "ada@example.org acme:7 aq" {
		t.Errorf("%+v, %v", person, err)
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Calls},
		By: []spend.Dimension{"workflow"}, Where: []spend.Filter{{By: "principal", Values: []string{first}}}}
	if table, err := a.Answer(t.Context(), &q); err != nil || table.Totals.Values[0].String() != "3" {
		t.Errorf("%+v, %v, want her three calls", table.Totals, err)
	}
	for _, r := range []auth.PersonRequest{{ExternalIDs: []string{"bo", "aq"}}, {Email: "ada@example.org", ExternalIDs: []string{"bo"}}} {
		if _, err := a.KeepPerson(t.Context(), auth.Local(), r); spend.KindOf(err) != spend.KindConflict {
			t.Errorf("two people are one: %v", err)
		}
	}
	if everybody, err := a.People(t.Context(), "", 10); err != nil || len(everybody) != 3 {
		t.Errorf("%+v, %v, want Ada, bo and AQ", everybody, err)
	}
	shut(t, a)
}

// TestAPersonByTheAPI adds a person, gives roles and erases, with every answer
// kept that may be.
func TestAPersonByTheAPI(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	ask := func(method, path, body string, want int) string {
		t.Helper()
		status, answer := admin.ask(t, method, "/api/v1/people"+path, body, "Idempotency-Key", method+path)
		if status != want {
			t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
		return answer
	}
	answer := ask(http.MethodPost, "", `{"name":"Ada Canary-Quill","email":"ada.canary@example.org"}`, 200)
	_, rest, _ := strings.Cut(answer, `"principal":"`)
	id, _, _ := strings.Cut(rest, `"`)
	ask(http.MethodPost, "/find", `{"who":"ada.canary@example.org"}`, 200)
	ask(http.MethodPost, "/"+id+"/roles", `{"role":"lead","scope":{"team":"claims"}}`, 200)
	ask(http.MethodPost, "/"+auth.NewPrincipal()+"/roles", `{"role":"viewer"}`, 404)
	ask(http.MethodDelete, "/"+id+"/roles?role=viewer", "", 404)
	ask(http.MethodDelete, "/"+id+"/roles?role=lead&team=claims", "", 204)
	if list := ask(http.MethodGet, "", "", 200); !strings.Contains(list, "Canary-Quill") || !strings.Contains(list, `"roles":[]`) {
		t.Error(list)
	}
	ask(http.MethodDelete, "/"+id, "", 204)
	ask(http.MethodDelete, "/"+id, "", 404)
	if list := ask(http.MethodGet, "", "", 200); strings.Contains(list, "anary") || !strings.Contains(list, id) {
		t.Error(list)
	}
	if in := found(t, admin.Data, "canary"); len(in) != 0 {
		t.Errorf("after the erasure the name is in %q", in)
	}
}
