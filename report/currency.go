package report

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/spend"
)

// Currency answers questions in another currency than that of the books. What the books
// say of each day of the question's zone is converted by the rate of that day, and what is
// shown is summed from days, so that rows and other sum to the total, and the total is the
// same however it is cut.
//
// Example: 10 USD of Friday at 0.9 and 10 USD of Monday at 0.8 are 17 CHF. A day without a
// rate is in no sum: its amount stands beside the total, as one of a bill does.
type Currency struct {
	To     money.Currency
	Rates  *exchange.Rates
	Now    time.Time
	Before func(spend.Query) spend.Query                                  // the question about the window that one is compared with
	Ask    func(ctx context.Context, q *spend.Query) (spend.Table, error) // in the currency of the books
}

// converted are the measures that have another currency afterwards.
func converted() []spend.Measure { return []spend.Measure{spend.Cost, spend.Exposed} }

// mostAsks is how often the ledger is asked again when lines land between two questions.
const mostAsks = 3

// Answer answers a question. Groups are chosen, and stand in the order of, their amounts
// in the currency of the books.
func (c *Currency) Answer(ctx context.Context, q *spend.Query) (spend.Table, error) {
	if err := convertible(q); err != nil {
		return spend.Table{}, err
	}
	for range mostAsks {
		t, err := c.Ask(ctx, q)
		if err != nil || t.Currency == c.To {
			return t, err
		}
		moved, err := c.convert(ctx, q, &t)
		if err != nil || !moved {
			return t, err
		}
	}
	return spend.Table{}, spend.Errorf(spend.KindConflict, "query", "the ledger changes too fast to convert its days").
		WithHint("end the window before today, or ask again")
}

// convertible refuses what no sum of days answers.
func convertible(q *spend.Query) error {
	why := ""
	switch {
	case q.Axis == spend.ByPeriod:
		why = "periods have no day to convert by; ask by time of use"
	case privacy.Personal(q) || privacy.Groups(q):
		why = "what people spent is told in the currency of the books alone"
	case q.Previous && q.Grain != spend.Whole:
		why = "time buckets and a comparison at once are not converted; ask twice"
	}
	for _, m := range q.Measures {
		if of, _, quantile := m.Quantile(); quantile && strings.HasPrefix(of, "cost") {
			why = string(m) + " is of single calls, which have no day to convert by"
		}
	}
	if why == "" {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "read currency", "%s", why).WithHint("leave currency out")
}

// convert puts a table into the other currency; moved says that the ledger has changed
// since the table was read.
func (c *Currency) convert(ctx context.Context, q *spend.Query, t *spend.Table) (moved bool, err error) {
	now, err := c.days(ctx, q, t)
	if err != nil || !now.sound(t.Totals.Cost) {
		return err == nil, err
	}
	var before *days
	if q.Previous {
		earlier := c.Before(*q)
		if before, err = c.days(ctx, &earlier, t); err != nil || before.moved {
			return err == nil, err
		}
	}
	if err := c.beside(ctx, q, &t.Totals, now); err != nil {
		return false, err
	}
	for i, m := range q.Measures {
		if k := slices.Index(converted(), m); k >= 0 {
			now.place(t, k, func(r *spend.Row) *money.Null { return &r.Values[i] })
			before.place(t, k, func(r *spend.Row) *money.Null { return &r.Previous[i] })
			t.Totals.Values[i] = now.whole(k)
			if before != nil {
				t.Totals.Previous[i] = before.whole(k)
			}
		}
	}
	t.Currency = c.To
	return false, now.err
}

// beside converts the amounts that stand under an answer.
func (c *Currency) beside(ctx context.Context, q *spend.Query, t *spend.Totals, d *days) (err error) {
	for _, part := range []struct {
		sum   *money.Amount
		where spend.Filter
	}{
		{&t.Unattributed, spend.Filter{By: "team", Values: []string{""}}},
		{&t.Provisional, spend.Filter{By: "finality", Values: []string{string(spend.Provisional)}}},
	} {
		switch *part.sum {
		case money.Amount{}:
		case t.Cost:
			*part.sum = d.whole(0).Amount
		default:
			some := *q
			some.Where = append(slices.Clone(q.Where), part.where)
			if *part.sum, err = c.sum(ctx, &some); err != nil {
				return err
			}
		}
	}
	holds := c.amount(t.OpenHolds, d.from, c.Now.In(q.Zone)) // of calls that go on
	t.Cost, t.Exposure, t.OpenHolds, t.Other = d.whole(0).Amount, d.whole(1).Amount, holds.Amount, d.other()
	t.Unconverted += d.calls
	t.UnconvertedLines += d.lines
	if !d.left.IsZero() {
		t.WithoutRate = append(t.WithoutRate, money.Money{Amount: d.left, Currency: d.from})
	}
	if !d.bound.IsZero() {
		t.ExposureLeft = append(t.ExposureLeft, money.Money{Amount: d.bound, Currency: d.from})
	}
	return nil
}

// sum is the cost of a question's lines.
func (c *Currency) sum(ctx context.Context, q *spend.Query) (money.Amount, error) {
	whole := *q
	whole.By = nil
	d, err := c.days(ctx, &whole, &spend.Table{})
	if err != nil {
		return money.Amount{}, err
	}
	return d.whole(0).Amount, d.err
}

// amount converts one amount at a day, unknown without a rate. Nothing is nothing in any
// currency.
func (c *Currency) amount(a money.Amount, from money.Currency, at time.Time) money.Null {
	if a.IsZero() {
		return money.Known(a)
	}
	quote, found := c.Rates.On(exchange.Want{From: from, To: c.To, Day: exchange.DayOf(at, at.Location())})
	if !found {
		return money.Null{}
	}
	out, err := quote.Convert(a)
	return money.Null{Amount: out, Valid: err == nil}
}
