package organisation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
)

// example is the worked example of the package comment.
const example = `kind: organisation
name: Example
zone: Europe/Zurich
currency: CHF
fiscal_year: {starts: july}
business_units:
  - name: retail
    teams:
      - {name: support, to: 2026-07-01, cost_centre: CC-7, applications: [{name: desk, workflows: [triage]}], people: [prn_1]}
  - name: service
    teams:
      - {name: support, from: 2026-07-01, cost_centre: CC-9, applications: [{name: desk, workflows: [triage]}]}
`

func parsed(t *testing.T, text string) *organisation.Document {
	t.Helper()
	d, err := organisation.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func day(t *testing.T, s string) int {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return int(at.Unix() / 86400)
}

func TestParse(t *testing.T) {
	t.Parallel()
	want := &organisation.Document{
		Name: "Example", Zone: "Europe/Zurich", Currency: "CHF", Fiscal: spend.Fiscal{Start: time.July, Scheme: spend.Months},
		Units: []organisation.Unit{
			{Kind: "business_unit", Name: "retail", From: organisation.Beginning},
			{Kind: "business_unit", Name: "service", From: organisation.Beginning},
			{Kind: "team", Name: "support", Parent: "retail", CostCentre: "CC-7", From: organisation.Beginning, To: "2026-07-01"},
			{Kind: "team", Name: "support", Parent: "service", CostCentre: "CC-9", From: "2026-07-01"},
			{Kind: "application", Name: "desk", Parent: "support", From: organisation.Beginning}, // without a break
			{Kind: "workflow", Name: "triage", Parent: "desk", From: organisation.Beginning},
			{Kind: "person", Name: "prn_1", Parent: "support", From: organisation.Beginning, To: "2026-07-01"},
		},
	}
	if diff := cmp.Diff(want, parsed(t, example)); diff != "" {
		t.Errorf("document differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(organisation.Default(), *parsed(t, "kind: organisation\n")); diff != "" {
		t.Errorf("an empty document differs from the default (-want +got):\n%s", diff)
	}
	weeks := parsed(t, "kind: organisation\nfiscal_year: {starts: february, scheme: 4-5-4, week_starts: sunday, year_end: nearest, named_by: start}\n")
	if want := (spend.Fiscal{Start: time.February, Scheme: spend.Weeks454, Nearest: true, NamedByStart: true}); weeks.Fiscal != want {
		t.Errorf("the year of weeks is %+v, want %+v", weeks.Fiscal, want)
	}
}

func TestParseSaysEveryMistakeWithItsLine(t *testing.T) {
	t.Parallel()
	_, err := organisation.Parse([]byte(`kind: organization
zone: Mars/Base
currency: dollar
fiscal_year: {starts: juli, scheme: 5-5-3}
colour: red
business_units:
  - name: retail
    from: 2026-01-01
    teams:
      - name: support
        from: 2025-01-01
      - {name: sales, to: 2025-12-31}
      - name: support
      - applications: []
      - {name: it, people: [{name: Ada}]}
  - &x life
  - *x
`))
	if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
		t.Fatalf("got %v, want an error of kind invalid with a hint", err)
	}
	for _, want := range []string{
		`line 1: kind: "organization"`, `line 2: there is no time zone "Mars/Base"`, `line 3: `, `line 4: starts: "juli"`, `line 4: fiscal_year`,
		`line 5: organisation: "colour" is not known`, `line 10: team support in business unit retail, from 2025-01-01 holds on days`,
		`line 12: team sales: it ends on`, `line 13: team support stands on line 10 already`, `line 14: team : a team needs a name`,
		`line 15: person: "name" is not known; one of from, principal, to`, `line 17: business unit: want keys`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%s", want, strings.ReplaceAll(err.Error(), "; line", "\nline"))
		}
	}
	for _, text := range []string{"a: [", "kind: organisation\n---\nkind: organisation\n", "[]", "- kind: organisation"} {
		if _, err := organisation.Parse([]byte(text)); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%q: %v, want an error of kind invalid", text, err)
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	h := parsed(t, example).Hierarchy()
	full := spend.Scope{BusinessUnit: "service", Team: "support", Application: "desk", Workflow: "triage", CostCentre: "CC-9"}
	before := full
	before.BusinessUnit, before.CostCentre = "retail", "CC-7"
	for name, f := range map[string]struct {
		day       string
		said, due spend.Scope
	}{
		"the last day":            {"2026-06-30", spend.Scope{Workflow: "triage"}, before},
		"the first day":           {"2026-07-01", spend.Scope{Workflow: "triage"}, full},
		"what is said stays":      {"2026-07-01", spend.Scope{Workflow: "triage", CostCentre: "own"}, spend.Scope{BusinessUnit: "service", Team: "support", Application: "desk", Workflow: "triage", CostCentre: "own"}},
		"another team's workflow": {"2026-07-01", spend.Scope{Team: "sales", Workflow: "triage"}, spend.Scope{Team: "sales", Workflow: "triage"}},
		"another business unit":   {"2026-07-01", spend.Scope{BusinessUnit: "retail", Application: "desk"}, spend.Scope{BusinessUnit: "retail", Application: "desk"}},
		"an unknown application":  {"2026-07-01", spend.Scope{Application: "x", Principal: "prn_1"}, spend.Scope{Application: "x", Principal: "prn_1"}},
		"a person":                {"2026-06-30", spend.Scope{Principal: "prn_1"}, spend.Scope{Principal: "prn_1", BusinessUnit: "retail", Team: "support", CostCentre: "CC-7"}},
		"a person who is gone":    {"2026-07-01", spend.Scope{Principal: "prn_1"}, spend.Scope{Principal: "prn_1"}},
		"nothing":                 {"2026-07-01", spend.Scope{}, spend.Scope{}},
	} {
		got := f.said
		completed := h.Complete(&got, day(t, f.day))
		if diff := cmp.Diff(f.due, got); diff != "" || completed != !f.said.Equal(&f.due) {
			t.Errorf("%s: completed %t (-want +got):\n%s", name, completed, diff)
		}
	}
	var none *organisation.Hierarchy
	if s := (spend.Scope{Workflow: "triage"}); none.Complete(&s, 0) {
		t.Error("no organisation completed a scope")
	}
}

func TestAWorkflowOfTwoApplicationsBelongsToNeither(t *testing.T) {
	t.Parallel()
	h := parsed(t, `kind: organisation
business_units: [{name: a, teams: [{name: t, applications: [{name: x, workflows: [w]}, {name: y, workflows: [w]}]}]}]
`).Hierarchy()
	if s := (spend.Scope{Workflow: "w"}); h.Complete(&s, day(t, "2026-01-01")) {
		t.Errorf("completed %+v", s)
	}
}

func changes(old, new *organisation.Document, ledger organisation.Ledger) string {
	var lines []string
	for _, c := range organisation.Diff(old, new, ledger) {
		line := string(c.Mark) + " " + c.What
		if c.Refused != "" {
			line += " REFUSED: " + c.Refused
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestDiff(t *testing.T) {
	t.Parallel()
	old := parsed(t, example)
	none := organisation.Default()
	lines := organisation.Ledger{Lines: true, Open: "2026-10-01"}
	swap := func(pairs ...string) *organisation.Document {
		return parsed(t, strings.NewReplacer(pairs...).Replace(example))
	}
	const keep = "keep it there with to: DAY, and begin it here with from: DAY, so that the days before stay as they were"
	for name, f := range map[string]struct {
		old, new *organisation.Document
		ledger   organisation.Ledger
		want     string
	}{
		"the same": {old, old, lines, ""},
		"the first": {&none, old, organisation.Ledger{}, `~ name: (none) -> Example
~ zone: UTC -> Europe/Zurich
~ reporting currency: USD -> CHF
~ fiscal year: from January, months -> from July, months
+ business unit retail
+ business unit service
+ team support in business unit retail, until 2026-07-01, cost centre CC-7
+ team support in business unit service, from 2026-07-01, cost centre CC-9
+ application desk in team support
+ workflow triage in application desk
+ person prn_1 in team support, until 2026-07-01`},
		"another currency": {old, swap("CHF", "EUR"), lines,
			"~ reporting currency: CHF -> EUR REFUSED: the ledger holds lines whose amounts are in CHF; start a new data folder for another currency"},
		"weeks": {old, swap("starts: july", "scheme: 4-4-5"), lines, "~ fiscal year: from July, months -> from January, 4-4-5, weeks from Sunday, ends with the last of them in the month before" +
			" REFUSED: the ledger holds lines in periods that would be other days; start a new data folder for other periods"},
		"another first month": {old, swap("july", "april"), lines, "~ fiscal year: from July, months -> from April, months"},
		"a closed day": {old, swap("CC-9", "CC-8"), lines, "~ team support in business unit service: from 2026-07-01, cost centre CC-9 -> from 2026-07-01, cost centre CC-8" +
			" REFUSED: 2026-07-01 is in a closed period; the first day that can change is 2026-10-01"},
		"from an open day on": {old, swap("[triage]}]}\n", "[triage, {name: sort, from: 2026-11-01}]}]}\n"), lines,
			"+ workflow sort in application desk, from 2026-11-01"},
		"moved without a day": {old, swap("name: desk", "name: office"), organisation.Ledger{},
			"- application desk in team support\n+ application office in team support\n- workflow triage in application desk\n+ workflow triage in application office REFUSED: it stood in application desk: " + keep},
		"moved from a day on, and gone where it was": {
			parsed(t, "kind: organisation\nbusiness_units: [{name: a, teams: [t]}, b]\n"),
			parsed(t, "kind: organisation\nbusiness_units: [a, {name: b, teams: [{name: t, from: 2026-07-01}]}]\n"), organisation.Ledger{},
			"- team t in business unit a\n+ team t in business unit b, from 2026-07-01 REFUSED: it stood in business unit a: " + keep},
		"moved from one of two places": {
			parsed(t, "kind: organisation\nbusiness_units: [{name: a, teams: [{name: t, to: 2026-03-01}]}, {name: b, teams: [{name: t, from: 2026-03-01}]}, c]\n"),
			parsed(t, "kind: organisation\nbusiness_units: [a, b, {name: c, teams: [{name: t, to: 2026-03-01}]}]\n"), organisation.Ledger{},
			"- team t in business unit a, until 2026-03-01\n+ team t in business unit c, until 2026-03-01 REFUSED: it stood in business unit a: " + keep +
				"\n- team t in business unit b, from 2026-03-01"},
		"another time in another place is no move": {
			parsed(t, "kind: organisation\nbusiness_units: [{name: a, teams: [{name: t, from: 2026-03-01}]}, b]\n"),
			parsed(t, "kind: organisation\nbusiness_units: [a, {name: b, teams: [{name: t, to: 2026-03-01}]}]\n"), organisation.Ledger{},
			"+ team t in business unit b, until 2026-03-01\n- team t in business unit a, from 2026-03-01"},
		"another zone": {old, swap("Europe/Zurich", "Europe/London"), organisation.Ledger{Lines: true}, "~ zone: Europe/Zurich -> Europe/London"},
		"another zone under closed periods": {old, swap("Europe/Zurich", "Europe/London"), lines, "~ zone: Europe/Zurich -> Europe/London" +
			" REFUSED: the periods before 2026-10-01 are closed, and would be other hours"},
	} {
		if diff := cmp.Diff(f.want, changes(f.old, f.new, f.ledger)); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", name, diff)
		}
	}
}
