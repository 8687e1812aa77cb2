package api_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

func TestExplainEnvelope(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD"}}
	s := scenario{name: "why", method: "GET", url: "/api/v1/explain?from=2026-09&to=2026-10&by=team&where=model=large", token: "finance", status: 200}
	var got api.ExplainEnvelope
	if err := json.Unmarshal(s.run(t, server(t, f)).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Sentence != "Spend did not change, from 0.00 to 0.00." || len(got.Periods) != 2 || len(got.Total.Effects) == 0 || got.Rows == nil {
		t.Errorf("got %+v", got)
	}
	if len(f.asked) != 4 {
		t.Fatalf("%d questions", len(f.asked))
	}
	for i, q := range f.asked[:2] {
		if q.By[0] != "workflow" || len(q.Where) != 0 {
			t.Errorf("outcomes are asked by %v where %v, want those of whole workflows", q.By, q.Where)
		}
		if diff := cmp.Diff([]spend.Dimension{"team", "workflow"}, f.asked[2+i].By[:2]); diff != "" {
			t.Errorf("the parts of period %d (-want +got):\n%s", i, diff)
		}
	}
	want := []api.ExplainHead{{Workflow: "triage", Outcomes: []string{"2", "2"}, Runs: []int64{3, 3}, Calls: []int64{7, 7}, Split: true}}
	if diff := cmp.Diff(want, got.Heads); diff != "" || got.Unsplit != "" {
		t.Errorf("%q (-want +got):\n%s", got.Unsplit, diff)
	}
	f.asked = f.asked[2:]
	for i, q := range f.asked {
		want := []string{"2026-09-01", "2026-10-01"}[i]
		if q.From.Format("2006-01-02") != want || q.By[0] != "team" || len(q.Where) != 1 || q.Top != 0 {
			t.Errorf("question %d: %+v", i, q)
		}
	}
	if diff := cmp.Diff(f.asked[0].By, f.asked[1].By); diff != "" {
		t.Errorf("the periods are grouped differently:\n%s", diff)
	}
	for form, want := range map[string]string{"text": "runs per outcome and calls per run: triage", "csv": "slice,team,before,after,change,outcomes,runs_per_outcome,calls_per_run,outside_runs,calls,"} {
		(&scenario{name: form, method: "GET", url: "/api/v1/explain?from=2026-09&to=2026-10&by=team&format=" + form, token: "finance", status: 200, want: []string{want}}).run(t, server(t, f))
	}
	for _, bad := range []scenario{
		{name: "no period", method: "GET", url: "/api/v1/explain?from=2026-09", token: "finance", status: 400, want: []string{"a month like 2026-09"}},
		{name: "a parameter too many", method: "GET", url: "/api/v1/explain?from=2026-09&to=2026-10&top=3", token: "finance", status: 400, want: []string{`"field":"top"`}},
		{name: "a person", method: "GET", url: "/api/v1/explain?from=2026-09&to=2026-10&by=principal", token: "admin", status: 403},
		{name: "a lead, of everything", method: "GET", url: "/api/v1/explain?from=2026-09&to=2026-10", token: "lead", status: 403},
		{name: "a lead, of the team", method: "GET", url: "/api/v1/explain?from=2026-09&to=2026-10&where=business_unit=retail&where=team=claims", token: "lead", status: 200},
	} {
		bad.run(t, server(t, f))
	}
	for url, want := range map[string]string{
		"/api/v1/explain?from=2026-09&to=2026-10&where=business_unit=retail&where=team=claims":               "outcomes are those of whole workflows, which this token may not read",
		"/api/v1/explain?from=2026-09&to=2026-10&book=invoiced&where=business_unit=retail&where=team=claims": "outcomes and runs are those of metered usage",
	} {
		(&scenario{name: url, method: "GET", url: url, token: "lead", status: 200, want: []string{want}}).run(t, server(t, f))
	}
}
