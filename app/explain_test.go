package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	answers "github.com/bursarhq/bursar/report" // report is a helper of the benchmarks
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
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
	drawnSlicings(t, a)
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
	var results [2]outcome.Table
	for i, base := range []spend.Query{before, after} {
		q, missing := answers.HeadsAsk(&base)
		if missing != "" {
			t.Fatal(missing)
		}
		if results[i], err = a.Outcomes(t.Context(), &q); err != nil {
			t.Fatal(err)
		}
	}
	heads := answers.HeadsOf(&results[0], &results[1])
	var tables [2]spend.Table
	for i, base := range []spend.Query{before, after} {
		q := answers.Detailed(base, &heads)
		if tables[i], err = a.Answer(t.Context(), &q); err != nil {
			t.Fatal(err)
		}
	}
	e, err := answers.Explain(a.Book(), before.By, tables, heads)
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

// drawnSlicings draws slicings and pairs of months: effects sum to the change in the
// total and in every slice, and both totals are the ledger's.
func drawnSlicings(t *testing.T, a *app.App) {
	t.Helper()
	dimensions := []string{"business_unit", "team", "application", "workflow", "agent", "environment", "model", "seller", "kind", "service_tier", "context_tier", "region", "source"}
	months := []string{"2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"}
	seed := rapid.Custom(func(d *rapid.T) answers.ExplainAsk {
		by := rapid.SliceOfNDistinct(rapid.SampledFrom(dimensions), 0, 3, rapid.ID).Draw(d, "by")
		pair := rapid.SliceOfNDistinct(rapid.SampledFrom(months), 2, 2, rapid.ID).Draw(d, "months")
		return answers.ExplainAsk{By: strings.Join(by, ","), From: pair[0], To: pair[1], Book: string(spend.Metered), Zone: "UTC"}
	})
	for n := range 12 {
		ask := seed.Example(n)
		e := companyBill(t, a, ask)
		sum, err := money.Sum(append([]money.Amount{e.Bill.Total.Before}, e.Bill.Total.Effects...)...)
		if err != nil || sum != e.Bill.Total.After || e.Bill.Total.Before != e.Before.Totals.Cost || e.Bill.Total.After != e.After.Totals.Cost {
			t.Errorf("%+v: %v, %v; want %v", ask, sum, err, e.After.Totals.Cost)
		}
		rowsAreSpend(t, a, &e)
	}
}

// TestTheCompanysMovesHaveTheirNames looks for what its story tells: an alias that its
// seller repoints in June, a vendor of its own from July on, a promotion, and a workflow
// whose calls its outcomes divide.
func TestTheCompanysMovesHaveTheirNames(t *testing.T) {
	t.Parallel()
	a, err := app.Open(app.Config{Data: filled(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	for _, c := range []struct {
		from, to, where string
		want, none      []string // effects that are not zero, and that are
	}{
		{"2026-05", "2026-07", "requested_model=mistral-medium-latest", []string{variance.Alias}, []string{variance.ListPrice, variance.Routing, variance.Succession, variance.Lines}},
		{"2026-08", "2026-09", "model=openai/gpt-5.6-sol", []string{variance.Promotion}, []string{variance.ListPrice, variance.Alias}},
		{"2026-08", "2026-10", "workflow=policy-questions", []string{variance.Outcomes, variance.RunsEach, variance.CallsEach}, []string{variance.Calls}},
		{"2026-05", "2026-06", "seller=xai", []string{variance.Calls}, []string{variance.Lines, variance.ListPrice, variance.Promotion}},
	} {
		e := companyBill(t, a, answers.ExplainAsk{From: c.from, To: c.to, Where: []string{c.where}, Book: string(spend.Metered), Zone: "UTC"})
		for j, name := range variance.Drivers() {
			effect := e.Bill.Total.Effects[j]
			if slices.Contains(c.want, name) && effect.IsZero() || slices.Contains(c.none, name) && !effect.IsZero() {
				t.Errorf("%s from %s to %s: %s is %v", c.where, c.from, c.to, name, effect)
			}
		}
		sums, err := money.Sum(append([]money.Amount{e.Bill.Total.Before}, e.Bill.Total.Effects...)...)
		if err != nil || sums != e.After.Totals.Cost {
			t.Errorf("%s: %v, %v; want %v", c.where, sums, err, e.After.Totals.Cost)
		}
	}
}
