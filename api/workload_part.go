package api

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// parts fills rows with what was asked for beside their figures.
type parts struct {
	*call
	kind  register.Kind
	trend *spend.Query
	rows  map[string]*Workload
}

func (p *parts) fill(ctx context.Context, asked []string) error {
	if len(p.rows) == 0 {
		return nil
	}
	fills := map[string]func(context.Context) error{
		partOwner: p.owners, partTrend: p.trends, partPerRun: p.perRun, partOutcomes: p.outcomes, partBudgets: p.budgets,
	}
	for _, part := range asked {
		if err := fills[part](ctx); err != nil {
			return err
		}
	}
	return nil
}

// trends asks for the buckets of the rows. Their costs sum to those of the rows.
func (p *parts) trends(ctx context.Context) error {
	q := *p.trend
	q.Measures, q.Order, q.Top, q.Previous = []spend.Measure{spend.Cost, spend.Calls}, "", 0, false
	kept := spend.Filter{By: q.By[0]}
	for name, w := range p.rows {
		kept.Values = append(kept.Values, name)
		w.Trend = []TrendPoint{}
	}
	slices.Sort(kept.Values)
	q.Where = append(slices.Clone(q.Where), kept)
	rows := p.question
	p.question = &q
	table, err := p.table(ctx)
	p.question = rows
	for i := range table.Rows {
		row := &table.Rows[i]
		if w := p.rows[row.Keys[0]]; w != nil && !row.Other {
			calls, _ := row.Values[1].Amount.Int()
			w.Trend = append(w.Trend, TrendPoint{row.Bucket, row.Values[0], calls})
		}
	}
	return err
}

func (p *parts) perRun(ctx context.Context) error {
	all, err := p.Runs.PerRun(ctx, p.question)
	currency := p.House().Currency
	for i := range all {
		if w := p.rows[all[i].Key]; w != nil {
			w.PerRun = shownPerRun(&all[i])
			w.PerRun.Currency = currency
		}
	}
	return err
}

func shownPerRun(r *lake.PerRun) *WorkloadRuns {
	return &WorkloadRuns{
		Runs: r.Runs, Priced: r.Priced, CostP50: r.CostP50, CostP95: r.CostP95, CallP50: r.CallP50, CallP95: r.CallP95,
		TookP50: time.Duration(r.TookP50 * 1000).Seconds(), TookP95: time.Duration(r.TookP95 * 1000).Seconds(),
	}
}

// owners reads the register as far as the caller may see it.
func (p *parts) owners(ctx context.Context) error {
	q := RegisterQuestion{Kind: p.kind, From: p.question.From, To: p.question.To, Most: maxRegistered}
	if !p.seesAll() {
		q.Scope = ownScope(p.who, auth.SpendRead)
	}
	found, err := p.Register.Registered(ctx, q)
	for i := range found.Items {
		e := &found.Items[i]
		for _, name := range append([]string{e.Name}, e.Names...) {
			if w := p.rows[name]; w != nil && name != "" {
				w.Owner = &WorkloadOwner{e.Status, e.Team, e.TeamBy}
			}
		}
	}
	return err
}

// maxRegistered is how many entries of the register are looked at: as many as it learns
// of a kind.
const maxRegistered = 10_000

// outcomes sets results against spend where the question is about all spend of workflows,
// as far as the caller may see it.
func (p *parts) outcomes(ctx context.Context) error {
	other := slices.ContainsFunc(p.question.Where, func(f spend.Filter) bool { return f.By != "workflow" && !p.isOwn(&f) })
	if p.kind != register.Workflow || other {
		return nil
	}
	q := *p.question
	q.Measures, q.Order, q.Top, q.Previous = []spend.Measure{spend.Cost}, "", 0, false
	q.Where = nil // each workflow has its row in the answer about all, which is remembered for every page
	table, err := p.outcomesOf(ctx, &q)
	if err != nil {
		return err
	}
	return p.results(&table)
}

// isOwn says that a condition is one of the scope which alone the caller may read.
func (p *parts) isOwn(f *spend.Filter) bool {
	own := ownScope(p.who, auth.SpendRead)
	value := own.Field(string(f.By))
	return value != nil && *value != "" && !f.Not && slices.Equal(f.Values, []string{*value})
}

func (p *parts) results(t *outcome.Table) error {
	for i := range t.Rows {
		w := p.rows[t.Rows[i].Workflow]
		if w == nil {
			continue
		}
		row, err := outcomeRow(&t.Rows[i])
		if err != nil {
			return err
		}
		w.Outcomes = &row
	}
	return nil
}

// budgets are those whose scope names the row, as far as the caller may see them.
func (p *parts) budgets(ctx context.Context) error {
	all, err := p.Budgets.Budgets(ctx, p.now)
	for _, w := range p.rows {
		w.Budgets = []BudgetStanding{}
	}
	for i := range all {
		b := &all[i]
		w := p.rows[*b.Scope.Field(string(p.kind))]
		if w == nil || w.Name == "" || !p.maySee(&b.Scope) {
			continue
		}
		w.Budgets = append(w.Budgets, *b)
	}
	for _, w := range p.rows {
		if err == nil {
			err = p.convertBudgets(w.Budgets)
		}
	}
	return err
}
