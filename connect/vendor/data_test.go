//go:build data

package vendor_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/money"
)

// TestDataFocus loads the sample of FOCUS 1.0 and examples of later ones whole: what is read
// of a file is the plain sum of what it bills.
func TestDataFocus(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("BURSAR_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	for _, name := range []string{
		"focus_1.0_sample_1000.csv", "worked_rows_llm.csv", "spec_1.5_draft_ai_billing/cached_tokens_via_csp_marketplace.csv",
		"spec_1.5_draft_ai_billing/drawdown_via_prepayment_foundation_model_api.csv",
	} {
		name = filepath.Join(dir, "focus", name)
		want, rows := billedBy(t, name)
		f, err := os.Open(name)
		if err != nil {
			t.Fatalf("%v; set BURSAR_DATA to the folder with the public data", err)
		}
		x, err := vendor.Read(f, vendor.Options{Vendor: "focus"})
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
			continue
		}
		got := money.Amount{}
		for _, l := range x.Lines {
			if len(l.Problems) > 0 {
				t.Errorf("%s:%d: %v", filepath.Base(name), l.Row, l.Problems)
			}
			if got, err = got.Add(l.Event.Reported.Amount); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%s: %d rows are %d lines, %s", filepath.Base(name), x.Rows, len(x.Lines), got)
		if got != want || x.Rows != rows || x.Foreign+x.Empty != 0 {
			t.Errorf("%s: %d rows come to %s, want %d and %s", filepath.Base(name), x.Rows, got, rows, want)
		}
	}
}

// billedBy sums the column BilledCost of a file, whatever its currencies.
func billedBy(t *testing.T, name string) (total money.Amount, rows int64) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(all[0], "BilledCost")
	for _, row := range all[1:] {
		a, _, err := money.ParseRounded(row[at])
		if err == nil {
			total, err = total.Add(a)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rows++
	}
	return total, rows
}
