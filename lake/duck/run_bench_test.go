package duck_test

import (
	"context"
	"testing"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

// BenchmarkRuns prints the median of seven warm pages of runs, and of one run, in
// milliseconds.
func BenchmarkRuns(b *testing.B) {
	l := benchLake(b)
	end := laketest.Start().AddDate(0, 0, benchDays)
	run := ""
	for _, c := range []struct {
		name  string
		days  int
		order lake.RunOrder
	}{
		{"1day/start", 1, lake.ByStart}, {"1day/cost", 1, lake.ByCost}, {"31days/start", 31, lake.ByStart}, {"31days/cost", 31, lake.ByCost},
		{"31days/steps", 31, lake.BySteps}, {"all/cost", benchDays, lake.ByCost},
	} {
		q := ask(spend.Whole)
		q.From, q.To = end.AddDate(0, 0, -c.days), end
		b.Run(c.name, func(b *testing.B) {
			b.ReportMetric(medianOfSeven(b, func(ctx context.Context) error {
				page, err := lake.Runs(ctx, l, lake.RunListing{Query: &q, Order: c.order, Limit: 100})
				run = page.Runs[0].Run
				return err
			}), "ms/median7")
			b.ReportMetric(0, "ns/op")
		})
	}
	b.Run("one", func(b *testing.B) {
		q := ask(spend.Whole)
		b.ReportMetric(medianOfSeven(b, func(ctx context.Context) error {
			_, err := lake.RunOf(ctx, l, lake.RunQuestion{Query: &q, Run: run, Runs: 1000, Calls: 1000})
			return err
		}), "ms/median7")
		b.ReportMetric(0, "ns/op")
	})
}
