package ingest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Accept returns when the records are on disk; what is wrong with a record is
// kept with it and ends in the quarantine. People get their principal ids, and
// label values beyond the cap are folded, in the records too. It refuses with kind unavailable
// while too much waits to be booked, or too many calls are open.
func (s *Service) Accept(ctx context.Context, records []Record) error {
	if err := s.admit("accept events", len(records)); err != nil {
		return err
	}
	if err := identify(ctx, s.Pipeline.Directory, records); err != nil {
		return err
	}
	entries := make([]Entry, len(records))
	latest := s.Pipeline.Now().Add(Ahead)
	opens := int64(0)
	for i := range records {
		if records[i].Open {
			opens++
		}
		s.check(&records[i], latest)
		e, err := records[i].entry(nil)
		if err != nil {
			return spend.Errorf(spend.KindInternal, "accept events", "%w", err)
		}
		entries[i] = e.keyed()
	}
	if err := s.roomFor(opens); err != nil {
		return err
	}
	repeated, err := s.keep(ctx, entries)
	if repeated > 0 && s.Pipeline.Repeated != nil {
		s.Pipeline.Repeated(sourceOf(records), repeated)
	}
	return err
}

// sourceOf names the source of records that came at once, SeveralSources for more than one.
func sourceOf(records []Record) string {
	for i := range records {
		if records[i].Event.Source != records[0].Event.Source {
			return SeveralSources
		}
	}
	return records[0].Event.Source
}

// check finds what is wrong with a record, and folds its labels.
func (s *Service) check(r *Record, latest time.Time) {
	if r.Problems == nil {
		r.Whole, r.Problems = true, r.problems(latest)
	}
	if len(r.Problems) > 0 {
		whole := false
		r.Event, whole = legible(r.Event)
		r.Whole = r.Whole && whole
	} else if s.Labels != nil {
		s.Labels.fold(r)
	}
}

// roomFor refuses to open more calls than memory is kept for.
func (s *Service) roomFor(opens int64) error {
	open, most := s.OpenCalls(), orElse(s.MaxOpen, 1_000_000)
	if opens == 0 || open+opens <= most {
		return nil
	}
	return spend.Errorf(spend.KindUnavailable, "open calls", "%d calls are open, at most %d may be", open, most).
		WithHint("report how the open calls ended: send their usage, or their status interrupted")
}

// AcceptOutcomes returns when the outcomes are on disk. They are booked behind
// the log like calls, and refused in the same way.
func (s *Service) AcceptOutcomes(ctx context.Context, records []OutcomeRecord) error {
	if err := s.admit("accept outcomes", len(records)); err != nil {
		return err
	}
	entries := make([]Entry, len(records))
	for i := range records {
		r := &records[i]
		if r.Problems == nil {
			r.Whole, r.Problems = true, r.Event.Validate()
		}
		if len(r.Problems) > 0 {
			whole := false
			r.Event, whole = legibleOutcome(r.Event)
			r.Whole = r.Whole && whole
		}
		e, err := r.entry()
		if err != nil {
			return spend.Errorf(spend.KindInternal, "accept outcomes", "%w", err)
		}
		entries[i] = e.keyed()
	}
	_, err := s.keep(ctx, entries)
	return err
}

// admit refuses more work while too much waits.
func (s *Service) admit(op string, n int) error {
	if err := s.Ready(); err != nil {
		return err
	}
	if waiting, most := s.waiting.Load(), orElse(s.Backlog, 1_000_000); waiting+int64(n) > most {
		return spend.Errorf(spend.KindUnavailable, op, "%d records wait to be booked", waiting).
			WithHint("send them again later; nothing of this request was kept")
	}
	return nil
}

// keep makes entries safe in the log. What was there before is booked, or counted
// as waiting already; so many of them it gives.
func (s *Service) keep(ctx context.Context, entries []Entry) (repeated int64, err error) {
	n := int64(len(entries))
	s.waiting.Add(n)
	kept, behind, err := s.Log.Write(entries)
	s.waiting.Add(int64(kept) - n)
	if err != nil {
		return 0, err
	}
	return n - int64(kept), s.Log.Synced(ctx, behind)
}
