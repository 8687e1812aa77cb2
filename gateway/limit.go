package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bursarhq/bursar/budget"
)

// over names what a limit refused together: calls of one workflow, under one of the
// values that it counts apart.
type over struct{ limit, each, workflow string }

// Overrun is how many calls a limit has refused since the meter was made.
type Overrun struct {
	Limit    string
	Each     []string // the values that the limit counts apart
	Workflow string   // that the calls would have been booked under; other where there are too many
	Calls    int64
}

// overran counts a call that a limit refused: the first of the reasons, which decided.
// A refused call costs nothing and is no line of the ledger, whose lines are what
// upstreams saw; and whoever asks again and again would fill it.
func (m *Meter) overran(workflow string, v *budget.Verdict) {
	if len(v.Reasons) == 0 {
		return
	}
	r := &v.Reasons[0]
	o := over{r.Limit, strings.Join(r.Each, eachMark), shown(workflow)}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.over[o]; !known && len(m.over) >= m.most {
		o = over{limit: r.Limit, workflow: others}
	}
	m.over[o]++
}

// eachMark stands between values; no value holds it.
const eachMark = "\x00"

// Overruns lists what limits have refused, by limit.
func (m *Meter) Overruns() []Overrun {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var all []Overrun
	for o, n := range m.over {
		all = append(all, Overrun{o.limit, strings.Split(o.each, eachMark), o.workflow, n})
		if o.each == "" {
			all[len(all)-1].Each = nil
		}
	}
	slices.SortFunc(all, func(a, b Overrun) int {
		return cmp.Or(cmp.Compare(a.Limit, b.Limit), cmp.Compare(a.Workflow, b.Workflow), slices.Compare(a.Each, b.Each))
	})
	return all
}

// limits gives what each limit refused, whatever the values that it counts apart; mu is held.
func (f *figures) limits(to chan<- prometheus.Metric, m *Meter) {
	sums := map[over]int64{}
	for o, n := range m.over {
		o.each = ""
		sums[o] += n
	}
	for o, n := range sums {
		to <- prometheus.MustNewConstMetric(f.over, prometheus.CounterValue, float64(n), shown(o.limit), o.workflow)
	}
}
