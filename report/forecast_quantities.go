package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// What is forecast by its quantities.
const (
	mostDriven    = 1_500 // series of quantities, those of the largest groups
	mostRequested = 100   // models by their requested names
	unitsRated    = 1_000_000
)

// candidate is what one group used lately of one model whose price is known to change.
type candidate struct {
	group, model string
	requested    string
	call         pricebook.Call
	cost, scale  float64 // scale is what was paid by what the prices of today make of it
	steps        map[spend.Meter][]priceStep
	today        map[spend.Meter]float64 // the price of one, times scale
}

// driver is one meter of a candidate: by day number, what its quantity costs at the price
// of today.
type driver struct {
	values map[int]float64
	steps  []priceStep // the price from a day on, by that of today
}

// driven is what drives a group's cost, and what the same calls have cost by day.
type driven struct {
	drivers []*driver
	spent   map[int]float64
}

// Quantities asks what each group used by day of the models whose prices are known to
// change, false where there is none or too much to be read: then what was used lately
// says what a change does.
func (f *Foresight) Quantities() (spend.Query, bool) {
	q := f.Past
	days := int(q.To.Sub(q.From).Hours()/24) + 1
	requested := map[string]bool{}
	for i := range f.Prices.candidates {
		requested[f.Prices.candidates[i].requested] = true
	}
	if len(requested) == 0 || len(requested) > mostRequested || len(f.Prices.candidates)*days > MostPastCells {
		return q, false
	}
	names := make([]string, 0, len(requested))
	for name := range requested {
		names = append(names, name)
	}
	slices.Sort(names)
	q.Top, q.Order = 0, ""
	q.By = append(slices.Clone(q.By), "seller", "requested_model", "served_model", "service_tier", "region")
	q.Where = append(slices.Clone(q.Where), spend.Filter{By: "requested_model", Values: names})
	q.Measures = append([]spend.Measure{spend.Cost}, meterMeasures()...)
	return q, true
}

func meterMeasures() (all []spend.Measure) {
	for _, m := range spend.Meters() {
		all = append(all, spend.Measure(m.String()))
	}
	return all
}

// Drive sorts what was used by day into one series for each group, model and meter, each at
// the price of today, so that a change of price moves the forecast by what the forecast
// quantity costs then and now. The largest groups come first.
func (f *Foresight) Drive(book *pricebook.Book, used *spend.Table) {
	known := map[string]*candidate{}
	for i := range f.Prices.candidates {
		c := &f.Prices.candidates[i]
		if f.unitPrices(book, c) {
			known[c.group+"\x00\x00"+c.model] = c
		}
	}
	groups, series := map[string]*driven{}, map[string]*driver{}
	for i := range used.Rows {
		r := &used.Rows[i]
		depth := len(r.Keys) - 5
		group, model := strings.Join(r.Keys[:depth], "\x00"), strings.Join(r.Keys[depth:], "\x00")
		c := known[group+"\x00\x00"+model]
		if c == nil || !r.Values[0].Valid {
			continue
		}
		if groups[group] == nil {
			groups[group] = &driven{spent: map[int]float64{}}
		}
		c.add(r, groups[group], series, dayNumber(r.Bucket.In(f.Past.Zone)))
	}
	f.Prices.driven = largest(groups, f.Prices.candidates)
}

// largest keeps the groups that cost most, as many as there may be series of.
func largest(groups map[string]*driven, all []candidate) map[string]*driven {
	costs := map[string]float64{}
	for i := range all {
		costs[all[i].group] += all[i].cost
	}
	names := make([]string, 0, len(groups))
	for name := range groups {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(costs[b], costs[a]), strings.Compare(a, b)) })
	count, kept := 0, map[string]*driven{}
	for _, name := range names {
		if count += len(groups[name].drivers) + 1; count > mostDriven {
			break
		}
		kept[name] = groups[name]
	}
	return kept
}

// unitPrices rates one of each meter today and at each change, false where the price of
// one is known only today, or only then.
func (f *Foresight) unitPrices(book *pricebook.Book, c *candidate) bool {
	instants := f.priceInstants(book)
	var rating pricebook.Rating
	c.today, c.steps = map[spend.Meter]float64{}, map[spend.Meter][]priceStep{}
	call := c.call
	for _, m := range spend.Meters() {
		if c.call.Usage.Get(m).IsZero() {
			continue
		}
		call.Usage = &spend.Usage{}
		if call.Usage.Set(m, money.FromInt(unitsRated)) != nil {
			return false
		}
		call.At = f.Past.To
		book.Rate(&call, &rating)
		today := rating.Contracted.Approx()
		c.today[m] = today / unitsRated * c.scale
		for _, at := range instants[shelf{rating.Seller, rating.SKU}] {
			call.At = at
			book.Rate(&call, &rating)
			then := rating.Contracted.Approx()
			switch {
			case rating.State == spend.Unpriced, today <= 0 && then > 0:
				return false
			case today > 0:
				c.steps[m] = append(c.steps[m], priceStep{dayNumber(at.In(f.Past.Zone)), then / today})
			}
		}
	}
	return true
}

// add books one day of a candidate.
func (c *candidate) add(r *spend.Row, into *driven, series map[string]*driver, day int) {
	into.spent[day] += r.Values[0].Amount.Approx()
	for i, m := range spend.Meters() {
		quantity := r.Values[i+1].Amount.Approx()
		if quantity == 0 || c.today[m] == 0 {
			continue
		}
		name := c.group + "\x00\x00" + c.model + "\x00" + m.String()
		d := series[name]
		if d == nil {
			d = &driver{values: map[int]float64{}, steps: c.steps[m]}
			series[name] = d
			into.drivers = append(into.drivers, d)
		}
		d.values[day] += quantity * c.today[m]
	}
}

// drive puts the quantities that drive a group below it: they are not shown. What else it
// cost is one series more.
func (p *pastOf) drive(at int, nodes []forecast.Node) []forecast.Node {
	b := &p.branches[at]
	d := p.f.Prices.driven[strings.Join(b.keys, "\x00")]
	if d == nil || b.other || len(b.parts) > 0 || p.days-b.first < p.least {
		return nodes
	}
	of := &nodes[at]
	of.Factors, of.Driven = nil, true
	below := func(values func(day int, whole float64) float64, factors []float64) {
		s := forecast.Series{Name: of.Name, Values: make([]float64, len(of.Values)), Occasions: of.Occasions}
		for i, whole := range of.Values {
			if s.Values[i] = math.NaN(); !math.IsNaN(whole) {
				s.Values[i] = values(p.start+b.first+i, whole)
			}
		}
		nodes = append(nodes, forecast.Node{Series: s, Parent: at, Factors: factors})
		of = &nodes[at]
	}
	for _, one := range d.drivers {
		below(func(day int, _ float64) float64 { return one.values[day] }, one.factors(p.start+p.days, p.f.Days))
	}
	below(func(day int, whole float64) float64 { return max(0, whole-d.spent[day]) }, nil)
	return nodes
}

// factors are by what the price of a day is that of today.
func (d *driver) factors(from, days int) []float64 {
	out := slices.Repeat([]float64{1}, days)
	for k := range out {
		for _, s := range d.steps { // ascending
			if s.day <= from+k {
				out[k] = s.factor
			}
		}
	}
	return out
}
