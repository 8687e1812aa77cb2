package gateway

import (
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/spend"
)

// Settles gives what counts the same attempt at a meter again and again.
func Settles(m *Meter, e *spend.Event, cost budget.Cost) func() {
	now := time.Now()
	a := &attempt{call: &call{}, door: &door{gauges: m.gauges("openai", "mock")}, started: now, first: now}
	a.owner, a.called = ownerOf(&e.Scope), now
	return func() { m.settled(a, e, &cost) }
}

// Waiting is how many attempts wait at all upstreams.
func (g *Gateway) Waiting() (n int64) {
	for _, r := range g.routes {
		for _, d := range r.doors {
			n += d.waiting.Load()
		}
	}
	return n
}
