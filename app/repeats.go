package app

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bursarhq/bursar/ingest"
)

// repeats counts records that came again with the same content, by source, since the start:
// they leave nothing in the ledger. So many sources are told apart, 1,000 when most is 0.
type repeats struct {
	most int

	mu sync.Mutex
	by map[string]int64
}

// otherSources stands for all that came when there were as many as there may be, and for
// requests of several.
const otherSources = ingest.SeveralSources

func (r *repeats) add(source string, n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = map[string]int64{}
	}
	most := r.most
	if most == 0 {
		most = 1000
	}
	if _, known := r.by[source]; !known && len(r.by) >= most {
		source = otherSources
	}
	r.by[source] += n
}

func (r *repeats) of(source string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[source]
}

func (*repeats) desc() *prometheus.Desc {
	return prometheus.NewDesc("bursar_ingest_repeats_total", "Records of usage that came again with the same content.", []string{"source"}, nil)
}

// Describe names the figure to a registry.
func (r *repeats) Describe(to chan<- *prometheus.Desc) { to <- r.desc() }

// Collect gives a figure for each source.
func (r *repeats) Collect(to chan<- prometheus.Metric) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for source, n := range r.by {
		to <- prometheus.MustNewConstMetric(r.desc(), prometheus.CounterValue, float64(n), source)
	}
}
