package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/reconcile"
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

// wantBilled wants the bills of the company's last month to differ from what was metered
// as its vendors' do: by nothing, by a contract, by tax, or by what nobody metered.
func wantBilled(t *testing.T, s *app.Server) {
	t.Helper()
	q := asked(t, "2026-10")
	found, err := s.Reconcile(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, b := range found.Bills {
		if b.Basis == "" {
			continue // not billed yet
		}
		why := fmt.Sprint(b.Basis)
		for _, part := range b.Reasons {
			if part.Reason != reconcile.Rounding {
				why += fmt.Sprintf(" %s %d", part.Reason, part.Amount.Sign())
			}
		}
		got[b.Seller] = why
	}
	want := map[string]string{
		"anthropic": "invoiced", "azure": "invoiced contract_term -1", "bedrock": "invoiced tax 1", "google": "invoiced", "openai": "invoiced coverage_gap 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is billed otherwise than metered (-want +got)\n%s", diff)
	}
	if len(found.Shadow) != 1 || found.Shadow[0].Name != "proj_notebooks" {
		t.Errorf("keys that nobody answers for: %+v, want the one that goes around the gateway", found.Shadow)
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
	wantBilled(t, s)
	if standing, err := s.Standing(t.Context(), &q); err != nil || !standing.Demo {
		t.Errorf("a simulated company does not say DEMO: %+v, %v", standing, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestTrickle lets the company work on: new calls go through the server's own gateway
// and are none of those in its history.
func TestTrickle(t *testing.T) {
	t.Parallel()
	vendors := app.NewMadeUp()
	admin := serveWith(t, app.Config{Data: filled(t)}, vendors.Behind(app.Door{}), nil)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- admin.Trickle(ctx, app.Shift{Seed: 1, PerSecond: 200, Vendors: vendors}) }()
	for admin.figure(t, "bursar_gateway_calls_total") < 100 {
		select {
		case <-ctx.Done():
			t.Fatal("the company does not work")
		case <-time.After(50 * time.Millisecond):
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	admin.settled(t)
	sent := int64(admin.figure(t, "bursar_gateway_calls_total"))
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"source"}, Measures: []spend.Measure{spend.Calls, spend.Cost}, Zone: time.UTC}
	table, err := admin.Answer(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range table.Rows {
		if r.Keys[0] == "gateway" && r.Values[0].Amount != money.FromInt(sent) {
			t.Errorf("%s calls are booked of %d", r.Values[0].Amount, sent)
		}
	}
	if table.Totals.Calls < 30_000+sent || table.Totals.OpenCalls != 0 {
		t.Errorf("%d calls after the trickle, %d of them through the gateway and %d open", table.Totals.Calls, sent, table.Totals.OpenCalls)
	}
	wantWorked(t, admin)
	checks, err := admin.Doctor(t.Context(), admin.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.State == api.Broken {
			t.Errorf("%+v", c)
		}
	}
}

// wantWorked wants the company's calls as they were simulated: of its workflows and
// agents, answered and priced, and none that cannot be booked.
func wantWorked(t *testing.T, admin *running) {
	t.Helper()
	_, text := admin.ask(t, http.MethodGet, "/metrics", "")
	for _, want := range []string{
		`\nbursar_gateway_attempts_total\{agent="[^"]+",model="[^"]+",status="ok",verdict="allow",workflow="[^"]+"\} [1-9]`,
		`\nbursar_gateway_cost_total\{agent="[^"]+",currency="USD",model="[^"]+",workflow="[^"]+"\} `,
		`\nbursar_gateway_first_token_seconds_count\{route="openai",upstream="made-up"\} [1-9]`,
		`\nbursar_gateway_usage_total\{source="provider"\} [1-9]`, `\nbursar_ingest_quarantined_total 0\n`,
	} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("no figure has %s in %s", want, text)
		}
	}
}

// figure is the value of a figure without labels.
func (r *running) figure(t *testing.T, name string) float64 {
	t.Helper()
	_, text := r.ask(t, http.MethodGet, "/metrics", "")
	_, rest, found := strings.Cut(text, "\n"+name+" ")
	line, _, _ := strings.Cut(rest, "\n")
	value, err := strconv.ParseFloat(line, 64)
	if !found || err != nil {
		t.Fatalf("there is no figure %s in %s", name, text)
	}
	return value
}
