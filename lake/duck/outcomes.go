package duck

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeHistory gives every line of the wanted outcomes, and of the outcomes in
// which one of the wanted events is booked, reversals included, in no order.
func (l *Lake) OutcomeHistory(ctx context.Context, ids []spend.ID) ([]outcome.Line, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	arg := joined(ids)
	return all(ctx, l, lake.OutcomeLines(), "outcome_id IN (SELECT outcome_id FROM outcomes WHERE outcome_id IN "+wanted+" OR event_id IN "+wanted+")", arg, arg)
}

// Verified gives the standing of every outcome of a definition that stands
// verified and came about at or before an instant.
func (l *Lake) Verified(ctx context.Context, definition string, until time.Time) ([]outcome.Standing, error) {
	lines, err := all(ctx, l, lake.OutcomeLines(), `definition = ? AND state = 'verified' AND happened_at <= ?
AND items > 0 AND id NOT IN (SELECT corrects FROM outcomes WHERE items < 0)`, definition, until.UTC())
	standings := make([]outcome.Standing, len(lines))
	for i := range lines {
		standings[i] = lines[i].Standing
	}
	return standings, err
}
