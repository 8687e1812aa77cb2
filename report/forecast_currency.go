package report

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// OneRate is an exchange rate by which all of something is told in another currency: days
// to come by the newest one, as if it held, which is an assumption, and what the usage of a
// month costs at list prices by that of the instant whose prices count.
type OneRate struct {
	From money.Currency `json:"from"`
	To   money.Currency `json:"to"`
	Day  exchange.Day   `json:"day"`
	Rate money.Amount   `json:"rate"` // what one unit of the first is
}

// Foreseen puts an outlook into the other currency: what came by each day's own rate, what
// is to come by the newest one. Past is the table that it was made of.
//
// Example: 10 USD of yesterday at 0.9 and 10 USD foreseen of today, where the newest rate is
// 0.8, are 9 CHF before and 8 CHF to come.
func (c *Currency) Foreseen(o *Outlook, past *spend.Table) error {
	zone := o.Foresight.Past.Zone
	quote, found := c.Rates.On(exchange.Want{From: o.Currency, To: c.To, Day: exchange.DayOf(c.Now, zone)})
	if !found {
		return spend.Errorf(spend.KindInvalid, "read currency", "no rate of these days says what %s will be in %s", o.Currency, c.To).
			WithHint("bring rates up to date with bursar rate import, or leave currency out")
	}
	ahead := &OneRate{From: o.Currency, To: c.To, Day: quote.Day}
	var err error
	if ahead.Rate, err = quote.Convert(money.FromInt(1)); err != nil {
		return err
	}
	if err := c.came(o, past); err != nil {
		return err
	}
	whole := make([]bool, len(o.Rows))
	for i := range o.Rows {
		if p := o.Rows[i].Parent; p >= 0 {
			whole[p] = true
		}
	}
	for i := len(o.Rows) - 1; i >= 0; i-- {
		if err := o.inRate(i, whole[i], &quote); err != nil {
			return err
		}
	}
	o.Totals.Exposure = c.amount(o.Totals.Exposure, o.Currency, c.Now.In(zone)).Amount
	o.Currency, o.Ahead = c.To, ahead
	return nil
}

// inRate converts what is to come of one row. A whole is the sum of its parts.
func (o *Outlook) inRate(i int, whole bool, quote *exchange.Quote) (err error) {
	r := &o.Rows[i]
	if whole {
		var parts []int
		for k := range o.Rows {
			if o.Rows[k].Parent == i {
				parts = append(parts, k)
			}
		}
		r.Booked = money.Amount{}
		err = r.addParts(o.Rows, parts)
	} else if r.Days, err = daysInRate(r.Days, quote); err == nil {
		r.Booked, err = quote.Convert(r.Booked)
		r.Booked = r.Booked.Round(foreseenDigits)
	}
	if err != nil {
		return err
	}
	if r.Mean, err = money.Sum(r.Days...); err != nil {
		return err
	}
	if r.Priced, err = quote.Convert(r.Priced); err != nil {
		return err
	}
	r.Around = around(r.Around, quote)
	r.Bounds = slices.Clone(r.Bounds)
	for k := range r.Bounds {
		if err := r.Bounds[k].inRate(r.Mean, quote); err != nil {
			return err
		}
	}
	return nil
}

// inRate converts bounds, which hold the mean.
func (b *OutlookBounds) inRate(mean money.Amount, quote *exchange.Quote) error {
	if b.Refused != "" {
		return nil
	}
	for _, side := range []struct {
		of   *money.Null
		sign int
	}{{&b.Low, 1}, {&b.High, -1}} {
		bound, err := quote.Convert(side.of.Amount)
		if err != nil {
			return err
		}
		if bound = bound.Round(foreseenDigits); bound.Cmp(mean) == side.sign {
			bound = mean
		}
		*side.of = money.Known(bound)
	}
	return nil
}

// daysInRate converts days, rounded so that they sum to their rounded sum.
func daysInRate(days []money.Amount, quote *exchange.Quote) ([]money.Amount, error) {
	out := make([]money.Amount, len(days))
	for k := range days {
		var err error
		if out[k], err = quote.Convert(days[k]); err != nil {
			return nil, err
		}
	}
	return money.Shown(foreseenDigits, out)
}

// around converts the bounds of days, which are statistics.
func around(all []forecast.Bounds, quote *exchange.Quote) []forecast.Bounds {
	one, err := quote.Convert(money.FromInt(1))
	if err != nil {
		return nil
	}
	out := slices.Clone(all)
	for i := range out {
		out[i].Low, out[i].High = times(out[i].Low, one.Approx()), times(out[i].High, one.Approx())
	}
	return out
}

func times(values []float64, by float64) []float64 {
	out := slices.Clone(values)
	for k := range out {
		out[k] *= by
	}
	return out
}

// beyond are the keys of what lies beyond the groups with rows of their own.
const beyond = "\x00other"

// came sets what rows came to in the days before to the sum of the converted days. One of
// which no day has a rate is not known.
func (c *Currency) came(o *Outlook, past *spend.Table) error {
	zone, first := o.Foresight.Past.Zone, o.From.In(o.Foresight.Past.Zone).AddDate(0, 0, -o.Foresight.Days)
	var rows []*spend.Row
	for i := range past.Rows {
		r := &past.Rows[i]
		if r.Bucket.Before(first) || !r.Bucket.Before(o.From) {
			continue
		}
		row := spend.Row{Bucket: r.Bucket.UTC(), Keys: r.Keys, Values: []money.Null{r.Values[0], {}, {}}}
		if r.Other {
			row.Keys = []string{beyond}
		}
		rows = append(rows, &row)
	}
	d := c.gather(rows, o.Currency, zone)
	sums, known := map[string]money.Null{}, map[string]bool{}
	for _, r := range rows {
		key := keysOf(r)
		sums[key] = d.add([]money.Null{sums[key], d.cells[cellOf{bucket: r.Bucket, keys: key}][0]})
		known[key] = known[key] || r.Values[0].Valid
	}
	o.Totals.UnconvertedLines += d.lines
	at := make([]money.Null, len(o.Rows))
	for i := len(o.Rows) - 1; i >= 0; i-- {
		r := &o.Rows[i]
		key := GroupOf(r.Keys...)
		if r.Other {
			key = GroupOf(beyond)
		}
		if len(r.Keys) == len(o.Foresight.Past.By) || r.Other {
			at[i] = sums[key]
			r.Unrated = known[key] && !at[i].Valid
		}
		r.Before = at[i].Amount
		if r.Parent >= 0 {
			at[r.Parent] = d.add([]money.Null{at[r.Parent], at[i]})
			o.Rows[r.Parent].Unrated = o.Rows[r.Parent].Unrated || r.Unrated
		}
	}
	for i := range o.Rows {
		o.Rows[i].Unrated = o.Rows[i].Unrated && !at[i].Valid
	}
	return d.err
}

// text is the rate in words, for what stands under a forecast.
func (r *OneRate) text(zone *time.Location) string {
	return "days to come are told in " + string(r.To) + " by the rate of " + date(r.Day.Start(zone)) + ", 1 " + string(r.From) + " for " + r.Rate.Fixed(6) + ", as if it held; days before by their own"
}
