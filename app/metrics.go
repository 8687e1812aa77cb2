package app

import (
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
)

// counters are what was booked since the start.
type counters struct {
	mu sync.Mutex
	so ingest.Result
}

func (c *counters) add(more ingest.Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	more.Cost, more.Exposure, more.Notional = money.Amount{}, money.Amount{}, money.Amount{} // metrics are seen by more people than money is
	c.so, _ = c.so.Add(more)                                                                 // it fails for amounts alone
}

func (c *counters) get() ingest.Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.so
}

// Metrics writes the figures of the server's own work for Prometheus: counts
// and sizes, no label that a client chose.
func (s *Server) Metrics(w io.Writer) {
	so, j := s.total.get(), s.Journal.Stats()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	ready := int64(1)
	if s.Ready() != nil {
		ready = 0
	}
	for _, f := range []struct {
		name, kind, help string
		value            int64
	}{
		{"bursar_ready", "gauge", "1 while events can be accepted.", ready},
		{"bursar_ingest_waiting", "gauge", "Records accepted and not booked.", s.Ingest.Waiting()},
		{"bursar_ingest_read_total", "counter", "Records booked or found booked.", so.Read},
		{"bursar_ingest_booked_total", "counter", "Attempts booked for the first time.", so.Booked},
		{"bursar_ingest_duplicates_total", "counter", "Records that were booked before.", so.Duplicates},
		{"bursar_ingest_corrections_total", "counter", "Attempts reversed and booked anew.", so.Corrections},
		{"bursar_ingest_quarantined_total", "counter", "Records rejected.", so.Quarantined},
		{"bursar_ingest_unpriced_total", "counter", "Calls booked without an amount.", so.Unpriced},
		{"bursar_journal_written_position", "gauge", "Where the journal's written part ends.", int64(j.Written)},
		{"bursar_journal_synced_position", "gauge", "Where the journal's synced part ends.", int64(j.Synced)},
		{"bursar_journal_segments", "gauge", "Files of the journal.", int64(j.Segments)},
		{"bursar_journal_syncs_total", "counter", "Syncs of the journal.", int64(j.Syncs)},
		{"bursar_journal_slow_syncs_total", "counter", "Syncs of the journal that took longer than 40 ms.", j.Slow},
		{"bursar_go_heap_bytes", "gauge", "Bytes of live heap objects, the engine's memory not included.", int64(m.HeapAlloc)},
		{"bursar_go_goroutines", "gauge", "Goroutines.", int64(runtime.NumGoroutine())},
	} {
		_, _ = fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %d\n", f.name, f.help, f.name, f.kind, f.name, f.value)
	}
	s.callMetrics(w)
}
