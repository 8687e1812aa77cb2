package board

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

// mostNamed is how many workflows are named beside a saving.
const mostNamed = 3

// alternative sets the period's usage beside what it would have cost with each workflow at
// its cheapest model that is not worse.
//
// Example: 125 for 50 million tokens is 2.5 a million; with 20 saved it would be 2.1.
func (c *composer) alternative(b *builder) {
	const name = "best alternative of equal quality"
	if c.Equal == nil || c.Equal.Missing != "" {
		ours, err := perMillion(c.Usage[1].Cost, c.Usage[1].Tokens)
		c.err = errors.Join(c.err, err)
		b.add(AskUnit, name, ours, unknown(), unknown())
		b.remark(5, "not known: "+c.lacking())
		return
	}
	would, err := c.Usage[1].Cost.Amount.Sub(c.Equal.Saving)
	c.err = errors.Join(c.err, err)
	c.against(b, name+", "+c.Period.Name, money.Null{Amount: would, Valid: c.Usage[1].Cost.Valid}, c.instead())
	for k := range b.Rows[len(b.Rows)-1] {
		b.Rows[len(b.Rows)-1][k].Source = AskModels
	}
}

// lacking says why no two models are known to be equal.
func (m *Material) lacking() string {
	if m.Equal == nil {
		return "models were not compared by their outcomes"
	}
	return m.Equal.Missing
}

// instead names the largest savings.
func (c *composer) instead() string {
	var moves []string
	for i := range c.Equal.Verdicts {
		if v := &c.Equal.Verdicts[i]; better(v) {
			moves = append(moves, fmt.Sprintf("%s by %s instead of %s", v.Workflow, v.Rivals[v.Best].Model, v.Ours.Model))
		}
	}
	rule := fmt.Sprintf("not worse by %d points at 95 %%", c.Equal.Bar.Margin)
	if len(moves) == 0 {
		return fmt.Sprintf("of %d workflows that could be judged, none has a cheaper model that is %s", c.Equal.Judged, rule)
	}
	text := strings.Join(moves[:min(len(moves), mostNamed)], ", ")
	if rest := len(moves) - mostNamed; rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text + "; " + rule
}

func better(v *outcome.Verdict) bool { return v.Missing == "" && v.Best >= 0 }

// equals shows every workflow whose models could be judged.
func (c *composer) equals(s *Section) {
	if c.Equal == nil || c.Equal.Missing != "" {
		return
	}
	b := c.start("equal", "Models of equal quality by workflow",
		Column{Name: "Workflow", Unit: Text}, Column{Name: "In use", Unit: Text}, Column{Name: "Success", Unit: Percent, Loose: true},
		Column{Name: "Per outcome", Unit: Each, Loose: true}, Column{Name: "Cheapest that is not worse", Unit: Text}, Column{Name: "Its success", Unit: Percent, Loose: true},
		Column{Name: "At least", Unit: Percent, Loose: true}, Column{Name: "Its cost per outcome", Unit: Each, Loose: true}, Column{Name: "Saving", Unit: Money})
	b.ranked = 8
	for i := range c.Equal.Verdicts {
		v := &c.Equal.Verdicts[i]
		if v.Missing != "" {
			continue
		}
		r := outcome.Rival{Saves: known(money.Amount{})}
		name := "none is cheaper"
		if better(v) {
			r = v.Rivals[v.Best]
			name = r.Model
			c.propose(fmt.Sprintf("Move %s to %s", v.Workflow, r.Model), r.Saves, fmt.Sprintf("a cheaper model whose runs are not worse by %d points", c.Equal.Bar.Margin), AskModels)
		}
		b.add(AskModels, v.Workflow, c.rate(&v.Ours), v.Each, c.rate(&r.ModelRuns), r.Gap.Low, r.Each, r.Saves)
		b.remark(1, v.Ours.Model)
		b.remark(4, name)
	}
	t := c.end(b, "Total")
	t.Note = fmt.Sprintf("Runs of which a model had %d %% of the calls, %d or more of each model; success is a standing outcome. Not worse: even the lower end of the 95 %% interval of the difference of success rates (\"at least\", by Newcombe) is above −%d points.",
		c.Equal.Bar.Share, c.Equal.Bar.LeastRuns, c.Equal.Bar.Margin)
	s.Tables = append(s.Tables, t)
}

// rate is the share of runs that succeeded.
func (c *composer) rate(m *outcome.ModelRuns) money.Null {
	if m.Runs == 0 {
		return unknown()
	}
	rate, err := money.FromInt(m.Won).MulRatio(1, m.Runs)
	c.err = errors.Join(c.err, err)
	return known(rate)
}

// equal says what usage would cost with each workflow at its cheapest equal model.
func (k *measuring) equal() {
	of := KPI{
		ID: "equal_quality_cost", Name: "Cost at equal quality", Formula: "cost of usage with each workflow at its cheapest model that is not worse / cost of usage", Unit: Percent, Source: AskModels,
	}
	if k.Equal == nil || k.Equal.Missing != "" {
		of.Missing = k.lacking()
		k.all = append(k.all, of)
		return
	}
	cost := k.Usage[1].Cost
	would := k.less(cost.Amount, k.Equal.Saving)
	would.Valid = would.Valid && cost.Valid
	k.add(of, [2]money.Null{unknown(), would}, [2]money.Null{unknown(), cost}, "no usage with a cost in the period, or some waits for an exchange rate")
}
