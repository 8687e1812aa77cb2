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
	if len(f.asked) != 2 {
		t.Fatalf("%d questions", len(f.asked))
	}
	for i, q := range f.asked {
		want := []string{"2026-09-01", "2026-10-01"}[i]
		if q.From.Format("2006-01-02") != want || q.By[0] != "team" || len(q.Where) != 1 || q.Top != 0 {
			t.Errorf("question %d: %+v", i, q)
		}
	}
	if diff := cmp.Diff(f.asked[0].By, f.asked[1].By); diff != "" {
		t.Errorf("the periods are grouped differently:\n%s", diff)
	}
	for form, want := range map[string]string{"text": "Spend did not change", "csv": "slice,team,before,after,change,calls,"} {
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
}
