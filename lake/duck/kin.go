package duck

import (
	"context"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// EachKin calls f for all kin among the charges; an error of f ends it.
func (l *Lake) EachKin(ctx context.Context, k lake.Kinship, f func(*lake.Kin) error) error {
	return lake.EachKin(ctx, l, k, f)
}

// MembersOf finds the attempts of kin.
func (l *Lake) MembersOf(ctx context.Context, m lake.Members) ([]spend.ID, error) {
	return lake.MembersOf(ctx, l, m)
}

// Named gives lines by their ids, in no order; within a window it reads only the
// part that can match.
func (l *Lake) Named(ctx context.Context, ids []spend.ID, within lake.Window) ([]spend.Charge, error) {
	where, args := "id IN "+wanted, []any{joined(ids)}
	if !within.From.IsZero() {
		where, args = where+" AND used_at >= ?", append(args, within.From.UTC())
	}
	if !within.To.IsZero() {
		where, args = where+" AND used_at < ?", append(args, within.To.UTC())
	}
	return all(ctx, l, lake.Charges(), "rowid IN (SELECT rowid FROM charges WHERE "+where+")", args...)
}
