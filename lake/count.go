package lake

import (
	"context"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// quantiles reads the histograms of every group. Those of everything are the
// sums of them, bin by bin.
func (a *answer) quantiles(ctx context.Context, c *compiler, m *measured) error {
	for _, name := range histograms(c.query.Measures) {
		bins := map[*spend.Row]map[Bin]int64{}
		if err := a.bins(ctx, c, name, m.rows, bins); err != nil {
			return err
		}
		total := map[Bin]int64{}
		for row, calls := range bins {
			setQuantiles(c.query, name, calls, row.Values)
			for bin, n := range calls {
				total[bin] += n
			}
		}
		setQuantiles(c.query, name, total, m.totals.Values)
	}
	return nil
}

func setQuantiles(q *spend.Query, histogram string, calls map[Bin]int64, values []money.Null) {
	for i, m := range q.Measures {
		if h, share, ok := m.Quantile(); ok && h == histogram {
			values[i] = quantile(h, calls, share)
		}
	}
}

// distinct counts runs and people of every group, when they are asked for.
func (a *answer) distinct(ctx context.Context, c *compiler, rows *rowSet) error {
	for _, measure := range distincts(c.query.Measures) {
		err := a.ask(ctx, c.distinct(measure.Distinct()), func(cells []*string) error {
			row, rest, err := rows.row(cells, c.top != nil)
			if err != nil {
				return err
			}
			n, err := amountOf(rest[0])
			setAll(c.query, row, measure, n)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// setAll sets a measure wherever the query asks for it.
func setAll(q *spend.Query, row *spend.Row, measure spend.Measure, v money.Null) {
	for i, m := range q.Measures {
		if m == measure {
			row.Values[i] = v
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
