package api

import (
	"strconv"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// Counts are what APIs have answered: those of a configuration that was replaced count
// with the others. Routes are patterns, never paths: what a caller invents makes no new
// figure.
type Counts struct {
	events, answers *prometheus.CounterVec
	turns           atomic.Pointer[admission] // of the newest API
}

// NewCounts begins at nothing.
func NewCounts() *Counts {
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	c := &Counts{
		events:  vec("bursar_api_events_total", "Usage events that were posted.", "outcome"),
		answers: vec("bursar_api_answers_total", "Requests that the API answered; no route is one that found none.", "route", "status"),
	}
	for _, outcome := range []string{"accepted", "rejected"} {
		c.events.WithLabelValues(outcome)
	}
	return c
}

func (c *Counts) answered(route string, status int) {
	c.answers.WithLabelValues(route, strconv.Itoa(status)).Inc()
}

func (c *Counts) posted(r *Receipt) {
	c.events.WithLabelValues("accepted").Add(float64(r.Accepted))
	c.events.WithLabelValues("rejected").Add(float64(len(r.Rejected)))
}

// Asking says that a question is being answered, or waits for its turn.
func (c *Counts) Asking() bool {
	t := c.turns.Load()
	return t != nil && t.slots.Taken() > 0
}

func queriesRunning() *prometheus.Desc {
	return prometheus.NewDesc("bursar_api_queries_running", "Questions that are being answered.", nil, nil)
}

func queriesWaiting() *prometheus.Desc {
	return prometheus.NewDesc("bursar_api_queries_waiting", "Questions that wait for their turn.", nil, nil)
}

// Describe names the figures to a registry.
func (c *Counts) Describe(to chan<- *prometheus.Desc) {
	c.events.Describe(to)
	c.answers.Describe(to)
	to <- queriesRunning()
	to <- queriesWaiting()
}

// Collect gives the figures of this moment.
func (c *Counts) Collect(to chan<- prometheus.Metric) {
	c.events.Collect(to)
	c.answers.Collect(to)
	if t := c.turns.Load(); t != nil {
		to <- prometheus.MustNewConstMetric(queriesRunning(), prometheus.GaugeValue, float64(t.slots.Taken()))
		to <- prometheus.MustNewConstMetric(queriesWaiting(), prometheus.GaugeValue, float64(t.slots.Waiting()))
	}
}
