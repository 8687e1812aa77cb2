package statetest

import (
	"context"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func periods(r *room) {
	closing := func(p spend.Period, by string) error {
		return r.write(func(ctx context.Context, tx *state.Tx) error { return tx.ClosePeriod(ctx, p, by) })
	}
	r.must(closing("2026-09", "token/aaaaaaaa"))
	r.refuses(spend.KindConflict, closing("2026-09", "token/bbbbbbbb"))
	r.refuses(spend.KindConflict, closing("2026-08", "token/bbbbbbbb"))
	r.refuses(spend.KindInvalid, closing("", "token/bbbbbbbb"))
	r.refuses(spend.KindInvalid, closing("2026-10", ""))
	r.must(closing("2026-11", "token/bbbbbbbb"))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		found, err := tx.ClosedPeriods(ctx)
		var told []string
		for _, c := range found {
			r.same("closed at a time", false, c.At.IsZero())
			told = append(told, string(c.Period)+" "+c.By)
		}
		r.same("the last one first", []string{"2026-11 token/bbbbbbbb", "2026-09 token/aaaaaaaa"}, told)
		return err
	}))
}
