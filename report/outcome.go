package report

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

// OutcomeText writes what outcomes cost for a person: a line for each workflow,
// a total, and below it what no total may hide.
func OutcomeText(w io.Writer, t *outcome.Table) error {
	costs, err := shownCosts(t)
	if err != nil {
		return err
	}
	unit := spaced(cmp.Or(t.Currency, t.Total.Currency))
	lines := [][]string{{"WORKFLOW", "OUTCOMES", "COST" + unit, "PER OUTCOME", "IN RUNS WITH", "ORPHAN" + unit, "ORPHAN", "RUNS", "WITH"}}
	for i := range t.Rows {
		cells := outcomeLine(&t.Rows[i], costs[i])
		lines = append(lines, append([]string{key(t.Rows[i].Workflow)}, cells...))
	}
	total := outcomeLine(&t.Total, costs[len(t.Rows)])
	if len(t.Rows) != 1 {
		total[0], total[2] = "", "" // results of several workflows are of several kinds
	}
	lines = append(lines, append([]string{"TOTAL"}, total...))
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, cells := range padded(lines, 1) {
		if _, err := fmt.Fprintln(out, strings.Join(cells, "\t")+"\t"); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return outcomeFooter(w, t)
}

func spaced(c money.Currency) string {
	if c == "" {
		return ""
	}
	return " " + string(c)
}

// shownCost is a row's cost and what of it is orphan spend, rounded.
type shownCost struct {
	all, orphan money.Null
}

// shownCosts rounds the costs of the rows and, last, of the total: in either column rows
// sum to the total, and the total is the exact one, rounded.
func shownCosts(t *outcome.Table) ([]shownCost, error) {
	n := len(t.Rows)
	all, orphans := make([]money.Null, n), make([]money.Null, n)
	for i := range t.Rows {
		orphan, err := t.Rows[i].Orphan()
		if err != nil {
			return nil, err
		}
		known := t.Rows[i].All.Cost
		all[i], orphans[i] = known, money.Null{Amount: orphan.Cost.Amount, Valid: known.Valid}
	}
	costs := make([]shownCost, n+1)
	costs[n].all.Valid, costs[n].orphan.Valid = t.Total.All.Cost.Valid, t.Total.All.Cost.Valid
	if err := errors.Join(shown(all, 2), shown(orphans, 2)); err != nil {
		return nil, err
	}
	for i := range t.Rows {
		costs[i] = shownCost{all[i], orphans[i]}
		var err1, err2 error
		costs[n].all.Amount, err1 = costs[n].all.Amount.Add(all[i].Amount)
		costs[n].orphan.Amount, err2 = costs[n].orphan.Amount.Add(orphans[i].Amount)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
	}
	return costs, nil
}

func outcomeLine(r *outcome.Row, costs shownCost) []string {
	return []string{
		plain(r.Outcomes), cell(costs.all, 2), cell(r.CostPerOutcome(), 4), percent(r.Share()), cell(costs.orphan, 2),
		percent(r.OrphanShare()), count(r.With.Runs + r.Without.Runs), count(r.With.Runs),
	}
}

// plain shows a count without the zeros behind its point.
func plain(a money.Amount) string { return money.Grouped(a.String()) }

// percent shows a share of 1 with one decimal.
func percent(share money.Null) string {
	hundred, err := share.Amount.MulInt(100)
	if !share.Valid || err != nil {
		return "–"
	}
	return hundred.Fixed(1) + " %"
}

// outcomeFooter says what stands beside the totals.
func outcomeFooter(w io.Writer, t *outcome.Table) error {
	total := &t.Total
	noRun := "none"
	if total.NoRun.Calls != 0 || total.NoRun.Cost.Valid {
		noRun = fmt.Sprintf("%s, %s calls", cell(total.NoRun.Cost, 2)+spaced(cmp.Or(t.Currency, total.Currency)), count(total.NoRun.Calls))
	}
	lines := []string{
		fmt.Sprintf("cost per outcome is all spend of the workflow (%s) over its verified outcomes, failed runs included", t.Basis),
		fmt.Sprintf("without an amount: %s lines with %s of %s calls, %s of them in runs with an outcome; %s, not in the cost",
			count(total.All.UnknownLines), count(total.All.Unknown), count(total.All.Calls), count(total.With.Unknown), exposureOf(t)),
		"orphan spend in no run at all: " + noRun,
		fmt.Sprintf("not counted: %s claimed, %s disputed, %s reversed; human repair so far: %s minutes",
			plain(total.Claimed), plain(total.Disputed), count(total.Reversed), plain(total.Minutes)),
	}
	if total.Outcomes.IsZero() && total.Claimed.IsZero() && total.Disputed.IsZero() && total.Reversed == 0 {
		lines = append(lines, "no outcome came about here; book some with bursar import outcomes")
	}
	for _, m := range t.WithoutRate {
		lines = append(lines, fmt.Sprintf("unconverted: %s %s of days without an exchange rate into %s, not in the cost", money.Grouped(m.Amount.Fixed(2)), m.Currency, t.Currency))
	}
	if t.Shared > 0 {
		lines = append(lines, fmt.Sprintf("left out: %d workflows that others, whom you may not see, use too", t.Shared))
	}
	if total.Mixed {
		lines = append(lines, "some costs are of several currencies and are not added up; ask for the measure cost")
	}
	_, err := fmt.Fprintln(w, "\n"+strings.Join(lines, "\n"))
	return err
}

// exposureOf says what the calls without an amount may come to. Only what could
// not be priced has an exposure, not what its source told without a cost.
func exposureOf(t *outcome.Table) string {
	if t.Total.All.UnknownLines > 0 && t.Total.All.Exposure.IsZero() {
		return "what they cost is unknown"
	}
	return "exposure up to " + cell(money.Known(t.Total.All.Exposure), 2) + spaced(t.Currency)
}

// outcomeFigures are a row's exact figures by name, in the order of the columns.
// The currency is the table's, for a row without one of its own; the cost of an outcome is
// that of the row or of the table's total.
func outcomeFigures(r *outcome.Row, currency money.Currency, each money.Null) ([][2]string, error) {
	orphan, err := r.Orphan()
	figures := [][2]string{
		{"outcomes", r.Outcomes.String()}, {"claimed", r.Claimed.String()}, {"disputed", r.Disputed.String()}, {"reversed", whole(r.Reversed)},
		{"remediation_minutes", r.Minutes.String()}, {"value", exact(r.Value)}, {"value_currency", string(r.Valued)},
		{"cost", exact(r.All.Cost)}, {"currency", string(cmp.Or(r.Currency, currency))}, {"cost_per_outcome", exact(each)}, {"share", exact(r.Share())},
		{"orphan_share", exact(r.OrphanShare())},
	}
	for _, p := range []struct {
		name string
		part outcome.Part
	}{{"all", r.All}, {"with", r.With}, {"orphan", orphan}, {"no_run", r.NoRun}} {
		if p.name != "all" {
			figures = append(figures, [2]string{p.name + "_cost", exact(p.part.Cost)})
		}
		figures = append(figures, [2]string{p.name + "_runs", whole(p.part.Runs)}, [2]string{p.name + "_calls", whole(p.part.Calls)},
			[2]string{p.name + "_unknown_calls", whole(p.part.Unknown)}, [2]string{p.name + "_unknown_lines", whole(p.part.UnknownLines)}, [2]string{p.name + "_exposure", p.part.Exposure.String()})
	}
	return figures, err
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// OutcomeCSV writes a row for each workflow, exact, and the totals as a last
// line whose first cell is TOTAL. Cells are kept from being run as formulas.
func OutcomeCSV(w io.Writer, t *outcome.Table) error {
	out := csv.NewWriter(w)
	var lines [][]string
	for i := range len(t.Rows) + 1 {
		row, name, each := &t.Total, "TOTAL", t.CostPerOutcome()
		if i < len(t.Rows) {
			row, name, each = &t.Rows[i], Safe(t.Rows[i].Workflow), t.Rows[i].CostPerOutcome()
		}
		figures, err := outcomeFigures(row, t.Currency, each)
		if err != nil {
			return err
		}
		head, cells := []string{"workflow"}, []string{name}
		for _, f := range figures {
			head, cells = append(head, f[0]), append(cells, f[1])
		}
		if i == 0 {
			lines = append(lines, head)
		}
		lines = append(lines, cells)
	}
	return out.WriteAll(lines)
}
