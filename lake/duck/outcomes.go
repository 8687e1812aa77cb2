package duck

import (
	"context"

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
