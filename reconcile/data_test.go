//go:build data

package reconcile_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// TestDataInferGemini finds the two price books of a public sweep of 500 runs: its calls
// are at 2, 0.20 and 12, and the runs whose 579 calls have no cost, 5.49 in all, at 2, 0.125
// and 12, which understates them by 0.48.
func TestDataInferGemini(t *testing.T) {
	t.Parallel()
	calls, runs := table(t, "minisweagent_gemini3pro_calls.csv"), table(t, "minisweagent_gemini3pro_runs.csv")
	whole := map[string]*reconcile.Sample{}
	priced := map[string]bool{}
	var samples []reconcile.Sample
	without := 0
	for _, c := range calls {
		s := reconcile.Sample{Amount: money.Must(c["cost_usd"]), Rounding: money.Must("0.000001")}
		s.Usage.Tokens[spend.CacheRead] = number(t, c["cached_tokens"])
		s.Usage.Tokens[spend.InText] = number(t, c["prompt_tokens"]) - s.Usage.Tokens[spend.CacheRead]
		s.Usage.Tokens[spend.OutText] = number(t, c["completion_tokens"])
		run := whole[c["instance_id"]]
		if run == nil {
			run = &reconcile.Sample{Rounding: money.Must("0.000001")}
			whole[c["instance_id"]] = run
		}
		for m := range run.Usage.Tokens {
			run.Usage.Tokens[m] += s.Usage.Tokens[m]
		}
		if s.Amount.IsZero() {
			without++
			continue
		}
		priced[c["instance_id"]] = true
		samples = append(samples, s)
	}
	var told, full money.Amount
	var unpriced []reconcile.Sample
	for _, r := range runs {
		if s := whole[r["instance_id"]]; s != nil && !priced[r["instance_id"]] {
			amount, _, err := money.ParseRounded(r["instance_cost_usd"])
			if err != nil {
				t.Fatal(err)
			}
			s.Amount = amount
			told = sumOf(t, told, amount)
			unpriced = append(unpriced, *s)
		}
	}
	if without != 579 || len(unpriced) != 16 || told.Fixed(2) != "5.49" {
		t.Errorf("%d calls of %d runs have no cost, and the runs say %s; want 579, 16 and 5.49", without, len(unpriced), told)
	}
	books := reconcile.Infer(append(samples, unpriced...))
	if len(books) != 2 {
		t.Fatalf("%d price books, want 2: %+v", len(books), books)
	}
	for i, want := range [][3]string{{"2", "0.2", "12"}, {"2", "0.125", "12"}} {
		b := books[i]
		t.Logf("%v gives %d of %d, residual %s", b.PerMillion, b.Samples, b.Of, b.Residual)
		for k, m := range [3]spend.Meter{spend.InText, spend.CacheRead, spend.OutText} {
			if b.PerMillion[m] != money.Must(want[k]) {
				t.Errorf("book %d: %s is %s, want %s", i+1, m, b.PerMillion[m], want[k])
			}
		}
	}
	for _, s := range unpriced {
		for m, rate := range books[0].PerMillion {
			a, err := rate.MulRatio(s.Usage.Tokens[m], 1_000_000)
			if err != nil {
				t.Fatal(err)
			}
			full = sumOf(t, full, a)
		}
	}
	if short, err := full.Sub(told); err != nil || short.Fixed(2) != "0.48" {
		t.Errorf("they are understated by %s, want 0.48", short)
	}
}

func sumOf(t *testing.T, a, b money.Amount) money.Amount {
	t.Helper()
	total, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// table reads a file of the public data by its columns.
func table(t *testing.T, name string) (all []map[string]string) {
	t.Helper()
	dir := os.Getenv("BURSAR_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, "outcomes", name))
	if err != nil {
		t.Fatalf("%v; set BURSAR_DATA to the folder with the public data", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, column := range rows[0] {
			one[column] = row[i]
		}
		all = append(all, one)
	}
	return all
}
