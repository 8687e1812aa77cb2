package lake

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Outcomes sets the results of each workflow against all of its spend, as one
// state of the lake has them. The query is by workflow, on the axis of use,
// without top or comparison; it may keep some workflows. By day, its rows are of the
// whole window too, and the days of their costs stand beside them. Its first
// measure that is a cost is the basis, "cost" when there is none.
//
// Spend lies in the window by its time of use, outcomes by the instant at which
// the result came about first. A run counts as one with an outcome while an
// outcome that links it, or a run above it, stands verified or matured, in the
// window or not. The currency of the basis "cost" is left to the caller, who
// knows the organisation's.
func Outcomes(ctx context.Context, r Reader, q *spend.Query) (t outcome.Table, err error) {
	if err := validateOutcomes(q); err != nil {
		return outcome.Table{}, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		t, err = (&outcomes{answer{dialect: r.Dialect(), ask: ask}, q, basisOf(q), map[string]*outcome.Row{}, nil}).table(ctx)
		return err
	})
	if err != nil {
		return outcome.Table{}, err
	}
	return t, nil
}

func validateOutcomes(q *spend.Query) error {
	if err := q.Validate(); err != nil {
		return err
	}
	why := ""
	switch {
	case len(q.By) != 1 || q.By[0] != "workflow":
		why = "outcomes are those of workflows"
	case q.Axis != spend.ByUse:
		why = "outcomes have no finance period"
	case q.Grain != spend.Whole && q.Grain != spend.Day:
		why = "the spend of a run and its outcome may lie in different buckets"
	case !q.Restated.IsZero():
		why = "outcomes stand beside what is booked"
	case q.Top > 0 || q.Previous:
		why = "every workflow has its row, without \"other\" and without the window before"
	case slices.ContainsFunc(q.Where, func(f spend.Filter) bool { return f.By != "workflow" }):
		why = "a condition on spend alone would set a part of it against all outcomes"
	default:
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "query outcomes", "%s", why).
		WithHint("ask by workflow, over the whole of a window, with conditions on workflow only")
}

// basisOf gives the cost that a query asks for.
func basisOf(q *spend.Query) spend.Measure {
	costs := []spend.Measure{spend.Cost, spend.ListCost, spend.Contracted, spend.BilledCost, spend.ReportedCost}
	for _, m := range q.Measures {
		if slices.Contains(costs, m) {
			return m
		}
	}
	return spend.Cost
}

// outcomes gathers the rows of one question.
type outcomes struct {
	answer
	query *spend.Query
	basis spend.Measure
	rows  map[string]*outcome.Row
	days  []outcome.Day
}

func (o *outcomes) table(ctx context.Context) (outcome.Table, error) {
	type reading struct {
		statement Statement
		row       func(cells []*string) error
	}
	reads := []reading{{o.results(), o.addResult}, {o.costs(), o.addCost}}
	if o.query.Grain == spend.Day {
		reads = append(reads, reading{o.daily(), o.addDay})
	}
	for _, read := range reads {
		if err := o.ask(ctx, read.statement, read.row); err != nil {
			return outcome.Table{}, err
		}
	}
	t := outcome.Table{Query: *o.query, Basis: o.basis, Days: o.days}
	for _, row := range o.rows {
		if err := finishRow(row); err != nil {
			return outcome.Table{}, err
		}
		t.Rows = append(t.Rows, *row)
	}
	slices.SortFunc(t.Rows, func(a, b outcome.Row) int {
		return cmp.Or(compareKnown(b.All.Cost, a.All.Cost), strings.Compare(a.Workflow, b.Workflow))
	})
	return t, t.Sum()
}

func (o *outcomes) row(workflow *string) *outcome.Row {
	name := textOf(workflow)
	if o.rows[name] == nil {
		o.rows[name] = &outcome.Row{Workflow: name}
	}
	return o.rows[name]
}

// addResult takes the sums of one workflow, state, currency of value and definition.
func (o *outcomes) addResult(cells []*string) error {
	items, err := wholeOf(cells[3])
	if err != nil {
		return err
	}
	var sums [3]money.Null // count, value, minutes
	for i := range sums {
		if sums[i], err = amountOf(cells[4+i]); err != nil {
			return err
		}
	}
	row, state := o.row(cells[0]), outcome.State(textOf(cells[1]))
	addDefinition(row, textOf(cells[7]))
	if row.Minutes, err = row.Minutes.Add(sums[2].Amount); err != nil {
		return err
	}
	switch state {
	case outcome.Claimed:
		row.Claimed, err = row.Claimed.Add(sums[0].Amount)
	case outcome.Disputed:
		row.Disputed, err = row.Disputed.Add(sums[0].Amount)
	case outcome.Reversed:
		row.Reversed += items
	default:
		row.Outcomes, err = row.Outcomes.Add(sums[0].Amount)
		if err == nil && sums[1].Valid {
			err = addValue(row, sums[1], money.Currency(textOf(cells[2])))
		}
	}
	return err
}

// severalDefinitions marks a row whose outcomes are of several kinds until it is finished.
const severalDefinitions = "*"

func addDefinition(row *outcome.Row, definition string) {
	if row.Definition != "" && row.Definition != definition {
		definition = severalDefinitions
	}
	row.Definition = definition
}

// severalCurrencies marks a value that cannot be added up until the row is finished.
const severalCurrencies money.Currency = "*"

func addValue(row *outcome.Row, value money.Null, currency money.Currency) error {
	if row.Valued != "" && row.Valued != currency {
		row.Valued = severalCurrencies
		return nil
	}
	row.Valued = currency
	return addKnown(&row.Value, value)
}

// addCost takes the sums of one workflow, fate and currency, or its number of runs.
func (o *outcomes) addCost(cells []*string) error {
	row := o.row(cells[0])
	part := row.Part(outcome.Fate(textOf(cells[1])))
	if cells[2] == nil {
		var err error
		part.Runs, err = wholeOf(cells[3])
		return err
	}
	more, err := partOf(cells[3:])
	if err != nil {
		return err
	}
	if currency := money.Currency(textOf(cells[2])); more.Cost.Valid && currency != "" {
		row.Mixed = row.Mixed || row.Currency != "" && row.Currency != currency
		row.Currency = currency
	}
	*part, err = part.Plus(more)
	return err
}

// addDay takes the sums of one workflow, fate and day.
func (o *outcomes) addDay(cells []*string) error {
	number, err := wholeOf(cells[2])
	if err != nil {
		return err
	}
	part, err := partOf(cells[3:])
	o.days = append(o.days, outcome.Day{Workflow: textOf(cells[0]), Fate: outcome.Fate(textOf(cells[1])), At: bucketStart(o.query, number), Part: part})
	return err
}

// partOf reads calls, those of an unknown amount, cost, exposure and unknown lines.
func partOf(cells []*string) (p outcome.Part, err error) {
	for i, to := range map[int]*int64{0: &p.Calls, 1: &p.Unknown, 4: &p.UnknownLines} {
		if *to, err = wholeOf(cells[i]); err != nil {
			return p, err
		}
	}
	if p.Cost, err = amountOf(cells[2]); err != nil {
		return p, err
	}
	exposure, err := amountOf(cells[3])
	p.Exposure = exposure.Amount
	return p, err
}

// finishRow sums the parts and drops what mixes currencies.
func finishRow(row *outcome.Row) error {
	if row.Definition == severalDefinitions {
		row.Definition = ""
	}
	if row.Valued == severalCurrencies {
		row.Value, row.Valued = money.Null{}, ""
	}
	err := row.Close()
	if row.Mixed {
		row.DropCosts()
	}
	return err
}
