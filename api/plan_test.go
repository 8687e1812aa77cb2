package api_test

import (
	"net/http"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/spend"
)

// TestThePlanInForce plans 310 for October and 600 for November: a day is 10, and then 20.
func TestThePlanInForce(t *testing.T) {
	t.Parallel()
	months := map[spend.Period]money.Amount{"2026-10": money.FromInt(310), "2026-11": money.FromInt(600)}
	h := server(t, &fake{planned: []plan.Line{
		{Currency: "USD", Where: map[spend.Dimension]string{"business_unit": "retail", "team": "sales"}, Months: months},
		{Currency: "USD", Where: map[spend.Dimension]string{"business_unit": "retail", "team": "claims"}, Months: months},
		{Currency: "USD", Months: months},
	}})
	const days = `"days":[{"day":"2026-10-31","amount":"10"},{"day":"2026-11-01","amount":"20"},{"day":"2026-11-02","amount":"20"}]`
	for _, s := range []scenario{
		{name: "everything first", token: "finance", url: "?since=2026-10-31&until=2026-11-03", status: 200, want: []string{`"items":[{"of":"","where":{},"currency":"USD","amount":"50"`, days, `"of":"business_unit retail, team sales"`}},
		{name: "a lead", token: "lead", url: "?since=2026-10-31&until=2026-11-03", status: 200, want: []string{`"items":[{"of":"business_unit retail, team claims"`, days}, not: []string{"sales", `"of":""`}},
		{name: "not planned", token: "finance", url: "?since=2026-09-30&until=2026-10-02", status: 200, want: []string{`"amount":null,"months"`, `{"day":"2026-09-30","amount":null},{"day":"2026-10-01","amount":"10"}`}},
		{name: "years", token: "finance", url: "?since=2020-01-01&until=2026-11-01", status: 200, want: []string{`"days":[]`}},
		{name: "no day", token: "finance", url: "?since=soon", status: 400},
		{name: "a program", token: "ingest", status: 403},
	} {
		s.method, s.url = http.MethodGet, "/api/v1/plan"+s.url
		s.run(t, h)
	}
}
