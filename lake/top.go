package lake

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

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
	whole := *c.query
	whole.Grain = spend.Whole
	rows := newRowSet(&whole)
	bins := map[*spend.Row]map[Bin]int64{}
	inner := compiler{dialect: c.dialect, query: &whole}
	if err := a.bins(ctx, &inner, histogram, rows, bins); err != nil {
		return nil, err
	}
	i := len(whole.Measures)
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
