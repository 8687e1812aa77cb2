package board

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Reason is an amount by which what a vendor says is above the ledger, and why.
type Reason struct {
	Name   string // "coverage_gap"
	What   string // in words
	Amount money.Amount
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
// left is the difference, by its reasons. It also shows that every slicing has the same total.
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
	t.Note = "Ledger = bills + accruals + difference. Where no bill is booked, what the vendor reported as cost counts as one; a vendor without either is accrued whole."
	s := Section{ID: "tieout", Title: "Tie-out", Tables: []Table{t}, Text: []Sentence{
		c.say("The ledger's %s is %s of bills, %s of accruals and a difference of %s.", t.Total[4], t.Total[1], t.Total[2], t.Total[5]),
	}}
	c.reasons(&s, &t)
	s.Tables = append(s.Tables, c.slicings())
	return s
}

// toldAlone lists vendors that say something and have nothing metered.
func (c *composer) toldAlone(b *builder, said map[string]told) {
	none := known(money.Amount{})
	for _, name := range slices.Sorted(maps.Keys(said)) {
		b.add(said[name].source, name, said[name].amount, none, said[name].amount, none)
		b.remark(6, said[name].what)
	}
}

// reasons splits the difference of every vendor that says something: the ledger and the
// reasons come to what it says, to the last digit.
//
// Example: the ledger has 90.015 and the bill 91. A coverage gap is 1.2 and a credit −0.215,
// together 0.985.
func (c *composer) reasons(s *Section, tied *Table) {
	b := c.start("tieout_reasons", "Why bills are not what the ledger has",
		Column{Name: "Vendor", Unit: Text}, Column{Name: "Why", Unit: Text}, Column{Name: "Amount", Unit: Money}, Column{Name: "What it is", Unit: Text})
	add := func(source, vendor string, r Reason) {
		b.add(source, vendor, known(r.Amount))
		b.remark(1, strings.ReplaceAll(r.Name, "_", " "))
		b.remark(3, r.What)
	}
	for _, row := range tied.Rows {
		left, err := row[3].Amount.Amount.Sub(row[4].Amount.Amount)
		c.err = errors.Join(c.err, err)
		if row[6].Text == "accrued" || left.IsZero() {
			continue
		}
		source := AskReasons
		for _, r := range c.Reasons[row[0].Text] {
			add(source, row[0].Text, r)
			left, err = left.Sub(r.Amount)
			c.err = errors.Join(c.err, err)
		}
		if left.IsZero() {
			continue
		}
		r := Reason{"not matched", "accounts without a bill, seats that cover calls, exchange rates of two days, or lines booked meanwhile", left}
		if len(c.Reasons[row[0].Text]) == 0 {
			r, source = Reason{"not split", "the reasons are in another currency, or were not asked", left}, AskVendors
		}
		add(source, row[0].Text, r)
	}
	if len(b.Rows) == 0 {
		return
	}
	t := c.end(b, "Bills above the ledger")
	t.Note = "Ledger + reasons = bills, to the last digit, of every vendor that has told. Reasons are looked for in a fixed order; what none gives is unknown."
	s.Tables = append(s.Tables, t)
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
