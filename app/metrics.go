package app

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/journal"
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
	more.Cost, more.Exposure, more.Notional, more.WithoutRate = money.Amount{}, money.Amount{}, money.Amount{}, nil // metrics are seen by more people than money is
	c.so, _ = c.so.Add(more)                                                                                        // it fails for amounts alone
}

func (c *counters) get() ingest.Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.so
}

// figures collects what the server does itself: counts and sizes.
type figures struct{ *Server }

// metrics are the figures of a server, in one registry for as long as it lives: a
// changed configuration begins none of them anew.
type metrics struct {
	registry *prometheus.Registry
	answers  *api.Counts
	calls    *gateway.Meter
	syncs    prometheus.Histogram
}

// newMetrics registers everything that a server tells of itself.
func (s *Server) newMetrics() metrics {
	m := metrics{
		registry: prometheus.NewRegistry(), answers: api.NewCounts(), calls: gateway.NewMeter(s.LabelSets),
		syncs: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "bursar_journal_sync_seconds", Help: "How long the disk took for one sync of the journal.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .04, .1, .25, 1, 5},
		}),
	}
	s.repeats.most = s.LabelSets
	m.registry.MustRegister(
		m.answers, m.calls, m.syncs, &s.passed, &s.heard, &s.repeats, figures{s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Describe names the figures to a registry.
func (f figures) Describe(to chan<- *prometheus.Desc) {
	for _, one := range f.all() {
		to <- one.desc
	}
}

// Collect gives the figures of this moment.
func (f figures) Collect(to chan<- prometheus.Metric) {
	for _, one := range f.all() {
		to <- prometheus.MustNewConstMetric(one.desc, one.kind, float64(one.value))
	}
}

// figure is one number of this moment.
type figure struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value int64
}

func (f figures) all() (all []figure) {
	so := f.total.get()
	ready, waiting, j := f.state()
	stalled := int64(0)
	if !f.stalls.Since().IsZero() {
		stalled = 1
	}
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	for _, one := range []struct {
		name  string
		kind  prometheus.ValueType
		help  string
		value int64
	}{
		{"bursar_ready", gauge, "1 while events can be accepted.", ready},
		{"bursar_ingest_waiting", gauge, "Records accepted and not booked.", waiting},
		{"bursar_ingest_read_total", counter, "Records booked or found booked.", so.Read},
		{"bursar_ingest_booked_total", counter, "Attempts booked for the first time.", so.Booked},
		{"bursar_ingest_duplicates_total", counter, "Records that were booked before.", so.Duplicates},
		{"bursar_ingest_corrections_total", counter, "Attempts reversed and booked anew.", so.Corrections},
		{"bursar_ingest_quarantined_total", counter, "Records rejected.", so.Quarantined},
		{"bursar_ingest_unpriced_total", counter, "Calls booked without an amount.", so.Unpriced},
		{"bursar_journal_written_position", gauge, "Where the journal's written part ends.", int64(j.Written)},
		{"bursar_journal_synced_position", gauge, "Where the journal's synced part ends.", int64(j.Synced)},
		{"bursar_journal_segments", gauge, "Files of the journal.", int64(j.Segments)},
		{"bursar_gateway_stalled", gauge, "1 while the journal does not answer calls in time.", stalled},
	} {
		all = append(all, figure{prometheus.NewDesc(one.name, one.help, nil, nil), one.kind, one.value})
	}
	return all
}

// state is how a server stands; one that is being opened has neither part.
func (f figures) state() (ready, waiting int64, j journal.Stats) {
	if f.Journal == nil || f.Ingest == nil {
		return 0, 0, j
	}
	if f.Ready() == nil {
		ready = 1
	}
	return ready, f.Ingest.Waiting(), f.journalStats()
}
