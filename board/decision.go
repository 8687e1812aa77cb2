package board

import (
	"maps"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// mostDecisions is how many a board is asked for.
const mostDecisions = 5

// proposal is a decision that the figures ask for.
type proposal struct {
	what, rule, source string
	money              money.Null
}

func (c *composer) propose(what string, amount money.Null, rule, source string) {
	c.proposed = append(c.proposed, proposal{what, rule, source, amount})
}

// decisions asks for at most five, those with the most money first and those whose
// money is not known last. Each says the rule that it follows from.
func (c *composer) decisions() Section {
	if len(c.proposed) == 0 {
		return Section{}
	}
	slices.SortStableFunc(c.proposed, func(a, b proposal) int {
		if a.money.Valid != b.money.Valid {
			if a.money.Valid {
				return -1
			}
			return 1
		}
		return b.money.Amount.Cmp(a.money.Amount)
	})
	b := c.start("decisions", "Decisions asked for",
		Column{Name: "Decision", Unit: Text}, Column{Name: "Money", Unit: Money}, Column{Name: "Rule", Unit: Text})
	for _, p := range c.proposed[:min(len(c.proposed), mostDecisions)] {
		b.add(p.source, p.what, p.money)
		b.remark(2, p.rule)
	}
	t := c.end(b, "")
	t.Note = "Derived from the figures by the rules beside them, the most money first; nothing is guessed."
	first := t.Rows[0]
	return Section{ID: "decisions", Title: "Decisions", Tables: []Table{t}, Text: []Sentence{
		c.say("The decision with the most money: %s (%s).", first[0], first[1]),
	}}
}

// told is what a vendor says it costs, and in what.
type told struct {
	amount       money.Null
	source, what string
}

// toldBy reads what vendors say: a bill beats a report of costs.
func (c *composer) toldBy() map[string]told {
	said := map[string]told{}
	for _, from := range []struct {
		table        *spend.Table
		source, what string
	}{{c.Reported, AskReported, "report of costs"}, {c.Bills, AskBills, "bill"}} {
		for i := 0; from.table != nil && i < len(from.table.Rows); i++ {
			r := &from.table.Rows[i]
			if amount := valueOf(r.Values); amount.Valid {
				said[vendorOf(r)] = told{amount, from.source, from.what}
			}
		}
	}
	return said
}

// tieOut sets the ledger against what vendors say: what none says is accrued, and what is
// left is the difference. It also shows that every slicing has the same total.
func (c *composer) tieOut() Section {
	said := c.toldBy()
	b := c.start("tieout", "Ledger, bills and accruals by vendor",
		Column{Name: "Vendor", Unit: Text}, Column{Name: "Bills", Unit: Money}, Column{Name: "Accruals", Unit: Money},
		Column{Name: "Bills or accruals", Unit: Money}, Column{Name: "Ledger", Unit: Money}, Column{Name: "Difference", Unit: Money, Rule: Change, Of: [2]int{3, 4}},
		Column{Name: "Told by", Unit: Text})
	b.ranked = 4
	none := known(money.Amount{})
	for i := range c.Vendors.Rows {
		name, cost := vendorOf(&c.Vendors.Rows[i]), valueOf(c.Vendors.Rows[i].Values)
		bill, found := said[name]
		delete(said, name)
		if !found {
			b.add(AskVendors, name, none, cost, cost, cost)
			b.remark(6, "accrued")
			continue
		}
		b.add(bill.source, name, bill.amount, none, bill.amount, cost)
		b.remark(6, bill.what)
	}
	c.toldAlone(b, said)
	t := c.end(b, "Total")
	t.Note = "Ledger = bills + accruals + difference. Where no bill is booked, what the vendor reported as cost counts as one; a vendor without either is accrued whole. A difference is not explained line by line yet."
	return Section{ID: "tieout", Title: "Tie-out", Tables: []Table{t, c.slicings()}, Text: []Sentence{
		c.say("The ledger's %s is %s of bills, %s of accruals and a difference of %s.", t.Total[4], t.Total[1], t.Total[2], t.Total[5]),
	}}
}

// toldAlone lists vendors that say something and have nothing metered.
func (c *composer) toldAlone(b *builder, said map[string]told) {
	none := known(money.Amount{})
	for _, name := range slices.Sorted(maps.Keys(said)) {
		b.add(said[name].source, name, said[name].amount, none, said[name].amount, none)
		b.remark(6, said[name].what)
	}
}

// slicings shows the total of the period as each question gives it.
func (c *composer) slicings() Table {
	b := c.start("slicings", "The same total from every question",
		Column{Name: "Question", Unit: Text}, Column{Name: "By team", Unit: Money}, Column{Name: "Here", Unit: Money}, Column{Name: "Difference", Unit: Money, Rule: Change, Of: [2]int{1, 2}})
	vendors := money.Amount{}
	for i := range c.Vendors.Rows {
		var err error
		if vendors, err = vendors.Add(valueOf(c.Vendors.Rows[i].Values).Amount); err != nil {
			c.err = err
		}
	}
	total := known(c.Teams.Total.After)
	b.add(AskVendors, "By vendor", total, known(vendors))
	if cost := c.Outcomes[1].Total.All.Cost; cost.Valid {
		b.add(AskOutcomes, "By workflow", total, cost)
	}
	return c.end(b, "")
}
