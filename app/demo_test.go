package app_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

func demoCompany() (*company.Company, time.Time) {
	end := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	return company.New(company.Config{Seed: 1, End: end, Events: 30_000}), end
}

// filled is a folder with a small simulated company.
func filled(t *testing.T) string {
	t.Helper()
	c, end := demoCompany()
	a, err := app.Open(app.Config{Data: t.TempDir(), Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if result, err := a.Demo(t.Context(), c, nil); err != nil || result.Read != 30_000 {
		t.Fatalf("%d calls, %v", result.Read, err)
	}
	results, err := a.DemoOutcomes(t.Context(), c, end)
	if err != nil || results < 1000 {
		t.Fatalf("%d results, %v", results, err)
	}
	if _, err := a.Demo(t.Context(), c, nil); spend.KindOf(err) != spend.KindConflict {
		t.Errorf("filled twice: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return a.Data
}

// demoPurchases sums what the company buys, by category.
func demoPurchases(t *testing.T) map[string]money.Amount {
	t.Helper()
	c, _ := demoCompany()
	sums := map[string]money.Amount{}
	for _, p := range c.Purchases() {
		category := "purchase"
		if p.Kind == purchase.Credit {
			category = "credit"
		}
		sum, err := sums[category].Add(p.Amount)
		if err != nil {
			t.Fatal(err)
		}
		sums[category] = sum
	}
	return sums
}

// wantBought wants what was bought in the ledger, to the last digit, and the calls
// beside it as many as ever.
func wantBought(t *testing.T, s *app.Server, want map[string]money.Amount) {
	t.Helper()
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"category"}, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC}
	table, err := s.Answer(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]money.Amount{}
	for _, r := range table.Rows {
		if r.Keys[0] != "usage" {
			got[r.Keys[0]] = r.Values[0].Amount
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 2 {
		t.Errorf("bought beside usage (-want +got):\n%s", diff)
	}
	if len(table.Rows) != 3 || table.Totals.UnconvertedLines != 0 {
		t.Errorf("%d categories, %d lines unconverted", len(table.Rows), table.Totals.UnconvertedLines)
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	data := filled(t)
	s, err := app.OpenServer(t.Context(), app.Config{Data: data}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC}
	table, err := s.Outcomes(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	if r := table.Total; r.Outcomes.IsZero() || r.Claimed.IsZero() || r.Reversed == 0 || r.With.Runs == 0 {
		t.Errorf("the company's outcomes come to %+v", r)
	}
	for _, r := range table.Rows {
		if r.Workflow == "escalated-tickets" && r.Definition != "ticket resolved" {
			t.Errorf("%s is about %q", r.Workflow, r.Definition)
		}
	}
	wantBought(t, s, demoPurchases(t))
	if standing, err := s.Standing(t.Context(), &q); err != nil || !standing.Demo {
		t.Errorf("a simulated company does not say DEMO: %+v, %v", standing, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestTrickle lets the company work on: new calls come through the journal and are
// none of those in its history.
func TestTrickle(t *testing.T) {
	t.Parallel()
	s, err := app.OpenServer(t.Context(), app.Config{Data: filled(t)}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Trickle(ctx, 1, 500) }()
	for s.Ingest.Waiting() < 1000 {
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := s.Ingest.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	table, err := s.Answer(t.Context(), &spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Calls}, Zone: time.UTC})
	if err != nil || table.Totals.Calls < 30_500 {
		t.Errorf("%d calls after the trickle, %v", table.Totals.Calls, err)
	}
	checks, err := s.Doctor(t.Context(), s.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.State == api.Broken {
			t.Errorf("%+v", c)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
