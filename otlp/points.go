package otlp

import (
	"context"
	"fmt"
	"sync"

	metricsv1 "go.opentelemetry.io/proto/slim/otlp/collector/metrics/v1"

	"github.com/bursarhq/bursar/telemetry"
)

// tally is what counters have told.
type tally struct {
	mu      sync.Mutex // guards all
	of      *telemetry.Tally
	senders map[string]Sender // by the space, who told
	newest  int64             // revision of a line; each is beyond the one before
}

// points sums what counters tell, when it is kept. They are sums of what spans and events
// tell: what is booked of them is what no call tells (Untold).
func (r *Receiver) points(ctx context.Context, sender *Sender, m *metricsv1.ExportMetricsServiceRequest) (rejection, error) {
	reader := telemetry.NewPointReader()
	var points []telemetry.Point
	var unread, refused int64
	for _, resource := range m.GetResourceMetrics() {
		reader.Resource(resource.GetResource().GetAttributes())
		for _, scope := range resource.GetScopeMetrics() {
			r.Counts.Metrics.Add(int64(len(scope.GetMetrics())))
			for _, metric := range scope.GetMetrics() {
				var odd int64
				points, odd = reader.Read(points, scope.GetScope().GetName(), metric)
				unread += odd
			}
		}
	}
	n := note{At: r.Now(), Sender: *sender, Points: points}
	if len(points) > 0 {
		if err := r.keep(ctx, &n); err != nil {
			return rejection{}, err
		}
		refused = r.tally.add(&n)
	}
	r.Counts.Unread.Add(unread + refused)
	return uncounted(unread, refused), nil
}

// add counts the points of a note, and says of how many it knows nothing to do.
func (t *tally) add(n *note) (refused int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.senders[n.Sender.Space] = n.Sender
	for i := range n.Points {
		if !t.of.Add(n.Sender.Space, n.Sender.Scope.Application, n.At, &n.Points[i]) {
			refused++
		}
	}
	return refused
}

// uncounted says which points of token counters count for nothing, and why.
func uncounted(unread, refused int64) (r rejection) {
	switch r.records = unread + refused; {
	case unread > 0:
		r.why = fmt.Sprintf("%d points of token counters have no time, no temporality or no service.name, or are no whole numbers from 0 to 10^15", unread)
	case refused > 0:
		r.why = fmt.Sprintf("%d points of token counters are older than two days or of the future, or name more models than there is room for", refused)
	}
	return r
}
