package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

const (
	house = "kind: organisation\nname: Example\nbusiness_units: [{name: retail}]\n"
	desk  = "kind: outcomes\nname: desk\noutcomes:\n  - {id: ticket, version: 1, unit: ticket, workflow: triage}\n"
	rules = "kind: attribution\nattribution: bursar/1\nrules:\n  - {id: by-host, when: {host: api.*}, set: {team: support}}\n"
)

func compiled(t *testing.T, texts ...string) *policy.Set {
	t.Helper()
	var all []policy.Document
	for _, text := range texts {
		d, err := policy.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	s, err := policy.Compile(all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCompile(t *testing.T) {
	t.Parallel()
	s := compiled(t, rules, desk, house)
	var ids []string
	for i := range s.Documents {
		ids = append(ids, s.Documents[i].ID())
	}
	if diff := cmp.Diff([]string{"attribution", "organisation", "outcomes/desk"}, ids); diff != "" {
		t.Errorf("documents differ (-want +got):\n%s", diff)
	}
	if !s.Declared || s.Organisation.Name != "Example" || len(s.Outcomes.All()) != 1 || len(s.Rules.All()) != 1 {
		t.Errorf("compiled %+v", s)
	}
	second := strings.Replace(desk, "name: desk", "name: other", 1)
	for _, texts := range [][]string{{desk, desk}, {desk, second}, {house, house}} {
		var all []policy.Document
		for _, text := range texts {
			d, err := policy.Read([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, d)
		}
		if _, err := policy.Compile(all); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%q: %v, want an error of kind invalid", texts, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                      `kind "" is not known`,
		"name: x\nkind: dream\n":                `line 2: kind "dream" is not known`,
		"kind: outcomes\nname: ../x\n":          `line 2: the name "../x"`,
		"kind: [\n":                             "line 1",
		"kind: outcomes\ncolour: red\n":         "line 2: field colour",
		"kind: attribution\nrules: []\n":        "want bursar/1",
		"kind: organisation\nzone: Nowhere":     "line 2: there is no time zone",
		"kind: outcomes\nname: [desk]\n":        "line 2: the name",
		"{kind: outcomes, outcomes: [{id: a}]}": "line 1: kind and name stand in braces",
		`{"kind": "attribution", "rules": []}`:  "line 1: kind and name stand in braces",
		rules + "---\nrules: [{id: b}]\n":       "a second document begins",
		"kind: organisation\ncolour: red\n":     `line 2: organisation: "colour" is not known`,
		"kind: outcomes\noutcomes: [{}]\n":      "outcomes[1].id",
		strings.Repeat("x", policy.MaxBytes+1):  "larger than 4 MiB",
	} {
		if _, err := policy.Read([]byte(text)); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want an error of kind invalid with %q", text, err, want)
		}
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	none := compiled(t)
	all := compiled(t, house, desk, rules)
	counted := policy.Ledger{Counted: map[outcome.Name]bool{{ID: "ticket", Version: 1}: true}}
	raised := compiled(t, house, strings.Replace(desk, "unit: ticket", "unit: case", 1), strings.Replace(rules, "support", "sales", 1))
	for name, f := range map[string]struct {
		old, new *policy.Set
		ledger   policy.Ledger
		want     string
	}{
		"again": {all, compiled(t, rules, house, desk), counted, ""},
		"the first": {none, all, policy.Ledger{Waiting: true}, `~ name: (none) -> Example
+ business unit retail
+ outcome ticket version 1 of workflow triage
+ attribution rule by-host sets team`},
		"changed": {all, raised, policy.Ledger{Counted: map[outcome.Name]bool{{ID: "ticket", Version: 2}: true}}, `~ outcome ticket version 1 of workflow triage
~ attribution rule by-host sets team`},
		"changed while outcomes count": {all, raised, counted, `~ outcome ticket version 1 of workflow triage: outcomes count under it already; keep it, and declare what changes as the next version of it
~ attribution rule by-host sets team`},
		"gone": {all, compiled(t, house), policy.Ledger{}, "- outcome ticket version 1 of workflow triage\n- attribution rule by-host sets team"},
		"gone while outcomes may count": {all, compiled(t, house), policy.Ledger{Waiting: true}, `- outcome ticket version 1 of workflow triage: outcomes count under it already; keep it, and declare what changes as the next version of it
- attribution rule by-host sets team`},
	} {
		var lines []string
		for _, c := range policy.Diff(f.old, f.new, f.ledger) {
			line := string(c.Mark) + " " + c.What
			if c.Refused != "" {
				line += ": " + c.Refused
			}
			lines = append(lines, line)
		}
		if diff := cmp.Diff(f.want, strings.Join(lines, "\n")); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", name, diff)
		}
	}
}

func TestWith(t *testing.T) {
	t.Parallel()
	s := compiled(t, house, desk)
	other := compiled(t, strings.Replace(house, "Example", "Other", 1))
	after, err := policy.Compile(s.With(other.Documents))
	if err != nil {
		t.Fatal(err)
	}
	if after.Organisation.Name != "Other" || len(after.Documents) != 2 {
		t.Errorf("got %+v", after)
	}
}

const days = "kind: calendar\nname: house\nholidays:\n  - {name: Christmas, dates: [2026-12-25]}\n"

const planned = "kind: plan\nname: house\ncurrency: USD\nlines:\n  - months: {2026-11: 100}\n"

// TestDiffOfPlans says what each month was and is.
func TestDiffOfPlans(t *testing.T) {
	t.Parallel()
	more := strings.Replace(planned, "2026-11: 100", "2026-11: 120, 2026-12: 90", 1)
	var got []string
	for _, c := range policy.Diff(compiled(t, planned), compiled(t, more), policy.Ledger{}) {
		got = append(got, string(c.Mark)+" "+c.What)
	}
	want := []string{"~ plan of everything for 2026-11: 100 USD -> 120 USD", "+ plan of everything for 2026-12: 90 USD"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	second, err := policy.Read([]byte(strings.Replace(planned, "house", "other", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Compile(append(compiled(t, planned).Documents, second)); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("everything is planned twice: %v", err)
	}
}

// TestDiffOfCalendars says what each occasion was and is.
func TestDiffOfCalendars(t *testing.T) {
	t.Parallel()
	more := strings.Replace(days, "2026-12-25", "2026-12-25/2026-12-26", 1) + "launches:\n  - {name: pilot, dates: [2027-01-04], effect: 2, where: {team: claims}}\n"
	var got []string
	for _, c := range policy.Diff(compiled(t, days), compiled(t, more), policy.Ledger{}) {
		got = append(got, string(c.Mark)+" "+c.What)
	}
	want := []string{"~ holiday Christmas: 2026-12-25 -> 2026-12-25, 2026-12-26", "+ launch pilot of team claims: 2027-01-04; times 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	second, err := policy.Read([]byte(strings.Replace(days, "house", "other", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Compile(append(compiled(t, days).Documents, second)); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("the same day in two calendars: %v", err)
	}
}
