package pricebook

import (
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// rate is one fact. Most facts of a SKU differ in these three alone, and many of a book
// hold under the same conditions: the rest of them is kept once.
type rate struct {
	id    string
	meter spend.Meter
	price money.Amount
	*deal
	*ware
}

// ware is what is sold.
type ware struct {
	seller, sku, model string
	canonical          spend.Model
}

// deal is what facts of a book have in common, with its conditions compiled.
type deal struct {
	like     Fact  // one of them: its id, meter, price and ware are its own
	from, to int64 // microseconds since 1970, half-open
	promoEnd int64 // first instant after the promised end
	floor    int64 // smallest prompt of the context tier
	context  string
	tiers    []string // canonical, without standard
	regions  []string
	layer    uint8
	standard bool // holds for the standard service tier
	window   *schedule
	size     string
	quality  string
}

// fact gives the fact as it was compiled.
func (r *rate) fact() Fact {
	f := r.like
	f.ID, f.Meter, f.Price = r.id, r.meter, r.price
	f.Seller, f.SKU, f.Model = r.seller, r.sku, r.model
	return f
}

func (r *rate) cost() price { return price{r.price, r.like.Per} }

// deals are those of a book in the making, by what tells most of them apart.
type deals map[dealKey][]*deal

type dealKey struct {
	valid     Span
	per       int64
	ref, note string
}

// append compiles the facts of one SKU. One that cannot be compiled is left out: the
// fact's own check has said so.
func (all deals) append(rates []rate, facts []*Fact) []rate {
	var wares []*ware
	for _, f := range facts {
		d, err := all.of(f)
		if err != nil {
			continue
		}
		i := slices.IndexFunc(wares, func(w *ware) bool { return w.model == f.Model })
		if i < 0 {
			i, wares = len(wares), append(wares, &ware{f.Seller, f.SKU, f.Model, Canonical(f.Model)})
		}
		rates = append(rates, rate{f.ID, f.Meter, f.Price, d, wares[i]})
	}
	return rates
}

// of finds the deal of a fact, or makes it.
func (all deals) of(f *Fact) (*deal, error) {
	key := dealKey{f.Valid, f.Per, f.Source.Ref, f.Note}
	for _, d := range all[key] {
		if d.like.resembles(f) {
			return d, nil
		}
	}
	d, err := newDeal(f)
	if err == nil {
		all[key] = append(all[key], d)
	}
	return d, err
}

// resembles says that two facts differ in id, meter, price and ware at most.
func (f *Fact) resembles(g *Fact) bool {
	return f.Valid == g.Valid && f.Known == g.Known && f.PromoUntilAtLeast == g.PromoUntilAtLeast &&
		f.Per == g.Per && f.Currency == g.Currency && f.When.equal(&g.When) &&
		f.Layer == g.Layer && f.Basis == g.Basis && f.Source == g.Source && f.Confidence == g.Confidence &&
		f.Free == g.Free && f.Note == g.Note
}

func (w *When) equal(v *When) bool {
	return slices.Equal(w.ServiceTiers, v.ServiceTiers) && slices.Equal(w.Regions, v.Regions) &&
		w.PromptAbove == v.PromptAbove && w.Inclusive == v.Inclusive && w.Window.equal(&v.Window) &&
		w.ImageSize == v.ImageSize && w.ImageQuality == v.ImageQuality
}

func (w *Window) equal(v *Window) bool {
	return w.Zone == v.Zone && slices.Equal(w.Days, v.Days) && slices.Equal(w.Spans, v.Spans) && w.Not == v.Not
}

// newDeal compiles the conditions of a fact.
func newDeal(f *Fact) (*deal, error) {
	window, err := newSchedule(f.When.Window)
	r := &deal{
		like: *f, promoEnd: never,
		floor: f.When.floor(), context: f.When.ContextTier(),
		layer: uint8(slices.Index(layers(), f.layer())), window: window,
		size: imageSize(f.When.ImageSize), quality: fold(f.When.ImageQuality),
		standard: len(f.When.ServiceTiers) == 0,
	}
	r.from, r.to = f.Valid.micros()
	if !f.PromoUntilAtLeast.IsZero() {
		r.promoEnd = endOfDay(f.PromoUntilAtLeast)
	}
	for _, name := range f.When.ServiceTiers {
		if tier := serviceTier(name); tier != "" {
			r.tiers = append(r.tiers, tier)
			continue
		}
		r.standard = true
	}
	for _, name := range f.When.Regions {
		r.regions = append(r.regions, fold(name))
	}
	return r, err
}
