package app

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/policy"
)

// courses are those of the open windows, as they were asked of the ledger.
type courses struct {
	of  *policy.Limits // in force then
	all api.BudgetCourses
}

// freshCourse is for how long an answer is given again: the ledger is asked for half a
// year of each budget's past.
const freshCourse = 5 * time.Minute

// Courses tells how the open windows of a day or longer are used up.
func (l limits) Courses(ctx context.Context, at time.Time) (api.BudgetCourses, error) {
	l.tracing.Lock() // one at a time asks; who waits gets its answer
	defer l.tracing.Unlock()
	of := &l.order.Load().limits
	if last := l.traced; last != nil && last.of == of && at.Sub(last.all.At) < freshCourse {
		return last.all, nil
	}
	all, err := l.courses(ctx, of, at)
	if err == nil {
		l.traced = &courses{of, all}
	}
	return all, err
}

func (l limits) courses(ctx context.Context, in *policy.Limits, at time.Time) (api.BudgetCourses, error) {
	told := api.BudgetCourses{At: at, Items: []api.BudgetCourse{}}
	var steps []budget.Budget // the same budgets by hour or day
	var of []*budget.Budget
	for i := range in.Budgets {
		if step, has := stepOf(&in.Budgets[i]); has {
			steps, of = append(steps, step), append(of, &in.Budgets[i])
		}
	}
	if len(steps) == 0 {
		return told, nil
	}
	past, err := l.past(ctx, steps, at)
	if err != nil {
		return told, err
	}
	for i := range steps {
		windows := l.windows(of[i], at)
		for j := range windows[:min(len(windows), mostForeseen)] {
			o := outlook{budget: &steps[i], window: &windows[j], past: past[valueOf(&windows[j])], now: at}
			c, err := l.course(of[i], &o)
			if err != nil {
				return told, err
			}
			if c.Scope.Principal == "" || l.Privacy.PersonViews {
				told.Items = append(told.Items, c)
			}
		}
	}
	return told, nil
}

// windows are those of a budget in which an instant lies, one that nothing counts in among
// them.
func (l limits) windows(b *budget.Budget, at time.Time) (all []budget.Standing) {
	for _, w := range l.Server.Budgets.Current(at) {
		if w.Budget == b.ID {
			all = append(all, w)
		}
	}
	if len(all) == 0 && len(b.Each) == 0 {
		idle := budget.Standing{Budget: b.ID, Counts: b.Counts, Currency: b.Currency, Amount: b.Amount, Grace: b.Grace}
		idle.From, idle.To = b.Window.Around(at)
		all = append(all, idle)
	}
	return all
}

func (l limits) course(b *budget.Budget, o *outlook) (api.BudgetCourse, error) {
	s := l.standing(b, o.window, o.now)
	c := api.BudgetCourse{
		Budget: b.ID, Each: s.Each, Scope: s.Scope, From: o.window.From, To: o.window.To, Step: "day",
		Counts: s.Counts, Currency: s.Currency, Limit: s.Limit, Steps: []api.BudgetStep{},
	}
	if o.budget.Window.Period == budget.Hour {
		c.Step = "hour"
	}
	var sum money.Amount
	for at := o.window.From; at.Before(o.window.To); {
		from, to := o.budget.Window.Around(at)
		used, err := o.past.at(from)
		if err != nil {
			return c, err
		}
		into := &sum
		if from.After(o.now) {
			into = &c.Ahead
		}
		if *into, err = into.Add(used); err != nil {
			return c, err
		}
		if !from.After(o.now) {
			c.Steps = append(c.Steps, api.BudgetStep{From: from, Used: used, SoFar: sum})
		}
		at = to
	}
	e, err := o.expected(l.order.Load().known)
	if err != nil || e.unknown != "" {
		c.Unknown = e.unknown
		return c, err
	}
	c.Unknown = e.unsure
	c.Expected = &api.BudgetExpected{Mean: e.total, Low: e.low, High: e.high, Level: evidence}
	return c, nil
}
