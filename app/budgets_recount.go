package app

import (
	"context"
	"iter"
	"slices"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/lake"
)

// frozen is one state of the ledger, which stays while batches land, until it thaws.
type frozen struct {
	lake.Reader
	ask  lake.Ask
	thaw func()
}

// Snapshot lets f ask the frozen state.
func (z *frozen) Snapshot(_ context.Context, f func(lake.Ask) error) error { return f(z.ask) }

// freeze keeps the state that the ledger has now.
func (s *Server) freeze(ctx context.Context) (*frozen, error) {
	var failed error
	state, thaw := iter.Pull(func(yield func(lake.Ask) bool) {
		failed = s.Lake.Snapshot(ctx, func(ask lake.Ask) error {
			// A transaction sees what was committed when it asked for the first time.
			first := lake.Statement{Text: "SELECT 1 FROM charges LIMIT 1"}
			if err := ask(ctx, first, func([]*string) error { return nil }); err != nil {
				return err
			}
			yield(ask)
			return nil
		})
	})
	ask, is := state()
	if !is {
		thaw()
		return nil, failed
	}
	return &frozen{s.Lake, ask, thaw}, nil
}

// recount puts the limits in force that are applied, and counts anew what is booked.
// Calls are decided by the old counters until then, and booking goes on: what is
// booked meanwhile is counted by both.
func (s *Server) recount(ctx context.Context) error {
	s.recounting.Lock()
	defer s.recounting.Unlock()
	defer s.fresh.Store(nil)
	err := s.countAnew(ctx)
	s.miscounted.Store(err != nil)
	return err
}

func (s *Server) countAnew(ctx context.Context) error {
	var failed error
	var past *frozen
	var o *budget.Opening
	var fresh *budget.Engine
	err := s.Ingest.Pipeline.Pause(ctx, func() (err error) {
		if past, err = s.freeze(ctx); err != nil {
			return err
		}
		o = s.opening(ctx, past, &failed)
		fresh = budget.Recount(s.order.Load().limits.Set, s.converted, &budget.Opening{At: o.At, Told: o.Told})
		s.fresh.Store(fresh)
		return nil
	})
	if err != nil {
		return err
	}
	fill(fresh, o)
	past.thaw()
	if failed != nil {
		return failed
	}
	return s.Ingest.Pipeline.Pause(ctx, func() error {
		due := s.Budgets.Due()
		s.Budgets.Adopt(fresh)
		s.Budgets.Forget(s.Now().Add(-keepCounters))
		return s.hush(ctx, due)
	})
}

// fill counts the past of an opening in an engine in the making.
func fill(fresh *budget.Engine, o *budget.Opening) {
	if o.Lines == nil {
		return
	}
	for line := range o.Lines {
		fresh.Book(o.At, line)
	}
	for earned := range o.Earned {
		fresh.Earn(o.At, earned)
	}
}

// earns says that a limit grows with results.
func (s *Server) earns() bool {
	return slices.ContainsFunc(s.order.Load().limits.Budgets, func(b budget.Budget) bool { return b.PerOutcome.Outcome != "" })
}

// recounted is recount for who has done what made it due: an error is logged, shown by
// the doctor, and the chore tries again.
func (s *Server) recounted(ctx context.Context) {
	if err := s.recount(context.WithoutCancel(ctx)); err != nil {
		s.log.Error("budgets are not counted anew", "error", err)
	}
}

// keepBudgets forgets windows that nothing needs any more, and recounts what could not
// be counted.
func (s *Server) keepBudgets(ctx context.Context) error {
	s.Budgets.Forget(s.Now().Add(-keepCounters))
	if !s.miscounted.Load() {
		return nil
	}
	return s.recount(ctx)
}
