package report

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// sound says that the days are those of a table that was read before.
func (d *days) sound(cost money.Amount) bool { return d.read == cost && !d.moved }

// leave notes a day without a rate.
func (d *days) leave(rows []*spend.Row, cost money.Amount) {
	d.left = d.less(d.left, cost.Neg())
	for _, r := range rows {
		calls := priced(r)
		d.calls += calls
		d.lines += max(calls, 1) // a purchase has no calls
	}
}

// byTheDay are the figures that are converted, and what priced is told of.
func byTheDay() []spend.Measure { return append(converted(), spend.Calls, spend.UnpricedCalls) }

// priced is how many calls of a row have a price.
func priced(r *spend.Row) int64 {
	calls, _ := at(r.Values, len(converted())).Amount.Int()
	without, _ := at(r.Values, len(converted())+1).Amount.Int()
	return calls - without
}

// whole is the sum of all days.
func (d *days) whole(k int) money.Null {
	all := make([]money.Null, 0, len(d.totals))
	for _, values := range d.totals {
		all = append(all, values[k])
	}
	return d.add(all)
}

// other is the cost of the groups without rows of their own.
func (d *days) other() money.Amount {
	var all []money.Null
	for at, values := range d.cells {
		if at.other {
			all = append(all, values[0])
		}
	}
	return d.add(all).Amount
}

// place puts the sums of the days into the rows of a table; no days change nothing.
func (d *days) place(t *spend.Table, k int, value func(*spend.Row) *money.Null) {
	if d == nil {
		return
	}
	starts := make([]time.Time, len(t.Rows))
	for i := range t.Rows {
		starts[i] = t.Rows[i].Bucket
	}
	slices.SortFunc(starts, time.Time.Compare)
	parts := map[cellOf][]money.Null{}
	for at, values := range d.cells {
		after, _ := slices.BinarySearchFunc(starts, at.bucket.Add(1), time.Time.Compare)
		if at.bucket = (time.Time{}); t.Query.Grain != spend.Whole && after > 0 {
			at.bucket = starts[after-1].UTC()
		}
		parts[at] = append(parts[at], values[k])
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		at := cellOf{keys: keysOf(r), other: r.Other}
		if at.other {
			at.keys = ""
		}
		if t.Query.Grain != spend.Whole {
			at.bucket = r.Bucket.UTC()
		}
		if found, known := parts[at]; known && value(r).Valid {
			*value(r) = d.add(found)
		}
	}
}

// add sums what is known; of nothing known the sum is unknown.
func (d *days) add(all []money.Null) (sum money.Null) {
	for _, v := range all {
		if v.Valid {
			sum = money.Known(d.less(sum.Amount, v.Amount.Neg()))
		}
	}
	return sum
}

// sum is that of one figure of rows as the books have them.
func (d *days) sum(rows []*spend.Row, k int) (sum money.Amount) {
	for _, r := range rows {
		sum = d.less(sum, r.Values[k].Amount.Neg())
	}
	return sum
}

// less subtracts, and keeps the first error for whoever asks at the end.
func (d *days) less(a, b money.Amount) money.Amount {
	difference, err := a.Sub(b)
	if err != nil && d.err == nil {
		d.err = spend.Errorf(spend.KindInternal, "query", "sum the days: %w", err)
	}
	return difference
}

// sumOf adds the known parts of an amount that fits.
func sumOf(parts []money.Null) (sum money.Amount) {
	for _, p := range parts {
		if next, err := sum.Add(p.Amount); err == nil && p.Valid {
			sum = next
		}
	}
	return sum
}
