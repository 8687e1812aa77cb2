package app

import (
	"context"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// ClosedThrough is the last closed period, "" when none is.
func (a *App) ClosedThrough() spend.Period { return *a.closed.Load() }

// readClosed puts in force what is closed.
func (a *App) readClosed(ctx context.Context) error {
	var last spend.Period
	err := a.State.Read(ctx, func(tx *state.Tx) error {
		all, err := tx.ClosedPeriods(ctx)
		if len(all) > 0 {
			last = all[0].Period
		}
		return err
	})
	a.closed.Store(&last)
	return err
}

// firstOpen is the first day of the first open period, "" while none is closed.
func (a *App) firstOpen() (string, error) {
	last := a.ClosedThrough()
	if last == "" {
		return "", nil
	}
	from, _, err := a.Calendar().Bounds(last.Next())
	return from.Format("2006-01-02"), err
}

// ClosedPeriods lists the periods that were closed, the last one first.
func (s *Server) ClosedPeriods(ctx context.Context) (found []api.ClosedPeriod, err error) {
	err = s.State.Read(ctx, func(tx *state.Tx) error {
		all, err := tx.ClosedPeriods(ctx)
		for _, c := range all {
			found = append(found, api.ClosedPeriod{Period: c.Period, At: c.At, By: c.By})
		}
		return err
	})
	return found, err
}

// ClosePeriod closes a finance month that is over, and all before it, and notes who did
// it. What is booked of them from now on is posted in the first open one.
func (s *Server) ClosePeriod(ctx context.Context, by auth.Identity, p spend.Period) error {
	s.applying.Lock() // what is applied must respect what is closed
	defer s.applying.Unlock()
	calendar := s.Calendar()
	_, until, err := calendar.Bounds(p)
	if err != nil {
		return err
	}
	if now := s.Now(); until.After(now) {
		return spend.Errorf(spend.KindConflict, "close a period", "%s is not over", p).WithHint("it ends on %s", until.Format("2006-01-02"))
	}
	return s.Ingest.Pipeline.Close(ctx, func() (spend.Period, error) {
		err := s.State.Write(ctx, func(tx *state.Tx) error {
			if err := tx.ClosePeriod(ctx, p, by.Actor()); err != nil {
				return err
			}
			_, err := auth.Append(ctx, tx, auth.Note{Who: by, Action: auth.PeriodClose, Target: "period/" + string(p)})
			return err
		})
		if err == nil {
			s.closed.Store(&p)
		}
		return p, err
	})
}
