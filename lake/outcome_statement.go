package lake

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/outcome"
)

// The fates of spend.
const (
	fateWith    = "with"    // in a run with a standing outcome
	fateWithout = "without" // in a run without one
	fateNone    = "none"    // in no run
)

func (o *outcomes) compiler() *compiler {
	return &compiler{dialect: o.dialect, query: o.query, from: o.query.From, to: o.query.To}
}

// results sums the outcomes per workflow, state, currency of their value and definition.
// Lines and their reversals have the same of each, so what is corrected cancels.
func (o *outcomes) results() Statement {
	c := o.compiler()
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

// costs sums the basis per workflow, fate and currency.
func (o *outcomes) costs() Statement {
	c, d := o.compiler(), o.dialect
	column, _ := sumOf(o.basis)
	currency := billing(o.basis)
	if currency == "" {
		currency = "''"
	}
	return c.finish(fmt.Sprintf(`%sSELECT workflow, fate, CASE WHEN %s IS NULL THEN '' ELSE %s END, %s, %s, %s, %s, %s
FROM fated
GROUP BY 1, 2, 3`, c.fated(), column, currency,
		d.AsText("sum(calls)"), d.AsText("coalesce(sum(calls) FILTER (WHERE "+column+" IS NULL), 0)"),
		d.AsText("sum("+column+")"), d.AsText("sum(exposure)"),
		d.AsText("coalesce(sum("+signOfLine+") FILTER (WHERE "+column+" IS NULL), 0)")))
}

// runs counts the runs per workflow and fate whose calls do not net to zero.
func (o *outcomes) runs() Statement {
	c := o.compiler()
	return c.finish(c.fated() + `SELECT workflow, fate, ` + o.dialect.AsText("count(*)") + `
FROM (SELECT workflow, fate, run FROM fated WHERE run <> '' GROUP BY 1, 2, 3 HAVING sum(calls) <> 0) AS live
GROUP BY 1, 2`)
}

// fated is the head of a statement: the lines of the window with their fate. A
// run has an outcome when one that stands links it, or a run above it in the tree.
func (c *compiler) fated() string {
	states := make([]string, 0, 2)
	for _, s := range outcome.CountingStates() {
		states = append(states, string(s))
	}
	linked := append([]string{"state IN (" + c.list(states) + ")"}, c.known()...)
	children := append([]string{"run <> ''", "parent_run <> ''", "book = " + c.argument(string(c.query.Book))}, c.known()...)
	text := `WITH RECURSIVE won AS (
	SELECT run FROM outcome_links
	WHERE ` + strings.Join(linked, " AND ") + `
	GROUP BY run HAVING sum(links) > 0
	UNION
	SELECT child.run FROM won JOIN (
		SELECT run, parent_run FROM charges
		WHERE ` + strings.Join(children, " AND ") + `
		GROUP BY run, parent_run HAVING sum(calls) <> 0
	) AS child ON child.parent_run = won.run
), fated AS (
	SELECT *, CASE WHEN run = '' THEN '` + fateNone + `' WHEN run IN (SELECT run FROM won) THEN '` + fateWith + `' ELSE '` + fateWithout + `' END AS fate
	FROM charges
	WHERE `
	return text + strings.Join(c.conditions(), " AND ") + "\n)\n"
}
