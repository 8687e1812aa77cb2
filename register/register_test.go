package register_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// example is the worked example of the package comment.
const example = `agents:
  - name: triage
    team: support
    purpose: sorts tickets
    names:
      - {name: helper, from: 2026-07-01}
      - {name: helper-v2, from: 2026-07-01}
  - name: desk
    names: [{name: triage, from: 2026-09-01}]
`

func parsed(t *testing.T, text string) register.Declared {
	t.Helper()
	d, err := register.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func made(t *testing.T, d register.Declared) *register.Register {
	t.Helper()
	r, err := register.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func day(t *testing.T, s string) int {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return int(at.Unix() / 86400)
}

func TestResolve(t *testing.T) {
	t.Parallel()
	d := parsed(t, example)
	r := made(t, d)
	for _, c := range []struct{ name, day, want string }{
		{"helper", "2026-06-30", "helper"},
		{"helper", "2026-07-01", "triage"},
		{"helper", "2026-09-01", "desk"},
		{"triage", "2026-08-31", "triage"},
		{"triage", "2026-09-01", "desk"},
		{"other", "2026-09-01", "other"},
	} {
		if got := r.Resolve(register.Agent, c.name, day(t, c.day)); got != c.want {
			t.Errorf("%s on %s is %s, want %s", c.name, c.day, got, c.want)
		}
	}
	if got := r.Resolve(register.Workflow, "helper", day(t, "2026-09-01")); got != "helper" {
		t.Errorf("a workflow goes by an agent's name: %s", got)
	}
	split, err := d.With(register.Change{Act: register.Split, Kind: register.Agent, Names: []string{"helper"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := made(t, split).Resolve(register.Agent, "helper", day(t, "2026-09-01")); got != "helper" {
		t.Errorf("split again, it is %s", got)
	}
	var none *register.Register
	scope := spend.Scope{Agent: "helper"}
	if none.Rename(&scope, 0) || none.Owner(&scope) != "" || none.Resolve(register.Agent, "x", 0) != "x" {
		t.Error("no register says something")
	}
}

func TestAScopeGetsItsNamesAndItsOwner(t *testing.T) {
	t.Parallel()
	r := made(t, parsed(t, example+`applications: [{name: shop, team: sales, names: [{name: store}]}]
workflows: [{name: refund, team: money}]
`))
	for name, f := range map[string]struct {
		said, due spend.Scope
		changed   bool
		owner     string
	}{
		"an agent":        {spend.Scope{Agent: "helper"}, spend.Scope{Agent: "desk"}, true, "support"},
		"an application":  {spend.Scope{Application: "store", Workflow: "refund"}, spend.Scope{Application: "shop", Workflow: "refund"}, true, "sales"},
		"a workflow":      {spend.Scope{Application: "other", Workflow: "refund", Agent: "desk"}, spend.Scope{Application: "other", Workflow: "refund", Agent: "desk"}, false, "money"},
		"nobody's":        {spend.Scope{Agent: "other"}, spend.Scope{Agent: "other"}, false, ""},
		"nothing":         {spend.Scope{}, spend.Scope{}, false, ""},
		"the names alone": {spend.Scope{Team: "own", Agent: "triage"}, spend.Scope{Team: "own", Agent: "desk"}, true, "support"},
	} {
		got := f.said
		changed := r.Rename(&got, day(t, "2026-10-01"))
		if diff := cmp.Diff(f.due, got); diff != "" || changed != f.changed || r.Owner(&got) != f.owner {
			t.Errorf("%s: changed %t, owner %q (-want +got):\n%s", name, changed, r.Owner(&got), diff)
		}
	}
}

func TestAnEntryTakesOverWhatItsNamesAgreeOn(t *testing.T) {
	t.Parallel()
	r := made(t, parsed(t, example))
	want := register.Entry{Kind: register.Agent, Name: "desk", Team: "support", Purpose: "sorts tickets"}
	if diff := cmp.Diff(want, r.Entry(register.Agent, "desk")); diff != "" {
		t.Errorf("the renamed entry differs (-want +got):\n%s", diff)
	}
	torn := made(t, parsed(t, `agents:
  - {name: a, team: x, purpose: one}
  - {name: b, team: y, purpose: one}
  - {name: c, names: [{name: a}, {name: b}]}
`))
	want = register.Entry{Kind: register.Agent, Name: "c", Purpose: "one"}
	if diff := cmp.Diff(want, torn.Entry(register.Agent, "c")); diff != "" {
		t.Errorf("two owners gave one (-want +got):\n%s", diff)
	}
}

func TestEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	d := register.Declared{
		Entries: []register.Entry{
			{Kind: "person", Name: "ada"}, {Kind: register.Agent, Name: ""}, {Kind: register.Agent, Name: "a", Contact: "ada@example.org"},
			{Kind: register.Agent, Name: "b"}, {Kind: register.Agent, Name: "b"}, {Kind: register.Agent, Name: "c", Purpose: "ask ada@example.org"},
			{Kind: register.Agent, Name: "bo@example.org"},
		},
		Aliases: []register.Alias{
			{Kind: register.Agent, Name: "x", Of: "y", From: register.Beginning}, {Kind: register.Agent, Name: "x", Of: "z", From: "2026-01-01"},
			{Kind: register.Agent, Name: "s", Of: "s", From: register.Beginning}, {Kind: register.Agent, Name: "d", Of: "e", From: "2026-02-02", To: "2026-01-01"},
			{Kind: register.Agent, Name: "f", Of: "g", From: "soon"},
		},
	}
	err := d.Validate()
	if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" || strings.Contains(err.Error(), "@") {
		t.Fatalf("got %v, want an error of kind invalid with a hint", err)
	}
	for _, want := range []string{
		`no kind "person"`, "its name is missing", "its contact is no principal id", `agent "b" stands there twice`, `agent "c": its purpose holds an e-mail address`, `agent "(an e-mail address)": its name holds`,
		"agent x means y and agent x means z from 2026-01-01, on some of these days both", `"s": it means itself`, "it ends on 2026-01-01", `from "soon"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestIsAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"ada@example.org": true, "bot of Ada@Example.co.uk, nightly": true, "triage": false, "@acme/triage": false, "acme/triage@1.2.3": false, "a@b": false,
	} {
		if register.IsAddress(text) != want {
			t.Errorf("%q holds an address: %t, want %t", text, !want, want)
		}
	}
}

func TestCirclesAreOfDays(t *testing.T) {
	t.Parallel()
	circle := func(until string) error {
		d := register.Declared{Aliases: []register.Alias{
			{Kind: register.Agent, Name: "a", Of: "b", From: register.Beginning, To: until},
			{Kind: register.Agent, Name: "b", Of: "c", From: register.Beginning},
			{Kind: register.Agent, Name: "c", Of: "a", From: "2026-07-01"},
		}}
		return d.Validate()
	}
	if err := circle("2026-07-01"); err != nil {
		t.Errorf("names that follow each other are no circle: %v", err)
	}
	if err := circle("2026-07-02"); err == nil || !strings.Contains(err.Error(), "leads back to itself") {
		t.Errorf("a circle of one day: %v", err)
	}
}

func TestWith(t *testing.T) {
	t.Parallel()
	d := parsed(t, example)
	for name, f := range map[string]struct {
		change register.Change
		kind   spend.Kind
		says   string
	}{
		"nothing said":     {register.Change{}, spend.KindInvalid, `act: there is no act ""; one of`},
		"all of it":        {register.Change{}, spend.KindInvalid, "names: 0 of them"},
		"an alias":         {register.Change{Act: register.Claim, Kind: register.Agent, Names: []string{"helper"}, Team: "x"}, spend.KindConflict, "helper means triage from 2026-07-01"},
		"a known name":     {register.Change{Act: register.Rename, Kind: register.Agent, Names: []string{"x"}, To: "desk"}, spend.KindConflict, `agent "desk" is there already`},
		"means two things": {register.Change{Act: register.Merge, Kind: register.Agent, Names: []string{"helper"}, To: "x"}, spend.KindInvalid, "on some of these days both"},
		"in a circle":      {register.Change{Act: register.Merge, Kind: register.Agent, Names: []string{"desk"}, To: "helper"}, spend.KindInvalid, "leads back to itself"},
		"nothing to split": {register.Change{Act: register.Split, Kind: register.Agent, Names: []string{"desk"}}, spend.KindNotFound, "means nothing else"},
		"too much":         {register.Change{Act: register.Retire, Kind: register.Agent, Names: []string{"x"}, Team: "y", Purpose: "z", From: "soon"}, spend.KindInvalid, "only claim takes them; from: want a day"},
	} {
		if _, err := d.With(f.change); spend.KindOf(err) != f.kind || !strings.Contains(err.Error(), f.says) {
			t.Errorf("%s: %v, want an error of kind %s that says %q", name, err, f.kind, f.says)
		}
	}
	until, err := d.With(register.Change{Act: register.Split, Kind: register.Agent, Names: []string{"helper"}, From: "2026-08-01"})
	if err != nil {
		t.Fatal(err)
	}
	if r := made(t, until); r.Resolve(register.Agent, "helper", day(t, "2026-07-31")) != "triage" || r.Resolve(register.Agent, "helper", day(t, "2026-08-01")) != "helper" {
		t.Error("split from a day on, it is not as it was before that day, or not its own after")
	}
	claimed, err := d.With(register.Change{Act: register.Claim, Kind: register.Agent, Names: []string{"triage"}, Team: "other"})
	if spend.KindOf(err) != spend.KindConflict {
		t.Errorf("a name that was renamed is claimed: %v, %v", claimed, err)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	old := parsed(t, example)
	next := parsed(t, "agents: [{name: desk, team: sales}, {name: triage, team: support, purpose: sorts tickets, names: [{name: helper, from: 2026-07-01}]}]\n")
	var got []string
	for _, d := range register.Differences(&old, &next) {
		got = append(got, string(d.Mark)+" "+strings.TrimSpace(d.What))
	}
	want := []string{
		"~ agent desk: discovered -> claimed, team sales",
		"- agent helper-v2 means triage from 2026-07-01",
		"- agent triage means desk from 2026-09-01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}
