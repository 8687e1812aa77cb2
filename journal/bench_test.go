package journal_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/journal"
)

// BenchmarkAppend appends records of 300 bytes, each synced before the next one
// of the same appender, on the disk of the temporary folder.
func BenchmarkAppend(b *testing.B) {
	for _, appenders := range []int{1, 64} {
		b.Run(fmt.Sprintf("appenders=%d", appenders), func(b *testing.B) { benchmarkAppend(b, appenders) })
	}
}

func benchmarkAppend(b *testing.B, appenders int) {
	j := open(b, b.TempDir(), journal.Options{})
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var all sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range appenders {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < b.N; n = int(next.Add(1)) - 1 {
				r := record(n)
				r.Payload = append(r.Payload, make([]byte, 300-len(r.Payload))...)
				start := time.Now()
				if _, err := j.Append(b.Context(), r); err != nil {
					b.Error(err)
					return
				}
				took[n] = time.Since(start)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
	b.ReportMetric(float64(took[b.N/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(b.N)/float64(max(j.Stats().Syncs, 1)), "records/sync")
}

// BenchmarkWrite is the first step alone, as a gateway takes it before it calls
// upstream, with the syncs going on behind it.
func BenchmarkWrite(b *testing.B) {
	j := open(b, b.TempDir(), journal.Options{})
	payload := make([]byte, 300)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		r := record(n)
		r.Payload = payload
		if _, err := j.AppendWritten(r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReplay reads 100,000 records of 300 bytes.
func BenchmarkReplay(b *testing.B) {
	const records = 100_000
	dir := b.TempDir()
	j := open(b, dir, journal.Options{})
	batch := make([]journal.Record, 0, 200)
	for n := range records {
		r := record(n)
		r.Payload = make([]byte, 300)
		if batch = append(batch, r); len(batch) == cap(batch) {
			if _, err := j.Append(b.Context(), batch...); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	b.Run("replay", func(b *testing.B) {
		b.SetBytes(records * 340)
		for b.Loop() {
			if n := count(b, j, 0); n != records {
				b.Fatalf("%d records", n)
			}
		}
	})
	j.Close()
	b.Run("open", func(b *testing.B) {
		b.SetBytes(records * 340)
		for b.Loop() {
			open(b, dir, journal.Options{}).Close()
		}
	})
}
