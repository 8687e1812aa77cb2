package otlp

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/bursarhq/bursar/telemetry"
)

// Sample is what the spans of a service say of how its traces are sampled, since the
// server started.
type Sample struct {
	Application, Service string
	Calls                int64 // that spans told
	Said                 int64 // of which the trace says its share
	Stands               int64 // millionths of calls that those stand for
}

const mostSampled = 4096 // services

// samples are those of all services.
type samples struct {
	mu sync.Mutex // guards all
	by map[[2]string]*Sample
}

// note counts the calls of a request.
func (s *samples) note(sender *Sender, calls []telemetry.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range calls {
		c := &calls[i]
		if c.Dialect == nil || c.Dialect.Signal != telemetry.Spans || c.Class != telemetry.Inference {
			continue
		}
		key := [2]string{sender.Scope.Application, c.Event.Scope.Tags["service"]}
		of := s.by[key]
		if of == nil && len(s.by) < mostSampled {
			of = &Sample{Application: key[0], Service: key[1]}
			s.by[key] = of
		}
		if of == nil {
			continue
		}
		of.Calls++
		if c.Kept > 0 {
			of.Said++
			of.Stands += telemetry.All * telemetry.All / c.Kept
		}
	}
}

// Sampled lists how services are sampled, by their spans' own word.
func (r *Receiver) Sampled() []Sample {
	r.samples.mu.Lock()
	defer r.samples.mu.Unlock()
	var all []Sample
	for _, s := range slices.Collect(maps.Values(r.samples.by)) {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Sample) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Service, b.Service))
	})
	return all
}
