package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/money"
	answers "github.com/bursarhq/bursar/report" // report is a helper of the benchmarks
	"github.com/bursarhq/bursar/spend"
)

// TestEverySlicingOfTheCompanysBillIsExplained sets, under every slicing, both periods
// against the answer that bursar spend gives, and the effects against the change.
func TestEverySlicingOfTheCompanysBillIsExplained(t *testing.T) {
	t.Parallel()
	a, err := app.Open(app.Config{Data: filled(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	totals := map[string]bool{}
	for _, ask := range []answers.ExplainAsk{
		{}, {By: "team"}, {By: "business_unit,team"}, {By: "model"}, {By: "seller"}, {By: "workflow,model"}, {By: "environment,kind"},
	} {
		ask.From, ask.To, ask.Book, ask.Zone = "2026-08", "2026-10", string(spend.Metered), "UTC"
		e := companyBill(t, a, ask)
		total := e.Bill.Total
		sum, err := money.Sum(append([]money.Amount{total.Before}, total.Effects...)...)
		if err != nil || sum != total.After || total.Before.IsZero() || total.After.IsZero() {
			t.Errorf("by %q: %v and its effects are %v, %v; want %v", ask.By, total.Before, sum, err, total.After)
		}
		if total.Before != e.Before.Totals.Cost || total.After != e.After.Totals.Cost {
			t.Errorf("by %q: %v and %v, the ledger has %v and %v", ask.By, total.Before, total.After, e.Before.Totals.Cost, e.After.Totals.Cost)
		}
		totals[total.Before.String()+" "+total.After.String()] = true
		rowsAreSpend(t, a, &e)
	}
	if len(totals) != 1 {
		t.Errorf("slicings differ in their totals: %v", totals)
	}
}

// companyBill explains one question.
func companyBill(t *testing.T, a *app.App, ask answers.ExplainAsk) answers.Explanation {
	t.Helper()
	before, after, err := ask.Base(time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var tables [2]spend.Table
	for i, base := range []spend.Query{before, after} {
		q := answers.Detailed(base)
		if tables[i], err = a.Answer(t.Context(), &q); err != nil {
			t.Fatal(err)
		}
	}
	e, err := answers.Explain(before.By, &tables[0], &tables[1])
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// rowsAreSpend sets the later cost of each slice, and its effects, against the ledger.
func rowsAreSpend(t *testing.T, a *app.App, e *answers.Explanation) {
	t.Helper()
	q := e.After.Query
	q.By, q.Measures = e.By, []spend.Measure{spend.Cost}
	table, err := a.Answer(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]money.Amount{}
	for _, r := range table.Rows {
		want[strings.Join(r.Keys, "/")] = r.Values[0].Amount
	}
	for _, s := range e.Bill.Slices {
		name := strings.Join(s.Keys, "/")
		sum, err := money.Sum(append([]money.Amount{s.Before}, s.Effects...)...)
		if err != nil || sum != s.After || s.After != want[name] {
			t.Errorf("%s: explained to %v, %v, booked %v, the ledger has %v", name, sum, err, s.After, want[name])
		}
	}
}
