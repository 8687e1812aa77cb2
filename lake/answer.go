package lake

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Ask runs one statement and calls row with the cells of each row, nil for
// NULL. The cells are valid until row returns; an error of row ends the reading.
type Ask func(ctx context.Context, s Statement, row func(cells []*string) error) error

// Reader is what an answer needs of an engine.
type Reader interface {
	// Dialect says which SQL the engine speaks.
	Dialect() Dialect
	// Snapshot lets f ask several statements of one state of the lake, so that
	// rows and totals agree while batches land.
	Snapshot(ctx context.Context, f func(Ask) error) error
}

// Answer asks an engine everything that a table needs: the rows, the totals
// under them, and the same of the window before where the query compares.
//
// Rows come by bucket, then by the order measure, largest first, then by keys;
// "other" is the last of its bucket. Quantiles of durations are in seconds,
// those of costs in the reporting currency. Sums of list, contracted, billed and
// reported amounts are unknown where they would mix currencies. The table's
// currency is left to the caller, who knows the organisation's.
//
// Where the query says how many people a group must have and counts them, smaller
// groups are merged as package privacy says.
func Answer(ctx context.Context, r Reader, q *spend.Query) (t spend.Table, err error) {
	return AnswerRestated(ctx, r, q, Restating{})
}

// AnswerRestated is Answer with what is restated in the place of what is booked.
// The totals are the same, but for the cost without a team.
func AnswerRestated(ctx context.Context, r Reader, q *spend.Query, restated Restating) (t spend.Table, err error) {
	if err := q.Validate(); err != nil {
		return spend.Table{}, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask, restated: restated}
		if err := a.daysMark(ctx); err != nil {
			return err
		}
		t, err = a.table(ctx, q)
		return err
	})
	if err != nil {
		return spend.Table{}, err
	}
	return t, nil
}

type answer struct {
	dialect  Dialect
	ask      Ask
	restated Restating
	days     *Mark // nil without a roll-up
}

func (a *answer) table(ctx context.Context, q *spend.Query) (spend.Table, error) {
	c, err := a.compiler(ctx, q)
	if err != nil {
		return spend.Table{}, err
	}
	folds := foldable(q)
	if !folds {
		if c.top, err = a.top(ctx, c); err != nil {
			return spend.Table{}, err
		}
	}
	now, err := a.window(ctx, c)
	if err == nil && folds {
		err = now.fold(q)
	}
	if err != nil || !q.Previous {
		return spend.Table{Query: *q, Rows: now.list(q), Totals: now.totals}, err
	}
	before := Before(*q)
	earlier, err := a.window(ctx, a.rolled(&compiler{dialect: a.dialect, query: &before, from: before.From, to: before.To, top: c.top, restated: a.restated}))
	if err != nil {
		return spend.Table{}, err
	}
	now.compare(q, &before, earlier)
	return spend.Table{Query: *q, Rows: now.list(q), Totals: now.totals}, nil
}

// compiler bounds the window by the lines there are, so that a statement names
// only the months and changes of offset that can matter.
func (a *answer) compiler(ctx context.Context, q *spend.Query) (*compiler, error) {
	c := a.rolled(&compiler{dialect: a.dialect, query: q, from: q.From, to: q.To, restated: a.restated})
	if q.Grain == spend.Whole || q.Axis != spend.ByUse || !q.From.IsZero() && !q.To.IsZero() {
		return c, nil
	}
	err := a.ask(ctx, c.bounds(), func(cells []*string) error {
		first, err := wholeOf(cells[0])
		if err != nil || cells[0] == nil {
			return err
		}
		last, err := wholeOf(cells[1])
		if c.from.IsZero() {
			c.from = time.UnixMicro(first).UTC()
		}
		if c.to.IsZero() {
			c.to = time.UnixMicro(last + 1).UTC()
		}
		return err
	})
	return c, err
}

// measured is the answer for one window.
type measured struct {
	rows   *rowSet
	totals spend.Totals
}

func (a *answer) window(ctx context.Context, c *compiler) (m measured, err error) {
	m.rows = newRowSet(c.query)
	m.totals.Values = nothings(c.query)
	if c.needsSums() {
		if err := a.sums(ctx, c, &m); err != nil {
			return m, err
		}
	}
	if err := a.distinct(ctx, c, m.rows); err != nil {
		return m, err
	}
	if err := a.quantiles(ctx, c, &m); err != nil {
		return m, err
	}
	if err := a.totals(ctx, c, &m); err != nil {
		return m, err
	}
	return m, a.few(ctx, c, &m)
}

// sums reads the additive measures of every group, and the cost of "other".
func (a *answer) sums(ctx context.Context, c *compiler, m *measured) error {
	return a.ask(ctx, c.rows(), func(cells []*string) error {
		row, rest, err := m.rows.row(cells, c.top != nil)
		if err != nil {
			return err
		}
		cost, err := readSums(c.query, row, rest)
		if err == nil && row.Other {
			m.totals.Other, err = m.totals.Other.Add(cost.Amount)
		}
		return err
	})
}

func readSums(q *spend.Query, row *spend.Row, cells []*string) (cost money.Null, err error) {
	for i, measure := range q.Measures {
		if !additive(measure) {
			continue
		}
		if row.Values[i], err = amountOf(cells[0]); err != nil {
			return cost, err
		}
		cells = cells[1:]
	}
	return amountOf(cells[0])
}
