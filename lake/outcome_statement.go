package lake

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

func (o *outcomes) compiler() *compiler {
	return &compiler{dialect: o.dialect, query: o.query, from: o.query.From, to: o.query.To}
}

// results sums the outcomes per workflow, state, currency of their value and definition.
// Lines and their reversals have the same of each, so what is corrected cancels.
func (o *outcomes) results() Statement {
	c := o.compiler()
	c.reads = &Reads{Window: Window{From: o.query.From, To: o.query.To}, Results: true}
	conditions := []string{"true"}
	if !o.query.From.IsZero() {
		conditions = append(conditions, "happened_at >= "+c.argument(o.query.From.UTC()))
	}
	if !o.query.To.IsZero() {
		conditions = append(conditions, "happened_at < "+c.argument(o.query.To.UTC()))
	}
	conditions = append(conditions, c.known()...)
	for _, f := range o.query.Where {
		conditions = append(conditions, c.filter(f))
	}
	d := o.dialect
	return c.finish(fmt.Sprintf(`SELECT workflow, state, value_currency, %s, %s, %s, %s, definition
FROM outcomes
WHERE %s
GROUP BY 1, 2, 3, 8
HAVING sum(items) <> 0 OR sum(count) <> 0 OR sum(remediation_minutes) <> 0 OR sum(coalesce(value, 0)) <> 0`,
		d.AsText("sum(items)"), d.AsText("sum(count)"), d.AsText("sum(value)"), d.AsText("sum(remediation_minutes)"),
		strings.Join(conditions, " AND ")))
}

// known leaves out what was booked after the query's as-of.
func (c *compiler) known() []string {
	if c.query.AsOf.IsZero() {
		return nil
	}
	return []string{"booked_at <= " + c.argument(c.query.AsOf.UTC())}
}

// costs sums the basis per workflow, fate and currency, and counts the runs per workflow
// and fate whose calls do not net to zero, in rows whose currency is NULL. The lines are
// read once, and summed by run before anything is asked of their fate.
func (o *outcomes) costs() Statement {
	c, d := o.compiler(), o.dialect
	text := c.fated(runSums(o.basis))
	return c.finish(fmt.Sprintf(`%sSELECT workflow, fate, currency, %s, %s, %s, %s, %s
FROM fated
GROUP BY 1, 2, 3
UNION ALL
SELECT workflow, fate, NULL, %s, NULL, NULL, NULL, NULL
FROM (SELECT workflow, fate, run FROM fated WHERE run <> '' GROUP BY 1, 2, 3 HAVING sum(calls) <> 0) AS live
GROUP BY 1, 2`, text, d.AsText("sum(calls)"), d.AsText("sum(unknown)"), d.AsText("sum(cost)"), d.AsText("sum(exposure)"),
		d.AsText("sum(unknown_lines)"), d.AsText("count(*)")))
}

// daily sums the basis per workflow, fate and day.
func (o *outcomes) daily() Statement {
	c, d := o.compiler(), o.dialect
	text := c.fated(append([]string{c.bucket() + " AS day"}, runSums(o.basis)[1:]...))
	return c.finish(fmt.Sprintf(`%sSELECT workflow, fate, %s, %s, %s, %s, %s, %s
FROM fated
GROUP BY workflow, fate, day`, text, d.AsText("day"), d.AsText("sum(calls)"), d.AsText("sum(unknown)"), d.AsText("sum(cost)"), d.AsText("sum(exposure)"),
		d.AsText("sum(unknown_lines)")))
}

// won is the head of a statement: the runs with an outcome. A run has one when an outcome
// that stands links it, or a run above it in the tree.
func (c *compiler) won() string {
	states := make([]string, 0, 2)
	for _, s := range outcome.CountingStates() {
		states = append(states, string(s))
	}
	linked := append([]string{"state IN (" + c.list(states) + ")"}, c.known()...)
	children := append([]string{"run <> ''", "parent_run <> ''", "book = " + c.argument(string(c.query.Book))}, c.known()...)
	c.reads = &Reads{Window: Window{From: c.query.From, To: c.query.To}, Outcomes: true}
	return `WITH RECURSIVE won AS (
	SELECT run FROM outcome_links
	WHERE ` + strings.Join(linked, " AND ") + `
	GROUP BY run HAVING sum(links) > 0
	UNION
	SELECT child.run FROM won JOIN (
		SELECT run, parent_run FROM charges
		WHERE ` + strings.Join(children, " AND ") + `
		GROUP BY run, parent_run HAVING sum(calls) <> 0
	) AS child ON child.parent_run = won.run
)`
}

// fated is the head of a statement: the runs of the window, what names no run among them,
// by workflow and the first of the columns, with their fate.
func (c *compiler) fated(columns []string) string {
	return c.won() + `, by_run AS (
	SELECT workflow, run, ` + strings.Join(columns, ", ") + `
	FROM charges
	WHERE ` + strings.Join(c.conditions(), " AND ") + `
	GROUP BY 1, 2, 3
), fated AS (
	SELECT *, CASE WHEN run = '' THEN '` + string(outcome.InNoRun) + `' WHEN run IN (SELECT run FROM won) THEN '` + string(outcome.InWinning) + `' ELSE '` + string(outcome.InOthers) + `' END AS fate
	FROM by_run
)
`
}

// runSums are the currency of a run's basis, and its sums.
func runSums(basis spend.Measure) []string {
	column, _ := sumOf(basis)
	currency := billing(basis)
	if currency == "" {
		currency = "''"
	}
	unknown := "FILTER (WHERE " + column + " IS NULL), 0)"
	return []string{
		"CASE WHEN " + column + " IS NULL THEN '' ELSE " + currency + " END AS currency",
		"sum(calls) AS calls", "coalesce(sum(calls) " + unknown + " AS unknown", "sum(" + column + ") AS cost", "sum(exposure) AS exposure",
		"coalesce(sum(" + signOfLine + ") " + unknown + " AS unknown_lines",
	}
}
