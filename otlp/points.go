package otlp

import (
	"fmt"
	"sync"
	"time"

	metricsv1 "go.opentelemetry.io/proto/slim/otlp/collector/metrics/v1"

	"github.com/bursarhq/bursar/telemetry"
)

// tally is what counters have told.
type tally struct {
	mu sync.Mutex // guards the sums
	of *telemetry.Tally
}

// points sums what counters tell. It is not booked: they are sums of what spans and events
// tell, and say how much of it came.
func (r *Receiver) points(sender *Sender, m *metricsv1.ExportMetricsServiceRequest) rejection {
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
	now := r.Now()
	r.tally.mu.Lock()
	for i := range points {
		if !r.tally.of.Add(sender.Space, sender.Scope.Application, now, &points[i]) {
			refused++
		}
	}
	r.tally.mu.Unlock()
	r.Counts.Unread.Add(unread + refused)
	return uncounted(unread, refused)
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

// Counted lists what counters have told, by application, service, model and hour.
func (r *Receiver) Counted(now time.Time) []telemetry.Counted {
	r.tally.mu.Lock()
	defer r.tally.mu.Unlock()
	return r.tally.of.Counted(now)
}
