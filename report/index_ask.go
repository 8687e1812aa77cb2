package report

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// The months of an index: a year and the month that it is compared with.
const (
	usualMonths = 13
	mostMonths  = 61
)

// IndexAsk asks how list prices moved by month.
type IndexAsk struct {
	Month  string // the last, of finance; the last whole one when empty
	Months int    // 13 when 0
	Zone   string // IANA name

	Fiscal spend.Fiscal // what a month is
}

// IndexQuestion is an IndexAsk that was read: the months, and what was used in them.
type IndexQuestion struct {
	Months []market.Month
	Used   spend.Query
}

// Question reads what is asked for at an instant.
func (a IndexAsk) Question(now time.Time) (q IndexQuestion, err error) {
	if a.Months == 0 {
		a.Months = usualMonths
	}
	if a.Months < 2 || a.Months > mostMonths {
		return q, spend.Errorf(spend.KindInvalid, "read --months", "%d is no number of months", a.Months).WithHint("2 to %d", mostMonths)
	}
	ask := Ask{Measures: string(spend.Cost), Book: string(spend.Metered), Axis: string(spend.ByUse), Zone: a.Zone}
	if q.Used, err = ask.Query(now); err != nil {
		return q, err
	}
	q.Used.Fiscal, q.Used.AsOf, q.Used.Grain = a.Fiscal, now, spend.Month
	q.Used.By = bought()
	for _, m := range spend.Meters() {
		q.Used.Measures = append(q.Used.Measures, spend.Measure(m.String()))
	}
	return q, q.months(a, now)
}

// bought are the dimensions of what was used, in the order in which callOf reads them.
func bought() []spend.Dimension {
	return []spend.Dimension{"seller", "requested_model", "served_model", "service_tier", "region"}
}

// months sets the months from the last one back.
func (q *IndexQuestion) months(a IndexAsk, now time.Time) error {
	c := calendar.Of(&q.Used)
	name := spend.Period(a.Month)
	if name == "" {
		from, _, err := c.Bounds(c.Period(now))
		if err != nil {
			return err
		}
		name = c.Period(from.Add(-time.Microsecond))
	}
	from, to, err := c.Bounds(name)
	if err != nil || !from.Before(now) {
		return spend.Errorf(spend.KindInvalid, "read --month", "%.20q is no month that has begun", name).WithHint("a month of finance like 2026-10")
	}
	q.Used.To = to
	for range a.Months {
		at := to.Add(-time.Microsecond)
		if at.After(now) {
			at = now
		}
		q.Months = append(q.Months, market.Month{Name: string(name), At: at})
		q.Used.From, name = from, c.Period(from.Add(-time.Microsecond))
		if from, to, err = c.Bounds(name); err != nil {
			return err
		}
	}
	slices.Reverse(q.Months)
	return nil
}

// PriceIndex says how list prices moved by month: those of what was used, those of the
// market, and those of the newest models.
type PriceIndex struct {
	Book     string // hash of the price book
	Currency money.Currency
	Rate     *OneRate       // by which money is told in another currency than that of the prices, nil in theirs
	Unrated  money.Currency // that was asked for, and of which no rate is known; "" for none
	Models   int            // of the market basket
	Checked  time.Time      // its newest check
	Ours     []market.Point
	Market   []market.Point
	Newest   []market.Point

	Families []market.Family // product lines that were used, the costliest of the last month first
	Repriced market.Repriced // the last month's usage, at its prices and at those of the first
}

// IndexOf makes the index of what was used.
func (q *IndexQuestion) IndexOf(book *pricebook.Book, used *spend.Table) (x PriceIndex, err error) {
	months := make([][]pricebook.Call, len(q.Months))
	c := calendar.Of(&q.Used)
	for i := range used.Rows {
		row := &used.Rows[i]
		name := string(c.Period(row.Bucket))
		at := slices.IndexFunc(q.Months, func(m market.Month) bool { return m.Name == name })
		call, err := callOf(row, 0)
		if err != nil {
			return x, err
		}
		if at >= 0 && call.Model != "" && !call.Usage.IsZero() {
			months[at] = append(months[at], call)
		}
	}
	basket := market.NewBasket(book)
	x = PriceIndex{Book: book.Hash(), Currency: market.Currency, Models: len(basket.Models), Checked: basket.Checked}
	if x.Ours, err = market.Ours(book, q.Months, months); err != nil {
		return x, err
	}
	if x.Market, err = basket.Index(q.Months); err != nil {
		return x, err
	}
	if x.Newest, err = market.Newest(book, q.Months); err != nil {
		return x, err
	}
	if x.Families, err = basket.Families(q.Months, months); err != nil {
		return x, err
	}
	last := len(q.Months) - 1
	x.Repriced, err = market.Reprice(book, months[last], q.Months[0].At, q.Months[last].At)
	return x, err
}
