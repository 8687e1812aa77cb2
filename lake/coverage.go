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
		for _, part := range a.days.parts(q) {
			some, err := a.coverage(ctx, &part, by)
			if err == nil {
				found, err = joined(found, some)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// coverage asks of one part of a window.
func (a *answer) coverage(ctx context.Context, q *spend.Query, by []spend.Dimension) (found []Coverage, err error) {
	c, err := a.compiler(ctx, q)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(by, func(d spend.Dimension) bool { return d != "customer" && !rolledDimension(d) }) {
		c = c.unrolled()
	}
	rows := newRowSet(q)
	err = a.ask(ctx, c.coverage(by), func(cells []*string) error {
		one, err := readCoverage(rows, cells)
		found = append(found, one)
		return err
	})
	return found, err
}

// joined adds what was found in the next part of a window, which may begin in the bucket
// in which the part before it ends.
func joined(found, next []Coverage) ([]Coverage, error) {
	last := len(found) - 1
	if last < 0 || len(next) == 0 || !found[last].Bucket.Equal(next[0].Bucket) {
		return append(found, next...), nil
	}
	err := found[last].add(&next[0])
	return append(found, next[1:]...), err
}

func (c *Coverage) add(other *Coverage) error {
	err := errors.Join(c.All.Add(&other.All), c.Defaults.add(other.Defaults))
	for i := range c.By {
		err = errors.Join(err, c.By[i].add(other.By[i]))
	}
	return err
}

func (c *Covered) add(other Covered) (err error) {
	c.Tokens += other.Tokens
	c.Cost, err = c.Cost.Add(other.Cost)
	return err
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
