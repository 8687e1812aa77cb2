package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/spend"
)

// plan sets what is planned of the whole period against what was spent of it. Where no
// plan says anything of it, budgets serve.
func (b *boarding) plan(ctx context.Context) error {
	for _, l := range b.Forecasts.Planned() {
		amount, err := l.Within(calendar.Of(&b.Base), b.Now.From, b.Now.To)
		if err != nil {
			return err
		}
		if !amount.Valid {
			continue
		}
		if l.Currency != b.Currency {
			b.Missing = append(b.Missing, board.Missing{
				Part: "Plan of " + cmp.Or(l.Of(), "everything"),
				Why:  fmt.Sprintf("it is in %s, and the report in %s", l.Currency, b.Currency),
			})
			continue
		}
		spent, err := b.spentOf(ctx, &l)
		if err != nil {
			return err
		}
		b.Plan = append(b.Plan, board.Planned{Of: l.Of(), Amount: amount.Amount, Spent: spent, By: "plan"})
	}
	if len(b.Plan) == 0 {
		return b.limits(ctx)
	}
	slices.SortStableFunc(b.Plan, func(x, y board.Planned) int { return cmp.Compare(x.Of, y.Of) })
	b.source(board.Origin{ID: board.AskPlan, Question: "bursar spend", Finality: b.Sources[0].Finality}, "spend", window(&b.Now)...)
	return nil
}

// plannedAhead is what is planned of everything in days to come, in the report's currency.
func (b *boarding) plannedAhead(from, to time.Time) (money.Null, error) {
	for _, l := range b.Forecasts.Planned() {
		if len(l.Where) == 0 && l.Currency == b.Currency {
			return l.Within(calendar.Of(&b.Base), from, to)
		}
	}
	return money.Null{}, nil
}

// spentOf is what was spent of a line's scope; null when some of it has no rate.
func (b *boarding) spentOf(ctx context.Context, l *plan.Line) (money.Null, error) {
	q := b.Base
	q.Where = slices.Clone(q.Where)
	for _, d := range slices.Sorted(maps.Keys(l.Where)) {
		q.Where = append(q.Where, spend.Filter{By: d, Values: []string{l.Where[d]}})
	}
	table, err := b.Asker.Answer(ctx, &q)
	if err != nil || table.Totals.UnconvertedLines > 0 || table.Currency != "" && table.Currency != b.Currency {
		return money.Null{}, err
	}
	return money.Known(table.Totals.Cost), nil
}

// limits asks which budgets are of exactly the period, in the currency of the report: those
// of everything, of business units and of teams serve as a plan.
func (b *boarding) limits(ctx context.Context) error {
	at := b.Now.To.Add(-time.Microsecond)
	if at.After(b.now) {
		at = b.now
	}
	found, err := b.Budgets.Budgets(ctx, at)
	if err != nil {
		return err
	}
	for i := range found {
		if s := &found[i]; b.serves(s) {
			spent, err := money.Sum(s.Booked, s.Settled, s.Held)
			if err != nil {
				return err
			}
			b.Plan = append(b.Plan, board.Planned{Of: cmp.Or(s.Scope.Team, s.Scope.BusinessUnit), Amount: s.Limit, Spent: money.Known(spent), By: "budget " + s.Budget, Limit: true})
		}
	}
	slices.SortStableFunc(b.Plan, func(x, y board.Planned) int { return cmp.Compare(x.Of, y.Of) })
	if len(b.Plan) > 0 {
		b.source(board.Origin{ID: board.AskPlan, Question: "bursar budget list", Finality: string(Ongoing)}, "budgets")
	}
	return nil
}

// serves says that a budget can stand for a plan of the period.
func (b *boarding) serves(s *BudgetStanding) bool {
	if s.From == nil || s.To == nil || !s.From.Equal(b.Now.From) || !s.To.Equal(b.Now.To) {
		return false
	}
	return s.Plain && s.Counts == string(budget.Effective) && s.Currency == b.Currency
}
