package ingest

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/outcome"
)

// Mature books the maturity of every verified outcome that has survived as long
// as its definition asks for, and gives their number. The events have ids of
// their own making: doing it twice, or again after a crash, adds nothing.
func (s *Service) Mature(ctx context.Context, now time.Time) (booked int64, err error) {
	definitions := s.definitions.Load()
	for id, shortest := range maturities(definitions) {
		result, err := s.Pipeline.mature(ctx, ripening{id, shortest, now, definitions})
		s.tell(result)
		if booked += result.Outcomes; err != nil {
			return booked, err
		}
	}
	return booked, nil
}

// maturities gives the shortest maturity of each definition that has one.
func maturities(definitions *outcome.Definitions) map[string]time.Duration {
	shortest := map[string]time.Duration{}
	for _, d := range definitions.All() {
		if known, found := shortest[d.ID]; d.Maturity > 0 && (!found || d.Maturity < known) {
			shortest[d.ID] = d.Maturity
		}
	}
	return shortest
}

// ripening asks for the outcomes of one definition that are due to mature.
type ripening struct {
	definition  string
	shortest    time.Duration // maturity of any of its versions
	now         time.Time
	definitions *outcome.Definitions
}

// due gives the maturity of an outcome, false while it has time to go.
func (r *ripening) due(s *outcome.Standing) (outcome.Event, bool) {
	d, _ := r.definitions.Find(r.definition, s.Version)
	return outcome.Mature(s, &d, r.now)
}

// mature books the maturities of one definition, some thousands a transaction.
func (p *Pipeline) mature(ctx context.Context, r ripening) (total Result, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.commit(ctx); err != nil {
		return total, err
	}
	standings, err := p.Annex.Verified(ctx, r.definition, r.now.Add(-r.shortest))
	if err != nil {
		return total, err
	}
	var due []OutcomeRecord
	for i := range standings {
		if e, is := r.due(&standings[i]); is {
			due = append(due, OutcomeRecord{Event: e, Digest: e.Key()})
		}
	}
	for part := range slices.Chunk(due, 4096) {
		result, err := p.deliver(ctx, newBatch(p, nil), &Delivery{Outcomes: part, Definitions: r.definitions})
		if err == nil {
			total, err = total.Add(result)
		}
		if err != nil {
			return total, err
		}
	}
	return total, p.commit(ctx)
}
