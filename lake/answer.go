package lake

import (
	"context"
	"slices"
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
// those of costs in the reporting currency. The table's currency is left to the
// caller, who knows the organisation's.
func Answer(ctx context.Context, r Reader, q *spend.Query) (t spend.Table, err error) {
	if err := q.Validate(); err != nil {
		return spend.Table{}, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		t, err = a.table(ctx, q)
		return err
	})
	if err != nil {
		return spend.Table{}, err
	}
	return t, nil
}

type answer struct {
	dialect Dialect
	ask     Ask
}

func (a *answer) table(ctx context.Context, q *spend.Query) (spend.Table, error) {
	c, err := a.compiler(ctx, q)
	if err != nil {
		return spend.Table{}, err
	}
	if c.top, err = a.top(ctx, c); err != nil {
		return spend.Table{}, err
	}
	now, err := a.window(ctx, c)
	if err != nil || !q.Previous {
		return spend.Table{Query: *q, Rows: now.list(q), Totals: now.totals}, err
	}
	before := Before(*q)
	earlier, err := a.window(ctx, &compiler{dialect: a.dialect, query: &before, from: before.From, to: before.To, top: c.top})
	if err != nil {
		return spend.Table{}, err
	}
	now.compare(q, &before, earlier)
	return spend.Table{Query: *q, Rows: now.list(q), Totals: now.totals}, nil
}

// Before is the query about the window before: equally long, and on the period
// axis equally many months.
func Before(q spend.Query) spend.Query {
	if q.Axis != spend.ByPeriod {
		return q.Before()
	}
	first, last := periodsOf(&q)
	months := 1
	for p := first; p < last && months < 1200; p = p.Next() {
		months++
	}
	start, err := time.Parse("2006-01", string(first))
	if err != nil {
		return q.Before()
	}
	before := q.Before()
	before.Periods = [2]spend.Period{
		spend.PeriodOf(start.AddDate(0, -months, 0), time.UTC), spend.PeriodOf(start.AddDate(0, -1, 0), time.UTC),
	}
	return before
}

// compiler bounds the window by the lines there are, so that a statement names
// only the months and changes of offset that can matter.
func (a *answer) compiler(ctx context.Context, q *spend.Query) (*compiler, error) {
	c := &compiler{dialect: a.dialect, query: q, from: q.From, to: q.To}
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

// top gives the keys of the groups that keep their rows, nil when all do.
func (a *answer) top(ctx context.Context, c *compiler) (groups [][]string, err error) {
	q := c.query
	if q.Top == 0 || len(q.By) == 0 {
		return nil, nil
	}
	m := order(q)
	if h, share, ok := m.Quantile(); ok {
		groups, err = a.topByQuantile(ctx, c, h, share)
	} else {
		err = a.ask(ctx, c.rank(m, q.Top), func(cells []*string) error {
			groups = append(groups, texts(cells))
			return nil
		})
	}
	if err != nil || len(groups) <= q.Top {
		return nil, err
	}
	return groups[:q.Top], nil
}

func (a *answer) topByQuantile(ctx context.Context, c *compiler, histogram string, share float64) ([][]string, error) {
	rows := newRowSet(c.query)
	bins := map[*spend.Row]map[Bin]int64{}
	whole := *c.query
	whole.Grain = spend.Whole
	inner := compiler{dialect: c.dialect, query: &whole}
	if err := a.bins(ctx, &inner, histogram, rows, bins); err != nil {
		return nil, err
	}
	i := len(rows.query.Measures)
	for row, calls := range bins {
		row.Values = append(row.Values, quantile(histogram, calls, share))
	}
	all := rows.all()
	slices.SortFunc(all, func(x, y *spend.Row) int { return compareRows(x, y, i) })
	groups := make([][]string, len(all))
	for n, row := range all {
		groups[n] = row.Keys
	}
	return groups, nil
}

// order is the measure that sorts the rows.
func order(q *spend.Query) spend.Measure {
	if q.Order != "" {
		return q.Order
	}
	return q.Measures[0]
}

// measured is the answer for one window.
type measured struct {
	rows   *rowSet
	totals spend.Totals
}

func (a *answer) window(ctx context.Context, c *compiler) (m measured, err error) {
	m.rows = newRowSet(c.query)
	if err := a.sums(ctx, c, &m); err != nil {
		return m, err
	}
	if err := a.counts(ctx, c, m.rows); err != nil {
		return m, err
	}
	everything := *c.query
	everything.By, everything.Grain = nil, spend.Whole
	total := compiler{dialect: c.dialect, query: &everything}
	return m, a.totals(ctx, &total, &m)
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

// counts adds what no sum can give: distinct runs and quantiles.
func (a *answer) counts(ctx context.Context, c *compiler, rows *rowSet) error {
	if i := slices.Index(c.query.Measures, spend.Runs); i >= 0 {
		err := a.ask(ctx, c.runs(), func(cells []*string) error {
			row, rest, err := rows.row(cells, c.top != nil)
			if err == nil {
				row.Values[i], err = amountOf(rest[0])
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, name := range histograms(c.query.Measures) {
		bins := map[*spend.Row]map[Bin]int64{}
		if err := a.bins(ctx, c, name, rows, bins); err != nil {
			return err
		}
		setQuantiles(c.query, name, bins)
	}
	return nil
}

func setQuantiles(q *spend.Query, histogram string, bins map[*spend.Row]map[Bin]int64) {
	for row, calls := range bins {
		for i, m := range q.Measures {
			if h, share, ok := m.Quantile(); ok && h == histogram {
				row.Values[i] = quantile(h, calls, share)
			}
		}
	}
}

func (a *answer) bins(ctx context.Context, c *compiler, name string, rows *rowSet, bins map[*spend.Row]map[Bin]int64) error {
	return a.ask(ctx, c.histogram(name), func(cells []*string) error {
		row, rest, err := rows.row(cells, c.top != nil)
		if err != nil {
			return err
		}
		bin, err := wholeOf(rest[0])
		if err != nil {
			return err
		}
		calls, err := wholeOf(rest[1])
		if bins[row] == nil {
			bins[row] = map[Bin]int64{}
		}
		if bin != 0 { // unknown
			bins[row][Bin(bin)] = calls
		}
		return err
	})
}
