package board

import (
	"strings"

	"github.com/bursarhq/bursar/variance"
)

// spend sets the period against the one before and against forecasts.
func (c *composer) spend() Section {
	b := c.start("spend_by_team", "Spend by team",
		Column{Name: "Team", Unit: Text}, Column{Name: "Before", Unit: Money}, Column{Name: "Now", Unit: Money},
		Column{Name: "Change", Unit: Money, Rule: Change, Of: [2]int{1, 2}}, Column{Name: "Growth", Unit: Percent, Rule: Growth, Of: [2]int{1, 2}},
		Column{Name: "Share", Unit: Percent, Rule: Share, Of: [2]int{2, 0}})
	b.Chart, b.ranked = Bars, 2
	for i := range c.Teams.Slices {
		s := &c.Teams.Slices[i]
		b.add(AskTeams, named(strings.Join(s.Keys, ", "), "(none)"), known(s.Before), known(s.After))
	}
	t := c.end(b, "Total")
	t.Note = "Unpriced and unconverted usage is in no figure; it stands under Risks."
	if t.below(2) {
		t.Note += " A team is below zero, by credits, so shares are not known."
	}
	s := Section{ID: "spend", Title: "Spend", Tables: []Table{t}, Text: []Sentence{
		c.say("AI cost %s, after %s in the period before ("+c.Before.Name+"): %s.", t.Total[2], t.Total[1], t.Total[4]),
	}}
	c.planned(&s)
	c.toPlan(&s)
	c.forecasts(&s)
	return s
}

// planned sets spend against what was meant to be spent.
func (c *composer) planned(s *Section) {
	if len(c.Plan) == 0 {
		c.leaveOut("Spend against plan", "nothing is planned of the whole period, and no budget of exactly it is in force that could serve as a plan")
		return
	}
	b := c.start("plan", "Spend against plan",
		Column{Name: "Of", Unit: Text}, Column{Name: "Plan", Unit: Money, Loose: true}, Column{Name: "Spent", Unit: Money, Loose: true},
		Column{Name: "Difference", Unit: Money, Rule: Change, Of: [2]int{1, 2}, Loose: true}, Column{Name: "Spent of plan", Unit: Percent, Rule: Quotient, Of: [2]int{2, 1}, Loose: true},
		Column{Name: "Said by", Unit: Text})
	for _, p := range c.Plan {
		b.add(AskPlan, named(p.Of, "everything"), known(p.Amount), p.Spent)
		b.remark(5, p.By)
	}
	b.Note = "Lines of a plan may overlap, so they are not added up; spent is what is booked of the period so far, without exposure."
	if c.Plan[0].Limit {
		b.Note = "No plan says anything of the whole period, so budgets serve as the plan. They may overlap, so they are not added up; what a budget has spent is as it counts, exposure and open calls included."
	}
	t := c.end(b, "")
	s.Tables = append(s.Tables, t)
	if c.Plan[0].Of == "" {
		s.Text = append(s.Text, c.say("Of a plan of %s for everything, %s is spent (%s).", t.Rows[0][1], t.Rows[0][2], t.Rows[0][4]))
	}
}

// toPlan sets what is expected of the days to come against what is planned of them.
//
// Example: 155.5 is expected, between 130 and 181.25, and 150 is planned: 5.5 more, 103.7 %.
func (c *composer) toPlan(s *Section) {
	f := c.Ahead
	if f == nil || !f.Plan.Valid {
		c.leaveOut("Forecast against plan", "nothing is planned of everything in all of the days to come, or nothing of them is forecast")
		return
	}
	b := c.start("plan_ahead", "Forecast against plan",
		Column{Name: "Days", Unit: Text}, Column{Name: "Plan", Unit: Money, Loose: true}, Column{Name: "Expected", Unit: Money, Loose: true},
		Column{Name: "Difference", Unit: Money, Rule: Change, Of: [2]int{1, 2}, Loose: true}, Column{Name: "Expected of plan", Unit: Percent, Rule: Quotient, Of: [2]int{2, 1}, Loose: true},
		Column{Name: "Low", Unit: Money, Loose: true}, Column{Name: "High", Unit: Money, Loose: true}, Column{Name: "What it is", Unit: Text})
	b.add(AskForecast, f.Period.Name, f.Plan, known(f.Mean), f.Low, f.High)
	b.remark(7, f.beside())
	b.Note = "The plan of a month that is cut is the part of it by its days; low and high hold 80 of 100 such sums."
	t := c.end(b, "")
	s.Tables = append(s.Tables, t)
	s.Text = append(s.Text, c.say("Of "+f.Period.Name+" %s is planned, and %s of it is expected to be spent.", t.Rows[0][1], t.Rows[0][4]))
}

// beside says where the plan lies in the interval.
func (f *Ahead) beside() string {
	switch {
	case !f.Low.Valid || !f.High.Valid:
		return "how sure that is, is not known"
	case f.Plan.Amount.Cmp(f.Low.Amount) < 0:
		return "the plan is below all that is likely"
	case f.Plan.Amount.Cmp(f.High.Amount) > 0:
		return "the plan is above all that is likely"
	}
	return "the plan is within what is likely"
}

// forecasts sets what was forecast of the period, and what comes next, below spend.
func (c *composer) forecasts(s *Section) {
	b := c.start("forecast", "Forecast",
		Column{Name: "Days", Unit: Text}, Column{Name: "As many days before", Unit: Money}, Column{Name: "Expected", Unit: Money},
		Column{Name: "Low", Unit: Money}, Column{Name: "High", Unit: Money}, Column{Name: "Came", Unit: Money})
	b.Note = "Low and high hold 80 of 100 such sums; a dash is not known."
	if f := c.Foretold; f != nil {
		b.add(AskForecast, f.Period.Name+", as forecast before", known(f.Before), known(f.Mean), f.Low, f.High, known(c.Teams.Total.After))
	} else {
		c.leaveOut("Spend against forecast", "no forecast of exactly this period was kept before it began")
	}
	if f := c.Ahead; f != nil {
		if f.Refused != "" {
			b.Note += " There is no interval: " + f.Refused + "."
		}
		b.add(AskForecast, f.Period.Name+", to come", known(f.Before), known(f.Mean), f.Low, f.High, unknown())
	}
	if len(b.Rows) == 0 {
		return
	}
	t := c.end(b, "")
	s.Tables = append(s.Tables, t)
	if last := t.Rows[len(t.Rows)-1]; c.Ahead != nil {
		s.Text = append(s.Text, c.say("For "+c.Ahead.Period.Name+" %s is expected, after %s in as many days before.", last[2], last[1]))
	}
}

// waterfall says why spend changed, in effects that sum to the change.
func (c *composer) waterfall() Section {
	b := c.start("waterfall", "From "+c.Before.Name+" to "+c.Period.Name,
		Column{Name: "Step", Unit: Text}, Column{Name: "Effect", Unit: Money}, Column{Name: "Kind", Unit: Text})
	b.Chart = Waterfall
	b.add(AskTeams, "Before", known(c.Teams.Total.Before))
	for _, h := range variance.Headlines() {
		for j, name := range variance.Drivers() {
			if holds(h.Drivers, name) && len(c.Teams.Total.Effects) > j && !c.Teams.Total.Effects[j].IsZero() {
				b.add(AskTeams, strings.ReplaceAll(name, "_", " "), known(c.Teams.Total.Effects[j]))
				b.remark(2, h.Name)
			}
		}
	}
	t := c.end(b, "Now")
	t.Note = "Effects are Shapley's: no order of the drivers is preferred, and they sum to the change to the last digit."
	s := Section{ID: "waterfall", Title: "Why it changed", Tables: []Table{t}}
	if up, down := extremes(t.Rows[1:]); up != nil {
		s.Text = append(s.Text, c.say("Most was added by %s (%s).", up[0], up[1]))
		if down != nil {
			s.Text = append(s.Text, c.say("Most was saved by %s (%s).", down[0], down[1]))
		}
	} else if down != nil {
		s.Text = append(s.Text, c.say("Most was saved by %s (%s).", down[0], down[1]))
	}
	return s
}

// extremes are the rows that add and that save most, nil where none does.
func extremes(rows [][]Cell) (up, down []Cell) {
	for _, row := range rows {
		a := row[1].Amount.Amount
		if a.Sign() > 0 && (up == nil || a.Cmp(up[1].Amount.Amount) > 0) {
			up = row
		}
		if a.Sign() < 0 && (down == nil || a.Cmp(down[1].Amount.Amount) < 0) {
			down = row
		}
	}
	return up, down
}
