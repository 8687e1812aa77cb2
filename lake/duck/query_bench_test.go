package duck_test

import (
	"context"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

// benchRows is 1,000,000 lines, or what BURSAR_BENCH_ROWS says, 81 days of use
// as of 10,000,000.
func benchRows(b *testing.B) int {
	b.Helper()
	text := os.Getenv("BURSAR_BENCH_ROWS")
	if text == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

const benchDays = 81

// benchLake fills a new folder, or the one that BURSAR_BENCH_DIR names unless
// it holds lines already.
func benchLake(b *testing.B) *duck.Lake {
	b.Helper()
	dir := os.Getenv("BURSAR_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	l := openAt(b, dir)
	if count(b, l) == 0 {
		fill(b, l, benchRows(b))
	}
	return l
}

// BenchmarkQuery prints the median of seven warm answers in milliseconds,
// totals included.
func BenchmarkQuery(b *testing.B) { queries(b, benchLake(b)) }

// BenchmarkQueryWhileWriting is BenchmarkQuery with 5,000 lines a second landing
// beside it, in batches of 500.
func BenchmarkQueryWhileWriting(b *testing.B) {
	l := benchLake(b)
	ctx, stop := context.WithCancel(b.Context())
	written := make(chan int64, 1)
	go func() { written <- trickle(ctx, l) }()
	start := time.Now()
	queries(b, l)
	stop()
	b.Logf("%.0f lines a second landed beside the questions", float64(<-written)/time.Since(start).Seconds())
}

// trickle appends 500 lines every 100 ms until its context ends; an append that
// fails shows as a rate that is too low.
func trickle(ctx context.Context, l *duck.Lake) (lines int64) {
	g := laketest.NewSteadyGenerator(uint64(time.Now().UnixNano()), time.Second)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return lines
		case <-tick.C:
			if l.Append(context.WithoutCancel(ctx), lake.Batch{Charges: g.Charges(500)}) == nil {
				lines += 500
			}
		}
	}
}

func queries(b *testing.B, l *duck.Lake) {
	b.Helper()
	end := laketest.Start().AddDate(0, 0, benchDays)
	window := func(days int, q spend.Query) spend.Query {
		q.From, q.To = end.AddDate(0, 0, -days), end
		return q
	}
	for _, c := range []struct {
		name string
		q    spend.Query
	}{
		{"31days/team,day", window(31, ask(spend.Day, "team"))},
		{"31days/team,day,Berlin", window(31, inBerlin(ask(spend.Day, "team")))},
		{"31days/workflow,model", window(31, ask(spend.Whole, "workflow", "model"))},
		{"31days/top10agents", window(31, topTen(ask(spend.Whole, "agent")))},
		{"7days/team,hour", window(7, ask(spend.Hour, "team"))},
		{"1day/everything", window(1, ask(spend.Whole))},
		{"all/team,month", ask(spend.Month, "team")},
		{"all/team,month,Berlin", inBerlin(ask(spend.Month, "team"))},
		{"all/everything", ask(spend.Whole)},
		{"31days/quantiles,model", window(31, quantiles("model"))},
		{"all/quantiles,model", quantiles("model")},
		{"31days/runs,team", window(31, runsBy("team"))},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportMetric(medianOfSeven(b, func(ctx context.Context) error { _, err := lake.Answer(ctx, l, &c.q); return err }), "ms/median7")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func ask(grain spend.Grain, by ...spend.Dimension) spend.Query {
	return spend.Query{Book: spend.Metered, Axis: spend.ByUse, Grain: grain, By: by,
		Measures: []spend.Measure{spend.Cost, spend.Calls, spend.PromptTokens, spend.OutputTokens}}
}

func inBerlin(q spend.Query) spend.Query {
	q.Zone, _ = time.LoadLocation("Europe/Berlin")
	return q
}

func topTen(q spend.Query) spend.Query { q.Top = 10; return q }

func quantiles(by spend.Dimension) spend.Query {
	q := ask(spend.Whole, by)
	q.Measures = []spend.Measure{spend.DurationP50, spend.DurationP95, spend.DurationP99}
	return q
}

func runsBy(by spend.Dimension) spend.Query {
	q := ask(spend.Whole, by)
	q.Measures = []spend.Measure{spend.Runs, spend.Cost}
	return q
}

func medianOfSeven(b *testing.B, f func(context.Context) error) float64 {
	b.Helper()
	var took []time.Duration
	for i := range 9 {
		start := time.Now()
		if err := f(b.Context()); err != nil {
			b.Fatal(err)
		}
		if i >= 2 { // two to warm up
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	return float64(took[3].Microseconds()) / 1000
}

// BenchmarkLookup prints the median of seven look-ups by the writer's pipeline:
// of 1,000 attempts of which one in two is known, and of all attempts.
func BenchmarkLookup(b *testing.B) {
	l := benchLake(b)
	g := laketest.NewSteadyGenerator(1, time.Second)
	ids := make([]spend.ID, 0, 1000)
	for _, c := range g.Charges(500) {
		ids = append(ids, c.AttemptID, spend.Digest("unknown", c.SourceKey))
	}
	day := lake.Window{From: laketest.Start(), To: laketest.Start().AddDate(0, 0, 1)}
	for _, c := range []struct {
		name string
		f    func(ctx context.Context) error
	}{
		{"attempts", func(ctx context.Context) error { _, err := l.Attempts(ctx, ids); return err }},
		{"heads", func(ctx context.Context) error { _, err := l.Heads(ctx, ids); return err }},
		{"heads,day", func(ctx context.Context) error { _, err := l.HeadsWithin(ctx, ids, day); return err }},
		{"lines", func(ctx context.Context) error { _, err := l.Lines(ctx, ids); return err }},
		{"each", func(ctx context.Context) error { return l.EachAttempt(ctx, func(spend.ID) {}) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportMetric(medianOfSeven(b, c.f), "ms/median7")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func fill(b *testing.B, l *duck.Lake, rows int) {
	b.Helper()
	step := benchDays * 24 * time.Hour / time.Duration(rows)
	g := laketest.NewSteadyGenerator(1, step.Truncate(time.Microsecond))
	ctx := context.Background()
	for n := 0; n < rows; n += batchRows {
		if err := l.Append(ctx, lake.Batch{Charges: g.Charges(min(batchRows, rows-n))}); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Checkpoint(ctx); err != nil {
		b.Fatal(err)
	}
}
