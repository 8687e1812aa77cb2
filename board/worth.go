package board

import (
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

func unknown() money.Null { return money.Null{} }

func holds(all []string, one string) bool { return slices.Contains(all, one) }

// outcomes says what each workflow's result cost, failed runs included.
func (c *composer) outcomes() Section {
	now := &c.Outcomes[1]
	if now.Total.Outcomes.IsZero() {
		c.leaveOut("Cost per outcome", "no verified outcome came about in the period; bursar import outcomes books some")
		return Section{}
	}
	earlier := map[string]*outcome.Row{}
	for i := range c.Outcomes[0].Rows {
		earlier[c.Outcomes[0].Rows[i].Workflow] = &c.Outcomes[0].Rows[i]
	}
	b := c.start("outcomes", "Cost per outcome by workflow",
		Column{Name: "Workflow", Unit: Text}, Column{Name: "Cost", Unit: Money}, Column{Name: "Outcomes", Unit: Count, Loose: true},
		Column{Name: "Per outcome", Unit: Each, Rule: Quotient, Of: [2]int{1, 2}, Loose: true}, Column{Name: "Before", Unit: Each, Loose: true},
		Column{Name: "Growth", Unit: Percent, Rule: Growth, Of: [2]int{4, 3}, Loose: true},
		Column{Name: "Orphan", Unit: Money}, Column{Name: "Orphan share", Unit: Percent, Rule: Quotient, Of: [2]int{6, 1}})
	b.ranked = 1
	for i := range now.Rows {
		r := &now.Rows[i]
		orphan, err := r.Orphan()
		if err != nil {
			c.err = err
		}
		before := unknown()
		if e := earlier[r.Workflow]; e != nil {
			before = e.CostPerOutcome()
		}
		cost := r.All.KnownCost()
		b.add(AskOutcomes, named(r.Workflow, "(none)"), cost, known(r.Outcomes), before, money.Null{Amount: orphan.Cost.Amount, Valid: cost.Valid})
	}
	t := c.end(b, "Total")
	t.Note = "All spend of a workflow over its verified outcomes. Orphan spend is that of runs without a standing outcome, and of what names no run. A cost of zero beside calls without a price is not known."
	c.worsened(&t)
	return Section{ID: "outcomes", Title: "What it bought", Tables: []Table{t}, Text: []Sentence{
		c.say("Of %s, %s (%s) has no standing outcome behind it.", t.Total[1], t.Total[6], t.Total[7]),
	}}
}

// worsened proposes to look into the workflow with an outcome whose orphan spend is the
// largest, and into the one whose results rose most in price, each by its money.
func (c *composer) worsened(t *Table) {
	var orphan, dearer []Cell
	var most money.Amount
	for _, row := range t.Rows {
		if row[0].Text == "(none)" || !row[2].Amount.Valid || row[2].Amount.Amount.IsZero() {
			continue
		}
		if row[6].Amount.Amount.Sign() > 0 && (orphan == nil || row[6].Amount.Amount.Cmp(orphan[6].Amount.Amount) > 0) {
			orphan = row
		}
		if extra, ok := more(row); ok && extra.Cmp(most) > 0 {
			dearer, most = row, extra
		}
	}
	if orphan != nil {
		c.propose("Fund, redesign or stop "+orphan[0].Text+": spend without an outcome", orphan[6].Amount, "the workflow with outcomes that has the largest orphan spend", AskOutcomes)
	}
	if dearer != nil {
		c.propose("Find out why an outcome of "+dearer[0].Text+" costs more than before", known(most), "what its outcomes cost above the price of the period before", AskOutcomes)
	}
}

// more is what a workflow's outcomes cost above the price of the period before.
func more(row []Cell) (money.Amount, bool) {
	if !row[3].Amount.Valid || !row[4].Amount.Valid {
		return money.Amount{}, false
	}
	each, err := row[3].Amount.Amount.Sub(row[4].Amount.Amount)
	if err != nil {
		return money.Amount{}, false
	}
	all, err := each.Mul(row[2].Amount.Amount, 1)
	return all, err == nil
}

// prices says how list prices moved on what was bought in both periods, and what this
// period would have cost at the earlier ones.
func (c *composer) prices() Section {
	b := c.start("prices", "List prices of what was bought in both periods",
		Column{Name: "Since", Unit: Text}, Column{Name: "At today's prices", Unit: Money}, Column{Name: "At the prices of then", Unit: Money},
		Column{Name: "Index (Paasche)", Unit: Ratio, Rule: Quotient, Of: [2]int{1, 2}}, Column{Name: "Laspeyres", Unit: Ratio}, Column{Name: "Fisher", Unit: Ratio})
	b.Note = "An index of 0.77 is 23 % down. Models that were bought in one of the periods only are in none of these figures."
	if x := c.Teams.Index; x.Paasche.Valid {
		b.add(AskTeams, c.Before.Name, x.Now, x.Then, x.Laspeyres, x.Fisher)
	}
	if x := c.LastYear; x != nil && x.Paasche.Valid {
		b.add(AskLastYear, "a year before", x.Now, x.Then, x.Laspeyres, x.Fisher)
	}
	c.byFacts(b)
	s := Section{ID: "prices", Title: "What prices did"}
	if len(b.Rows) > 0 {
		t := c.end(b, "")
		last := t.Rows[len(t.Rows)-1]
		s.Tables = append(s.Tables, t)
		s.Text = append(s.Text, c.say("At the list prices of %s the same usage would have cost %s instead of %s.", last[0], last[2], last[1]))
	}
	c.priceIndex(&s)
	return s
}
