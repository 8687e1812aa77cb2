package reconcile

import (
	"cmp"
	"maps"
	"slices"
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
