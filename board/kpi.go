package board

import (
	"errors"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

// KPI is one measure of FinOps for AI, with its formula. One without a source says what
// is missing, and has no value.
type KPI struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Workflow string     `json:"workflow,omitempty"` // whose it is; "" is the organisation's
	Formula  string     `json:"formula"`
	Unit     Unit       `json:"unit"`   // each is the report's currency for one thing, percent a share of 1
	Now      money.Null `json:"now"`    // exact; null where it is unknown
	Before   money.Null `json:"before"` // of the period before
	Source   string     `json:"source,omitempty"`
	Missing  string     `json:"missing,omitempty"` // why there is no value
}

// KPIs gives every measure of the period and of the one before, those of workflows the
// costliest first. The error is that of an amount that is too large.
//
// Example: usage of 125 for 50 million tokens is 2.5 a million; spend of 150.015 of
// which 30.015 has no team is attributed to 79.992 %.
func KPIs(m *Material) ([]KPI, error) {
	k := &measuring{Material: m}
	k.unitCosts()
	k.equal()
	k.coverage()
	k.outcomes()
	k.foresight()
	k.planned()
	k.all = append(k.all, unmeasured()...)
	return k.all, k.err
}

// measuring collects measures; the first error of its sums is kept.
type measuring struct {
	*Material
	all []KPI
	err error
}

// add divides two amounts of both periods, the earlier one first.
func (k *measuring) add(of KPI, parts, wholes [2]money.Null, missing string) {
	var values [2]money.Null
	for i := range values {
		if !parts[i].Valid || !wholes[i].Valid {
			continue
		}
		var err error
		values[i], err = quotient(parts[i].Amount, wholes[i].Amount)
		k.err = errors.Join(k.err, err)
	}
	if of.Before, of.Now = values[0], values[1]; !of.Now.Valid {
		of.Missing = missing
	}
	k.all = append(k.all, of)
}

// both reads a figure of both periods.
func both[T any](of *[2]T, read func(*T) money.Null) [2]money.Null {
	return [2]money.Null{read(&of[0]), read(&of[1])}
}

func (k *measuring) unitCosts() {
	cost := both(&k.Usage, func(u *UsageCost) money.Null { return u.Cost })
	const none = "no usage with a cost in the period, or some waits for an exchange rate"
	k.add(KPI{ID: "cost_per_call", Name: "Cost per call", Formula: "cost of priced usage / its calls", Unit: Each, Source: AskUnit},
		cost, both(&k.Usage, func(u *UsageCost) money.Null { return counted(u.Calls) }), none)
	k.add(KPI{ID: "cost_per_million_tokens", Name: "Cost per million tokens", Formula: "cost of priced usage / its tokens of every kind × 1,000,000", Unit: Each, Source: AskUnit},
		cost, both(&k.Usage, func(u *UsageCost) money.Null { return k.over(known(u.Tokens), 1_000_000) }), none)
	k.add(KPI{ID: "cached_share", Name: "Prompt read from cache", Formula: "cached prompt tokens / prompt tokens", Unit: Percent, Source: AskUnit},
		both(&k.Usage, func(u *UsageCost) money.Null { return known(u.Cached) }), both(&k.Usage, func(u *UsageCost) money.Null { return known(u.Prompt) }), "no prompt tokens in the period")
	k.add(KPI{ID: "list_ratio", Name: "Paid of list", Formula: "cost of usage / its list prices", Unit: Percent, Source: AskUnit},
		cost, both(&k.Usage, func(u *UsageCost) money.Null { return u.List }), "no list prices in the report's currency")
}

func (k *measuring) over(a money.Null, n int64) money.Null {
	out, err := quotient(a.Amount, money.FromInt(n))
	k.err = errors.Join(k.err, err)
	return money.Null{Amount: out.Amount, Valid: a.Valid && err == nil}
}

func (k *measuring) less(a, b money.Amount) money.Null {
	out, err := a.Sub(b)
	k.err = errors.Join(k.err, err)
	return money.Null{Amount: out, Valid: err == nil}
}

func (k *measuring) coverage() {
	cost := [2]money.Null{known(k.Totals[0].Cost), known(k.Totals[1].Cost)}
	attributed := [2]money.Null{k.less(k.Totals[0].Cost, k.Totals[0].Unattributed), k.less(k.Totals[1].Cost, k.Totals[1].Unattributed)}
	k.add(KPI{ID: "attribution_coverage", Name: "Attributed spend", Formula: "cost with a team / cost", Unit: Percent, Source: AskTeams}, attributed, cost, "no cost in the period")
	unpriced := [2]money.Null{counted(k.Totals[0].Unpriced.Calls), counted(k.Totals[1].Unpriced.Calls)}
	calls := [2]money.Null{counted(k.Totals[0].Calls), counted(k.Totals[1].Calls)}
	k.add(KPI{ID: "unpriced_share", Name: "Unpriced calls", Formula: "calls without a price / calls", Unit: Percent, Source: AskTeams}, unpriced, calls, "no calls in the period")
}

func (k *measuring) outcomes() {
	all := both(&k.Outcomes, func(t *outcome.Table) money.Null { return t.Total.All.Cost })
	with := [2]money.Null{k.instrumented(0), k.instrumented(1)}
	k.add(KPI{ID: "outcome_coverage", Name: "Spend with outcomes", Formula: "cost of workflows with a verified outcome / cost", Unit: Percent, Source: AskOutcomes}, with, all, "no verified outcome in the period")
	orphan := both(&k.Outcomes, func(t *outcome.Table) money.Null {
		part, err := t.Total.Orphan()
		k.err = errors.Join(k.err, err)
		return money.Null{Amount: part.Cost.Amount, Valid: t.Total.All.Cost.Valid}
	})
	k.add(KPI{ID: "orphan_share", Name: "Orphan spend", Formula: "cost of runs without a standing outcome and of no run / cost", Unit: Percent, Source: AskOutcomes}, orphan, all, "no cost in the period")
	for i := range k.Outcomes[1].Rows {
		k.workflow(&k.Outcomes[1].Rows[i])
	}
}

// instrumented sums the cost of workflows that have outcomes, unknown where none has.
func (k *measuring) instrumented(period int) (sum money.Null) {
	for i := range k.Outcomes[period].Rows {
		r := &k.Outcomes[period].Rows[i]
		if r.Workflow == "" || r.Outcomes.IsZero() || !r.All.Cost.Valid {
			continue
		}
		var err error
		sum.Amount, err = sum.Amount.Add(r.All.Cost.Amount)
		k.err, sum.Valid = errors.Join(k.err, err), true
	}
	return sum
}

// workflow adds what an outcome of one costs, and what it returns where it has a value.
func (k *measuring) workflow(now *outcome.Row) {
	if now.Workflow == "" || now.Outcomes.IsZero() {
		return
	}
	rows := [2]outcome.Row{{}, *now}
	for i := range k.Outcomes[0].Rows {
		if k.Outcomes[0].Rows[i].Workflow == now.Workflow {
			rows[0] = k.Outcomes[0].Rows[i]
		}
	}
	cost := both(&rows, func(r *outcome.Row) money.Null { return r.All.KnownCost() })
	k.add(KPI{ID: "cost_per_outcome", Name: "Cost per outcome", Workflow: now.Workflow, Formula: "all cost of the workflow / verified outcomes", Unit: Each, Source: AskOutcomes},
		cost, both(&rows, func(r *outcome.Row) money.Null { return known(r.Outcomes) }), costless(now))
	gain := both(&rows, func(r *outcome.Row) money.Null {
		if !r.Value.Valid || !r.All.Cost.Valid || r.Valued != k.Currency {
			return unknown()
		}
		return k.less(r.Value.Amount, r.All.Cost.Amount)
	})
	missing := costless(now)
	if !now.Value.Valid || now.Valued != k.Currency {
		missing = "its outcomes have no value in the report's currency"
	}
	k.add(KPI{ID: "return", Name: "Return", Workflow: now.Workflow, Formula: "(value of verified outcomes − cost) / cost", Unit: Percent, Source: AskOutcomes}, gain, cost, missing)
}

// costless says why nothing is divided by what a workflow cost, or that by its outcomes.
func costless(r *outcome.Row) string {
	switch {
	case !r.All.Cost.Valid:
		return "its cost is not known"
	case !r.All.KnownCost().Valid:
		return "its cost is not known: what has a price comes to nothing, and unpriced calls stand beside it"
	}
	return "its cost is not above zero"
}

// foresight says by how much the period missed its forecast.
func (k *measuring) foresight() {
	of := KPI{ID: "forecast_error", Name: "Forecast error", Formula: "|cost − what was forecast before the period began| / cost", Unit: Percent, Source: AskForecast}
	if k.Foretold == nil {
		of.Missing = "no forecast of exactly this period was kept before it began"
		k.all = append(k.all, of)
		return
	}
	missed := k.less(k.Totals[1].Cost, k.Foretold.Mean)
	missed.Amount = missed.Amount.Abs()
	k.add(of, [2]money.Null{unknown(), missed}, [2]money.Null{unknown(), known(k.Totals[1].Cost)}, "no cost in the period")
}

// planned sets spend against the plan of everything.
func (k *measuring) planned() {
	of := KPI{ID: "plan_ratio", Name: "Spent of plan", Formula: "cost / what was meant to be spent on everything", Unit: Percent, Source: AskPlan}
	for _, p := range k.Plan {
		if p.Of == "" {
			k.add(of, [2]money.Null{unknown(), p.Spent}, [2]money.Null{unknown(), known(p.Amount)}, "the plan is zero")
			return
		}
	}
	of.Missing = "nothing is planned of everything in the whole period, and no budget of exactly it is in force that could serve as a plan"
	k.all = append(k.all, of)
}

// unmeasured lists the measures that nothing in the ledger can tell yet.
func unmeasured() []KPI {
	return []KPI{
		{ID: "loaded_cost_per_outcome", Name: "Loaded cost per outcome", Formula: "(cost + minutes of people × their rate) / verified outcomes", Unit: Each, Missing: "no rate of an hour of people is booked"},
		{ID: "first_pass", Name: "First pass", Formula: "verified outcomes without rework / decided outcomes", Unit: Percent, Missing: "results are not counted by whether they needed rework"},
		{ID: "budget_coverage", Name: "Budgeted spend", Formula: "cost under a budget / cost", Unit: Percent, Missing: "which cost lies under some budget is not summed"},
		{ID: "anomaly_rate", Name: "Anomalies", Formula: "cost of anomalies found / cost", Unit: Percent, Missing: "no anomaly is looked for"},
		{ID: "utilisation", Name: "Utilisation", Formula: "used / provisioned hours", Unit: Percent, Missing: "no provisioned capacity is booked"},
		{ID: "training_efficiency", Name: "Training efficiency", Formula: "cost of training / points of its performance metric", Unit: Each, Missing: "no training and no metric of it is booked"},
		{ID: "time_to_value", Name: "Time to value", Formula: "days until cumulated value covers cost", Unit: Count, Missing: "when a workflow began to be paid for is not declared"},
		{ID: "time_to_first_prompt", Name: "Time to first prompt", Formula: "first call − request of access", Unit: Count, Missing: "requests of access are not known"},
	}
}

// kpis shows the measures in two tables, those in money and the shares.
func (c *composer) kpis() Section {
	all, err := KPIs(c.Material)
	if err != nil {
		c.err = err
		return Section{}
	}
	costs := c.start("kpi_costs", "Costs of a unit", Column{Name: "Measure", Unit: Text}, Column{Name: "Now", Unit: Each, Loose: true},
		Column{Name: "Before", Unit: Each, Loose: true}, Column{Name: "Growth", Unit: Percent, Rule: Growth, Of: [2]int{2, 1}, Loose: true}, Column{Name: "Formula", Unit: Text})
	shares := c.start("kpi_shares", "Shares", Column{Name: "Measure", Unit: Text}, Column{Name: "Now", Unit: Percent, Loose: true},
		Column{Name: "Before", Unit: Percent, Loose: true}, Column{Name: "Formula", Unit: Text})
	c.unvalued(all)
	for _, k := range all {
		if k.Missing != "" {
			continue
		}
		b, formula := costs, 4
		if k.Unit == Percent {
			b, formula = shares, 3
		}
		name := k.Name
		if k.Workflow != "" {
			name += " of " + k.Workflow
		}
		b.add(k.Source, name, k.Now, k.Before)
		b.remark(formula, k.Formula)
	}
	s := Section{ID: "kpis", Title: "Measures of FinOps for AI"}
	for _, b := range []*builder{costs, shares} {
		if len(b.Rows) > 0 {
			s.Tables = append(s.Tables, c.end(b, ""))
		}
	}
	return s
}
