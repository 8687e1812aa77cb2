package app_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bursarhq/bursar/lake"
)

// BenchmarkMinutes takes in twenty days of a vendor's usage, a file a day, a million calls
// in all or as many as BURSAR_BENCH_ROWS says, and asks seven of the days for each of 32
// workflows by minute, none of them twice; then a day comes again, and a new version of it.
// BURSAR_BENCH_DIR keeps the ledger, as it is before that version, for the next run.
func BenchmarkMinutes(b *testing.B) {
	const days = 20
	calls := fromEnv("BURSAR_BENCH_ROWS", 1_000_000) / days
	for b.Loop() {
		kept := os.Getenv("BURSAR_BENCH_DIR")
		dir := cmp.Or(kept, b.TempDir())
		w := newBooking(b, filepath.Join(dir, "minutes"))
		minutesIn(b, w, days, calls)
		minutesOut(b, w, calls)
		again := dayOfUsage(days/2, calls)
		rate(b, "again-rows/s", calls, func() {
			if r := w.book(b, &again); r.Duplicates != int64(calls) {
				b.Fatalf("a day again is %+v", r)
			}
		})
		again.version, again.reviewed = 2, true
		if kept == "" {
			rate(b, "version-rows/s", calls, func() {
				if r := w.book(b, &again); r.Withdrawn != int64(calls/10) {
					b.Fatalf("a new version of a day is %+v", r)
				}
			})
		}
		b.ReportMetric(status(b, "VmHWM:"), "peak-MiB")
		b.ReportMetric(0, "ns/op")
		if err := w.app.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// rate reports how many rows a second something does.
func rate(b *testing.B, unit string, rows int, f func()) {
	b.Helper()
	start := time.Now()
	f()
	b.ReportMetric(float64(rows)/time.Since(start).Seconds(), unit)
}

// minutesIn takes the days in, unless the ledger has them.
func minutesIn(b *testing.B, w *booking, days, calls int) {
	b.Helper()
	newest, err := lake.Newest(b.Context(), w.app.Lake)
	if err != nil {
		b.Fatal(err)
	}
	if newest.IsZero() {
		rate(b, "import-rows/s", days*calls, func() {
			for n := range days {
				d := dayOfUsage(n, calls)
				if r := w.book(b, &d); r.Booked != int64(calls) {
					b.Fatalf("of day %d %+v, want %d booked", n, r, calls)
				}
			}
		})
	}
	if err := w.app.Lake.Checkpoint(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(sizeOf(b, filepath.Join(w.data, "lake.duckdb")))/float64(days*calls), "disk-B/row")
}

// minutesOut asks seven of the days by minute.
func minutesOut(b *testing.B, w *booking, calls int) {
	b.Helper()
	var took []time.Duration
	before := cpu()
	for n := range 7 {
		d := dayOfUsage(1+2*n, calls)
		start := time.Now()
		table, err := lake.Answer(b.Context(), w.app.Lake, d.byMinute())
		if took = append(took, time.Since(start)); err != nil || table.Totals.Calls != int64(calls) {
			b.Fatalf("of day %d there are %d calls (%v)", 1+2*n, table.Totals.Calls, err)
		}
	}
	b.ReportMetric(float64((cpu()-before).Milliseconds())/7, "minutes-cpu-ms")
	slices.Sort(took)
	b.ReportMetric(float64(took[3].Milliseconds()), "minutes-ms/median7")
	b.ReportMetric(float64(took[6].Milliseconds()), "minutes-ms/worst7")
}

func sizeOf(b *testing.B, path string) int64 {
	b.Helper()
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}
