package attribute_test

import (
	"strings"
	"testing"

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
`

func TestDecide(t *testing.T) {
	t.Parallel()
	rules, err := attribute.Read(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	f := func(e spend.Event, want spend.Scope, rule string) {
		t.Helper()
		scope, got := rules.Decide(&e)
		if diff := cmp.Diff(want, scope); diff != "" || got != rule {
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

func TestNoRulesDecideNothing(t *testing.T) {
	t.Parallel()
	var none *attribute.Rules
	scope, rule := none.Decide(&spend.Event{Scope: spend.Scope{Run: "r"}})
	if rule != "" || scope.Run != "r" {
		t.Errorf("scope %+v by rule %q, want the event's own scope by none", scope, rule)
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
`))
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{"colour", "used twice", "[x", "planet", "sets nothing"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%s", want, err)
		}
	}
	if _, err := attribute.Read(strings.NewReader("attribution: bursar/1\nrulez: []\n")); err == nil {
		t.Error("an unknown key was accepted")
	}
}
