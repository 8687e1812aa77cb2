//go:build data

package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func dataFile(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("BURSAR_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; set BURSAR_DATA to the folder of the data sets", err)
	}
	return path
}

func importFile(t testing.TB, a *app.App, mapping, path string) ingest.Result {
	t.Helper()
	m, err := connect.LoadMapping(mapping)
	if err != nil {
		t.Fatal(err)
	}
	result, err := a.Import(t.Context(), app.File{Path: path, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func totals(t testing.TB, a *app.App, measures ...spend.Measure) []money.Null {
	t.Helper()
	table, err := a.Answer(t.Context(), &spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: measures})
	if err != nil {
		t.Fatal(err)
	}
	return table.Totals.Values
}

// TestDataMiniSWEAgent meters a real sweep from its tokens: the calls that came
// without a cost are found and priced, and every other call is set against the
// cost that its harness recorded.
func TestDataMiniSWEAgent(t *testing.T) {
	t.Parallel()
	a := open(t, t.TempDir())
	defer a.Close()
	result := importFile(t, a, "mini-swe-agent", dataFile(t, "outcomes", "minisweagent_gemini3pro_calls.csv"))
	if result.Booked != 20163 || result.Quarantined != 0 || result.Unpriced != 0 {
		t.Fatalf("%+v, want 20,163 calls booked, all priced", result)
	}
	got := totals(t, a, spend.Calls, spend.PromptTokens, spend.CachedTokens, spend.OutputTokens, spend.Runs, spend.Cost)
	for i, want := range []string{"20163", "333047929", "279065308", "5556752", "500", "230.4593276"} {
		if got[i] != money.Known(money.Must(want)) {
			t.Errorf("figure %d is %s, want %s", i, got[i], want)
		}
	}
	found := compare(t, a)
	if found.uncosted != 579 || found.uncostedCost.Round(2) != money.Must("5.97") {
		t.Errorf("%d calls without a cost, priced at %s, want 579 at 5.97", found.uncosted, found.uncostedCost)
	}
	if found.within != found.costed || found.costed != 19584 {
		t.Errorf("%d of %d calls are within 1 %% of the recorded cost, want all 19,584", found.within, found.costed)
	}
}

// comparison sets our price beside the source's, call by call.
type comparison struct {
	costed, within, uncosted int
	uncostedCost             money.Amount
}

func compare(t *testing.T, a *app.App) (c comparison) {
	t.Helper()
	err := a.Lake.EachLine(t.Context(), func(line *spend.Charge) error {
		if !line.Reported.Valid {
			c.uncosted++
			var err error
			c.uncostedCost, err = c.uncostedCost.Add(line.Effective.Amount)
			return err
		}
		c.costed++
		if line.Flags&spend.ReportedCostDiffers == 0 {
			c.within++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDataTraces imports the public traces through their mappings, twice.
func TestDataTraces(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		mapping, file string
		rows, calls   int64
	}{
		{"azure-llm-trace", "AzureLLMInferenceTrace_conv.csv", 19366, 19366},
		{"azure-llm-trace", "AzureLLMInferenceTrace_code.csv", 8819, 8819},
		{"mooncake", "mooncake_conversation_trace.jsonl", 12031, 12031},
		{"mooncake", "mooncake_synthetic_trace.jsonl", 3993, 3993},
		{"servegen-tokens", "servegen_tokens_6h.csv", 7575, 7575},
		{"servegen-hourly", "servegen_hourly.csv", 1047, 3824907796},
	} {
		t.Run(f.file, func(t *testing.T) {
			t.Parallel()
			a := open(t, t.TempDir())
			defer a.Close()
			path := dataFile(t, "traces", f.file)
			if r := importFile(t, a, f.mapping, path); r.Booked != f.rows || r.Quarantined != 0 {
				t.Fatalf("%+v, want %d rows booked", r, f.rows)
			}
			if r := importFile(t, a, f.mapping, path); r.Booked != 0 || r.Duplicates+r.Skipped < f.rows {
				t.Errorf("%+v on the second import, want no new line", r)
			}
			if calls := totals(t, a, spend.Calls)[0]; calls != money.Known(money.FromInt(f.calls)) {
				t.Errorf("%s calls, want %d", calls, f.calls)
			}
		})
	}
}
