package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

const (
	zoned = "kind: organisation\nname: Example\nzone: Europe/Zurich\nbusiness_units: [{name: service, teams: [{name: support, from: 2026-07-01, applications: [{name: desk}]}]}]\n"
	free  = "attribution: bursar/1\nrules:\n  - {id: first, until: 2026-07-01, when: {host: api.*}, set: {team: support}}\n"
)

func TestRulebook(t *testing.T) {
	t.Parallel()
	book, err := policy.ReadRulebook([]policy.File{{Name: "rules.yaml", Text: rules}, {Name: "house.yaml", Text: zoned}, {Name: "free.yaml", Text: free}})
	if err != nil {
		t.Fatal(err)
	}
	lastHour := time.Date(2026, 6, 30, 21, 30, 0, 0, time.UTC) // of June in Zurich
	for _, c := range []struct {
		at       time.Time
		scope    spend.Scope
		due, bys string
	}{
		{lastHour, spend.Scope{}, "support", "first"},
		{lastHour.Add(time.Hour), spend.Scope{}, "support", "by-host"},
		{lastHour, spend.Scope{Team: "own"}, "own", ""},
		{lastHour.Add(time.Hour), spend.Scope{Application: "desk"}, "support", "by-host"},
	} {
		scope, rule := book.Rules.Resolve(&spend.Event{Host: "api.example.com", UsedAt: c.at, Scope: c.scope}, book.Complete())
		if scope.Team != c.due || attribute.IDOf(rule) != c.bys || (scope.BusinessUnit == "service") != (c.at.After(lastHour)) {
			t.Errorf("at %s: %+v by %q, want team %s by %s", c.at, scope, rule, c.due, c.bys)
		}
	}
	var lines []string
	for _, f := range book.Lint() {
		lines = append(lines, f.File+" "+string(f.Slip)+" "+f.Rule)
	}
	if diff := cmp.Diff([]string(nil), lines); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

func TestRulebookLint(t *testing.T) {
	t.Parallel()
	misnamed := strings.Replace(rules, "team: support", "team: helpdesk", 1)
	behind := strings.Replace(free, "until: 2026-07-01, ", "", 1)
	book, err := policy.ReadRulebook([]policy.File{{Name: "b.yaml", Text: misnamed}, {Name: "a.yaml", Text: behind}, {Name: "house.yaml", Text: zoned}})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range book.Lint() {
		lines = append(lines, f.File+" "+string(f.Slip)+" "+f.Rule+" "+f.Other)
	}
	if diff := cmp.Diff([]string{"b.yaml unreachable by-host first", "b.yaml unknown by-host "}, lines); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
	alone, err := policy.ReadRulebook([]policy.File{{Name: "a.yaml", Text: behind}})
	if err != nil || len(alone.Lint()) > 0 || alone.Complete() != nil {
		t.Errorf("without an organisation: %+v, %v", alone.Lint(), err)
	}
}

func TestRulebookRefuses(t *testing.T) {
	t.Parallel()
	for want, files := range map[string][]policy.File{
		"read x.yaml: ":      {{Name: "x.yaml", Text: "attribution: bursar/1\nrules: [{id: a}]\n"}},
		"read y.yaml: ":      {{Name: "y.yaml", Text: "kind: attribution\nattribution: bursar/1\nrules: [{id: a}]\n"}},
		"id is used twice":   {{Name: "x.yaml", Text: free}, {Name: "y.yaml", Text: free}},
		"two of attribution": {{Name: "x.yaml", Text: rules}, {Name: "y.yaml", Text: rules}},
	} {
		if _, err := policy.ReadRulebook(files); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error of kind invalid with %q", err, want)
		}
	}
}
