package history_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/spend"
)

var update = flag.Bool("update", false, "write testdata/*.txt anew")

// marker stands wherever a product keeps text of people or models.
const marker = "tell-nobody-7f3a"

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// read reads a whole file, and gives what ended it.
func read(in io.Reader, p *history.Product, o history.Options) (recs []connect.Record, err error) {
	r := history.Open(in, p, o)
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return recs, nil
		}
		if err != nil {
			return recs, err
		}
		recs = append(recs, rec)
	}
}

func all(t *testing.T, p *history.Product, text string) []connect.Record {
	t.Helper()
	recs, err := read(strings.NewReader(text), p, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return recs
}

// told writes records down, one a line.
func told(recs []connect.Record) string {
	var b strings.Builder
	for i := range recs {
		e := &recs[i].Event
		if p := recs[i].Problems; len(p) > 0 {
			fmt.Fprintf(&b, "%s rejected:", e.SourceKey)
			for _, one := range p {
				fmt.Fprintf(&b, " %s;", one)
			}
			b.WriteByte('\n')
			continue
		}
		fmt.Fprintf(&b, "%s %s %s/%s %s %s calls=%d", e.SourceKey, e.UsedAt.Format("01-02T15:04:05.000"), e.Seller, e.Model(), e.Kind, e.Status, e.Calls())
		if e.UsageSource != spend.UsageProvider {
			fmt.Fprintf(&b, " usage=%s", e.UsageSource)
		}
		e.Usage.Each(func(m spend.Meter, q spend.Quantity) { fmt.Fprintf(&b, " %s=%s", m, q) })
		if e.Reported.Valid {
			fmt.Fprintf(&b, " theirs=%s%s", e.Reported, e.ReportedCurrency)
		}
		if e.Response != "" {
			fmt.Fprintf(&b, " response=%s", e.Response)
		}
		for i, f := range e.Scope.Fields() {
			if *f != "" {
				fmt.Fprintf(&b, " %s=%q", spend.ScopeFields()[i], *f)
			}
		}
		if len(e.Scope.Tags) > 0 {
			fmt.Fprintf(&b, " %v", e.Scope.Tags)
		}
		if e.Category != "" || e.Flags != 0 {
			fmt.Fprintf(&b, " %s%s", e.Category, e.Flags)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestWhatMadeUpRecordsComeTo(t *testing.T) {
	t.Parallel()
	for _, p := range history.Products() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			got, golden := told(all(t, &p, fixture(t, p.Name))), "testdata/"+p.Name+".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("calls (-want +got)\n%s", diff)
			}
		})
	}
}
