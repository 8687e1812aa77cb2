package app

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Retention says how long what has no end of its own is kept; 0 is for ever.
type Retention struct {
	Quarantine time.Duration // rejected records
	Charges    time.Duration // lines of the ledger, by whole months
	Journal    time.Duration // booked events in the journal, with a backup or without
}

// dropQuarantine removes rejected records that are too old.
func (s *Server) dropQuarantine(ctx context.Context) error {
	if s.Privacy.Retention.Quarantine == 0 {
		return nil
	}
	return s.remove(ctx, "rejected records", func() (int64, error) {
		return s.Lake.DropQuarantine(ctx, s.Now().Add(-s.Privacy.Retention.Quarantine))
	})
}

// retireCharges removes the lines of whole months that are too old, which the
// audit trail says before it is done. Their keys stay.
func (s *Server) retireCharges(ctx context.Context) error {
	if s.Privacy.Retention.Charges == 0 {
		return nil
	}
	through := periodBefore(s.Now().Add(-s.Privacy.Retention.Charges), s.Calendar())
	due, err := s.Lake.Retirable(ctx, through)
	if err != nil || due == 0 {
		return err
	}
	err = s.State.Write(ctx, func(tx *state.Tx) error {
		_, err := auth.Append(ctx, tx, auth.Note{Who: auth.System(), Action: auth.SettingChange, Target: "retention/charges/" + string(through)})
		return err
	})
	if err != nil {
		return err
	}
	err = s.remove(ctx, "lines of the ledger", func() (int64, error) { return s.Lake.Retire(ctx, through) })
	s.recounted(ctx)
	return err
}

// remove takes rows out of the ledger while nothing is booked.
func (s *Server) remove(ctx context.Context, what string, rows func() (int64, error)) error {
	return s.Ingest.Pipeline.Pause(ctx, func() error {
		n, err := rows()
		s.removed(what, n)
		return err
	})
}

// periodBefore is the last finance period that was over at an instant.
func periodBefore(t time.Time, c calendar.Calendar) spend.Period {
	return c.Period(c.Begin(spend.Month, c.Number(spend.Month, t)).Add(-time.Nanosecond))
}

func (s *Server) forgetAnswers(ctx context.Context) (err error) {
	var n int64
	err = s.State.Write(ctx, func(tx *state.Tx) error { n, err = tx.ForgetRequests(ctx); return err })
	s.removed("answers to requests", n)
	return err
}

func (s *Server) dropSessions(ctx context.Context) (err error) {
	var n int64
	err = s.State.Write(ctx, func(tx *state.Tx) error { n, err = tx.DropOldSessions(ctx); return err })
	s.removed("sessions", n)
	return err
}

func (s *Server) removed(what string, n int64) {
	if n > 0 {
		s.log.Info("removed for their age", "what", what, "count", n)
	}
}
