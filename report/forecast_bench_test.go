package report_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
)

// BenchmarkForesee forecasts a thousand workflows of twenty teams, 90 days ahead from two
// years by day, from the ledger's answers to the rows of the table. BURSAR_BENCH_WORKFLOWS takes
// fewer of them.
func BenchmarkForesee(b *testing.B) {
	workflows := 1_000
	if n, err := strconv.Atoi(os.Getenv("BURSAR_BENCH_WORKFLOWS")); err == nil && n > 0 {
		workflows = n
	}
	ask := report.ForecastAsk{By: "team,workflow", Horizon: "90d", Levels: "80,95", Measure: "cost", Book: "metered", Top: 1_000}
	f, err := ask.Foresight(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	l, r := ledger{}, rand.New(rand.NewPCG(1, 1))
	for i := range workflows {
		for day := 1; day <= 730; day++ {
			l.add(&f, day, money.FromUnits(int64(r.Uint64N(100e12))).String(), "team"+strconv.Itoa(i%20), "workflow"+strconv.Itoa(i))
		}
	}
	for b.Loop() {
		if _, err := report.Foresee(&f, &l.past, &l.fed, 28); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/company")
	b.ReportMetric(float64(workflows), "workflows")
}
