package reconcile

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// pair is what is compared.
type pair struct {
	level     Level
	day, sku  string
	owner     string
	shared    bool
	model     bool
	metered   side
	reported  side
	invoiced  side
	basis     spend.Book
	converted bool
	late      bool // no day of the vendor's is as late
	parts     []Part
	rest      money.Amount // that no reason gives
	expected  money.Amount // usage as metered, with what was missed
	vendor    bool         // the rest is the vendor's error
}

func (p *pair) billed() *side {
	switch p.basis {
	case spend.Invoiced:
		return &p.invoiced
	case spend.Reported:
		return &p.reported
	}
	return &side{}
}

// quantity is what the vendor counts: in the book that is billed by, else as reported.
func (p *pair) quantity() *side {
	if b := p.billed(); !b.quantity.IsZero() || p.reported.quantity.IsZero() {
		return b
	}
	return &p.reported
}

func (p *pair) with(c *cell, sum *adder) {
	p.metered.with(&c.metered, sum)
	p.reported.with(&c.reported, sum)
	p.invoiced.with(&c.invoiced, sum)
	p.model = p.model || c.model
	p.shared = p.shared || c.shared || c.owner != "" && p.owner != "" && c.owner != p.owner
	if c.owner != "" && (p.owner == "" || c.owner < p.owner) {
		p.owner = c.owner
	}
	p.converted = p.converted || c.converted
}

// Reconcile sets the books beside each other.
func (t *Tally) Reconcile() (Answer, error) {
	a := Answer{Bills: []Bill{}, Rows: []Row{}}
	a.Line, a.Invoice = Tolerances()
	var sum adder
	for _, g := range t.groups(&sum) {
		pairs := g.pairs(&sum)
		for _, p := range pairs {
			t.explain(g, p, &sum)
		}
		common(pairs)
		timing(pairs, &sum)
		rows := make([]Row, 0, len(pairs))
		for _, p := range pairs {
			rows = append(rows, p.row(g, &sum))
		}
		a.Bills = append(a.Bills, g.bill(pairs, rows, &sum))
		a.Rows = append(a.Rows, rows...)
	}
	for i := range a.Bills {
		b := &a.Bills[i]
		b.Zone = t.zone(b.Seller).String()
		b.ID = strings.Join(slices.Sorted(maps.Keys(t.bills[[2]string{b.Seller, b.Account}])), ", ")
	}
	a.Booked = t.trueUps()
	a.Shadow = t.shadows()
	a.Inferred = t.inferred()
	return a, sum.err
}

// trueUps lists what is booked and stands.
func (t *Tally) trueUps() []Booked {
	found := []Booked{}
	for of, amount := range t.booked {
		if of.Amount = amount; !amount.IsZero() {
			found = append(found, of)
		}
	}
	slices.SortFunc(found, func(a, b Booked) int {
		return cmp.Or(cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Basis, b.Basis))
	})
	return found
}

// pairs matches what is billed with what was metered: by day, then by SKU, then as a whole.
func (g *group) pairs(sum *adder) (pairs []*pair) {
	last, once := "", g.once()
	bySKU, skus := map[string][]place{}, []string{}
	for _, at := range slices.SortedFunc(maps.Keys(g.cells), place.compare) {
		c := g.cells[at]
		if c.bills(g.basis) {
			last = max(last, at.day)
		}
		if c.metered.there && c.bills(g.basis) && !once[at.sku] {
			pairs = append(pairs, g.merge(ByDay, []place{at}, sum))
			continue
		}
		if bySKU[at.sku] == nil {
			skus = append(skus, at.sku)
		}
		bySKU[at.sku] = append(bySKU[at.sku], at)
	}
	var open []place
	for _, sku := range skus {
		metered, billed := g.both(bySKU[sku])
		if metered && billed {
			p := g.merge(ByMonth, bySKU[sku], sum)
			p.day = ""
			pairs = append(pairs, p)
			continue
		}
		open = append(open, bySKU[sku]...)
	}
	whole, alone := g.whole(open)
	if len(whole) > 0 {
		p := g.merge(ByVendor, whole, sum)
		p.day, p.sku = "", ""
		pairs = append(pairs, p)
	}
	for _, at := range alone {
		p := g.merge(Alone, []place{at}, sum)
		p.late = at.day > last
		pairs = append(pairs, p)
	}
	return pairs
}

// once gives the SKUs that are bought and not used, as seats are: a bill has them on one
// day, and they are metered on each day of their service.
func (g *group) once() map[string]bool {
	type days struct{ billed, metered, used int }
	of := map[string]days{}
	for at, c := range g.cells {
		d := of[at.sku]
		if c.bills(g.basis) {
			d.billed++
		}
		if c.metered.there {
			d.metered++
		}
		if c.model || !c.metered.usage.IsZero() {
			d.used++
		}
		of[at.sku] = d
	}
	found := map[string]bool{}
	for sku, d := range of {
		found[sku] = d.used == 0 && d.billed == 1 && d.metered > 1
	}
	return found
}

// bills says that a cell holds money of the book that is billed by.
func (c *cell) bills(basis spend.Book) bool {
	return basis == spend.Invoiced && c.invoiced.money || basis == spend.Reported && c.reported.money
}

func (g *group) both(all []place) (metered, billed bool) {
	for _, at := range all {
		metered = metered || g.cells[at].metered.there
		billed = billed || g.cells[at].bills(g.basis)
	}
	return metered, billed
}

// whole takes what was metered together with money that names no model; the others stay
// alone. Tax and terms of a bill are no usage, and stay lines of their own.
func (g *group) whole(open []place) (whole, alone []place) {
	metered, billed := false, false
	for _, at := range open {
		c := g.cells[at]
		if c.metered.there || !c.bills(g.basis) || c.unnamed(g.basis) {
			whole = append(whole, at)
			metered, billed = metered || c.metered.there, billed || c.unnamed(g.basis)
			continue
		}
		alone = append(alone, at)
	}
	if metered && billed {
		return whole, alone
	}
	return nil, open
}

// unnamed says that a cell bills usage without naming a model.
func (c *cell) unnamed(basis spend.Book) bool {
	s := &c.reported
	if basis == spend.Invoiced {
		s = &c.invoiced
	}
	return !c.model && c.bills(basis) && !s.usage.IsZero()
}

func (g *group) merge(level Level, all []place, sum *adder) *pair {
	p := &pair{level: level, day: all[0].day, sku: all[0].sku, basis: g.basis}
	for _, at := range all {
		p.with(g.cells[at], sum)
	}
	return p
}
