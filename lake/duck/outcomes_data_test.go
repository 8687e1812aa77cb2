//go:build data

package duck_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func sweep(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("BURSAR_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, "outcomes", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; set BURSAR_DATA to the folder of the data sets", err)
	}
	return path
}

func sweepFile(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(sweep(t, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// totalsMapping reads the sweep's own total of each run as one reported bucket.
const totalsMapping = `mapping: bursar/1
name: mini-swe-agent-totals
format: csv
rank: agent_aggregate
key: [instance_id]
time: {field: last_unix, format: unix_s}
fields:
  workflow: {value: swe-bench}
  run: instance_id
reported_cost: {field: instance_cost_usd, currency: USD}
bucket: {calls: api_calls}
`

// reportedTotals are the run totals as lines of the reported book: a recorded
// cost each, and no price of ours.
func reportedTotals(t *testing.T) (lines []spend.Charge) {
	t.Helper()
	m, err := connect.ParseMapping([]byte(totalsMapping))
	if err != nil {
		t.Fatal(err)
	}
	r := connect.Open(sweepFile(t, "minisweagent_gemini3pro_runs.csv"), m, connect.Options{})
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil || len(rec.Problems) > 0 {
			t.Fatal(err, rec.Problems)
		}
		rec.Event.Book = spend.Reported
		c := spend.Charge{Event: rec.Event, AttemptID: rec.Event.Keys()[0],
			Calls: rec.Event.Calls(), BookedAt: rec.Event.UsedAt, PriceState: spend.Unpriced, Finality: spend.Provisional, Schema: lake.Schema}
		c.ID = spend.Digest("line", c.AttemptID.String())
		lines = append(lines, c)
	}
}

// calls hands the calls of the sweep to the pipeline.
type calls struct{ *connect.Reader }

func (c calls) Next(out *ingest.Record) error {
	rec, err := c.Reader.Next()
	*out = ingest.Record{Event: rec.Event, Revisions: spend.Immutable, Line: rec.Line, End: rec.End, Digest: rec.Hash, Problems: rec.Problems}
	return err
}

// meter books the calls of the sweep, at the prices that come with the program.
func meter(t *testing.T, l *duck.Lake) {
	t.Helper()
	facts, aliases, err := pricebook.EmbeddedFacts()
	if err != nil {
		t.Fatal(err)
	}
	book, err := pricebook.Compile(facts, aliases, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := connect.LoadMapping("mini-swe-agent")
	if err != nil {
		t.Fatal(err)
	}
	p := ingest.New(ingest.Config{Order: ingest.Order{Book: book, Reporting: "USD"}, Ledger: l, Now: time.Now})
	im := ingest.Import{Pipeline: p, Reader: calls{connect.Open(sweepFile(t, "minisweagent_gemini3pro_calls.csv"), m, connect.Options{})}}
	if r, err := im.Run(t.Context()); err != nil || r.Booked != 20163 {
		t.Fatalf("%d calls booked, want 20,163; error %v", r.Booked, err)
	}
}

func deliverRuns(t *testing.T, s laketest.OutcomeStore) (laketest.OutcomeResult, int64) {
	t.Helper()
	r := connect.OpenOutcomes(sweepFile(t, "minisweagent_gemini3pro_runs.csv"), connect.MiniSWEAgentRuns())
	d := laketest.OutcomeDelivery{At: time.Date(2025, 11, 19, 0, 0, 0, 0, time.UTC)}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(rec.Problems) > 0 {
			t.Fatal(err, rec.Problems)
		}
		d.Events = append(d.Events, rec.Event)
	}
	result, err := laketest.BookOutcomes(t.Context(), s, d)
	if err != nil || len(result.Refused) > 0 {
		t.Fatal(err, result.Refused)
	}
	return result, r.Passed()
}

// TestDataOutcomes sets a real sweep's calls against its results on three
// bases. The run totals are what the sweep recorded; the calls lack the cost of
// 579 of them, in 16 runs; our own price has all of them.
func TestDataOutcomes(t *testing.T) {
	t.Parallel()
	l := open(t)
	meter(t, l)
	if err := l.Append(t.Context(), lake.Batch{Charges: reportedTotals(t)}); err != nil {
		t.Fatal(err)
	}
	if r, passed := deliverRuns(t, l); r.Booked != 371 || passed != 129 {
		t.Fatalf("%d booked, %d runs without an outcome; want 371 and 129", r.Booked, passed)
	}
	if r, _ := deliverRuns(t, l); r.Booked != 0 || r.Known != 371 {
		t.Fatalf("%d booked, %d known the second time; want 0 and 371", r.Booked, r.Known)
	}
	for _, c := range []struct {
		basis                    string
		book                     spend.Book
		measure                  spend.Measure
		cost, per, orphan, share string
		unknown                  int64
	}{
		{"run totals as recorded", spend.Reported, spend.ReportedCost, "229.97876", "0.6199", "77.86782", "0.3386", 0},
		{"calls as recorded", spend.Metered, spend.ReportedCost, "224.48920", "0.6051", "76.37863", "0.3402", 579},
		{"calls at our price", spend.Metered, spend.Cost, "230.45933", "0.6212", "77.99603", "0.3384", 0},
	} {
		q := spend.Query{Book: c.book, Axis: spend.ByUse, By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{c.measure}}
		table, err := lake.Outcomes(t.Context(), l, &q)
		if err != nil || len(table.Rows) != 1 {
			t.Fatal(err, table.Rows)
		}
		row := table.Rows[0]
		orphan, err := row.Orphan()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []struct {
			name, want string
			got        money.Null
			digits     int
		}{
			{"cost", c.cost, row.All.Cost, 5}, {"cost per outcome", c.per, row.CostPerOutcome(), 4},
			{"orphan spend", c.orphan, orphan.Cost, 5}, {"orphan share", c.share, row.OrphanShare(), 4},
			{"outcomes", "371", money.Known(row.Outcomes), 12},
		} {
			if f.got != (money.Null{Amount: f.got.Amount, Valid: true}) || f.got.Amount.Round(f.digits) != money.Must(f.want) {
				t.Errorf("%s: %s is %s, want %s", c.basis, f.name, f.got, f.want)
			}
		}
		if row.With.Runs != 371 || row.Without.Runs != 129 || row.NoRun != (outcome.Part{}) || row.All.Unknown != c.unknown {
			t.Errorf("%s: %+v; want 371 runs with, 129 without an outcome, %d calls without an amount", c.basis, row, c.unknown)
		}
		table.Currency = "USD"
		var text bytes.Buffer
		if err := report.OutcomeText(&text, &table); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s:\n%s", c.basis, text.String())
	}
}
