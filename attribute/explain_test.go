package attribute_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

const explained = `
attribution: bursar/1
rules:
  - id: shop
    when: {repository: acme/shop*}
    set: {team: retail}
  - id: repositories
    when: {repository: "~ acme/(?P<name>[a-z-]+)", model: [gpt-*, claude-*]}
    set: {team: platform, application: "${name}", workflow: build}
  - id: old
    until: 2026-01-01
    refine: {workflow: old}
  - id: own
    refine: {business_unit: ours, feature: "x", step: "s"}
  - id: nobody
    default: true
    set: {team: unowned, cost_centre: "1"}
`

// TestExplain is the worked example of the package comment, and all that can happen
// to a field.
func TestExplain(t *testing.T) {
	t.Parallel()
	rules := pasted(t, explained)
	e := spend.Event{
		RequestedModel: "gpt-5", UsedAt: day("2026-10-01"),
		Scope: spend.Scope{Credential: "k", BusinessUnit: "theirs", Workflow: "w", Step: "mine", Tags: tagged("repository", "acme/shop-web")},
	}
	complete := func(s *spend.Scope, _ time.Time) string {
		open := s.CostCentre == ""
		s.CostCentre = "CC-9"
		return organised(open)
	}
	x := rules.Explain(&e, complete)
	const want = `claimed: business_unit "theirs", workflow "w", step "mine", credential "k", tag:repository "acme/shop-web"
1. shop (line 4) matches
     tag:repository "acme/shop-web" is acme/shop*
     → team is "retail"
2. repositories (line 7) matches
     model "gpt-5" is of [gpt-*, claude-*]
     tag:repository "acme/shop-web" is ~ acme/(?P<name>[a-z-]+)
     → team stays "retail": shop has decided it ("platform" is lost)
     → application is "shop-web"
     → workflow stays "w": it was claimed, and the rule only sets ("build")
3. old (line 10) does not match: it held until 2026-01-01
4. own (line 13) matches
     → business_unit stays "theirs": the credential says so ("ours" is lost)
     → step is "s", over what was claimed
     → feature is "x"
5. organisation matches
     → cost_centre is "CC-9"
6. default:nobody (line 15) matches
     → team stays "retail": shop has decided it ("unowned" is lost)
     → cost_centre stays "CC-9": organisation has decided it ("1" is lost)
decided by shop: business_unit "theirs", team "retail", application "shop-web", workflow "w", step "s", credential "k", cost_centre "CC-9", feature "x", tag:repository "acme/shop-web"
`
	if diff := cmp.Diff(want, withoutVersions(x.Text())); diff != "" {
		t.Errorf("explanation differs (-want +got):\n%s", diff)
	}
	scope, rule := rules.Resolve(&e, complete)
	if diff := cmp.Diff(scope, x.Scope); diff != "" || rule != x.Rule {
		t.Errorf("explained %q, decided %q; scope (-decided +explained):\n%s", x.Rule, rule, diff)
	}
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	var back attribute.Explanation
	if err := json.Unmarshal(text, &back); err != nil || cmp.Diff(x, back) != "" {
		t.Errorf("JSON loses something: %v\n%s", err, cmp.Diff(x, back))
	}
}

func TestExplainNothing(t *testing.T) {
	t.Parallel()
	rules := pasted(t, `{attribution: bursar/1, rules: [{id: a, when: {path: "*"}, set: {team: "${path|base}"}}, {id: b, from: 2027-01-01, set: {team: x}}]}`)
	x := rules.Explain(&spend.Event{UsedAt: day("2026-10-01")}, func(*spend.Scope, time.Time) string { return "" })
	const want = `claimed: nothing
1. a (line 1) matches
     tag:path "" is *
     → team stays as it is: the event gives the value nothing
2. b (line 1) does not match: it holds from 2027-01-01 on
3. organisation adds nothing
decided by nothing: nothing
`
	if diff := cmp.Diff(want, withoutVersions(x.Text())); diff != "" {
		t.Errorf("explanation differs (-want +got):\n%s", diff)
	}
}

// organised is what an organisation says that has changed something or not.
func organised(changed bool) string {
	if changed {
		return attribute.ByOrganisation
	}
	return ""
}

// TestExplainKeepsControlCharactersFromTerminals: what stands in a file of rules is
// shown to others.
func TestExplainKeepsControlCharactersFromTerminals(t *testing.T) {
	t.Parallel()
	rules := pasted(t, `{attribution: bursar/1, rules: [{id: a, when: {"tag:\x1b[2J": "!\x1b]0;"}, set: {team: x}}]}`)
	x := rules.Explain(&spend.Event{Scope: spend.Scope{Tags: tagged("\x1b[2J", "\x1b[0m")}}, nil)
	if text := x.Text(); strings.ContainsRune(text, 0x1b) || !strings.Contains(text, "a@") {
		t.Errorf("an escape sequence in %q", text)
	}
}
