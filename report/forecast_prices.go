package report

import (
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// mixDays is how many days of usage say what a price change will do.
const mixDays = 28

// PriceChange is a change of prices that is in the book already, with a date to come.
type PriceChange struct {
	Seller string     `json:"seller"`
	SKU    string     `json:"sku"`
	At     time.Time  `json:"at"`
	Factor money.Null `json:"factor"` // the price then by that before, on the usage of the last 28 days; null where there is none
}

// Repricing is what known price changes do to each group: the days to come are forecast at
// the prices of today, and multiplied.
type Repricing struct {
	Changes []PriceChange
	mixes   map[string][]mixed // by the keys of the group

	candidates []candidate
	driven     map[string]*driven // by the keys of the group, of those that quantities drive
}

// mixed is a part of a group's cost, and by what its price is multiplied from a day on.
type mixed struct {
	cost  float64
	steps []priceStep
}

type priceStep struct {
	day    int
	factor float64
}

// shelf is one thing that one seller sells.
type shelf struct{ seller, sku string }

// priceInstants are the instants at which the book changes a price within the days that
// are forecast.
func (f *Foresight) priceInstants(book *pricebook.Book) map[shelf][]time.Time {
	end := f.Past.To.AddDate(0, 0, f.Days)
	found := map[shelf][]time.Time{}
	for _, fact := range book.Facts() {
		for _, at := range []time.Time{fact.Valid.From, fact.Valid.To} {
			key := shelf{fact.Seller, fact.SKU}
			if at.After(f.Past.To) && at.Before(end) && !slices.ContainsFunc(found[key], at.Equal) {
				found[key] = append(found[key], at)
			}
		}
	}
	for _, all := range found {
		slices.SortFunc(all, time.Time.Compare)
	}
	return found
}

// Mix asks what each group used lately of whose models, false where no known price change
// lies ahead of it.
func (f *Foresight) Mix(book *pricebook.Book) (spend.Query, bool) {
	q := f.Past
	if q.Measures[0] != spend.Cost || book == nil || len(f.priceInstants(book)) == 0 {
		return q, false
	}
	q.From, q.Grain, q.Top, q.Order = q.To.AddDate(0, 0, -mixDays), spend.Whole, 0, ""
	q.By = append(slices.Clone(q.By), "seller", "requested_model", "served_model", "service_tier", "region")
	q.Measures = []spend.Measure{spend.Cost}
	q.Measures = append(q.Measures, meterMeasures()...)
	return q, true
}

// Reprice rates what was used lately at the prices before and after each known change.
func (f *Foresight) Reprice(book *pricebook.Book, mix *spend.Table) error {
	r := repricer{book: book, f: f, instants: f.priceInstants(book), sums: map[PriceChange][2]money.Amount{}}
	r.mixes = map[string][]mixed{}
	for i := range mix.Rows {
		if err := r.add(&mix.Rows[i]); err != nil {
			return err
		}
	}
	for change, sum := range r.sums {
		if !sum[0].IsZero() && sum[0].Sign() == sum[1].Sign() {
			factor, err := money.FromInt(1).MulQuotient(sum[1].Abs(), sum[0].Abs())
			if err != nil {
				return err
			}
			change.Factor = money.Known(factor.Round(4))
		}
		r.Changes = append(r.Changes, change)
	}
	slices.SortFunc(r.Changes, func(a, b PriceChange) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Seller+"\x00"+a.SKU, b.Seller+"\x00"+b.SKU)
	})
	f.Prices = r.Repricing
	return nil
}

// repricer is a Repricing in the making.
type repricer struct {
	Repricing
	book     *pricebook.Book
	f        *Foresight
	instants map[shelf][]time.Time
	sums     map[PriceChange][2]money.Amount // of the same usage, before and after
}

// add rates one group's usage of one model around each change of its prices.
func (r *repricer) add(row *spend.Row) error {
	depth := len(row.Keys) - 5
	part := mixed{cost: row.Values[0].Amount.Approx()}
	call, err := callOf(row, depth)
	if err != nil {
		return err
	}
	var before, after pricebook.Rating
	call.At = r.f.Past.To
	r.book.Rate(&call, &before)
	for _, at := range r.instants[shelf{before.Seller, before.SKU}] {
		change := PriceChange{Seller: before.Seller, SKU: before.SKU, At: at}
		call.At = at.Add(-time.Microsecond)
		r.book.Rate(&call, &before)
		call.At = at
		r.book.Rate(&call, &after)
		sum := r.sums[change]
		if before.State == spend.Unpriced || after.State == spend.Unpriced {
			r.sums[change] = sum // it is told, and nobody knows the price then
			continue
		}
		if sum[0], err = sum[0].Add(before.Contracted); err != nil {
			return err
		}
		if sum[1], err = sum[1].Add(after.Contracted); err != nil {
			return err
		}
		r.sums[change] = sum
		if before.Contracted.Sign() > 0 {
			day := dayNumber(at.In(r.f.Past.Zone))
			part.steps = append(part.steps, priceStep{day, after.Contracted.Approx() / before.Contracted.Approx()})
		}
	}
	name := strings.Join(row.Keys[:depth], "\x00")
	r.mixes[name] = append(r.mixes[name], part)
	if len(part.steps) > 0 && part.cost > 0 {
		call.At = r.f.Past.To
		r.book.Rate(&call, &before)
		r.candidates = append(r.candidates, candidate{group: name, model: strings.Join(row.Keys[depth:], "\x00"), requested: row.Keys[depth+1],
			call: call, cost: part.cost, scale: part.cost / before.Contracted.Approx()})
	}
	return nil
}

// callOf is the usage of a row as the rater takes it: the sum of many calls.
func callOf(row *spend.Row, depth int) (pricebook.Call, error) {
	keys := row.Keys[depth:]
	call := pricebook.Call{Seller: keys[0], Model: keys[1], ServedTier: keys[3], Region: keys[4], Usage: &spend.Usage{}, Aggregated: true}
	if keys[2] != "" {
		call.Model = keys[2]
	}
	for i, m := range spend.Meters() {
		if err := call.Usage.Set(m, row.Values[i+1].Amount); err != nil {
			return call, err
		}
	}
	return call, nil
}

// factors are by what the cost of a group's days is multiplied, nil for nothing.
func (r *Repricing) factors(keys []string, from, days int) []float64 {
	mixes := r.mixes[strings.Join(keys, "\x00")]
	if !slices.ContainsFunc(mixes, func(m mixed) bool { return len(m.steps) > 0 }) {
		return nil
	}
	out := make([]float64, days)
	for k := range out {
		today, then := 0.0, 0.0
		for i := range mixes {
			today += mixes[i].cost
			then += mixes[i].cost * mixes[i].factor(from+k)
		}
		if out[k] = 1; today > 0 && then >= 0 {
			out[k] = then / today
		}
	}
	return out
}

// factor is by what a part's price is multiplied on a day.
func (m *mixed) factor(day int) float64 {
	product := 1.0
	for _, s := range m.steps {
		if s.day <= day {
			product *= s.factor
		}
	}
	return product
}
