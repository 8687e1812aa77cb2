package lake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// groups lists what every grouped statement selects first: the keys (empty in
// "other"), then the bucket when there is a grain, then "1" or "0" for other
// when there is a top.
func (c *compiler) groups() []string {
	columns := numbered("g", len(c.query.By))
	if c.top != nil {
		for i, g := range columns {
			columns[i] = fmt.Sprintf("CASE WHEN other THEN '' ELSE %s END", g)
		}
	}
	if c.query.Grain != spend.Whole {
		columns = append(columns, "b")
	}
	if c.top != nil {
		columns = append(columns, "CASE WHEN other THEN 1 ELSE 0 END")
	}
	return columns
}

// grouped selects columns by the groups; extra of them are keys of the grouping too.
func (c *compiler) grouped(from string, extra int, columns ...string) string {
	groups := c.groups()
	text := "SELECT " + strings.Join(append(groups, columns...), ", ") + "\nFROM " + from
	if n := len(groups) + extra; n > 0 {
		text += "\nGROUP BY " + ordinals(n)
	}
	return text
}

func ordinals(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strconv.Itoa(i + 1)
	}
	return strings.Join(all, ", ")
}

// rows sums the additive measures of every group, and its cost at last.
func (c *compiler) rows() Statement {
	lines := c.lines(c.query.Grain != spend.Whole)
	return c.finish(lines + c.grouped(c.table(), 0, c.sums()...))
}

// needsSums says that the groups are not told by distinct counts or histograms alone.
func (c *compiler) needsSums() bool {
	return c.top != nil || len(c.groups()) == 0 || slices.ContainsFunc(c.query.Measures, additive)
}

func (c *compiler) sums() []string {
	var columns []string
	for _, m := range c.query.Measures {
		switch {
		case additive(m) && c.apart(m):
			column, _ := sumOf(m)
			columns = append(columns, c.dialect.AsText("sum("+column+")"))
		case additive(m):
			columns = append(columns, sum(c.dialect, m))
		}
	}
	return append(columns, sum(c.dialect, spend.Cost))
}

// apart says that no group mixes currencies of a measure, since they are a dimension.
func (c *compiler) apart(m spend.Measure) bool {
	return c.top == nil && billing(m) != "" && slices.Contains(c.query.By, spend.Dimension(billing(m)))
}

// distinct counts per group the values of a column whose calls do not net to
// zero, like runs. Those of "other" are the ones of the merged set: its groups do
// not count.
func (c *compiler) distinct(column string) Statement {
	c = c.unrolled()
	return c.finish(c.lines(c.query.Grain != spend.Whole) + c.grouped(c.live(column), 0, c.dialect.AsText(alive(column))))
}

// live nets the calls of every value of a column in every group.
func (c *compiler) live(column string) string {
	inner := numbered("g", len(c.query.By))
	if c.top != nil {
		for i := range inner {
			inner[i] = fmt.Sprintf("CASE WHEN other THEN '' ELSE g%d END AS g%d", i, i)
		}
		inner = append(inner, "other")
	}
	if c.query.Grain != spend.Whole {
		inner = append(inner, "b")
	}
	return live(c.table(), inner, column)
}

// together counts, per bucket, the distinct people of all groups that have fewer
// than may be shown.
func (c *compiler) together() Statement {
	c = c.unrolled()
	column := spend.People.Distinct()
	lines := c.lines(c.query.Grain != spend.Whole)
	bucket, groups := "", numbered("g", len(c.query.By))
	if c.top != nil {
		groups = append(groups, "other")
	}
	if c.query.Grain != spend.Whole {
		bucket = "b"
		groups = append(groups, bucket)
	}
	window := "OVER ()"
	if len(groups) > 0 {
		window = "OVER (PARTITION BY " + strings.Join(groups, ", ") + ")"
	}
	counted := fmt.Sprintf("SELECT *, count(*) %s AS people FROM %s WHERE %s <> '' AND n <> 0", window, c.live(column), column)
	text := fmt.Sprintf("%sSELECT %s FROM (\n\t%s\n) AS counted\nWHERE people < %s",
		lines, strings.Join(slices.DeleteFunc([]string{bucket, c.dialect.AsText("count(DISTINCT " + column + ")")}, func(s string) bool { return s == "" }), ", "),
		counted, c.argument(c.query.Fewest))
	if bucket != "" {
		text += "\nGROUP BY " + bucket
	}
	return c.finish(text)
}

// live nets the calls of every value of a column in groups.
func live(from string, groups []string, column string) string {
	columns := append(groups, column)
	return "(\n\tSELECT " + strings.Join(columns, ", ") + ", sum(calls) AS n FROM " + from +
		" GROUP BY " + ordinals(len(columns)) + "\n) AS live"
}

func alive(column string) string {
	return "count(*) FILTER (WHERE " + column + " <> '' AND n <> 0)"
}

// histogram counts calls per group and bin.
func (c *compiler) histogram(name string) Statement {
	c = c.unrolled()
	lines := c.lines(c.query.Grain != spend.Whole)
	return c.finish(lines + c.grouped(c.table(), 1, name+"_bin", c.dialect.AsText("sum(calls)")))
}

// rank gives the keys of the n groups with the most of an additive measure, or of
// runs or people, over the whole window, and of one more group if there is one.
func (c *compiler) rank(m spend.Measure, n int) Statement {
	if m.Distinct() != "" {
		c = c.unrolled()
	}
	keys := numbered("g", len(c.query.By))
	list := strings.Join(keys, ", ")
	lines := c.lines(false)
	from, value := "lines", rawSum(c.dialect, m)
	if column := m.Distinct(); column != "" {
		from, value = live("lines", keys, column), alive(column)
	}
	return c.finish(fmt.Sprintf("%sSELECT %s\nFROM %s\nGROUP BY %s\nORDER BY %s DESC NULLS LAST, %s\nLIMIT %d",
		lines, list, from, list, value, list, n+1))
}

// rawSum is sum without the conversion to text, for ordering.
func rawSum(d Dialect, m spend.Measure) string {
	d.AsText = func(expr string) string { return expr }
	return sum(d, m)
}

// signOfLine counts lines: a line and its reversal are none. What was bought has no
// call, nor has a bucket of an export that does not say how many it sums.
const signOfLine = "CASE WHEN reverses THEN -1 ELSE 1 END"

// totals sums, per standing, the additive measures of a query without groups,
// then cost and what else under addTotals reads.
func (c *compiler) totals() Statement {
	lines := c.lines(false)
	columns := append([]string{c.standing()}, c.sums()...)
	for _, m := range []spend.Measure{spend.Calls, spend.Exposed, spend.PromptTokens, spend.OutputTokens} {
		columns = append(columns, sum(c.dialect, m))
	}
	columns = append(columns, c.dialect.AsText("sum("+c.sign()+")"))
	return c.finish(lines + "SELECT " + strings.Join(columns, ", ") + "\nFROM lines\nGROUP BY 1")
}

// unconverted sums, per currency, the amounts of a query without groups that wait
// for an exchange rate.
func (c *compiler) unconverted() Statement {
	waits := fmt.Sprintf("standing %% %d >= %d", 2*Unconverted, Unconverted)
	return c.finish(c.lines(false) + "SELECT currency, " + c.dialect.AsText("sum(effective)") +
		"\nFROM lines\nWHERE " + waits + "\nGROUP BY currency\nORDER BY currency")
}

// currencies gives, for each measure of a query without groups, a currency of its
// amounts: the one of all where they have a sum, NULL for other measures.
func (c *compiler) currencies() Statement {
	columns := make([]string, len(c.query.Measures))
	for i, m := range c.query.Measures {
		columns[i] = "NULL"
		if currency := billing(m); currency != "" {
			column, _ := sumOf(m)
			columns[i] = fmt.Sprintf("min(%s) FILTER (WHERE %s IS NOT NULL)", currency, column)
		}
	}
	return c.finish(c.lines(false) + "SELECT " + strings.Join(columns, ", ") + "\nFROM lines")
}

// opens counts the open calls of a query without groups and sums their holds, as
// they began: whatever is restated is booked.
func (c *compiler) opens() Statement {
	plain := *c
	plain.restated = Restating{}
	c = &plain
	columns := sum(c.dialect, spend.Calls) + ", " + sum(c.dialect, spend.Exposed)
	return c.finish("SELECT " + columns + "\nFROM " + OpenCalls().Name + "\nWHERE " + strings.Join(c.conditions(), "\n\tAND "))
}

// bounds gives the first and last time of use of all lines.
func (c *compiler) bounds() Statement {
	d := c.dialect
	return c.finish("SELECT " + d.AsText(d.Micros("min(used_at)")) + ", " + d.AsText(d.Micros("max(used_at)")) + "\nFROM charges")
}
