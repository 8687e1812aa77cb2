package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// tagProduct is the dimension of what was bought.
const tagProduct = spend.Dimension("tag:" + purchase.TagProduct)

// Bought asks which products have days of service within those that are forecast, which
// begin before the present one where the feed ends earlier; false of what is no cost.
func (f *Foresight) Bought(fed *spend.Table) (spend.Query, bool) {
	q := f.purchases()
	q.From, q.Grain, q.By = f.begins(fed), spend.Whole, []spend.Dimension{"seller", tagProduct}
	return q, f.Past.Measures[0] == spend.Cost
}

// Paid asks what each group pays by day for these products, before and ahead, false where
// there are none. What else was bought goes on as its past says.
func (f *Foresight) Paid(bought *spend.Table) (spend.Query, bool) {
	q := f.purchases()
	sellers, products := spend.Filter{By: "seller"}, spend.Filter{By: tagProduct}
	for i := range bought.Rows {
		sellers.Values = append(sellers.Values, bought.Rows[i].Keys[0])
		products.Values = append(products.Values, bought.Rows[i].Keys[1])
	}
	q.Where = append(q.Where, sellers, products)
	return q, len(bought.Rows) > 0
}

// begins is the first day that is forecast.
func (f *Foresight) begins(fed *spend.Table) time.Time {
	year, month, day := f.Past.From.In(f.Past.Zone).Date()
	return calendar.DayStart(year, month, day+feedOf(f, fed).days, f.Past.Zone)
}

// purchases asks for what was bought, until the end of what is forecast.
func (f *Foresight) purchases() spend.Query {
	q := f.Past
	q.To, q.Top, q.Order = q.To.AddDate(0, 0, f.Days), 0, ""
	q.Where = append(slices.Clone(q.Where),
		spend.Filter{By: "source", Has: purchase.Source},
		spend.Filter{By: "category", Values: []string{string(spend.CategoryPurchase), string(spend.CategoryCredit)}})
	return q
}

// book takes what is booked ahead out of the past of each series, which goes on without it,
// and keeps it by day, those ahead included.
//
// Example: 10 USD of calls a day beside a seat of 4 USD that ends in five days come to
// 10 · 30 + 4 · 5 in thirty days, of which 20 are known.
func (p *pastOf) book() error {
	for i := range p.f.Booked {
		r := &p.f.Booked[i]
		day := dayNumber(r.Bucket.In(p.f.Past.Zone)) - p.start
		if day < 0 || day >= p.days+p.f.Days || !r.Values[0].Valid {
			continue
		}
		for at := p.buyer(r.Keys); at >= 0; at = p.branches[at].parent {
			if err := p.branches[at].book(day, r.Values[0].Amount, p.days+p.f.Days); err != nil {
				return err
			}
		}
	}
	for i := range p.branches {
		if b := &p.branches[i]; b.parent >= 0 && b.booked != nil {
			b.first = b.begins()
		}
	}
	return nil
}

// buyer is the series of a group. One without a row of its own is beyond those that have
// one, where there is such a row.
func (p *pastOf) buyer(keys []string) int {
	other, known := p.found["\x00\x00other"]
	if _, own := p.found[strings.Join(keys, "\x00")]; known && !own {
		return other
	}
	return p.branch(keys, false)
}

func (b *branch) book(day int, amount money.Amount, days int) (err error) {
	if b.booked == nil {
		b.booked = make([]money.Amount, days)
	}
	if b.booked[day], err = b.booked[day].Add(amount); err != nil || day >= len(b.known) || !b.known[day].Valid {
		return err
	}
	b.known[day].Amount, err = b.known[day].Amount.Sub(amount)
	return err
}

// begins is the first day of which more is known than what is booked ahead.
func (b *branch) begins() int {
	for day := b.first; day < len(b.known); day++ {
		if b.known[day].Valid && (!b.known[day].Amount.IsZero() || b.booked[day].IsZero()) {
			return day
		}
	}
	return len(b.known)
}

// certain says that nothing of a series is forecast: all of it is booked ahead, or nothing
// else is told.
func (p *pastOf) certain(b *branch) bool {
	return p.alone != "" || b.first == p.days && b.booked != nil && !b.planned
}

// unforeseen are answers in which nothing is forecast.
func (p *pastOf) unforeseen() []forecast.Answer {
	answers := make([]forecast.Answer, len(p.branches))
	for i := range answers {
		a := &answers[i]
		a.Mean = make([]float64, p.f.Days)
		for _, level := range p.f.Levels {
			a.Bounds = append(a.Bounds, forecast.Bounds{Level: level, Refused: p.alone})
			a.Total.Bounds = append(a.Total.Bounds, forecast.TotalBounds{Level: level, Refused: p.alone})
		}
	}
	return answers
}

// bookedDays are what is booked on the days ahead, nil for nothing.
func (p *pastOf) bookedDays(b *branch) []money.Amount {
	if b.booked == nil {
		return nil
	}
	return b.booked[p.days:]
}

// anyAhead says whether anything is booked on the days ahead.
func (p *pastOf) anyAhead() bool {
	return slices.ContainsFunc(p.bookedDays(&p.branches[0]), func(a money.Amount) bool { return !a.IsZero() })
}

// addBooked adds what is booked on the days ahead to a smallest series.
func (p *pastOf) addBooked(r *OutlookRow, b *branch) error {
	booked, err := money.Shown(p.f.digits(), p.bookedDays(b))
	if err != nil {
		return err
	}
	for k, amount := range booked {
		if r.Days[k], err = r.Days[k].Add(amount); err != nil {
			return err
		}
	}
	r.Booked, err = money.Sum(booked...)
	return err
}

// above moves the bounds of days by what is booked on them.
func (p *pastOf) above(all []forecast.Bounds, b *branch) []forecast.Bounds {
	out := slices.Clone(all)
	for i := range out {
		out[i].Low, out[i].High = slices.Clone(out[i].Low), slices.Clone(out[i].High)
		for k, amount := range p.bookedDays(b) {
			if out[i].Refused == "" {
				out[i].Low[k] += amount.Approx()
				out[i].High[k] += amount.Approx()
			}
		}
	}
	return out
}

// sure says of a row that is all booked why it has no interval of its own: alone is why
// nothing else of any row is told.
func (r *OutlookRow) sure(alone string) {
	r.Sure, r.Likened, r.Analogy, r.Methods = true, false, "", nil
	for i := range r.Bounds {
		r.Bounds[i].Refused = cmp.Or(alone, "all of it is booked ahead, and nothing of it is forecast")
	}
}

// anyBooked says whether anything is booked ahead.
func (o *Outlook) anyBooked() bool {
	return slices.ContainsFunc(o.Rows, func(r OutlookRow) bool { return !r.Booked.IsZero() })
}
