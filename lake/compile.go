package lake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// Compile gives the statement that answers a query's additive measures, every
// group of it. Keys come first, one text column each, then the bucket when there
// is a grain, then the measures as exact decimal text. Names in the text come
// from the column list alone; whatever a user wrote is an argument.
//
// Answer asks more than this one statement: totals, ranks, runs, histograms.
func Compile(d Dialect, q *spend.Query) (Statement, error) {
	if err := q.Validate(); err != nil {
		return Statement{}, err
	}
	c := compiler{dialect: d, query: q, from: q.From, to: q.To}
	return c.rows(), nil
}

// horizon bounds the offsets of time zones in a statement whose window is open.
func horizon() (from, to time.Time) {
	return time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)
}

// A compiler makes the statements of one query.
type compiler struct {
	dialect  Dialect
	query    *spend.Query
	from, to time.Time  // the lines' time of use lies between, where known
	top      [][]string // keys of the groups that are kept, nil for all
	restated Restating  // of a question that is answered by another organisation
	args     []any
	reads    *Reads // of the statement in the making

	days        *Mark   // the roll-up that answers, nil for the lines
	lineDialect Dialect // of the lines, where the roll-up answers
}

// argument notes a value and gives its placeholder.
func (c *compiler) argument(v any) string {
	c.args = append(c.args, v)
	return c.dialect.Placeholder(len(c.args))
}

func (c *compiler) finish(text string) Statement {
	s := Statement{Text: text, Args: c.args, Reads: c.reads}
	c.args, c.reads = nil, nil
	return s
}

// lines is the head of every statement: the lines of the window with their
// group keys g0, g1, … and bucket b, and, with top, whether they are in "other".
func (c *compiler) lines(buckets bool) string {
	with, from := c.restating() // its arguments come first
	if c.query.Axis == spend.ByUse && (c.days == nil || !c.query.To.IsZero()) {
		c.reads = &Reads{Window: Window{From: c.query.From, To: c.query.To}, Rolled: c.days != nil}
	}
	var columns []string
	for i, d := range c.query.By {
		columns = append(columns, fmt.Sprintf("%s AS g%d", c.dimension(d), i))
	}
	if buckets {
		columns = append(columns, c.bucket()+" AS b")
	}
	text := with + "lines AS (\n\tSELECT " + strings.Join(append([]string{"*"}, columns...), ", ") +
		"\n\tFROM " + from + "\n\tWHERE " + strings.Join(c.conditions(), "\n\t\tAND ") + "\n)"
	if c.top != nil {
		text += ", ranked AS (\n\tSELECT *, " + c.beyond() + " AS other FROM lines\n)"
	}
	return text + "\n"
}

// table names the common table that lines made last.
func (c *compiler) table() string {
	if c.top != nil {
		return "ranked"
	}
	return "lines"
}

// dimension gives the SQL of a dimension's value; spend.Query.Validate has
// checked that a name is one of the vocabulary.
func (c *compiler) dimension(d spend.Dimension) string {
	if key, isTag := d.Tag(); isTag {
		return c.dialect.MapText("tags", c.argument(key))
	}
	if !c.restated.empty() && slices.Contains(restatedFields(), string(d)) {
		return fmt.Sprintf("coalesce(new_%s, %[1]s)", d)
	}
	return string(d)
}

func (c *compiler) bucket() string {
	if c.query.Axis == spend.ByPeriod {
		return "period"
	}
	from, to := horizon()
	if !c.from.IsZero() {
		from = c.from
	}
	if !c.to.IsZero() {
		to = c.to
	}
	return bucketSQL(c.dialect, c.query, from, to)
}

func (c *compiler) conditions() []string {
	q := c.query
	found := []string{"book = " + c.argument(string(q.Book))}
	if q.Axis == spend.ByPeriod {
		found = append(found, c.periods()...)
	} else {
		found = append(found, c.window()...)
	}
	if !q.AsOf.IsZero() {
		found = append(found, "booked_at <= "+c.argument(q.AsOf.UTC()))
	}
	for _, f := range q.Where {
		found = append(found, c.filter(f))
	}
	return found
}

func (c *compiler) window() (found []string) {
	if !c.query.From.IsZero() {
		found = append(found, "used_at >= "+c.argument(c.query.From.UTC()))
	}
	if !c.query.To.IsZero() {
		found = append(found, "used_at < "+c.argument(c.query.To.UTC()))
	}
	return found
}

func (c *compiler) periods() (found []string) {
	first, last := periodsOf(c.query)
	if first != "" {
		found = append(found, "period >= "+c.argument(string(first)))
	}
	if last != "" {
		found = append(found, "period <= "+c.argument(string(last)))
	}
	return found
}

// periodsOf gives the first and last period of a query, those that its window
// touches when it names none.
func periodsOf(q *spend.Query) (first, last spend.Period) {
	first, last = q.Periods[0], q.Periods[1]
	if first == "" && !q.From.IsZero() {
		first = calendar.Of(q).Period(q.From)
	}
	if last == "" && !q.To.IsZero() {
		last = calendar.Of(q).Period(q.To.Add(-1))
	}
	return first, last
}

// filter gives a condition; no value matches nothing, or everything when negated.
func (c *compiler) filter(f spend.Filter) string {
	if f.Has != "" {
		found := "position(lower(" + c.argument(f.Has) + ") IN lower(" + c.dimension(f.By) + ")) > 0"
		if f.Not {
			return "NOT " + found
		}
		return found
	}
	if len(f.Values) == 0 {
		return strconv.FormatBool(f.Not)
	}
	expr, not := c.dimension(f.By), ""
	if f.Not {
		not = " NOT"
	}
	return expr + not + " IN (" + c.list(f.Values) + ")"
}

func (c *compiler) list(values []string) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = c.argument(v)
	}
	return strings.Join(marks, ", ")
}

// beyond says that a line's group is not one of the top.
func (c *compiler) beyond() string {
	if len(c.query.By) == 1 {
		var keys []string
		for _, group := range c.top {
			keys = append(keys, group[0])
		}
		return "g0 NOT IN (" + c.list(keys) + ")"
	}
	groups := make([]string, len(c.top))
	for i, group := range c.top {
		groups[i] = "(" + c.list(group) + ")"
	}
	return "(" + strings.Join(numbered("g", len(c.query.By)), ", ") + ") NOT IN (" + strings.Join(groups, ", ") + ")"
}

func numbered(name string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s%d", name, i)
	}
	return all
}
