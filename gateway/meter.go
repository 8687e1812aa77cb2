package gateway

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// Meter counts what passes for a monitoring system: by workflow, agent and model in so
// many sets at most, and by route and upstream. It outlives gateways, so that a changed
// configuration begins no figure anew. It is for any number of goroutines.
type Meter struct {
	most   int
	shown  atomic.Pointer[Gateway] // whose upstreams are shown
	folded atomic.Int64            // records that went to the set of others

	mu   sync.RWMutex
	sets map[set]*tally
	over map[over]int64

	usage                       *prometheus.CounterVec
	retries                     *prometheus.CounterVec
	whole, added, first, queued *prometheus.HistogramVec
}

// set names what is counted together. Others stands for all that came when there were
// as many sets as there may be.
type set struct{ workflow, agent, model string }

// others is a name that stands for any.
const others = "other"

// NewMeter makes a meter of so many sets of labels at most, 1,000 when 0.
func NewMeter(most int) *Meter {
	m := &Meter{most: or(most, 1000), sets: map[set]*tally{}, over: map[over]int64{}}
	upstream := []string{"route", "upstream"}
	m.usage = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "bursar_gateway_usage_total", Help: "Attempts by who counted their usage; of what is unobserved nobody knows the cost.",
	}, []string{"source"})
	m.retries = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "bursar_gateway_retries_total", Help: "Attempts after the first of their call.",
	}, upstream)
	seconds := func(name, help string, buckets ...float64) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, upstream)
	}
	m.whole = seconds("bursar_gateway_seconds", "From a request, or its next attempt, to the recorded end of the answer.",
		.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
	m.first = seconds("bursar_gateway_first_token_seconds", "From an attempt to the first token of its answer.",
		.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60)
	m.added = seconds("bursar_gateway_added_seconds", "What the gateway itself takes of an attempt: neither the client's body, nor a wait for a place or a rate, nor the upstream.",
		.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .5, 1)
	m.queued = seconds("bursar_gateway_queue_seconds", "The wait for a place at the upstream, or for a rate.", .001, .01, .1, .5, 1, 2.5, 5, 10, 30, 60)
	return m
}

// gauges are the figures of one upstream, found once and not for each call.
type gauges struct {
	whole, added, first, queued prometheus.Observer
	retries                     prometheus.Counter
}

func (m *Meter) gauges(route, upstream string) gauges {
	route, upstream = shown(route), shown(upstream)
	return gauges{
		m.whole.WithLabelValues(route, upstream), m.added.WithLabelValues(route, upstream), m.first.WithLabelValues(route, upstream),
		m.queued.WithLabelValues(route, upstream), m.retries.WithLabelValues(route, upstream),
	}
}

// maxShown bounds a label value in bytes.
const maxShown = 128

// shown is a label value as a monitoring system takes it.
func shown(s string) string { return strings.ToValidUTF8(s[:min(len(s), maxShown)], "") }

// tally gives the figures of a set, those of all others when there are too many.
func (m *Meter) tally(workflow, agent, model string) *tally {
	s := set{shown(workflow), shown(agent), shown(model)}
	m.mu.RLock()
	t := m.sets[s]
	m.mu.RUnlock()
	if t != nil {
		return t
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if t = m.sets[s]; t == nil && len(m.sets) >= m.most {
		m.folded.Add(1)
		s = set{others, others, others}
		t = m.sets[s]
	}
	if t == nil {
		t = &tally{}
		m.sets[s] = t
	}
	return t
}

// settled counts an attempt that has ended.
func (m *Meter) settled(a *attempt, e *spend.Event, cost *budget.Cost) {
	m.usage.WithLabelValues(string(e.UsageSource)).Inc()
	t := m.tally(a.owner.workflow, a.owner.agent, e.Model())
	t.attempts[index(verdicts(), a.verdict)][index(statuses(), e.Status)].Add(1)
	t.consume(e, cost)
	if a.called.IsZero() {
		return // it was never made, or its answer came in the background
	}
	g := &a.door.gauges
	g.whole.Observe(a.ended.Sub(a.since).Seconds())
	g.added.Observe(a.added().Seconds())
	g.queued.Observe(a.queued.Seconds())
	if !a.first.IsZero() {
		g.first.Observe(a.first.Sub(a.started).Seconds())
	}
}

// refused counts a request that was not answered by an upstream. What came without a
// key of ours makes no set of its own.
func (m *Meter) refused(c *call, why protocol.Reason) {
	m.tally(c.owner.workflow, c.owner.agent, c.request.Model).refused[index(reasons(), why)][index(verdicts(), c.verdict)].Add(1)
}
