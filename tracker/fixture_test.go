package tracker_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/tracker"
)

var update = flag.Bool("update", false, "write goldens and, with the price data, the compiled facts")

func fixtures() map[tracker.Book]string {
	return map[tracker.Book]string{
		tracker.History: "history.csv", tracker.GenAI: "genai.json", tracker.LiteLLM: "litellm.json",
		tracker.Portkey: "portkey.json", tracker.ModelsDev: "modelsdev.csv", tracker.Langfuse: "langfuse.json",
	}
}

func fixture(t testing.TB, b tracker.Book) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", fixtures()[b]))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t testing.TB, b tracker.Book, data []byte) tracker.Reading {
	t.Helper()
	r, err := tracker.Read(b, data)
	if err != nil {
		t.Fatalf("read %s: %v", b, err)
	}
	return r
}

// line writes what a fact says, without where it was read.
func line(f pricebook.Fact) string {
	parts := []string{f.Seller + "/" + f.SKU, f.Meter.String(), f.Price.String()}
	if conditions := f.When.Conditions(); conditions != "" {
		parts = append(parts, "("+conditions+")")
	}
	if !f.Valid.From.IsZero() || !f.Valid.To.IsZero() {
		parts = append(parts, span(f.Valid))
	}
	if !f.Known.From.IsZero() || !f.Known.To.IsZero() {
		parts = append(parts, "known "+span(f.Known))
	}
	return strings.Join(parts, " ")
}

func span(s pricebook.Span) string {
	text := ""
	if !s.From.IsZero() {
		text = s.From.Format("2006-01-02")
	}
	text += ".."
	if !s.To.IsZero() {
		text += s.To.Format("2006-01-02")
	}
	return text
}

func lines(facts []pricebook.Fact) (all []string) {
	for _, f := range facts {
		all = append(all, line(f))
	}
	slices.Sort(all)
	return all
}

func reasons(skipped []tracker.Skip) (all []string) {
	for _, s := range skipped {
		all = append(all, s.Row+": "+s.What+": "+s.Reason)
	}
	slices.Sort(all)
	return all
}
