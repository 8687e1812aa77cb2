package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Governing notes which calls were asked about: a limit of claims, one of sales and a rate.
func (f *fake) Governing(_ context.Context, calls []budget.Known, _ time.Time) ([]api.Guardrail, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.governed = calls
	return []api.Guardrail{
		{Limit: "mine", Kind: api.BudgetRail, Says: "5 USD a month", Scope: claims(), AtLimit: "stop"},
		{Limit: "theirs", Kind: api.BudgetRail, Scope: sales()},
		{Limit: "pace", Kind: api.RateRail, Scope: claims(), AtLimit: "throttle", Beside: map[string][]string{"model": {"gpt-5"}}},
	}, nil
}

// gatewayKeys are one that called, one that may, one of another team, and one that has ended.
func gatewayKeys() []auth.TokenRow {
	row := func(prefix string, of spend.Scope, bounds string) auth.TokenRow {
		return auth.TokenRow{Prefix: prefix, Hash: "HASH", Kind: "gateway", Name: "key " + prefix, Scope: of, Bounds: bounds}
	}
	ended := row("gone", claims(), "")
	ended.Revoked = noon()
	return []auth.TokenRow{
		row("may", claims(), ""), row("called", claims(), `{"models":["gpt-5*"],"endpoints":["chat"]}`), row("elsewhere", sales(), ""), ended,
		row("bound", claims(), `{"environment":"test"}`),
	}
}

func TestGuardrails(t *testing.T) {
	t.Parallel()
	one := money.Known(money.FromInt(3))
	place := []string{"retail", "claims", "desk", "triage", "desk", "production"}
	byKey := spend.Row{Keys: []string{"called"}, Values: []money.Null{one}}
	table := func(q *spend.Query) []spend.Row {
		if q.By[0] == "credential" {
			return []spend.Row{byKey}
		}
		return []spend.Row{{Keys: place, Values: []money.Null{one}}}
	}
	f := &fake{tokens: gatewayKeys(), rowsOf: table}
	h := server(t, f)
	for _, s := range []scenario{
		{
			name: "an admin sees limits and keys", token: "admin", status: 200,
			want: []string{`"limit":"mine"`, `"limit":"theirs"`, `"hidden":0`, `"calls":3`, `"prefix":"called"`, `"models":["gpt-5*"]`, `"prefix":"may"`, `"elsewhere":2`, `"status":"discovered"`},
			not:  []string{"HASH", `"gone"`, `"prefix":"elsewhere"`, `"prefix":"bound"`},
		},
		{
			name: "a lead sees the limits of the own scope, and no key", token: "lead", status: 200,
			want: []string{`"limit":"mine"`, `"limit":"pace"`, `"beside":{"model":["gpt-5"]}`, `"hidden":1`, `"keys":null`}, not: []string{`"theirs"`, "prefix"},
		},
		{name: "a program sees nothing", token: "ingest", status: 403},
		{name: "as CSV", token: "admin", url: "?format=csv", status: 200, want: []string{"part,name,says,of,at_limit", "\nowner,desk,", "\nbudget,mine,5 USD a month,,stop,5,", "\nrate,pace,", "\nkey,key called,called,"}},
		{name: "as text", token: "admin", url: "?format=text", status: 400, want: []string{"json or csv"}},
	} {
		s.method, s.url = http.MethodGet, "/api/v1/guardrails/agent/desk"+s.url
		s.run(t, h)
	}
	s := scenario{name: "people", method: http.MethodGet, url: "/api/v1/guardrails/person/ada", token: "admin", status: 400, want: []string{"people are in no register"}}
	s.run(t, h)
	known := budget.Known{"business_unit": "retail", "team": "claims", "application": "desk", "workflow": "triage", "agent": "desk", "environment": "production"}
	if diff := cmp.Diff([]budget.Known{known}, f.governed); diff != "" {
		t.Errorf("the calls that limits were asked about (-want +got):\n%s", diff)
	}
}

// TestGuardrailsOfWhatIsSilent: what has not called is known by its name alone.
func TestGuardrailsOfWhatIsSilent(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := scenario{name: "silent", method: http.MethodGet, url: "/api/v1/guardrails/agent/desk", token: "admin", status: 200, want: []string{`"calls":0`, `"limit":"mine"`, `"keys":[]`}}
	s.run(t, server(t, f))
	if diff := cmp.Diff([]budget.Known{{"agent": "desk"}}, f.governed); diff != "" {
		t.Errorf("the calls that limits were asked about (-want +got):\n%s", diff)
	}
}
