package pricebook_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/pricebook"
)

func rulesOf(findings []pricebook.Finding) []string {
	rules := []string{}
	for _, f := range findings {
		rules = append(rules, f.Rule)
	}
	return rules
}

// Each row is a slip that a public book made, and the rule that catches it.
func TestLint(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table string
		want  []string
	}{
		"clean": {`
			anthropic m in_text 3 - - - 2025-01-01
			anthropic m in_text 6 - - >200000 2025-01-01
			anthropic m in_text 1.5 batch - - 2025-01-01
			anthropic m in_text 6 priority - - 2025-01-01
			anthropic m in_text 3.3 - eu - 2025-01-01
			anthropic m cache_read 0.3 - - - 2025-01-01
			anthropic m cache_write_5m 3.75 - - - 2025-01-01
			anthropic m cache_write_1h 6 - - - 2025-01-01
			anthropic m out_text 15 - - - 2025-01-01`, []string{}},
		"storage in the slot of cached reads": {"google m in_text 2 - - - 2025-01-01\n google m cache_read 4.5 - - - 2025-01-01", []string{"cached read <= input"}},
		"another model's hour":                {"anthropic haiku in_text 0.25 - - - 2025-01-01\n anthropic haiku cache_write_1h 6 - - - 2025-01-01", []string{"1h write = 2 x input"}},
		"read and write swapped":              {"anthropic m in_text 3 - - - 2025-01-01\n anthropic m cache_write_5m 0.3 - - - 2025-01-01", []string{"5m write in 1.0 to 1.5 x input"}},
		"ten times":                           {"bedrock m in_text 3 - - - 2025-01-01\n bedrock m in_text 33 - us - 2025-01-01", []string{"regional in 1.0 to 1.3 x global"}},
		"another model's priority":            {"openai m in_text 0.05 - - - 2025-01-01\n openai m in_text 2.5 priority - - 2025-01-01", []string{"priority >= base"}},
		"dear batch":                          {"openai m in_text 1 - - - 2025-01-01\n openai m in_text 2 batch - - 2025-01-01", []string{"batch and flex <= base"}},
		"cheap long tier":                     {"openai m in_text 2 - - - 2025-01-01\n openai m in_text 1 - - >200000 2025-01-01", []string{"long tier >= base"}},
		"cheap output":                        {"openai m in_text 2 - - - 2025-01-01\n openai m out_text 1 - - - 2025-01-01", []string{"output >= input"}},
		"missing as zero":                     {"openai m in_audio 0 - - - 2025-01-01", []string{"zero is declared"}},
		"free":                                {"openai m in_audio 0 - - - 2025-01-01 - - true", []string{}},
		"a rise above twice":                  {"openai m in_text 2 - - - 2025-01-01 2025-06-01\n openai m in_text 5 - - - 2025-06-01", []string{"a change above 2 x or below a tenth"}},
		"a cut to a twentieth":                {"openai m in_text 2 - - - 2025-01-01 2025-06-01\n openai m in_text 0.1 - - - 2025-06-01", []string{"a change above 2 x or below a tenth"}},
		"not at the same time":                {"google m in_text 2 - - - 2025-01-01 2025-06-01\n google m cache_read 4.5 - - - 2025-06-01", []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := pricebook.Lint(facts(t, c.table))
			if diff := cmp.Diff(c.want, rulesOf(findings)); diff != "" {
				t.Errorf("%s\n%v", diff, findings)
			}
		})
	}
}

func TestLintAgainstOtherBooks(t *testing.T) {
	t.Parallel()
	mine := facts(t, "openai m in_text 33 - - - 2025-01-01\n openai n in_text 2 - - - 2025-01-01\n openai p in_text 1 - - - 2025-01-01")
	a := facts(t, "openai m in_text 3.3 - - - 2025-01-01\n openai n in_text 0.1 - - - 2025-01-01")
	b := facts(t, "openai n in_text 2.5 - - - 2025-01-01")
	findings := pricebook.LintAgainst(mine, a, b)
	if len(findings) != 1 || findings[0].FactIDs[0] != mine[0].ID {
		t.Errorf("%v", findings)
	}
}

func TestStale(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		openai old in_text 1 - - - 2025-01-01
		openai new in_text 1 - - - 2025-01-01
		openai gone in_text 1 - - - 2025-01-01 2025-02-01
		openai never in_text 1 - - - 2025-01-01`)
	all[0].Source.Checked, all[1].Source.Checked = at("2026-01-01"), at("2026-05-01")
	findings := pricebook.Stale(all, at("2026-06-01"), 60)
	if len(findings) != 2 || findings[0].FactIDs[0] != all[0].ID || findings[1].FactIDs[0] != all[3].ID {
		t.Errorf("%v", findings)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	old := facts(t, `
		openai a in_text 5 - - - 2026-07-09
		openai b in_text 1 - - - 2026-01-01
		openai c in_text 1 - - - 2026-01-01
		openai d in_text 1 - - - 2026-01-01
		openai e in_text 3 - - - 2026-01-01
		openai f in_text 3 - - - 2026-01-01`)
	next := append(facts(t, `
		openai a in_text 5 - - - 2026-07-09 2026-08-21
		openai a in_text 4 - - - 2026-08-21
		openai b in_text 1 - - - 2026-01-01
		openai e in_text 1 - - - 2026-01-01
		openai f in_text 3 - - - 2026-01-01 2026-06-01
		openai g in_text 1 - - - 2026-01-01`), old[2])
	next[len(next)-1].Known.To = at("2026-02-01")
	var got []string
	for _, c := range pricebook.Diff(old, next) {
		fact := c.New
		if fact == nil {
			fact = c.Old
		}
		got = append(got, string(c.Kind)+" "+fact.SKU+" "+c.Factor.String())
	}
	want := []string{"changed a 0.8", "revoked c unknown", "removed d unknown", "changed e 0.333333333333", "ended f unknown", "added g unknown"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if same := pricebook.Diff(old, old); len(same) > 0 {
		t.Errorf("a set differs from itself: %v", same)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		mistral mistral-large-2411 in_text 2 - - - 2024-11-18
		mistral mistral-large-2512 in_text 0.5 - - - 2025-12-02
		mistral mistral-large-2512 in_text 0.25 batch - - 2025-12-02
		mistral mistral-large-2512 out_text 1.5 - - - 2025-12-02
		mistral other in_text 9 - - - 2025-12-02`)
	moved := at("2025-12-02")
	aliases := []pricebook.Alias{
		{Seller: "mistral", Match: "mistral-large-latest", SKU: "mistral-large-2512", Valid: pricebook.Span{From: moved}},
		{Seller: "mistral", Match: "mistral-large-latest", SKU: "mistral-large-2411", Valid: pricebook.Span{To: moved}},
	}
	var got []string
	for _, r := range pricebook.History(all, aliases, "mistralai", "mistral-large-latest") {
		line := r.SKU + " " + r.Meter.String() + " " + r.Price.String() + " " + r.Conditions
		if r.Repoint() {
			line = "-> " + r.SKU
		}
		got = append(got, line)
	}
	want := []string{"-> mistral-large-2411", "-> mistral-large-2512", "mistral-large-2411 in_text 2 ", "mistral-large-2512 in_text 0.5 ",
		"mistral-large-2512 in_text 0.25 tier batch", "mistral-large-2512 out_text 1.5 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
