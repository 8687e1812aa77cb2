package report

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// days are the figures of a window by day and group, converted.
type days struct {
	zone   *time.Location // whose days they are
	from   money.Currency
	read   money.Amount // the cost of all days as the books have it
	totals map[time.Time][]money.Null
	cells  map[cellOf][]money.Null
	others bool         // there are groups without rows of their own
	moved  bool         // the groups are not those of the days
	calls  int64        // with a price, of days without a rate
	lines  int64        // at least so many
	left   money.Amount // their cost
	bound  money.Amount // the exposure of days without a rate
	err    error        // of the first sum that does not fit
}

// cellOf names the figures of one group, or of all others, in one bucket.
type cellOf struct {
	bucket time.Time
	keys   string
	other  bool
}

func keysOf(r *spend.Row) string { return strings.Join(r.Keys, "\x00") }

// days asks for a window by day, or by hour or minute where those are shown, and converts it.
func (c *Currency) days(ctx context.Context, q *spend.Query, t *spend.Table) (*days, error) {
	daily := *q
	daily.By, daily.Measures, daily.Grain = nil, byTheDay(), spend.Day
	daily.Order, daily.Top, daily.Previous, daily.Against = "", 0, false, [2]time.Time{}
	if q.Grain == spend.Minute || q.Grain == spend.Hour {
		daily.Grain = q.Grain
	}
	whole, err := c.ask(ctx, &daily)
	if err != nil {
		return nil, err
	}
	d := &days{zone: q.Zone, from: whole.Currency, read: whole.Totals.Cost, totals: map[time.Time][]money.Null{}, cells: map[cellOf][]money.Null{}}
	c.convertDays(d, whole.Rows)
	if len(q.By) == 0 || len(t.Rows) == 0 {
		for bucket, total := range d.totals {
			d.cells[cellOf{bucket: bucket}] = total
		}
		return d, d.err
	}
	daily.By = q.By
	return d, c.groups(ctx, d, &daily, t, whole.Rows)
}

// ask gives an answer with buckets that compare.
func (c *Currency) ask(ctx context.Context, q *spend.Query) (spend.Table, error) {
	t, err := c.Ask(ctx, q)
	t.Rows = slices.Clone(t.Rows)
	for i := range t.Rows {
		t.Rows[i].Bucket = t.Rows[i].Bucket.UTC()
	}
	return t, err
}

// groups asks for the groups of a table by day. Others need not be told apart.
func (c *Currency) groups(ctx context.Context, d *days, q *spend.Query, t *spend.Table, whole []spend.Row) error {
	kept := map[string]bool{}
	some := spend.Filter{By: q.By[0]}
	for i := range t.Rows {
		if r := &t.Rows[i]; !r.Other {
			kept[keysOf(r)] = true
			some.Values = append(some.Values, r.Keys[0])
		}
	}
	if d.others = slices.ContainsFunc(t.Rows, func(r spend.Row) bool { return r.Other }); d.others {
		slices.Sort(some.Values)
		some.Values = slices.Compact(some.Values)
		q.Where = append(slices.Clone(q.Where), some)
	}
	groups, err := c.ask(ctx, q)
	if err != nil {
		return err
	}
	buckets := map[time.Time][]*spend.Row{}
	for i := range groups.Rows {
		if r := &groups.Rows[i]; kept[keysOf(r)] {
			buckets[r.Bucket] = append(buckets[r.Bucket], r)
		}
	}
	for i := range whole {
		c.convertGroups(d, &whole[i], buckets[whole[i].Bucket])
	}
	return d.err
}

// convertDays converts the sum of each day, and parts it among its hours or minutes.
func (c *Currency) convertDays(d *days, rows []spend.Row) {
	byDay := map[string][]*spend.Row{}
	for i := range rows {
		day := rows[i].Bucket.In(d.zone).Format(time.DateOnly)
		byDay[day] = append(byDay[day], &rows[i])
		d.totals[rows[i].Bucket] = make([]money.Null, len(converted()))
	}
	for _, day := range slices.Sorted(maps.Keys(byDay)) {
		all := byDay[day]
		for k := range converted() {
			sum := d.sum(all, k)
			total := c.amount(sum, d.from, all[0].Bucket.In(d.zone))
			switch {
			case total.Valid:
			case k == 0:
				d.leave(all, sum)
			default:
				d.bound = d.less(d.bound, sum.Neg())
			}
			parts := c.alone(all, k, &total, d)
			d.settle(all, k, &total, parts)
			for i, part := range parts {
				d.totals[all[i].Bucket][k] = part
			}
		}
	}
}

// convertGroups converts the groups of a bucket. What is left of it are the others, where
// there are some, else the last digits of the largest.
func (c *Currency) convertGroups(d *days, whole *spend.Row, rows []*spend.Row) {
	other := cellOf{bucket: whole.Bucket, other: true}
	for k := range converted() {
		total := d.totals[whole.Bucket][k]
		rest := d.less(whole.Values[k].Amount, d.sum(rows, k))
		d.moved = d.moved || !rest.IsZero() && !d.others
		parts := c.alone(rows, k, &total, d)
		if rest.IsZero() && len(rows) > 0 {
			d.settle(rows, k, &total, parts)
		} else {
			d.cell(other)[k] = total
			if total.Valid {
				d.cell(other)[k].Amount = d.less(total.Amount, sumOf(parts))
			}
		}
		for i, r := range rows {
			d.cell(cellOf{bucket: r.Bucket, keys: keysOf(r)})[k] = parts[i]
		}
	}
}

func (d *days) cell(at cellOf) []money.Null {
	if d.cells[at] == nil {
		d.cells[at] = make([]money.Null, len(converted()))
	}
	return d.cells[at]
}

// alone converts each amount by itself. All are unknown where their sum is.
func (c *Currency) alone(rows []*spend.Row, k int, total *money.Null, d *days) []money.Null {
	parts := make([]money.Null, len(rows))
	for i, r := range rows {
		if r.Values[k].Valid && total.Valid {
			parts[i] = c.amount(r.Values[k].Amount, d.from, r.Bucket.In(d.zone))
		}
	}
	return parts
}

// settle lets parts sum to a total that was converted as a whole: what single roundings
// leave of it, half a unit each at most, goes to the largest parts by single units.
//
// Example: twice 0.000000000005 at 0.5 are 0.000000000002 each, half to even, and
// 0.000000000005 together: the first becomes 0.000000000003.
func (d *days) settle(rows []*spend.Row, k int, total *money.Null, parts []money.Null) {
	order := make([]int, 0, len(parts))
	for i := range parts {
		if parts[i].Valid && !rows[i].Values[k].Amount.IsZero() {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return parts[j].Amount.Abs().Cmp(parts[i].Amount.Abs()) })
	left := d.less(total.Amount, sumOf(parts))
	for _, i := range order {
		if left.IsZero() {
			return
		}
		unit := money.FromUnits(int64(left.Sign()))
		parts[i].Amount, left = d.less(parts[i].Amount, unit.Neg()), d.less(left, unit)
	}
}
