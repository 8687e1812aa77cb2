package board

import (
	"fmt"
	"time"

	"github.com/bursarhq/bursar/money"
)

// byFacts rates the usage of the last month by the price facts in force a year before.
func (c *composer) byFacts(b *builder) {
	p := c.Prices
	if p == nil || p.Repriced.Models == 0 || p.Currency != c.Currency {
		if c.LastYear == nil {
			c.leaveOut("What we would have paid at last year's prices", "nothing that is used now had a price a year before, in the report's currency")
		}
		return
	}
	first := p.Ours[0].Month.Name
	b.add(AskIndex, first+" (price facts)", known(p.Repriced.Now), known(p.Repriced.Then), unknown(), unknown())
	if p.Repriced.Beside > 0 {
		b.Note += fmt.Sprintf(" By price facts another %s %s is of models that had no price in %s, or whose name went over to another model.",
			money.Grouped(p.Repriced.Beyond.Fixed(c.digits)), c.Currency, first)
	}
}

// priceIndex sets our list prices against the market's, month by month.
func (c *composer) priceIndex(s *Section) {
	p := c.Prices
	if p == nil {
		c.leaveOut("Prices against the market", "no index of list prices could be made")
		return
	}
	b := c.start("price_index", "List prices by month", Column{Name: "Month", Unit: Text},
		Column{Name: "Ours", Unit: Ratio, Loose: true}, Column{Name: "Market", Unit: Ratio, Loose: true}, Column{Name: "Newest models", Unit: Ratio, Loose: true})
	for i := range p.Ours {
		b.add(AskIndex, p.Ours[i].Month.Name, p.Ours[i].Level, p.Market[i].Level, p.Newest[i].Level)
	}
	b.Note = fmt.Sprintf("1 is the first month that is known; months are chained by Fisher's index of what has a price at both ends. Ours: what was used. "+
		"Market: %d sellers' models with dated list prices, one dollar of each, checked up to %s. Newest: the newest model of each product line; successors are not the same thing.",
		p.Models, p.Checked.Format(time.DateOnly))
	t := c.end(b, "")
	s.Tables = append(s.Tables, t)
	c.families(s)
	s.Text = append(s.Text, c.moved(t.Rows)...)
}

// moved says how far our list prices and the market's came, each from the first month in
// which it is known; where ours begin later, how far the market's were by then, too.
func (c *composer) moved(months [][]Cell) []Sentence {
	last, ours, market := months[len(months)-1], begin(months, 1), begin(months, 2)
	if !last[1].Amount.Valid || !last[2].Amount.Valid || &ours[0] == &last[0] {
		return nil
	}
	text, cells := "In "+last[0].Text+" the list prices of what we use stand at %s of those of "+ours[0].Text+", the market's at %s", []Cell{last[1], last[2]}
	if &ours[0] != &market[0] {
		text += " of those of " + market[0].Text
		if ours[2].Amount.Valid {
			text, cells = text+", after %s in "+ours[0].Text, append(cells, ours[2])
		}
	}
	return []Sentence{c.say(text+".", cells...)}
}

// begin is the first row in which a column is known, nil without one.
func begin(rows [][]Cell, k int) []Cell {
	for _, row := range rows {
		if row[k].Amount.Valid {
			return row
		}
	}
	return nil
}

// mostFamilies is how many product lines are printed.
const mostFamilies = 12

// families sets what we pay for each product line against the market's prices of it.
func (c *composer) families(s *Section) {
	p := c.Prices
	if len(p.Families) == 0 {
		return
	}
	last := len(p.Market) - 1
	b := c.start("price_families", "List prices by family, "+p.Market[last].Month.Name+" of "+p.Market[0].Month.Name, Column{Name: "Family", Unit: Text},
		Column{Name: "Ours", Unit: Ratio, Loose: true}, Column{Name: "Market", Unit: Ratio, Loose: true}, Column{Name: "Models", Unit: Count, Loose: true})
	for i := range p.Families[:min(len(p.Families), mostFamilies)] {
		f := &p.Families[i]
		b.add(AskIndex, f.Line, f.Ours[last].Level, f.Market[last].Level, counted(int64(f.Models)))
	}
	b.Note = "Product lines that were used, the costliest first, by the same rule as above: ours by what was used, the market's by one dollar of each of its models. Ours begins with the first month in which it was used."
	if rest := len(p.Families) - mostFamilies; rest > 0 {
		b.Note += fmt.Sprintf(" %d more are in the index itself.", rest)
	}
	s.Tables = append(s.Tables, c.end(b, ""))
}

// advantage sets what a unit costs us against what it could: the list, the period
// before, and the best alternative of equal quality, which is told where outcomes do.
func (c *composer) advantage() Section {
	now, before := c.Usage[1], c.Usage[0]
	b := c.start("advantage", "Unit cost against what it could be",
		Column{Name: "Against", Unit: Text}, Column{Name: "Ours", Unit: Each, Loose: true}, Column{Name: "Theirs", Unit: Each, Loose: true},
		Column{Name: "Growth", Unit: Percent, Rule: Growth, Of: [2]int{2, 1}, Loose: true}, Column{Name: "Advantage", Unit: Money, Loose: true}, Column{Name: "What it is", Unit: Text})
	ours, err := perMillion(now.Cost, now.Tokens)
	if !ours.Valid {
		c.leaveOut("Structural cost advantage", "the period has no usage with tokens and a cost, or some waits for an exchange rate")
		return Section{}
	}
	c.against(b, "own list price, "+c.Period.Name, now.List, "a million tokens at the list prices of the same calls, promotions included")
	was, err2 := perMillion(before.Cost, before.Tokens)
	if err != nil || err2 != nil {
		c.err = err
	}
	at, err := scaled(was, now.Tokens)
	if err != nil {
		c.err = err
	}
	c.against(b, "period before, "+c.Before.Name, at, "a million tokens as they were mixed and priced then")
	c.alternative(b)
	t := c.end(b, "")
	t.Note = "Cost of usage with a price over its tokens of every kind; purchases are not in it. A growth below zero is an advantage, and its money is that of the period's tokens."
	s := Section{ID: "advantage", Title: "Structural cost advantage", Tables: []Table{t}, Text: []Sentence{
		c.perToken(t.Rows[0][1], t.Rows[0][2], t.Rows[1][2]),
	}}
	c.equals(&s)
	return s
}

// perToken says what a million tokens cost, and what the list and the period before would
// have made of it as far as that is known.
func (c *composer) perToken(ours, list, before Cell) Sentence {
	text, cells := "A million tokens cost %s", []Cell{ours}
	for _, other := range []struct {
		cell Cell
		what string
	}{{list, " by the list"}, {before, " in the period before"}} {
		if !other.cell.Amount.Valid {
			continue
		}
		joint := ", against %s"
		if len(cells) > 1 {
			joint = " and %s"
		}
		text, cells = text+joint+other.what, append(cells, other.cell)
	}
	return c.say(text+".", cells...)
}

// against sets the period's usage beside what the same tokens would have cost.
func (c *composer) against(b *builder, name string, would money.Null, what string) {
	now := c.Usage[1]
	ours, err1 := perMillion(now.Cost, now.Tokens)
	theirs, err2 := perMillion(would, now.Tokens)
	gain, err3 := Change.of(now.Cost, would)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			c.err = err
		}
	}
	b.add(AskUnit, name, ours, theirs, gain)
	b.remark(5, what)
}

// perMillion is what a million tokens cost, unknown without any.
//
// Example: 3 for 1,500,000 tokens is 2.
func perMillion(cost money.Null, tokens money.Amount) (money.Null, error) {
	if !cost.Valid || tokens.Sign() <= 0 {
		return unknown(), nil
	}
	million, err := cost.Amount.MulQuotient(money.FromInt(1_000_000), tokens)
	return known(million), err
}

// scaled is what some tokens cost at a price of a million.
func scaled(each money.Null, tokens money.Amount) (money.Null, error) {
	if !each.Valid {
		return unknown(), nil
	}
	all, err := each.Amount.Mul(tokens, 1_000_000)
	return known(all), err
}
