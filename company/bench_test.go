package company_test

import (
	"testing"

	"github.com/bursarhq/bursar/company"
)

// One operation is one event; `-benchtime 2000000x` is the default history.
func BenchmarkEvents(b *testing.B) {
	c := company.New(company.Config{Events: max(b.N, 100_000)})
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for range c.Events() {
		if n++; n == b.N {
			break
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkOutcomes(b *testing.B) {
	c := company.New(company.Config{Events: 200_000})
	b.ReportAllocs()
	for b.Loop() {
		for range c.Outcomes() {
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		company.New(company.Config{})
	}
}
