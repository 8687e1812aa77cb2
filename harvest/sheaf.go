package harvest

import (
	"bytes"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

// Bounds of what one order holds, and with it of what is held in memory.
const (
	maxEvents   = 16_384
	maxMarks    = 2_000
	maxRejected = 200
)

// sheaf is what is sent at once. Of the tellings of one call it keeps the one that
// counts, so that an answer which stands in several lines is booked once instead of
// being corrected line by line.
type sheaf struct {
	order  *api.ImportOrder
	events []spend.Event
	at     map[string]int // of the telling of a call that counts so far
}

func newSheaf(order *api.ImportOrder) sheaf { return sheaf{order: order, at: map[string]int{}} }

// isNew says that no telling of the event's call is here. A full sheaf still takes
// further tellings of what it holds.
func (s *sheaf) isNew(e *spend.Event) bool {
	_, known := s.at[e.SourceKey]
	return !known
}

func (s *sheaf) add(e *spend.Event) {
	i, known := s.at[e.SourceKey]
	switch {
	case !known:
		s.at[e.SourceKey] = len(s.events)
		s.events = append(s.events, *e)
	case spend.CompareRevisions(e, &s.events[i]) > 0:
		s.events[i] = *e
	}
}

func (s *sheaf) reject(r api.LogRejected) { s.order.Rejected = append(s.order.Rejected, r) }

func (s *sheaf) isEmpty() bool {
	return len(s.events)+len(s.order.Marks)+len(s.order.Rejected) == 0
}

func (s *sheaf) isFull() bool {
	return len(s.events) >= maxEvents || len(s.order.Marks) >= maxMarks || len(s.order.Rejected) >= maxRejected
}

// body writes the events as the interface takes them.
func (s *sheaf) body() (*bytes.Buffer, error) {
	var body bytes.Buffer
	for i := range s.events {
		line, err := connect.WriteEvent(&s.events[i])
		if err != nil {
			return nil, spend.Errorf(spend.KindInternal, "write an event", "%w", err)
		}
		body.Write(line)
		body.WriteByte('\n')
	}
	return &body, nil
}
