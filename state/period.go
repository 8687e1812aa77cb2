package state

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// ClosedPeriod is a finance month that was closed, with all before it.
type ClosedPeriod struct {
	Period spend.Period
	At     time.Time
	By     string // as the audit trail names who did it
}

// ClosePeriod closes a finance month and all before it, for ever. The error is of kind
// conflict when it is closed already.
func (tx *Tx) ClosePeriod(ctx context.Context, p spend.Period, by string) error {
	if p == "" || by == "" {
		return spend.Errorf(spend.KindInvalid, "close a period", "a period and who closes it are needed")
	}
	all, err := tx.ClosedPeriods(ctx)
	if err != nil {
		return err
	}
	if len(all) > 0 && p <= all[0].Period {
		return spend.Errorf(spend.KindConflict, "close a period", "%s is closed: all are through %s", p, all[0].Period).
			WithHint("what comes late to it is posted in the first open one")
	}
	return tx.exec(ctx, ask(`INSERT INTO closed_periods (period, closed_at, closed_by) VALUES (?, ?, ?)`, p, micros(tx.now), by))
}

// ClosedPeriods lists the periods that were closed, the last one first.
func (tx *Tx) ClosedPeriods(ctx context.Context) ([]ClosedPeriod, error) {
	return list(ctx, tx, ask(`SELECT period, closed_at, closed_by FROM closed_periods ORDER BY period DESC`), func(scan scanner) (c ClosedPeriod, err error) {
		return c, scan(&c.Period, instant{&c.At}, &c.By)
	})
}
