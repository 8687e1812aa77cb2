package attribute_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

// anyPattern is a small pattern over a small alphabet, so that many meet.
func anyPattern(signsAtMost int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		signs := rapid.SampledFrom([]string{"a", "b", "*", "?", "[ab]", "[^a]", "/"})
		text := strings.Join(rapid.SliceOfN(signs, 0, signsAtMost).Draw(t, "signs"), "")
		return rapid.SampledFrom([]string{"", "", "", "!", "~ "}).Draw(t, "mark") + text
	})
}

// anyRules are rules over few fields. Expressions that are none are left out.
func anyRules(t *rapid.T) []attribute.Rule {
	var all []attribute.Rule
	for i := range rapid.IntRange(1, 6).Draw(t, "rules") {
		r := attribute.Rule{ID: fmt.Sprint("r", i), When: map[string]attribute.Patterns{}, Set: map[string]string{}, Refine: map[string]string{}}
		for _, field := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"model", "repository", "team", "source"}), 0, 2, rapid.ID[string]).Draw(t, "when") {
			r.When[field] = slices.DeleteFunc(rapid.SliceOfN(anyPattern(4), 1, 3).Draw(t, "patterns"), func(p string) bool {
				expression, is := strings.CutPrefix(strings.TrimPrefix(p, "!"), "~ ")
				_, err := regexp.Compile(expression)
				return is && err != nil
			})
			if len(r.When[field]) == 0 {
				delete(r.When, field)
			}
		}
		act := rapid.SampledFrom([]map[string]string{r.Set, r.Set, r.Refine}).Draw(t, "act")
		for _, field := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"team", "workflow", "feature"}), 1, 2, rapid.ID[string]).Draw(t, "fields") {
			act[field] = rapid.SampledFrom([]string{"x", "y"}).Draw(t, "value")
		}
		if len(r.Refine) == 0 {
			r.Default = rapid.IntRange(0, 4).Draw(t, "default") == 0
		}
		r.From = rapid.SampledFrom([]string{"", "", "2026-07-01"}).Draw(t, "from")
		all = append(all, r)
	}
	return all
}

func anyEvent(t *rapid.T) spend.Event {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab/")), 0, 4, -1)
	return spend.Event{
		Source: rapid.SampledFrom([]string{"a", "b", "events:a"}).Draw(t, "source"), RequestedModel: text.Draw(t, "model"),
		UsedAt: day(rapid.SampledFrom([]string{"2026-06-30", "2026-07-01"}).Draw(t, "day")),
		Scope: spend.Scope{
			Team: text.Draw(t, "team"), Credential: rapid.SampledFrom([]string{"", "k"}).Draw(t, "key"), Workflow: rapid.SampledFrom([]string{"", "w"}).Draw(t, "workflow"),
			Tags: tagged("repository", text.Draw(t, "repository")),
		},
	}
}

func made(t interface{ Fatal(...any) }, rules []attribute.Rule) *attribute.Rules {
	set, err := attribute.New(rules)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// unit completes a business unit from a team, as an organisation does.
func unit(s *spend.Scope, _ time.Time) string {
	if s.BusinessUnit != "" || s.Team == "" {
		return organised(false)
	}
	s.BusinessUnit = "unit"
	return organised(true)
}

// TestDecidingIsAFunctionOfRulesAndClaims: it reads nothing else, is explained as it
// is done, never takes from identity, and changes no claim but by a refinement.
func TestDecidingIsAFunctionOfRulesAndClaims(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all, e := anyRules(t), anyEvent(t)
		rules := made(t, all)
		claimed := e.Scope
		scope, rule := rules.Resolve(&e, unit)
		again, by := made(t, slices.Clone(all)).Resolve(&e, unit)
		if diff := cmp.Diff(scope, again); diff != "" || rule != by || !claimed.Equal(&e.Scope) {
			t.Fatalf("a second time by %q after %q (-first +second):\n%s", by, rule, diff)
		}
		x := rules.Explain(&e, unit)
		if diff := cmp.Diff(scope, x.Scope); diff != "" || x.Rule != rule {
			t.Fatalf("explained by %q, decided by %q (-decided +explained):\n%s", x.Rule, rule, diff)
		}
		held := e.Scope.Credential != "" || e.Source == "events:a"
		if held && claimed.Team != "" && scope.Team != claimed.Team {
			t.Fatalf("identity's team %q became %q", claimed.Team, scope.Team)
		}
		refines := slices.ContainsFunc(all, func(r attribute.Rule) bool { return len(r.Refine) > 0 })
		if !refines && (claimed.Team != "" && scope.Team != claimed.Team || claimed.Workflow != "" && scope.Workflow != claimed.Workflow) {
			t.Fatalf("%+v became %+v without a refinement", claimed, scope)
		}
	})
}

// TestRulesBehindChangeNothingBefore: what is appended decides only what was open,
// and rules that cannot match anything change nothing wherever they stand.
func TestRulesBehindChangeNothingBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all, e := anyRules(t), anyEvent(t)
		scope, rule := made(t, all).Decide(&e)
		never := attribute.Rule{ID: "never", When: map[string]attribute.Patterns{"model": {"x"}}, Refine: map[string]string{"team": "z", "workflow": "z"}}
		at := rapid.IntRange(0, len(all)).Draw(t, "at")
		with, by := made(t, slices.Insert(slices.Clone(all), at, never)).Decide(&e)
		if diff := cmp.Diff(scope, with); diff != "" || by != rule {
			t.Fatalf("by %q, with a rule that never matches by %q:\n%s", rule, by, diff)
		}
		last := attribute.Rule{ID: "last", Set: map[string]string{"team": "z", "workflow": "z"}}
		behind, _ := made(t, append(slices.Clone(all), last)).Decide(&e)
		if scope.Team != "" && behind.Team != scope.Team || scope.Workflow != "" && behind.Workflow != scope.Workflow {
			t.Fatalf("%+v became %+v by a rule behind", scope, behind)
		}
	})
}

// texts are all short ones over the alphabet of the patterns, and a sign beside.
func texts() (all []string) {
	last := []string{""}
	for range 6 {
		all = append(all, last...)
		var next []string
		for _, text := range last {
			for _, c := range "ab/c" {
				next = append(next, text+string(c))
			}
		}
		last = next
	}
	return all
}

// TestLintIsNeverWrong tries what the lint says of two rules on all short texts:
// what it calls unreachable decides nothing, what it calls ambiguous meets.
func TestLintIsNeverWrong(t *testing.T) {
	t.Parallel()
	all := texts()
	rapid.Check(t, func(t *rapid.T) {
		patterns := func(name string) attribute.Patterns {
			return slices.DeleteFunc(rapid.SliceOfN(anyPattern(2), 1, 3).Draw(t, name), func(p string) bool { return strings.Contains(p, "~") })
		}
		a, b := patterns("a"), patterns("b")
		if len(a) == 0 || len(b) == 0 {
			return
		}
		rules := []attribute.Rule{
			{ID: "a", When: map[string]attribute.Patterns{"model": a}, Set: map[string]string{"team": "x"}},
			{ID: "b", When: map[string]attribute.Patterns{"model": b}, Set: map[string]string{"team": "y"}},
		}
		var both, onlyA, onlyB bool
		alone := [2]*attribute.Rules{made(t, rules[:1]), made(t, rules[1:])}
		for _, text := range all {
			_, inA := alone[0].Decide(&spend.Event{RequestedModel: text})
			_, inB := alone[1].Decide(&spend.Event{RequestedModel: text})
			both, onlyA, onlyB = both || inA != "" && inB != "", onlyA || inA != "" && inB == "", onlyB || inA == "" && inB != ""
		}
		var slip attribute.Slip
		for _, f := range made(t, rules).Lint(nil) {
			if f.Rule == "b" && slip == "" {
				slip = f.Slip
			}
		}
		want := attribute.Slip("")
		switch {
		case !onlyB: // nothing of b is left, or there is nothing of it
			want = attribute.Unreachable
		case both && onlyA:
			want = attribute.Ambiguous
		}
		if slip != want {
			t.Fatalf("a %q, b %q: the lint says %q, all short texts say %q", a, b, slip, want)
		}
	})
}

// TestGlobsAreThoseOfPaths compares globs with path.Match, which crosses no slash.
func TestGlobsAreThoseOfPaths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern, value := strings.TrimLeft(anyPattern(4).Draw(t, "pattern"), "!~ "), rapid.StringOfN(rapid.RuneFrom([]rune("ab/")), 0, 6, -1).Draw(t, "value")
		want, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(value, "/", "\x00"))
		if err != nil {
			t.Fatal(err)
		}
		_, rule := made(t, []attribute.Rule{{ID: "a", When: map[string]attribute.Patterns{"model": {pattern}}, Set: map[string]string{"team": "x"}}}).Decide(&spend.Event{RequestedModel: value})
		if (rule != "") != want {
			t.Fatalf("%q matches %q: %t, want %t", pattern, value, rule != "", want)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(example)
	f.Add(explained)
	f.Add("attribution: bursar/1\nrules: [{id: a, when: {model: [\"!~ x\", \"\\\\!\", \"[^a-b]\"]}, set: {\"tag:x\": \"$ ${model|base}\"}}]")
	f.Add("attribution: bursar/1\nrules: &r [*r]")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := attribute.Read(strings.NewReader(text))
		if err != nil {
			if rules != nil && len(rules.All()) > 0 && spend.KindOf(err) == spend.KindInternal {
				t.Errorf("%v", err)
			}
			return
		}
		if len(rules.All()) == 0 {
			return
		}
		written, err := attribute.YAML(rules.All()...)
		if err != nil {
			t.Fatal(err)
		}
		back := pasted(t, "attribution: bursar/1\nrules:\n"+written)
		var was, is []string
		for _, r := range rules.All() {
			was = append(was, r.Ref())
		}
		for _, r := range back.All() {
			is = append(is, r.Ref())
		}
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("written and read again they differ (-was +is):\n%s\n%s", diff, written)
		}
		e := spend.Event{RequestedModel: "gpt-5", UsedAt: day("2026-10-01"), Scope: spend.Scope{Team: "t", Tags: tagged("repository", "a/b")}}
		scope, rule := rules.Resolve(&e, nil)
		if x := rules.Explain(&e, nil); x.Rule != rule || !x.Scope.Equal(&scope) || x.Text() == "" {
			t.Errorf("explained by %q, decided by %q", x.Rule, rule)
		}
		rules.Lint(func(string, string) bool { return false })
	})
}
