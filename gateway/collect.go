package gateway

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sony/gobreaker/v2"
)

// figures are what is made of the sets and of the upstreams as it is asked for.
type figures struct {
	attempts, refused, over, tokens, cost, unpriced *prometheus.Desc
	sets, folded                                    *prometheus.Desc
	running, waiting, breaker                       *prometheus.Desc
}

func describe() figures {
	d := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("bursar_gateway_"+name, help, labels, nil)
	}
	who := func(more ...string) []string { return append([]string{"workflow", "agent", "model"}, more...) }
	up := []string{"route", "upstream"}
	return figures{
		attempts: d("attempts_total", "Attempts that have ended, by what budgets said and how they ended.", who("verdict", "status")...),
		refused:  d("refused_total", "Requests that the gateway answered itself, by why and by what budgets said.", who("reason", "verdict")...),
		over:     d("limit_refused_total", "Requests that a budget or a rate refused, by the one that decided.", "limit", "workflow"),
		tokens:   d("tokens_total", "Tokens of attempts; kinds do not overlap.", who("kind")...),
		cost:     d("cost_total", "What attempts cost, as a float near the exact sum; the ledger has that.", who("currency")...),
		unpriced: d("unpriced_total", "Attempts whose cost nobody knows; they are in no cost.", who()...),
		sets:     d("label_sets", "Sets of workflow, agent and model that are told apart."),
		folded:   d("folded_total", "Records counted under other, since there were as many sets as metrics.label_sets allows."),
		running:  d("running", "Attempts that have a place at the upstream.", up...),
		waiting:  d("waiting", "Attempts that wait for a place at the upstream, or for a rate.", up...),
		breaker:  d("breaker_state", "0 while the upstream is asked, 1 while a few attempts try it, 2 while it is left alone.", up...),
	}
}

// Describe names the figures to a registry.
func (m *Meter) Describe(to chan<- *prometheus.Desc) {
	for _, c := range m.own() {
		c.Describe(to)
	}
	f := describe()
	for _, d := range []*prometheus.Desc{f.attempts, f.refused, f.over, f.tokens, f.cost, f.unpriced, f.sets, f.folded, f.running, f.waiting, f.breaker} {
		to <- d
	}
}

func (m *Meter) own() []prometheus.Collector {
	return []prometheus.Collector{m.usage, m.retries, m.whole, m.first, m.added, m.queued}
}

// Collect gives the figures of this moment.
func (m *Meter) Collect(to chan<- prometheus.Metric) {
	for _, c := range m.own() {
		c.Collect(to)
	}
	f := describe()
	m.mu.RLock()
	defer m.mu.RUnlock()
	to <- prometheus.MustNewConstMetric(f.sets, prometheus.GaugeValue, float64(len(m.sets)))
	to <- prometheus.MustNewConstMetric(f.folded, prometheus.CounterValue, float64(m.folded.Load()))
	for s, t := range m.sets {
		f.collect(to, s, t)
	}
	f.limits(to, m)
	if g := m.shown.Load(); g != nil {
		f.upstreams(to, g)
	}
}

// collect gives what is counted of one set, where there is any.
func (f *figures) collect(to chan<- prometheus.Metric, s set, t *tally) {
	tell := func(d *prometheus.Desc, n float64, more ...string) {
		if n != 0 {
			to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, n, append([]string{s.workflow, s.agent, s.model}, more...)...)
		}
	}
	for i, verdict := range verdicts() {
		for j, status := range statuses() {
			tell(f.attempts, float64(t.attempts[i][j].Load()), word(verdict), string(status))
		}
		for j, reason := range reasons() {
			tell(f.refused, float64(t.refused[j][i].Load()), string(reason), word(verdict))
		}
	}
	for i, kind := range tokenNames() {
		tell(f.tokens, float64(t.tokens[i].Load()), kind)
	}
	tell(f.unpriced, float64(t.unpriced.Load()))
	t.mu.Lock()
	defer t.mu.Unlock()
	for currency, sum := range t.cost {
		near, _ := strconv.ParseFloat(sum.String(), 64) // any amount has a float near it
		tell(f.cost, near, string(currency))
	}
}

// upstreams gives how those of a gateway stand; those of one name together, the worst
// state of them.
func (f *figures) upstreams(to chan<- prometheus.Metric, g *Gateway) {
	running, waiting, state := map[[2]string]int{}, map[[2]string]int64{}, map[[2]string]gobreaker.State{}
	for _, r := range g.routes {
		for _, d := range r.doors {
			name := [2]string{shown(r.Name), shown(d.Name)}
			running[name] += d.places.Taken()
			waiting[name] += d.waiting.Load()
			state[name] = max(state[name], d.breaker.State())
		}
	}
	for name, n := range running {
		to <- prometheus.MustNewConstMetric(f.running, prometheus.GaugeValue, float64(n), name[:]...)
		to <- prometheus.MustNewConstMetric(f.waiting, prometheus.GaugeValue, float64(waiting[name]), name[:]...)
		to <- prometheus.MustNewConstMetric(f.breaker, prometheus.GaugeValue, float64(state[name]), name[:]...)
	}
}

// Describe names the figures to a registry.
func (c *Counts) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, to) }

// Collect gives the figures of this moment that no set tells.
func (c *Counts) Collect(to chan<- prometheus.Metric) {
	for _, f := range []struct {
		name, help string
		value      int64
	}{
		{"bursar_gateway_calls_total", "Metered calls that clients made.", c.Calls.Load()},
		{"bursar_gateway_unmetered_total", "Requests that passed without a meter.", c.Unmetered.Load()},
		{"bursar_gateway_aborted_total", "Attempts whose client left.", c.Aborted.Load()},
		{"bursar_gateway_unsettled_total", "Attempts whose end could not be written.", c.Unsettled.Load()},
		{"bursar_gateway_unrecorded_total", "Attempts that passed without a record of their own while the journal stalled.", c.Unrecorded.Load()},
		{"bursar_gateway_unsynced_total", "Attempts whose answers were given before their record was on disk, while the journal stalled.", c.Unsynced.Load()},
	} {
		to <- prometheus.MustNewConstMetric(prometheus.NewDesc(f.name, f.help, nil, nil), prometheus.CounterValue, float64(f.value))
	}
}
