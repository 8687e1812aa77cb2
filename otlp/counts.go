package otlp

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bursarhq/bursar/ingest"
)

// Counts are what receivers have done.
type Counts struct {
	Spans, Logs, Metrics            atomic.Int64 // that came in
	Accepted, Rejected              atomic.Int64 // records of usage
	Unread                          atomic.Int64 // points of token counters
	Requests, Refused, Backpressure atomic.Int64
}

func (c *Counts) answered(err error) {
	c.Requests.Add(1)
	switch {
	case err == nil:
	case statusOf(err).again:
		c.Backpressure.Add(1)
	default:
		c.Refused.Add(1)
	}
}

func (c *Counts) kept(records []ingest.Record) {
	for i := range records {
		if len(records[i].Problems) > 0 {
			c.Rejected.Add(1)
			continue
		}
		c.Accepted.Add(1)
	}
}

// figure is one count as a monitoring system has it.
type figure struct {
	name, help string
	value      *atomic.Int64
}

func (c *Counts) figures() []figure {
	return []figure{
		{"bursar_otlp_requests_total", "Requests of telemetry.", &c.Requests},
		{"bursar_otlp_refused_total", "Requests of telemetry that were refused for good.", &c.Refused},
		{"bursar_otlp_backpressure_total", "Requests of telemetry that are to come again later.", &c.Backpressure},
		{"bursar_otlp_spans_total", "Spans that came in, of whatever.", &c.Spans},
		{"bursar_otlp_log_records_total", "Log records that came in, of whatever.", &c.Logs},
		{"bursar_otlp_metrics_total", "Metrics that came in, of whatever.", &c.Metrics},
		{"bursar_otlp_points_unread_total", "Points of token counters that were not counted.", &c.Unread},
		{"bursar_otlp_accepted_total", "Records of usage that are in the journal.", &c.Accepted},
		{"bursar_otlp_rejected_total", "Records of usage that are in the quarantine.", &c.Rejected},
	}
}

// Describe names the figures to a registry.
func (c *Counts) Describe(to chan<- *prometheus.Desc) {
	for _, f := range c.figures() {
		to <- prometheus.NewDesc(f.name, f.help, nil, nil)
	}
}

// Collect gives the figures of this moment.
func (c *Counts) Collect(to chan<- prometheus.Metric) {
	for _, f := range c.figures() {
		to <- prometheus.MustNewConstMetric(prometheus.NewDesc(f.name, f.help, nil, nil), prometheus.CounterValue, float64(f.value.Load()))
	}
}
