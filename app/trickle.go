package app

import (
	"context"
	"iter"
	"time"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// Trickle lets the simulated company go on working: so many calls a second, through
// the journal like any accepted event, until the context ends. The seed decides the
// calls; only the clock decides when they happen.
func (s *Server) Trickle(ctx context.Context, seed uint64, perSecond int) error {
	next, stop := iter.Pull(calls(seed, s.Now(), perSecond))
	defer stop()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		records := make([]ingest.Record, 0, perSecond)
		for i := range perSecond {
			e, _ := next()
			at := s.Now().Add(-time.Duration(perSecond-i) * time.Second / time.Duration(perSecond))
			records = append(records, ingest.Record{Event: moved(e, at), Revisions: spend.Immutable})
		}
		if err := s.Ingest.Accept(ctx, records); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// calls yields the calls of a company without end: a day's worth of one history
// after the other, each with keys of its own.
func calls(seed uint64, start time.Time, perSecond int) iter.Seq[spend.Event] {
	const day = 24 * time.Hour
	return func(yield func(spend.Event) bool) {
		for more := true; more; {
			seed++
			c := company.New(company.Config{Seed: seed, Start: start, End: start.Add(day), Events: perSecond * int(day/time.Second)})
			more = every(c.Events(), yield)
		}
	}
}

// every hands on until there is no more, false when the reader has enough.
func every(events iter.Seq[spend.Event], yield func(spend.Event) bool) bool {
	for e := range events {
		if !yield(e) {
			return false
		}
	}
	return true
}

// moved shifts an event in time so that it ends at an instant: a call is told when
// it is over.
func moved(e spend.Event, at time.Time) spend.Event {
	over := e.UsedAt
	if !e.EndedAt.IsZero() {
		over = e.EndedAt
	}
	by := at.UTC().Truncate(time.Microsecond).Sub(over)
	for _, t := range []*time.Time{&e.UsedAt, &e.StartedAt, &e.FirstTokenAt, &e.EndedAt} {
		if !t.IsZero() {
			*t = t.Add(by)
		}
	}
	return e
}
