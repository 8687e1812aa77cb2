package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/spend"
)

// TestFilesAreReadAgain changes the prices and the rules of a running server.
func TestFilesAreReadAgain(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	write := func(path, text string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(rules, "attribution: bursar/1\nrules: []\n")
	admin := serveWith(t, app.Config{Rules: rules}, app.Door{}, nil)
	till := admin.as(t, "events")
	post := func(id string) {
		t.Helper()
		event := `{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"till","id":"` + id + `","time":"2026-03-01T10:00:00Z",` +
			`"data":{"seller":"acme","requested_model":"large","usage":{"input_tokens":1000000}}}`
		if status, answer := till.ask(t, http.MethodPost, "/api/v1/events", event); status != http.StatusAccepted {
			t.Fatalf("%d %s", status, answer)
		}
		admin.settled(t)
	}
	post("1")
	write(filepath.Join(admin.Data, "prices", "own.csv"), header+
		"acme,large,acme/large,in_text,7,1000000,USD,,2026-01-01,list,vendor_page,made up,2026-01-01,high\n")
	write(rules, "attribution: bursar/1\nrules:\n  - {id: acme, when: {seller: acme}, set: {workflow: counter}}\n")
	if err := admin.Reread(t.Context()); err != nil {
		t.Fatal(err)
	}
	post("2")
	status, answer := admin.ask(t, http.MethodGet, "/api/v1/spend?by=workflow&measures=calls,cost,unpriced_calls&format=csv", "")
	if status != http.StatusOK || !strings.Contains(answer, "counter,1,7,0") || !strings.Contains(answer, ",,1,,1") {
		t.Errorf("%d %s", status, answer)
	}
	write(rules, "rules: nonsense\n")
	if err := admin.Reread(t.Context()); err == nil {
		t.Error("nonsense was read")
	}
	post("3")
	if _, answer := admin.ask(t, http.MethodGet, "/api/v1/spend?by=workflow&measures=calls,cost&format=csv", ""); !strings.Contains(answer, "counter,2,14") {
		t.Errorf("after nonsense: %s", answer)
	}
}

// TestRulesThatContradictWhatIsAppliedChangeNothing has a file take the id of an applied rule.
func TestRulesThatContradictWhatIsAppliedChangeNothing(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	const one = "attribution: bursar/1\nrules:\n  - {id: till, when: {seller: acme}, set: {team: sales}}\n"
	if err := os.WriteFile(rules, []byte("attribution: bursar/1\nrules: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serveWith(t, app.Config{Rules: rules}, app.Door{}, nil)
	applied(t, s.Server, false, "kind: attribution\n"+one)
	if err := os.WriteFile(rules, []byte(one), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Reread(t.Context()); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("%v, want an error of kind invalid", err)
	}
	applied(t, s.Server, false, "kind: organisation\nname: Example\n")
}
