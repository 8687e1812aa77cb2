//go:build data

package app_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/money"
)

// sweepRun is a row of the sweep's totals.
type sweepRun struct {
	id, calls, cost string
	at              time.Time
	resolved        bool
}

func sweepRuns(t *testing.T) []sweepRun {
	t.Helper()
	f, err := os.Open(dataFile(t, "outcomes", "minisweagent_gemini3pro_runs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	var runs []sweepRun
	for _, row := range rows[1:] {
		last, err := strconv.ParseInt(row[at["last_unix"]], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, sweepRun{
			row[at["instance_id"]], row[at["api_calls"]], row[at["instance_cost_usd"]], time.Unix(last, 0).UTC(), row[at["resolved"]] == "1",
		})
	}
	return runs
}

// usage is the run as one event of its calls, with the cost that was recorded.
func (r *sweepRun) usage() map[string]any {
	return map[string]any{
		"specversion": "1.0", "type": "com.bursarhq.usage.v1", "source": "sweep", "id": r.id, "time": r.at,
		"data": map[string]any{
			"bucket": true, "call_count": json.Number(r.calls), "seller": "google", "requested_model": "gemini-3-pro-preview",
			"reported": r.cost, "reported_currency": "USD", "scope": map[string]string{"workflow": "swe-bench", "run": r.id},
		},
	}
}

func (r *sweepRun) outcome() map[string]any {
	return map[string]any{
		"specversion": "1.0", "type": "com.bursarhq.outcome.v1", "source": "swe-bench", "id": r.id, "subject": r.id, "time": r.at,
		"data": map[string]any{"definition": "swe-bench.resolved", "workflow": "swe-bench", "state": "verified", "level": "L1", "run": r.id},
	}
}

// TestDataSweepOverHTTP posts a real sweep, its runs with the cost that was
// recorded for each and the outcomes of those that were resolved, and asks what a
// resolved instance costs.
func TestDataSweepOverHTTP(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	var usage, outcomes []map[string]any
	for _, r := range sweepRuns(t) {
		usage = append(usage, r.usage())
		if r.resolved {
			outcomes = append(outcomes, r.outcome())
		}
	}
	for range 2 { // twice means once
		admin.post(t, "events", "/api/v1/events", usage)
		admin.post(t, "outcomes", "/api/v1/outcomes", outcomes)
	}
	admin.settled(t)
	status, text := admin.ask(t, http.MethodGet, "/api/v1/outcomes?measures=reported", "")
	var got api.OutcomeEnvelope
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %s", status, err, text)
	}
	all := got.Total
	if all.Runs != 500 || all.RunsWithOutcome != 371 || all.Outcomes != money.FromInt(371) || all.UnknownCalls != 0 {
		t.Errorf("%d runs, %d of them with an outcome, %s outcomes, %d calls without a cost; want 371 of 500", all.Runs, all.RunsWithOutcome, all.Outcomes, all.UnknownCalls)
	}
	if got.Basis != "reported" || all.Currency != "USD" || all.CostPerOutcome.Amount.Fixed(4) != "0.6199" || all.Cost.Amount.Fixed(2) != "229.98" {
		t.Errorf("%s %s on the basis %s, %s for each; want 229.98 USD, 0.6199 for each", all.Cost, all.Currency, got.Basis, all.CostPerOutcome)
	}
	if share := all.OrphanShare.Amount.Fixed(3); share != "0.339" {
		t.Errorf("orphan spend is %s of all, want 0.339", share)
	}
	if _, table := admin.ask(t, http.MethodGet, "/api/v1/outcomes?measures=reported&format=text", ""); !strings.Contains(table, "33.9 %") {
		t.Errorf("the table is\n%s", table)
	}
}

// post sends a batch with a new token of a kind.
func (r *running) post(t *testing.T, kind, path string, batch []map[string]any) {
	t.Helper()
	body, err := json.Marshal(batch)
	if err != nil {
		t.Fatal(err)
	}
	status, text := r.as(t, kind).ask(t, http.MethodPost, path, string(body))
	var receipt api.Receipt
	if err := json.Unmarshal([]byte(text), &receipt); err != nil || status != http.StatusAccepted || receipt.Accepted != len(batch) {
		t.Fatalf("%d %v: %d of %d accepted: %.500s", status, err, receipt.Accepted, len(batch), text)
	}
}
