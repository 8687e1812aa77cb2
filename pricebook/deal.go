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

// deal is what facts that hold at the same time have in common.
type deal struct {
	*clause
	valid    Span
	from, to int64 // the same in microseconds since 1970, half-open
	per      int64
}

// clause is what facts of a book have in common whenever they hold, with their conditions
// compiled.
type clause struct {
	like     Fact  // one of them: its id, meter, price, unit, ware and validity are its own
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
	f.Valid, f.Per = r.valid, r.per
	return f
}

func (r *rate) cost() price { return price{r.price, r.per} }

// deals are those of a book in the making, and their clauses by what tells most of them
// apart.
type deals struct {
	all     map[dealKey]*deal
	clauses map[clauseKey][]*clause
}

type dealKey struct {
	clause *clause
	valid  Span
	per    int64
}

type clauseKey struct{ ref, note string }

func newDeals() deals { return deals{map[dealKey]*deal{}, map[clauseKey][]*clause{}} }

// append compiles the facts of one SKU. One that cannot be compiled is left out: the
// fact's own check has said so.
func (d deals) append(rates []rate, facts []*Fact) []rate {
	var wares []*ware
	for _, f := range facts {
		agreed, err := d.of(f)
		if err != nil {
			continue
		}
		i := slices.IndexFunc(wares, func(w *ware) bool { return w.model == f.Model })
		if i < 0 {
			i, wares = len(wares), append(wares, &ware{f.Seller, f.SKU, f.Model, Canonical(f.Model)})
		}
		rates = append(rates, rate{f.ID, f.Meter, f.Price, agreed, wares[i]})
	}
	return rates
}

// of finds the deal of a fact, or makes it.
func (d deals) of(f *Fact) (*deal, error) {
	c, err := d.clause(f)
	if err != nil {
		return nil, err
	}
	key := dealKey{c, f.Valid, f.Per}
	found := d.all[key]
	if found == nil {
		found = &deal{clause: c, valid: f.Valid, per: f.Per}
		found.from, found.to = f.Valid.micros()
		d.all[key] = found
	}
	return found, nil
}

// clause finds that of a fact, or compiles it.
func (d deals) clause(f *Fact) (*clause, error) {
	key := clauseKey{f.Source.Ref, f.Note}
	for _, c := range d.clauses[key] {
		if c.like.resembles(f) {
			return c, nil
		}
	}
	c, err := newClause(f)
	if err == nil {
		d.clauses[key] = append(d.clauses[key], c)
	}
	return c, err
}

// resembles says that two facts differ in id, meter, price, unit, ware and validity at most.
func (f *Fact) resembles(g *Fact) bool {
	return f.Known == g.Known && f.PromoUntilAtLeast == g.PromoUntilAtLeast &&
		f.Currency == g.Currency && f.When.equal(&g.When) &&
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

// newClause compiles the conditions of a fact.
func newClause(f *Fact) (*clause, error) {
	window, err := newSchedule(f.When.Window)
	r := &clause{
		like: *f, promoEnd: never,
		floor: f.When.floor(), context: f.When.ContextTier(),
		layer: uint8(slices.Index(layers(), f.layer())), window: window,
		size: imageSize(f.When.ImageSize), quality: fold(f.When.ImageQuality),
		standard: len(f.When.ServiceTiers) == 0,
	}
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
