package api_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// TestBoardReportByForm asks for each form by name and by what a client accepts.
func TestBoardReportByForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, accept, media, text string }{
		{"", "", "application/json", `"missing":[`},
		{"", "text/html,application/xhtml+xml;q=0.9", "text/html; charset=utf-8", "<h1>What AI cost and what it bought</h1>"},
		{"?format=markdown", "text/html", "text/markdown; charset=utf-8", "# What AI cost"},
		{"", "application/pdf", "application/pdf", "%PDF-1"},
		{"?format=pdf&paper=letter", "", "application/pdf", "[0 0 612.00 792.00]"},
		{"?format=xlsx&month=2026-09", "", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"},
	} {
		s := scenario{method: "GET", url: "/api/v1/reports/board" + c.query, token: "whole"}
		r := s.request()
		r.Header.Set("Accept", c.accept)
		rec := httptest.NewRecorder()
		f := &fake{table: spend.Table{Currency: "USD", Totals: spend.Totals{Cost: money.Must("4.5")}}}
		server(t, f).ServeHTTP(rec, r)
		if rec.Code != 200 || rec.Header().Get("Content-Type") != c.media || !strings.Contains(rec.Body.String(), c.text) {
			t.Errorf("%q, %q: %d %s %.300s", c.query, c.accept, rec.Code, rec.Header().Get("Content-Type"), rec.Body)
		}
		for i := range f.asked {
			q := &f.asked[i]
			ahead := len(q.Where) > 0 && q.Where[0].Has == purchase.Source // of the forecast, which is of what is known now
			if q.Grain == spend.Whole && !ahead && !q.AsOf.Equal(noon()) {
				t.Errorf("%q: a question is of %s, not of one instant: %+v", c.query, q.AsOf, q)
			}
		}
	}
}

// TestBoardReportRefuses wants a clear error for what it cannot make.
func TestBoardReportRefuses(t *testing.T) {
	t.Parallel()
	for query, hint := range map[string]string{
		"?format=pptx": "json, html, markdown, pdf or xlsx", "?format=pdf&paper=a3": "a4 or letter", "?format=html&paper=a4": "ask for pdf", "?month=May": "a month of finance", "?month=2027-01": "has not begun",
		"?from=2026-10-01": "two days", "?month=2026-10&from=2026-10-01&to=2026-10-02": "one of them", "?by=team": "is no parameter here",
	} {
		s := scenario{method: "GET", url: "/api/v1/reports/board" + query, token: "whole"}
		rec := httptest.NewRecorder()
		server(t, &fake{}).ServeHTTP(rec, s.request())
		if rec.Code != 400 || !strings.Contains(rec.Body.String(), hint) {
			t.Errorf("%s: %d %s", query, rec.Code, rec.Body)
		}
	}
}

// TestBudgetsServeAsPlan takes budgets of exactly the month that count everything, or a
// team; one of a seller's calls, of a week, or in tokens is no plan.
func TestBudgetsServeAsPlan(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD", Totals: spend.Totals{Cost: money.Must("4.5")}}}
	october, november := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	week := october.AddDate(0, 0, 7)
	month := func(id string, to time.Time, plain bool) api.BudgetStanding {
		return api.BudgetStanding{Budget: id, From: &october, To: &to, Counts: "effective", Currency: "USD", Limit: money.FromInt(10), Booked: money.FromInt(4), Plain: plain}
	}
	f.standings = []api.BudgetStanding{month("all", november, true), month("seller", november, false), month("week", week, true)}
	s := scenario{method: "GET", url: "/api/v1/kpis?month=2026-10&zone=UTC&format=csv", token: "whole"}
	rec := httptest.NewRecorder()
	server(t, f).ServeHTTP(rec, s.request())
	if !strings.Contains(rec.Body.String(), "plan_ratio,Spent of plan,,percent,0.4,,") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	s.url = "/api/v1/reports/board?month=2026-10&zone=UTC&format=markdown"
	rec = httptest.NewRecorder()
	server(t, f).ServeHTTP(rec, s.request())
	if text := rec.Body.String(); !strings.Contains(text, "| everything | 10.00 | 4.00 | -6.00 | 40.0 % | budget all |") || strings.Contains(text, "budget seller") || strings.Contains(text, "budget week") {
		t.Errorf("%d %s", rec.Code, text)
	}
}

// TestPlanComesBeforeBudgets takes the lines that plan the whole period in the report's
// currency, names those in another, and asks for the spend of each; budgets serve where
// none does.
func TestPlanComesBeforeBudgets(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD", Totals: spend.Totals{Cost: money.Must("4.5")}}}
	october, november := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	f.standings = []api.BudgetStanding{{Budget: "all", From: &october, To: &november, Counts: "effective", Currency: "USD", Limit: money.FromInt(10), Booked: money.FromInt(4), Plain: true}}
	year := map[spend.Period]money.Amount{"2026-10": money.FromInt(310)}
	f.planned = []plan.Line{
		{Currency: "USD", Where: map[spend.Dimension]string{"team": "claims"}, Months: year},
		{Currency: "USD", Months: year},
		{Currency: "EUR", Where: map[spend.Dimension]string{"team": "abroad"}, Months: year},
	}
	for query, want := range map[string]string{
		"month=2026-10":                 "| everything | 310.00 | 4.50 | -305.50 | 1.5 % | plan |",
		"from=2026-10-01&to=2026-10-11": "| team claims | 100.00 | 4.50 | -95.50 | 4.5 % | plan |",
	} {
		s := scenario{method: "GET", url: "/api/v1/reports/board?" + query + "&zone=UTC&format=markdown", token: "whole"}
		rec := httptest.NewRecorder()
		server(t, f).ServeHTTP(rec, s.request())
		text := rec.Body.String()
		if !strings.Contains(text, want) || strings.Contains(text, "budget all") || strings.Contains(text, "| team abroad |") ||
			!strings.Contains(text, "Plan of team abroad: it is in EUR, and the report in USD") {
			t.Errorf("%s: %d %s", query, rec.Code, text)
		}
	}
	asked := false
	for i := range f.asked {
		for _, w := range f.asked[i].Where {
			asked = asked || w.By == "team" && len(w.Values) == 1 && w.Values[0] == "claims"
		}
	}
	if !asked {
		t.Error("nobody asked what the team of a line spent")
	}
	s := scenario{method: "GET", url: "/api/v1/reports/board?from=2026-09-30&to=2026-10-11&zone=UTC&format=markdown", token: "whole"}
	rec := httptest.NewRecorder()
	server(t, f).ServeHTTP(rec, s.request())
	if text := rec.Body.String(); !strings.Contains(text, "nothing is planned of the whole period") {
		t.Errorf("September is not planned: %s", text)
	}
}
