package board

import (
	"slices"

	"github.com/bursarhq/bursar/money"
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
