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

// foldable says that one statement over all groups gives the top and "other"
// too: there is one bucket, every measure is a sum in one currency, and the
// groups are few enough to be read.
func foldable(q *spend.Query) bool {
	if q.Top == 0 || len(q.By) == 0 || q.Grain != spend.Whole || q.Previous ||
		!slices.Contains(q.Measures, spend.Cost) || !slices.Contains(q.Measures, order(q)) {
		return false
	}
	sums := func(m spend.Measure) bool { return additive(m) && billing(m) == "" }
	return !slices.ContainsFunc(q.Measures, func(m spend.Measure) bool { return !sums(m) }) &&
		!slices.ContainsFunc(q.By, unbounded)
}

// unbounded says that a dimension may have as many values as there are lines.
func unbounded(d spend.Dimension) bool {
	_, isTag := d.Tag()
	return isTag || slices.Contains([]spend.Dimension{"run", "parent_run", "step", "principal", "customer"}, d)
}

// fold keeps the top rows and sums the others into one.
func (m *measured) fold(q *spend.Query) error {
	rows := m.list(q)
	if len(rows) <= q.Top {
		return nil
	}
	m.rows = newRowSet(q)
	for i := range rows[:q.Top] {
		m.rows.found[rowKey(&rows[i])] = &rows[i]
	}
	other := m.rows.intern(spend.Row{Keys: make([]string, len(q.By)), Other: true})
	for _, row := range rows[q.Top:] {
		for i, v := range row.Values {
			if err := addKnown(&other.Values[i], v); err != nil {
				return err
			}
		}
	}
	m.totals.Other = other.Values[slices.Index(q.Measures, spend.Cost)].Amount
	return nil
}

func (a *answer) topByQuantile(ctx context.Context, c *compiler, histogram string, share float64) ([][]string, error) {
	whole := *c.query
	whole.Grain = spend.Whole
	rows := newRowSet(&whole)
	bins := map[*spend.Row]map[Bin]int64{}
	inner := compiler{dialect: a.dialect, query: &whole, restated: c.restated}
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
