package report

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// ScreenMeasures are the figures of a table for which nobody chose any.
const ScreenMeasures = "cost,notional,calls,prompt_tokens,completion_tokens"

// Screen makes a table of ScreenMeasures fit what it holds: without a notional cost
// there is no column for it, and where nothing costs, the largest estimate comes first.
func Screen(t *spend.Table) {
	i := slices.Index(t.Query.Measures, spend.NotionalCost)
	switch {
	case i < 0:
	case t.Query.Order == "" && t.Totals.Cost.IsZero() && at(t.Totals.Values, i).Valid:
		slices.SortStableFunc(t.Rows, func(a, b spend.Row) int {
			return cmp.Or(a.Bucket.Compare(b.Bucket), cmp.Compare(place(&a), place(&b)), -at(a.Values, i).Amount.Cmp(at(b.Values, i).Amount))
		})
	case !slices.ContainsFunc(t.Rows, func(r spend.Row) bool { return at(r.Values, i).Valid || at(r.Previous, i).Valid }):
		without(t, i)
	}
}

// place keeps the sum of the other groups behind them.
func place(r *spend.Row) int {
	if r.Other {
		return 1
	}
	return 0
}

// without leaves a measure out of a table.
func without(t *spend.Table, i int) {
	t.Query.Measures = slices.Delete(slices.Clone(t.Query.Measures), i, i+1)
	values := []*[]money.Null{&t.Totals.Values, &t.Totals.Previous}
	for r := range t.Rows {
		values = append(values, &t.Rows[r].Values, &t.Rows[r].Previous)
	}
	for _, v := range values {
		if i < len(*v) {
			*v = slices.Delete(*v, i, i+1)
		}
	}
	if i < len(t.Totals.Currencies) {
		t.Totals.Currencies = slices.Delete(t.Totals.Currencies, i, i+1)
	}
}
