package app_test

import (
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
// The ledger is in a new folder, below BURSAR_BENCH_DIR where that is set, and removed at
// the end.
func BenchmarkMinutes(b *testing.B) {
	const days = 20
	calls := fromEnv("BURSAR_BENCH_ROWS", 1_000_000) / days
	dir, err := os.MkdirTemp(os.Getenv("BURSAR_BENCH_DIR"), "minutes")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			b.Error(err)
		}
	})
	for b.Loop() {
		minutesOnce(b, newBooking(b, filepath.Join(dir, "data")), days, calls)
	}
}

func minutesOnce(b *testing.B, w *booking, days, calls int) {
	b.Helper()
	rate := func(unit string, rows int, f func()) {
		start := time.Now()
		f()
		b.ReportMetric(float64(rows)/time.Since(start).Seconds(), unit)
	}
	rate("import-rows/s", days*calls, func() {
		for n := range days {
			d := dayOfUsage(n, calls)
			if r := w.book(b, &d); r.Booked != int64(calls) {
				b.Fatalf("of day %d %+v, want %d booked", n, r, calls)
			}
		}
	})
	if err := w.app.Lake.Checkpoint(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(sizeOf(b, filepath.Join(w.data, "lake.duckdb")))/float64(days*calls), "disk-B/row")
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
	again := dayOfUsage(days/2, calls)
	rate("again-rows/s", calls, func() {
		if r := w.book(b, &again); r.Duplicates != int64(calls) {
			b.Fatalf("a day again is %+v", r)
		}
	})
	again.version, again.reviewed = 2, true
	rate("version-rows/s", calls, func() {
		if r := w.book(b, &again); r.Withdrawn != int64(calls/10) {
			b.Fatalf("a new version of a day is %+v", r)
		}
	})
	b.ReportMetric(status(b, "VmHWM:"), "peak-MiB")
	b.ReportMetric(0, "ns/op")
	if err := w.app.Close(); err != nil {
		b.Fatal(err)
	}
}

func sizeOf(b *testing.B, path string) int64 {
	b.Helper()
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}
