package attribute_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field, value string
		lacks        []string
		id           string
		set          map[string]string
	}{
		{"tag:repository", "acme/shop.git", []string{"team", "application"}, "suggested-repository-shop", map[string]string{"team": "shop", "application": "shop"}},
		{"tag:project", "Till 2", []string{"team", "workflow"}, "suggested-project-till-2", map[string]string{"team": "till-2"}},
		{"tag:path", `c:\work\ledger`, []string{"workflow"}, "suggested-path-ledger", map[string]string{"workflow": "ledger"}},
		{"host", "api.search.example.com", []string{"team"}, "suggested-host-search", map[string]string{"team": "search"}},
		{"host", "api", []string{"team"}, "suggested-host-api", map[string]string{"team": "api"}},
		{"credential", "key-claims-*", []string{"team"}, "suggested-credential-claims", map[string]string{"team": "claims"}},
		{"account", "?[x]*\\", []string{"application"}, "suggested-account-x", map[string]string{"application": "x"}},
		{"source", "é", []string{"application"}, "suggested-source-unnamed", map[string]string{"application": "unnamed"}},
	} {
		rule := attribute.Suggest(c.field, c.value, c.lacks)
		if rule.ID != c.id || !cmp.Equal(rule.Set, c.set) {
			t.Errorf("%s %s: %+v, want %s that sets %v", c.field, c.value, rule, c.id, c.set)
		}
		rules, err := attribute.New([]attribute.Rule{rule})
		if err != nil {
			t.Errorf("%s %s: %v", c.field, c.value, err)
			continue
		}
		if _, by := rules.Decide(withField(c.field, c.value)); attribute.IDOf(by) != c.id {
			t.Errorf("the rule for %s %s does not match it", c.field, c.value)
		}
		if _, by := rules.Decide(withField(c.field, c.value+"x")); by != "" {
			t.Errorf("the rule for %s %s matches more", c.field, c.value)
		}
	}
}

func withField(field, value string) *spend.Event {
	e := &spend.Event{Scope: spend.Scope{Tags: map[string]string{}}}
	switch field {
	case "host":
		e.Host = value
	case "account":
		e.Account = value
	case "source":
		e.Source = value
	case "credential":
		e.Scope.Credential = value
	default:
		e.Scope.Tags[field[len("tag:"):]] = value
	}
	return e
}

func TestSuggestionIsPasted(t *testing.T) {
	t.Parallel()
	text, err := attribute.YAML(attribute.Suggest("tag:repository", "acme/shop: \"x\"\n# y", []string{"team"}))
	if err != nil {
		t.Fatal(err)
	}
	rules := pasted(t, "attribution: bursar/1\nrules:\n"+text)
	if _, by := rules.Decide(withField("tag:repository", "acme/shop: \"x\"\n# y")); by == "" {
		t.Errorf("pasted, it matches nothing:\n%s", text)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	rules := pasted(t, example)
	for field, want := range map[string]bool{"credential": true, "cost_centre": true, "model": true, "run": false, "host": false} {
		if rules.Names(field) != want {
			t.Errorf("names %s: %t, want %t", field, !want, want)
		}
	}
	var none *attribute.Rules
	if none.Names("run") {
		t.Error("no rules name something")
	}
}

func pasted(t *testing.T, text string) *attribute.Rules {
	t.Helper()
	rules, err := attribute.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}
