package pricebook

import (
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// rate is one fact. Most facts of a SKU differ in these three alone, and the rest of
// them is kept once.
type rate struct {
	id    string
	meter spend.Meter
	price money.Amount
	*deal
}

// deal is what facts of one SKU have in common, with its conditions compiled.
type deal struct {
	like      Fact // one of them: its id, meter and price are its own
	canonical spend.Model
	from, to  int64 // microseconds since 1970, half-open
	promoEnd  int64 // first instant after the promised end
	floor     int64 // smallest prompt of the context tier
	context   string
	tiers     []string // canonical, without standard
	regions   []string
	layer     uint8
	standard  bool // holds for the standard service tier
	window    *schedule
	size      string
	quality   string
}

// fact gives the fact as it was compiled.
func (r *rate) fact() Fact {
	f := r.like
	f.ID, f.Meter, f.Price = r.id, r.meter, r.price
	return f
}

func (r *rate) cost() price { return price{r.price, r.like.Per} }

// appendRates compiles the facts of one SKU. One that cannot be compiled is left out:
// the fact's own check has said so.
func appendRates(rates []rate, facts []*Fact) []rate {
	var deals []*deal
	for _, f := range facts {
		i := slices.IndexFunc(deals, func(d *deal) bool { return d.like.resembles(f) })
		if i < 0 {
			d, err := newDeal(f, deals)
			if err != nil {
				continue
			}
			i, deals = len(deals), append(deals, d)
		}
		rates = append(rates, rate{f.ID, f.Meter, f.Price, deals[i]})
	}
	return rates
}

// resembles says that two facts of one SKU differ in id, meter and price at most.
func (f *Fact) resembles(g *Fact) bool {
	return f.Valid == g.Valid && f.Known == g.Known && f.PromoUntilAtLeast == g.PromoUntilAtLeast &&
		f.Model == g.Model && f.Per == g.Per && f.Currency == g.Currency && f.When.equal(&g.When) &&
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

// newDeal compiles a fact. Others of its SKU, which are before it, nearly always have
// the same model.
func newDeal(f *Fact, before []*deal) (*deal, error) {
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
	if len(before) > 0 && before[0].like.Model == f.Model {
		r.canonical = before[0].canonical
		return r, err
	}
	r.canonical = Canonical(f.Model)
	return r, err
}
