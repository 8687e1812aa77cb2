//go:build data

package tracker_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/tracker"
)

// factsDir is where the compiled facts are committed.
const factsDir = "../pricebook/facts"

// dataDir is where the price books lie.
func dataDir() string {
	if dir := os.Getenv("BURSAR_DATA"); dir != "" {
		return dir
	}
	return "../../shared/data"
}

// readBooks reads every book of the data folder.
func readBooks(t *testing.T) map[tracker.Book]tracker.Reading {
	t.Helper()
	dir := dataDir()
	readings := map[tracker.Book]tracker.Reading{}
	for book, name := range map[tracker.Book]string{
		tracker.History: "history.csv", tracker.GenAI: "genai-prices-v2.json", tracker.LiteLLM: "litellm-model-prices.json",
		tracker.Portkey: "portkey-pricing.json", tracker.ModelsDev: "models-dev-costs.csv",
		tracker.Langfuse: "langfuse-default-model-prices.json",
	} {
		data, err := os.ReadFile(filepath.Join(dir, "prices", name))
		if err != nil {
			t.Fatalf("read price book: %v", err)
		}
		if detected, ok := tracker.Detect(data); !ok || detected != book {
			t.Errorf("Detect(%s) = %q, %v; want %q", name, detected, ok, book)
		}
		if readings[book], err = tracker.Read(book, data); err != nil {
			t.Fatalf("read %s: %v", name, err)
		}
	}
	return readings
}

// compileWithout compiles all books but one; "" leaves none out.
func compileWithout(t *testing.T, readings map[tracker.Book]tracker.Reading, out tracker.Book) tracker.Result {
	t.Helper()
	var in tracker.Inputs
	for _, b := range tracker.Books() {
		if b != out {
			in.Readings = append(in.Readings, readings[b])
		}
	}
	var err error
	if in.Lineage, err = os.ReadFile(filepath.Join(dataDir(), "prices", "family-lineage.csv")); err != nil {
		t.Fatal(err)
	}
	result, err := tracker.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestDataFactsAreCurrent(t *testing.T) {
	readings := readBooks(t)
	result := compileWithout(t, readings, "")
	report(t, result)
	files, err := tracker.Files(result)
	if err != nil {
		t.Fatal(err)
	}
	stale, err := filepath.Glob(filepath.Join(factsDir, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stale {
		if _, ok := files[filepath.Base(path)]; !ok && *update {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		} else if !ok {
			t.Errorf("%s is not made by this compilation", path)
		}
	}
	for name, want := range files {
		current(t, name, want)
	}
}

// current compares a committed file with its content, or writes it.
func current(t *testing.T, name string, want []byte) {
	t.Helper()
	path := filepath.Join(factsDir, name)
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v: run the test with -update", err)
		return
	}
	if diff := cmp.Diff(firstLines(string(got), string(want))); diff != "" {
		t.Errorf("%s is not current, run the test with -update (-committed +compiled):\n%s", name, diff)
	}
}

// firstLines gives the first lines in which two texts differ.
func firstLines(a, b string) (x, y string) {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return as[i], bs[i]
		}
	}
	if len(as) != len(bs) {
		return "lines: " + as[len(as)-1], "lines: " + bs[len(bs)-1]
	}
	return "", ""
}

// report prints how much there is.
func report(t *testing.T, r tracker.Result) {
	t.Helper()
	facts, skus, solid := map[string]int{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	grades := map[string]int{}
	for _, f := range r.Facts {
		facts[f.Seller]++
		grades[string(f.Confidence)]++
		if skus[f.Seller] == nil {
			skus[f.Seller], solid[f.Seller] = map[string]bool{}, map[string]bool{}
		}
		skus[f.Seller][f.SKU] = true
		if f.Confidence != "low" {
			solid[f.Seller][f.SKU] = true
		}
	}
	total, firm := 0, 0
	for s := range skus {
		total += len(skus[s])
		firm += len(solid[s])
	}
	t.Logf("%d facts %v, %d SKUs (%d high or medium) of %d sellers, %d aliases, %d skipped", len(r.Facts), grades, total, firm, len(skus), len(r.Aliases), len(r.Skipped))
	for _, s := range tracker.Curated() {
		t.Logf("%-12s %5d facts %4d SKUs, %4d high or medium", s, facts[s], len(skus[s]), len(solid[s]))
	}
}
