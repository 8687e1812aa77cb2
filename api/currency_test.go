package api_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// TestOneCurrencyForEveryQuestion: whatever tells money tells it in a currency that has
// rates, and refuses one that has none with those that do.
func TestOneCurrencyForEveryQuestion(t *testing.T) {
	t.Parallel()
	standings := []api.BudgetStanding{{Budget: "dollars", Currency: "USD", Limit: money.Must("108"), Booked: money.Must("10.8"), Left: money.Must("97.2")}}
	for url, want := range map[string]string{
		"/api/v1/spend?since=7d":             `"currency":"EUR"`,
		"/api/v1/outcomes?since=7d":          `"currency":"EUR"`,
		"/api/v1/workflows?since=7d":         `"currency":"EUR"`,
		"/api/v1/agents?since=7d&with=trend": `"currency":"EUR"`,
		"/api/v1/runs?since=7d":              `"currency":"EUR"`,
		"/api/v1/runs/acme/run-1?limit=10":   `"currency":"EUR"`,
		"/api/v1/forecast?horizon=2w":        `"rate_ahead":{"from":"USD","to":"EUR","day":"2026-11-20"`,
		"/api/v1/budgets?limit=10":           `"converted":{"currency":"EUR","limit":"100","used":"10","left":"90"}`,
		"/api/v1/explain?from=2026-11-01..2026-11-08&to=2026-11-08..2026-11-15":                     `"currency":"EUR"`,
		"/api/v1/explain?from=2026-11-01..2026-11-08&to=2026-11-08..2026-11-15&format=text&by=team": " EUR",
	} {
		s := scenario{name: url, method: "GET", url: url + "&currency=EUR", token: "whole", status: 200, want: []string{want}}
		s.run(t, server(t, &fake{standings: standings, table: spend.Table{Currency: "USD"}}))
		s.url, s.status, s.want = url+"&currency=JPY", 400, []string{"has no exchange rate", "CHF, EUR, USD"}
		s.run(t, server(t, &fake{}))
	}
}

// TestGraceInAnotherCurrency: what is left counts it there too, and nothing is when nothing is.
func TestGraceInAnotherCurrency(t *testing.T) {
	t.Parallel()
	for left, want := range map[string]string{
		"21.6": `"converted":{"currency":"EUR","limit":"100","used":"110","left":"20"}`,
		"0":    `"converted":{"currency":"EUR","limit":"100","used":"110","left":"0"}`,
	} {
		standings := []api.BudgetStanding{{Budget: "dollars", Currency: "USD", Limit: money.Must("108"), Booked: money.Must("118.8"), Left: money.Must(left)}}
		s := scenario{name: left, method: "GET", url: "/api/v1/budgets?currency=EUR", token: "whole", status: 200, want: []string{want}}
		s.run(t, server(t, &fake{standings: standings}))
	}
}

// TestRefusedCurrencies: what has no rate is refused by all that takes a currency.
func TestRefusedCurrencies(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"/api/v1/price-index", "/api/v1/guardrails/agent/desk"} {
		s := scenario{name: url, method: "GET", url: url + "?currency=JPY", token: "admin", status: 400, want: []string{"has no exchange rate"}}
		s.run(t, server(t, &fake{}))
	}
}

// TestRunThatGrowsIsNotHalfConverted: a run is told in another currency where its parts are
// those that were read, and else not at all.
func TestRunThatGrowsIsNotHalfConverted(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	grown := spend.Row{Bucket: day, Keys: []string{"acme/run-1", "plan"}, Values: []money.Null{money.Known(money.Must("1")), {}, money.Known(money.Must("1"))}}
	s := scenario{name: "grown", method: "GET", url: "/api/v1/runs/acme/run-1?currency=EUR", token: "whole", status: 409, want: []string{"too fast to be converted"}}
	s.run(t, server(t, &fake{table: spend.Table{Currency: "USD", Rows: []spend.Row{grown}}}))
}
