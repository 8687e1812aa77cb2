package report

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Each is what a group comes to in the other currency.
type Each struct {
	Cost, Exposure money.Null
	Left           int64 // calls of days without a rate
}

// Each converts every group of a question by itself, each of its days by its own rate: a
// figure is the same on whichever page of a list it stands. So their sum differs from the
// converted total by what single roundings leave, half of the last digit a day at most.
func (c *Currency) Each(ctx context.Context, q *spend.Query) (map[string]Each, error) {
	if err := convertible(q); err != nil {
		return nil, err
	}
	daily := *q
	daily.Measures, daily.Grain = byTheDay(), spend.Day
	daily.Order, daily.Top, daily.Previous, daily.Against = "", 0, false, [2]time.Time{}
	t, err := c.Ask(ctx, &daily)
	if err != nil {
		return nil, err
	}
	d, found := days{from: t.Currency}, map[string]Each{}
	for i := range t.Rows {
		r := &t.Rows[i]
		one, at := found[keysOf(r)], r.Bucket.In(q.Zone)
		cost, exposure := r.Values[0], r.Values[1]
		part := c.known(cost, d.from, at)
		if cost.Valid && !part.Valid {
			one.Left += priced(r)
		}
		one.Cost = d.add([]money.Null{one.Cost, part})
		one.Exposure = d.add([]money.Null{one.Exposure, c.known(exposure, d.from, at)})
		found[keysOf(r)] = one
	}
	return found, d.err
}

// known converts an amount that may not be known.
func (c *Currency) known(a money.Null, from money.Currency, at time.Time) money.Null {
	if !a.Valid {
		return a
	}
	return c.amount(a.Amount, from, at)
}

// Today converts an amount of any currency by the rate of today.
func (c *Currency) Today(a money.Amount, from money.Currency, zone *time.Location) money.Null {
	if from == c.To {
		return money.Known(a)
	}
	return c.amount(a, from, c.Now.In(zone))
}
