package attribute_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

const example = `
attribution: bursar/1
rules:
  - id: claims-key
    when: {credential: key-claims-*}
    set: {team: claims, application: triage}
  - id: everything-of-claims
    when: {team: claims}
    set: {business_unit: insurance}
  - id: embeddings
    when: {seller: openai, model: text-embedding-*}
    set: {team: platform, cost_centre: "4711"}
  - id: vendor-team
    when: {source: [csv, "jsonl:*", "!jsonl:old"], team: "~ team-(?P<team>[a-z]+)"}
    refine: {team: "${team}", workflow: "${team|lower}-calls"}
  - id: shop-before
    until: 2026-07-01
    when: {repository: acme/shop*}
    set: {team: retail}
  - id: repositories
    when: {repository: "!"}
    set: {application: "${repository|base|lower}", "tag:kind": code}
  - id: header
    when: {header.X-Team: "?*"}
    set: {team: "${header.x-team}"}
  - id: nobody
    default: true
    set: {team: unowned}
`

func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at
}

func tagged(key, value string) map[string]string { return map[string]string{key: value} }

func TestDecide(t *testing.T) {
	t.Parallel()
	rules := pasted(t, example)
	f := func(e spend.Event, want spend.Scope, rule string) {
		t.Helper()
		scope, got := rules.Decide(&e)
		if diff := cmp.Diff(want, scope); diff != "" || attribute.IDOf(got) != rule {
			t.Errorf("rule %q, want %q; scope (-want +got)\n%s", got, rule, diff)
		}
	}
	f(spend.Event{Scope: spend.Scope{Credential: "key-claims-7"}},
		spend.Scope{Credential: "key-claims-7", Team: "claims", Application: "triage"}, "claims-key")
	f(spend.Event{Scope: spend.Scope{Credential: "key-claims-7", Team: "own", Application: "own"}},
		spend.Scope{Credential: "key-claims-7", Team: "own", Application: "own"}, "")
	f(spend.Event{Scope: spend.Scope{Team: "claims"}},
		spend.Scope{Team: "claims", BusinessUnit: "insurance"}, "everything-of-claims")
	f(spend.Event{Seller: "openai", RequestedModel: "text-embedding-3-small"},
		spend.Scope{Team: "platform", CostCentre: "4711"}, "embeddings")
	f(spend.Event{Seller: "openai", RequestedModel: "text-embedding-a/b"},
		spend.Scope{Team: "platform", CostCentre: "4711"}, "embeddings")
	f(spend.Event{Seller: "azure", RequestedModel: "text-embedding-3-small"}, spend.Scope{}, "")
}

func TestRefine(t *testing.T) {
	t.Parallel()
	rules := pasted(t, example)
	for _, c := range []struct {
		name, source string
		said, due    spend.Scope
		rule         string
	}{
		{"what a file claims", "jsonl:new", spend.Scope{Team: "team-core"}, spend.Scope{Team: "core", Workflow: "core-calls"}, "vendor-team"},
		{"an excepted source", "jsonl:old", spend.Scope{Team: "team-core"}, spend.Scope{Team: "team-core"}, ""},
		{"a workflow that is claimed too", "csv", spend.Scope{Team: "team-core", Workflow: "w"}, spend.Scope{Team: "core", Workflow: "core-calls"}, "vendor-team"},
		{
			"identity stays, and what stands below it does not", "csv", spend.Scope{Team: "team-core", Credential: "k", Workflow: "w"},
			spend.Scope{Team: "team-core", Credential: "k", Workflow: "core-calls"}, "vendor-team",
		},
	} {
		scope, rule := rules.Decide(&spend.Event{Source: c.source, Scope: c.said})
		if diff := cmp.Diff(c.due, scope); diff != "" || attribute.IDOf(rule) != c.rule {
			t.Errorf("%s: rule %q, want %q; scope (-want +got)\n%s", c.name, rule, c.rule, diff)
		}
	}
	only := pasted(t, "attribution: bursar/1\nrules: [{id: a, refine: {team: x, run: y}}]")
	scope, rule := only.Decide(&spend.Event{Source: "events:till/app", Scope: spend.Scope{Team: "own", Run: "till/1"}})
	if scope.Team != "own" || scope.Run != "till/1" || rule != "" {
		t.Errorf("an event that came with a credential is of team %q and run %q by %q", scope.Team, scope.Run, rule)
	}
}

func TestCapturesAndTags(t *testing.T) {
	t.Parallel()
	rules := pasted(t, example)
	e := spend.Event{UsedAt: day("2026-06-30"), Scope: spend.Scope{Tags: tagged("repository", "acme/shop-Web.git")}}
	scope, rule := rules.Decide(&e)
	want := spend.Scope{Team: "retail", Application: "shop-web", Tags: map[string]string{"repository": "acme/shop-Web.git", "kind": "code"}}
	if diff := cmp.Diff(want, scope); diff != "" || attribute.IDOf(rule) != "shop-before" {
		t.Errorf("rule %q; scope (-want +got)\n%s", rule, diff)
	}
	if len(e.Scope.Tags) != 1 {
		t.Errorf("the event's own tags became %v", e.Scope.Tags)
	}
	e.Scope.Tags = tagged("header.x-team", "till")
	if scope, _ := rules.Decide(&e); scope.Team != "till" {
		t.Errorf("team %q, want that of the header", scope.Team)
	}
	long := pasted(t, `{attribution: bursar/1, rules: [{id: a, when: {path: "*"}, set: {team: "x${path}"}}, {id: b, set: {team: y}}]}`)
	for _, path := range []string{"", strings.Repeat("p", 512)} {
		e.Scope.Tags = tagged("path", path)
		if scope, rule := long.Decide(&e); scope.Team != "y" || attribute.IDOf(rule) != "b" {
			t.Errorf("path of %d bytes: team %.20q by %s, want the next rule's", len(path), scope.Team, rule)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	rules := pasted(t, "attribution: bursar/1\nrules: [{id: a, from: 2026-07-01, until: 2026-07-02, set: {team: x}}]")
	for at, want := range map[string][2]bool{
		"2026-06-30T21:59:59Z": {false, false}, "2026-06-30T22:00:00Z": {false, true}, "2026-07-01T00:00:00Z": {true, true},
		"2026-07-01T21:59:59Z": {true, true}, "2026-07-01T22:00:00Z": {true, false}, "2026-07-02T00:00:00Z": {false, false},
	} {
		used, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		_, inUTC := rules.Decide(&spend.Event{UsedAt: used})
		_, inZurich := rules.In(zone).Decide(&spend.Event{UsedAt: used})
		if got := [2]bool{inUTC != "", inZurich != ""}; got != want {
			t.Errorf("%s: decided %v in UTC and in Zurich, want %v", at, got, want)
		}
	}
}

// TestResolve: the organisation comes before the defaults, and completes what they
// say.
func TestResolve(t *testing.T) {
	t.Parallel()
	rules := pasted(t, example)
	complete := func(s *spend.Scope, _ time.Time) string {
		before := *s
		if s.Team == "" && s.Workflow == "triage" {
			s.Team = "support"
		}
		if s.BusinessUnit == "" && s.Team != "" {
			s.BusinessUnit = "unit of " + s.Team
		}
		return organised(!before.Equal(s))
	}
	for _, c := range []struct {
		said, due spend.Scope
		rule      string
	}{
		{spend.Scope{Workflow: "triage"}, spend.Scope{Workflow: "triage", Team: "support", BusinessUnit: "unit of support"}, "organisation"},
		{spend.Scope{}, spend.Scope{Team: "unowned", BusinessUnit: "unit of unowned"}, "default:nobody"},
		{spend.Scope{Credential: "key-claims-1"}, spend.Scope{Credential: "key-claims-1", Team: "claims", Application: "triage", BusinessUnit: "unit of claims"}, "claims-key"},
	} {
		scope, rule := rules.Resolve(&spend.Event{Scope: c.said}, complete)
		if diff := cmp.Diff(c.due, scope); diff != "" || attribute.IDOf(rule) != c.rule || attribute.IsDefault(rule) != strings.HasPrefix(c.rule, "default:") {
			t.Errorf("%s, want %s (-want +got):\n%s", rule, c.rule, diff)
		}
	}
	if scope, rule := rules.Resolve(&spend.Event{}, nil); scope.Team != "unowned" || !attribute.IsDefault(rule) {
		t.Errorf("without an organisation: team %q by %q", scope.Team, rule)
	}
}

func TestNoRulesDecideNothing(t *testing.T) {
	t.Parallel()
	var none *attribute.Rules
	scope, rule := none.Resolve(&spend.Event{Scope: spend.Scope{Run: "r"}}, nil)
	if rule != "" || scope.Run != "r" {
		t.Errorf("scope %+v by rule %q, want the event's own scope by none", scope, rule)
	}
	if x := none.Explain(&spend.Event{}, nil); len(x.Steps) > 0 || none.In(time.UTC) != nil {
		t.Errorf("no rules explain %+v", x)
	}
}

// TestVersion: the version of a rule is of what it does and of nothing else.
func TestVersion(t *testing.T) {
	t.Parallel()
	base := attribute.Rule{ID: "a", When: map[string]attribute.Patterns{"repository": {"x"}}, Set: map[string]string{"team": "t"}}
	same, other := base, map[string]attribute.Rule{}
	same.ID, same.Line = "b", 7
	same.When = map[string]attribute.Patterns{"tag:repository": {"x"}}
	if same.Version() != base.Version() || len(base.Version()) != 8 {
		t.Errorf("versions %s and %s of what does the same", base.Version(), same.Version())
	}
	for name, change := range map[string]func(*attribute.Rule){
		"from":    func(r *attribute.Rule) { r.From = "2026-01-01" },
		"until":   func(r *attribute.Rule) { r.Until = "2026-01-01" },
		"when":    func(r *attribute.Rule) { r.When = map[string]attribute.Patterns{"repository": {"x", "y"}} },
		"field":   func(r *attribute.Rule) { r.When = map[string]attribute.Patterns{"path": {"x"}} },
		"set":     func(r *attribute.Rule) { r.Set = map[string]string{"team": "u"} },
		"refine":  func(r *attribute.Rule) { r.Set, r.Refine = nil, base.Set },
		"default": func(r *attribute.Rule) { r.Default = true },
	} {
		changed := base
		change(&changed)
		if before, taken := other[changed.Version()]; taken || changed.Version() == base.Version() {
			t.Errorf("%s: the version is that of %+v", name, before)
		}
		other[changed.Version()] = changed
	}
}

func TestReadTellsAllErrorsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := attribute.Read(strings.NewReader(`
attribution: bursar/1
rules:
  - {id: a, when: {colour: red}, set: {team: x}}
  - {id: a, when: {team: "[x"}, set: {planet: mars}}
  - {id: c}
  - {id: d, when: {model: "~ (["}, set: {team: "${x"}}
  - {id: e, from: 2026-02-30, set: {principal: p}}
  - {id: f, from: 2026-02-02, until: 2026-02-02, set: {team: "${nobody}"}}
  - {id: g, default: true, refine: {team: x, "tag:a": b}}
  - {id: h, set: {team: x}, refine: {team: y}}
  - {id: "i j", when: {repository: x, "tag:repository": y}, set: {team: ""}}
  - {id: organisation, when: {model: [], host: "~ (?P<a>x)", path: "~ (?P<a>y)"}, set: {team: x}}
`))
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{
		"line 4: rule \"a\": when: no event field \"colour\"", "line 5: rule \"a\": its id is used twice", "[x", "planet", "line 6: rule \"c\": it sets nothing",
		"missing closing ]", "${name|lower}", "2026-02-30", "\"principal\" that a rule may write", "never holds", "nothing is called \"nobody\"",
		"a default comes last", "evidence, which stays", "sets and refines \"team\"", "line 12: rule \"i j\": its id is none", "tag:repository is named twice",
		"the value is 0 bytes", "0 patterns", "two conditions have a group \"a\"", "line 13: rule \"organisation\": its id",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%s", want, err)
		}
	}
	for text, want := range map[string]string{
		"attribution: bursar/1\nrulez: []\n":                        "line 2: field \"rulez\"",
		"attribution: bursar/1\nrules: {}\n":                        "line 2: want a list",
		"attribution: bursar/1\nrules: [{id: a, id: b}]\n":          "stands here twice",
		"attribution: bursar/1\nrules: [{id: a, default: maybe}]\n": "neither true nor false",
		"attribution: bursar/1\nrules: [{id: a, set: {team: }}]\n":  "want a text",
		"attribution: bursar/1\nrules: [x]\n":                       "want keys",
		"attribution: bursar/1\nrules: [{id: a, when: {host: x, path: \"~ (?P<host>y)\", team: \"~ (?P<host>z)\"}, set: {feature: x}}]": "two conditions have a group \"host\"",
		"attribution: bursar/1\nrules: [{id: " + strings.Repeat("x", 81) + ", set: {team: x}}]":                                         "its id is none",
		`{attribution: bursar/1, rules: [{id: a, set: {"tag:\x1b": x}}]}`:                                                               "that a rule may write",
		"attribution: bursar/2\nrules: []\n":                                                                                            "want bursar/1",
		"":                                                                                                                              "want bursar/1",
		"a: b: c":                                                                                                                       "mapping values",
		"attribution: bursar/1\n---\nattribution: bursar/1\n":                                                                           "a second document begins",
		"attribution: bursar/1\n#" + strings.Repeat("x", attribute.MaxBytes):                                                            "larger than 4 MiB",
	} {
		_, err := attribute.Read(strings.NewReader(text))
		if spend.KindOf(err) != spend.KindInvalid || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want an error of kind invalid with %q", text, err, want)
		}
	}
}

// withoutVersions takes the versions of rules out of a text.
func withoutVersions(text string) string {
	return regexp.MustCompile(`@[0-9a-f]{8}`).ReplaceAllString(text, "")
}
