package discrepancy_test

import (
	"testing"

	"github.com/bursarhq/bursar/discrepancy"
)

// BenchmarkExplain is of a line that every variation is tried for.
func BenchmarkExplain(b *testing.B) {
	p := shelf(b)
	x, c := discrepancy.New(p), line(b, p, "openai/gpt-5 in_text=600 cache_read=400 out_text=200", "0.00412")
	b.ReportAllocs()
	for b.Loop() {
		if f := x.Explain(c); f.Reason != discrepancy.Unexplained {
			b.Fatal(f)
		}
	}
}
