package attribute_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

const tried = `
cases: bursar/1
tests:
  - name: the shop
    event: {used_at: 2026-10-01, repository: acme/shop-web, model: gpt-5}
    scope: {team: retail, application: shop-web, feature: x, "tag:kind": ""}
    rule: shop
  - name: wrong on purpose
    event: {used_at: "2026-10-01T10:00:00Z", header.X-Team: a, workflow: w, served_model: m, service_tier: batch}
    scope: {team: platform, workflow: w}
    rule: repositories
  - event: {}
    rule: own
  - name: before
    event: {used_at: 2025-12-31, workflow: w, business_unit: u, feature: f, step: s, team: t, cost_centre: c}
    scope: {workflow: old}
`

func TestCases(t *testing.T) {
	t.Parallel()
	cases, err := attribute.ReadCases(strings.NewReader(tried), day("2026-10-01"))
	if err != nil {
		t.Fatal(err)
	}
	got := pasted(t, explained).Test(cases, nil)
	var lines []string
	for _, v := range got.Verdicts {
		line := v.Name + " by " + attribute.IDOf(v.Rule)
		for _, w := range v.Wrong {
			line += "; " + w.Field + " " + w.Got + ", want " + w.Want
		}
		if v.Passed == (v.Explanation != nil) {
			t.Errorf("%s: passed %t, explained %t", v.Name, v.Passed, v.Explanation != nil)
		}
		lines = append(lines, line)
	}
	want := []string{
		"the shop by shop",
		"wrong on purpose by own; team unowned, want platform; rule own, want repositories",
		"line 12 by own",
		"before by old",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("verdicts differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{}, got.Untold); diff != "" || got.Failed != 1 || got.Rules != 5 {
		t.Errorf("%d of %d failed, rules that no case reaches (-want +got):\n%s", got.Failed, got.Rules, diff)
	}
	if untold := pasted(t, explained).Test(cases[3:], nil).Untold; !cmp.Equal(untold, []string{"shop", "repositories", "nobody"}) {
		t.Errorf("one case leaves %v untold", untold)
	}
}

// TestCasesKnowTheOrganisation: it completes, on the day of the case.
func TestCasesKnowTheOrganisation(t *testing.T) {
	t.Parallel()
	cases, err := attribute.ReadCases(strings.NewReader("{cases: bursar/1, tests: [{event: {used_at: 2026-10-01}, scope: {team: t}, rule: organisation}, {event: {used_at: 2026-10-02}, scope: {team: \"\"}, rule: none}]}"), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var rules *attribute.Rules
	got := rules.Test(cases, func(s *spend.Scope, at time.Time) string {
		if at.Equal(day("2026-10-01")) {
			s.Team = "t"
		}
		return organised(s.Team != "")
	})
	if got.Failed > 0 {
		t.Errorf("%+v", got)
	}
}

func TestReadCasesTellsAllErrorsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := attribute.ReadCases(strings.NewReader("cases: bursar/1\ntests:\n  - event: {colour: red, used_at: soon}\n    scope: {model: x}\n  - {name: n, event: {team: [x]}}\n  - {even: x}\n"), time.Time{})
	for _, want := range []string{"line 3: no event field \"colour\"", "used_at: \"soon\"", "line 4: no scope field \"model\"", "line 5: want a text", "line 5: the case expects nothing", "line 6: field \"even\""} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
	for text, want := range map[string]string{
		"cases: bursar/9\ntests: [{rule: x}]": "want bursar/1",
		"cases: bursar/1\ntests: []":          "there are 0 tests",
		"x: y":                                "field \"x\"",
	} {
		if _, err := attribute.ReadCases(strings.NewReader(text), time.Time{}); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzReadCases(f *testing.F) {
	f.Add(tried)
	f.Add("cases: bursar/1\ntests: [{event: &e {tag:x: y, team: t}, rule: none}, {event: *e, scope: {repository: a}}]")
	rules, err := attribute.Read(strings.NewReader(explained))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cases, err := attribute.ReadCases(strings.NewReader(text), day("2026-10-01"))
		if err != nil {
			return
		}
		got := rules.Test(cases, nil)
		passed := 0
		for _, v := range got.Verdicts {
			if v.Passed {
				passed++
			}
		}
		if len(got.Verdicts) != len(cases) || passed+got.Failed != len(cases) {
			t.Errorf("%d cases, %d verdicts, %d passed, %d failed", len(cases), len(got.Verdicts), passed, got.Failed)
		}
	})
}
