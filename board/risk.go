package board

import (
	"fmt"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// vendors says on whom spend leans.
func (c *composer) vendors() Section {
	b := c.start("vendors", "Spend by vendor",
		Column{Name: "Vendor", Unit: Text}, Column{Name: "Before", Unit: Money}, Column{Name: "Now", Unit: Money},
		Column{Name: "Share", Unit: Percent, Rule: Share, Of: [2]int{2, 0}}, Column{Name: "Squared share", Unit: Points, Rule: Square, Of: [2]int{3, 0}})
	b.Chart, b.ranked = Bars, 2
	for i := range c.Vendors.Rows {
		r := &c.Vendors.Rows[i]
		b.add(AskVendors, vendorOf(r), valueOf(r.Previous), valueOf(r.Values))
		b.unsummed = b.unsummed || r.Other
	}
	t := c.end(b, "Total")
	t.Note = "The sum of squared shares is the Herfindahl-Hirschman index: 10,000 is one vendor alone, and above 2,500 is called highly concentrated."
	if b.unsummed {
		t.Note += " More vendors than are listed share (other), so the index is not known."
	}
	if t.below(2) {
		t.Note += " A vendor is below zero, by credits, so shares and the index are not known."
	}
	s := Section{ID: "vendors", Title: "On whom we lean", Tables: []Table{t}}
	largest := largestOf(t.Rows, 2)
	if largest == nil || !largest[3].Amount.Valid {
		return s
	}
	s.Text = []Sentence{c.say("The largest vendor, %s, has %s of spend; the concentration index is %s.", largest[0], largest[3], t.Total[4])}
	if largest[3].Amount.Amount.Cmp(money.Must("0.5")) > 0 {
		c.propose("Set a second vendor beside "+largest[0].Text+", or use its weight at the renewal", largest[2].Amount, "a vendor has more than half of spend", AskVendors)
	}
	return s
}

func vendorOf(r *spend.Row) string {
	if r.Other || len(r.Keys) == 0 {
		return "(other)"
	}
	return named(r.Keys[0], "(none)")
}

func valueOf(values []money.Null) money.Null {
	if len(values) == 0 {
		return money.Null{}
	}
	return values[0]
}

// largestOf is the row with the largest amount in a column, nil without one.
func largestOf(rows [][]Cell, k int) (largest []Cell) {
	for _, row := range rows {
		if row[k].Amount.Valid && (largest == nil || row[k].Amount.Amount.Cmp(largest[k].Amount.Amount) > 0) {
			largest = row
		}
	}
	return largest
}

// risks lists what is not known or not owned, each with its money. They overlap, so
// they have no total.
func (c *composer) risks() Section {
	now := &c.Totals[1]
	b := c.start("risks", "Risks and their money",
		Column{Name: "Risk", Unit: Text}, Column{Name: "Money", Unit: Money}, Column{Name: "Calls or things", Unit: Count}, Column{Name: "What it is", Unit: Text})
	add := func(source, name string, amount, things money.Null, what string) {
		b.add(source, name, amount, things)
		b.remark(3, what)
	}
	exposure := money.Null{Amount: now.Exposure, Valid: now.Unpriced.Calls == 0 || !now.Exposure.IsZero()}
	add(AskTeams, "Unpriced", exposure, counted(now.Unpriced.Calls), "at most this beside the total, for calls without a price")
	add(AskTeams, "Unattributed", known(now.Unattributed), unknown(), "in the total, without a team")
	add(AskTeams, "Provisional", known(now.Provisional), unknown(), "in the total, and may still change")
	for _, m := range now.WithoutRate {
		add(AskTeams, "Unconverted "+string(m.Currency), unknown(), unknown(), m.Amount.Fixed(2)+" "+string(m.Currency)+" waits for an exchange rate, beside the total")
	}
	if now.Exposure.Sign() > 0 || now.Unpriced.Calls > 0 {
		c.propose("Bring in the prices that are missing", exposure, "usage without a price, at its exposure", AskTeams)
	}
	if now.Unattributed.Sign() > 0 {
		c.propose("Give spend without a team to one, by attribution rules", known(now.Unattributed), "cost without a team", AskTeams)
	}
	c.unowned(add)
	if orphan, err := c.Outcomes[1].Total.Orphan(); err == nil && c.Outcomes[1].Total.All.Cost.Valid {
		add(AskOutcomes, "Orphan", money.Null{Amount: orphan.Cost.Amount, Valid: true}, counted(orphan.Calls), "in the total, in runs without a standing outcome or in none")
	}
	c.silent(add)
	t := c.end(b, "")
	t.Note = "The same money may be at several risks, so they are not added up."
	return Section{ID: "risks", Title: "Risks", Tables: []Table{t}, Text: []Sentence{
		c.say("Beside the total stand %s calls without a price (up to %s); within it %s has no team.", t.Rows[0][2], t.Rows[0][1], t.Rows[1][1]),
	}}
}

// unowned sums the workflows that nobody answers for.
func (c *composer) unowned(add func(source, name string, amount, things money.Null, what string)) {
	if !c.Answering {
		return
	}
	sum := money.Amount{}
	var largest string
	for _, u := range c.Unowned {
		var err error
		if sum, err = sum.Add(u.Cost.Amount); err != nil {
			c.err = err
		}
		if largest == "" {
			largest = u.Name
		}
	}
	what := "of workflows that nobody answers for"
	if c.Beyond > 0 {
		what += fmt.Sprintf("; %d smaller ones are left out", c.Beyond)
	}
	add(AskOwners, "Unowned", known(sum), counted(int64(len(c.Unowned))), what)
	if sum.Sign() > 0 {
		c.propose(fmt.Sprintf("Name who answers for what nobody does, %s first", largest), known(sum), "cost of workflows without an owner", AskOwners)
	}
}

// silent lists the sources that stopped telling.
func (c *composer) silent(add func(source, name string, amount, things money.Null, what string)) {
	for _, s := range c.Silent {
		add(AskTold, "Silent source "+s.Source, s.Before, unknown(), "told of the period before; its last usage is of "+s.Last.Format(time.DateOnly))
		c.propose("Find out why "+s.Source+" is silent", s.Before, "what a silent source told of the period before", AskTold)
	}
}
