package reconcile

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// group is an account of a seller, in one currency.
type group struct {
	seller, account string
	currency        money.Currency
	cells           map[place]*cell
	basis           spend.Book
}

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

// groups sorts cells into accounts: usage without an amount joins the currency of its
// account, and what was metered in another currency than is billed is converted.
func (t *Tally) groups(sum *adder) []*group {
	accounts, billed := t.accounts(), t.currencies()
	found := map[[3]string]*group{}
	for _, at := range slices.SortedFunc(maps.Keys(t.cells), place.compare) {
		c := *t.cells[at]
		at.account = accounts[[2]string{at.seller, at.account}]
		due := billed[[2]string{at.seller, at.account}]
		switch {
		case at.currency == "":
			at.currency = due
		case due != "" && at.currency != due && c.metered.there && !c.reported.there && !c.invoiced.there:
			if t.convert(&c, at, due) {
				at.currency = due
			}
		}
		key := [3]string{at.seller, at.account, string(at.currency)}
		g := found[key]
		if g == nil {
			g = &group{seller: at.seller, account: at.account, currency: at.currency, cells: map[place]*cell{}}
			found[key] = g
		}
		g.put(at, &c, sum)
	}
	groups := slices.Collect(maps.Values(found))
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.seller, b.seller), cmp.Compare(a.account, b.account), cmp.Compare(a.currency, b.currency))
	})
	return groups
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.seller, q.seller), cmp.Compare(p.account, q.account), cmp.Compare(p.day, q.day), cmp.Compare(p.sku, q.sku),
		-cmp.Compare(p.currency, q.currency))
}

// put joins a cell to what is in its place.
func (g *group) put(at place, c *cell, sum *adder) {
	switch {
	case c.invoiced.money:
		g.basis = spend.Invoiced
	case c.reported.money:
		g.basis = cmp.Or(g.basis, spend.Reported)
	}
	there := g.cells[at]
	if there == nil {
		g.cells[at] = c
		return
	}
	there.metered.with(&c.metered, sum)
	there.reported.with(&c.reported, sum)
	there.invoiced.with(&c.invoiced, sum)
	there.of(c.owner, c.shared)
}

// accounts says under which account of its vendor a line is compared: its own, or the only
// one of which the vendor says anything, when nobody noted the account of a call.
func (t *Tally) accounts() map[[2]string]string {
	told := map[string]map[string]bool{}
	for at, c := range t.cells {
		if c.reported.there || c.invoiced.there {
			if told[at.seller] == nil {
				told[at.seller] = map[string]bool{}
			}
			told[at.seller][at.account] = true
		}
	}
	found := map[[2]string]string{}
	for at := range t.cells {
		account := at.account
		if of := told[at.seller]; len(of) == 1 && !of[account] {
			for only := range of {
				account = only
			}
		}
		found[[2]string{at.seller, at.account}] = account
	}
	return found
}

// currencies gives the one that each account is billed in, the first of several.
func (t *Tally) currencies() map[[2]string]money.Currency {
	accounts, found := t.accounts(), map[[2]string]money.Currency{}
	for _, vendors := range [2]bool{true, false} {
		for _, at := range slices.SortedFunc(maps.Keys(t.cells), place.compare) {
			c, key := t.cells[at], [2]string{at.seller, accounts[[2]string{at.seller, at.account}]}
			if at.currency != "" && found[key] == "" && (!vendors || c.invoiced.money || c.reported.money) {
				found[key] = at.currency
			}
		}
	}
	return found
}

// convert gives what was metered in the currency that is billed, false without a rate.
func (t *Tally) convert(c *cell, at place, to money.Currency) bool {
	day, err := time.Parse(time.DateOnly, at.day)
	if t.options.Convert == nil || err != nil {
		return false
	}
	m := c.metered
	m.sources = nil
	amounts := []*money.Amount{&m.usage, &m.terms, &m.tax}
	for k := range m.costs {
		amounts = append(amounts, &m.costs[k])
	}
	for _, a := range amounts {
		converted, known := t.options.Convert(*a, at.currency, to, day)
		if !known {
			return false
		}
		*a = converted
	}
	c.metered, c.converted = m, true
	return true
}

// pairs matches what is billed with what was metered: by day, then by SKU, then as a whole.
func (g *group) pairs(sum *adder) (pairs []*pair) {
	last := ""
	bySKU, skus := map[string][]place{}, []string{}
	for _, at := range slices.SortedFunc(maps.Keys(g.cells), place.compare) {
		c := g.cells[at]
		if c.bills(g.basis) {
			last = max(last, at.day)
		}
		if c.metered.there && c.bills(g.basis) {
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
