package api_test

import (
	"context"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

func (f *fake) EqualModels(_ context.Context, q *spend.Query) (outcome.Comparison, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, *q)
	of := func(model string, won int64, cost string) outcome.ModelRuns {
		return outcome.ModelRuns{Workflow: "triage", Model: model, Runs: 1000, Won: won, Cost: money.Known(money.Must(cost))}
	}
	return outcome.Compare([]outcome.ModelRuns{of("large", 900, "100"), of("small", 890, "40")}, outcome.Bar{Margin: 5, LeastRuns: 100, Share: 90})
}

func TestModelsAreComparedByTheirOutcomes(t *testing.T) {
	t.Parallel()
	f := &fake{}
	for form, want := range map[string][]string{
		"":             {`"workflow":"triage"`, `"saving":"59.550561797753"`, `"judged":1`, `"low":"-0.037002"`},
		"&format=text": {"large", "not worse, and the cheapest", "59.55"},
		"&format=csv":  {"triage,small,1000,890,40,", ",true,59.550561797753,true,"},
	} {
		(&scenario{name: form, method: "GET", url: "/api/v1/outcomes/models?since=30d" + form, token: "finance", status: 200, want: want}).run(t, server(t, f))
	}
	(&scenario{name: "another cost", method: "GET", url: "/api/v1/outcomes/models?measures=list", token: "finance", status: 400, want: []string{`"field":"measures"`}}).run(t, server(t, f))
	(&scenario{name: "a lead, of everything", method: "GET", url: "/api/v1/outcomes/models", token: "lead", status: 403}).run(t, server(t, f))
}
