package lake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Coverage says how much of some lines has a value in each of some dimensions.
type Coverage struct {
	Bucket time.Time // start of the time bucket, zero without a grain
	All    Sums
	By     []Covered // in the order of the dimensions that were asked for
	// Defaults is what default rules alone decided: it has the value that the
	// organisation gave to what nobody knows.
	Defaults Covered
}

// Covered is what has a value in one dimension.
type Covered struct {
	Cost   money.Amount
	Tokens int64
}

// CoverageOf sums the lines of a question in every bucket, and what of them has a
// value in each dimension, with one look at them.
func CoverageOf(ctx context.Context, r Reader, q *spend.Query, by []spend.Dimension) (found []Coverage, err error) {
	if err := validateAll(q, by); err != nil {
		return nil, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		if err := a.daysMark(ctx); err != nil {
			return err
		}
		c, err := a.compiler(ctx, q)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(by, func(d spend.Dimension) bool { return d != "customer" && !rolledDimension(d) }) {
			c = c.unrolled()
		}
		rows := newRowSet(q)
		return ask(ctx, c.coverage(by), func(cells []*string) error {
			one, err := readCoverage(rows, cells)
			found = append(found, one)
			return err
		})
	})
	return found, err
}

func validateAll(q *spend.Query, by []spend.Dimension) error {
	err := q.Validate()
	for _, d := range by {
		err = errors.Join(err, d.Validate())
	}
	return err
}

func (c *compiler) coverage(by []spend.Dimension) Statement {
	buckets := c.query.Grain != spend.Whole
	text := c.lines(buckets)
	columns := sumColumns(c.dialect, c.sign())
	for _, d := range by {
		for _, figure := range coveredFigures() {
			columns = append(columns, c.covered(figure, c.dimension(d)+" <> ''"))
		}
	}
	for _, figure := range coveredFigures() {
		columns = append(columns, c.covered(figure, "rule LIKE '"+attribute.DefaultMark+"%'"))
	}
	if !buckets {
		return c.finish(text + "SELECT " + strings.Join(columns, ", ") + "\nFROM lines")
	}
	return c.finish(text + "SELECT b, " + strings.Join(columns, ", ") + "\nFROM lines\nGROUP BY b\nORDER BY b")
}

// coveredFigures are those of Covered, as SQL.
func coveredFigures() []string { return []string{"reporting", "prompt_tokens + completion_tokens"} }

// covered is the SQL of a figure of the lines of which a condition holds.
func (c *compiler) covered(figure, condition string) string {
	return c.dialect.AsText(fmt.Sprintf("coalesce(sum(%s) FILTER (WHERE %s), 0)", figure, condition))
}

func readCoverage(rows *rowSet, cells []*string) (c Coverage, err error) {
	if rows.query.Grain != spend.Whole {
		if c.Bucket, err = rows.bucket(cells[0]); err != nil {
			return c, err
		}
		cells = cells[1:]
	}
	if c.All, err = readSumsOf(cells); err != nil {
		return c, err
	}
	for cells = cells[8:]; len(cells) > 0; cells = cells[2:] {
		cost, err := amountOf(cells[0])
		if err != nil {
			return c, err
		}
		tokens, err := wholeOf(cells[1])
		if err != nil {
			return c, err
		}
		c.By = append(c.By, Covered{cost.Amount, tokens})
	}
	last := len(c.By) - 1
	c.By, c.Defaults = c.By[:last], c.By[last]
	return c, nil
}

// Gap is lines that lack a value in some dimension, with what is known of them.
type Gap struct {
	Known []string // values of the fields that were asked for
	Lacks []bool   // of the dimensions that were asked for
	Sums
}

// Gaps asks for what lacks a value in some of its dimensions.
type Gaps struct {
	Query  *spend.Query
	Lacks  []spend.Dimension
	Fields []spend.Dimension // by which the lines are told apart
	Most   int               // gaps, the largest amounts first
}

// GapsOf finds the largest gaps of a window, and the figures of all of them.
func GapsOf(ctx context.Context, r Reader, g Gaps) (found []Gap, all Sums, err error) {
	if err := validateAll(g.Query, slices.Concat(g.Lacks, g.Fields)); err != nil {
		return nil, all, err
	}
	d := r.Dialect()
	err = r.Snapshot(ctx, func(ask Ask) error {
		err := ask(ctx, g.statement(d, true), func(cells []*string) error {
			gap, err := g.read(cells)
			found = append(found, gap)
			return err
		})
		if err != nil {
			return err
		}
		return ask(ctx, g.statement(d, false), func(cells []*string) (err error) {
			all, err = readSumsOf(cells)
			return err
		})
	})
	return found, all, err
}

func (g *Gaps) read(cells []*string) (gap Gap, err error) {
	gap.Known, cells = texts(cells[:len(g.Fields)]), cells[len(g.Fields):]
	for i := range g.Lacks {
		gap.Lacks = append(gap.Lacks, textOf(cells[i]) == "1")
	}
	gap.Sums, err = readSumsOf(cells[len(g.Lacks):])
	return gap, err
}

// statement is about each gap, or about all of them together.
func (g *Gaps) statement(d Dialect, each bool) Statement {
	q := *g.Query
	q.By = slices.Concat(g.Fields, g.Lacks)
	c := compiler{dialect: d, query: &q, from: q.From, to: q.To}
	text := c.lines(false)
	columns, lacks := numbered("g", len(g.Fields)), []string{}
	for i := range g.Lacks {
		lack := fmt.Sprintf("g%d = ''", len(g.Fields)+i)
		lacks = append(lacks, lack)
		columns = append(columns, d.AsText("CASE WHEN "+lack+" THEN 1 ELSE 0 END"))
	}
	sums, where := strings.Join(sumColumns(d, signOfLine), ", "), strings.Join(lacks, " OR ")
	if !each {
		return c.finish(text + "SELECT " + sums + "\nFROM lines\nWHERE " + where)
	}
	keys := ordinals(len(columns))
	return c.finish(fmt.Sprintf("%sSELECT %s, %s\nFROM lines\nWHERE %s\nGROUP BY %s\nHAVING sum(%s) <> 0\nORDER BY coalesce(sum(reporting), 0) DESC, sum(prompt_tokens + completion_tokens) DESC, %[5]s\nLIMIT %[7]d",
		text, strings.Join(columns, ", "), sums, where, keys, signOfLine, g.Most))
}
