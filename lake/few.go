package lake

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/spend"
)

// few merges the groups of too few people, bucket by bucket. What is merged is
// cost beyond the rows, like that of groups beyond the top.
func (a *answer) few(ctx context.Context, c *compiler, m *measured) error {
	q := c.query
	at := slices.Index(q.Measures, spend.People)
	if q.Fewest == 0 || at < 0 {
		return nil
	}
	total := m.totals.Values[at]
	if n, _ := total.Amount.Int(); n > 0 && n < int64(q.Fewest) {
		m.totals.Values[at] = money.Null{}
	}
	together, err := a.together(ctx, c, m.rows)
	if err != nil || len(together) == 0 {
		return err
	}
	buckets := map[time.Time][]spend.Row{}
	for _, row := range m.list(q) {
		buckets[row.Bucket] = append(buckets[row.Bucket], row)
	}
	m.rows = newRowSet(q)
	for bucket, rows := range buckets {
		f := privacy.Few{Limit: int64(q.Fewest), People: at, Together: together[bucket], Adds: m.adds(q), By: len(q.By) > 0}
		if rows, err = f.Merge(rows); err != nil {
			return err
		}
		for i := range rows {
			m.rows.found[rowKey(&rows[i])] = &rows[i]
		}
	}
	return m.beyond(q)
}

// together reads how many people the groups of too few have in each bucket, none
// where there is no such group.
func (a *answer) together(ctx context.Context, c *compiler, rows *rowSet) (map[time.Time]int64, error) {
	found := map[time.Time]int64{}
	err := a.ask(ctx, c.together(), func(cells []*string) (err error) {
		var bucket time.Time
		if c.query.Grain != spend.Whole {
			if bucket, err = rows.bucket(cells[0]); err != nil {
				return err
			}
			cells = cells[1:]
		}
		n, err := wholeOf(cells[0])
		if n > 0 {
			found[bucket] = n
		}
		return err
	})
	return found, err
}

// adds says which values of merged groups sum: not those of several currencies,
// which have no total either.
func (m *measured) adds(q *spend.Query) []bool {
	all := make([]bool, len(q.Measures))
	for i, measure := range q.Measures {
		all[i] = additive(measure) && (billing(measure) == "" || m.totals.Values[i].Valid)
	}
	return all
}

// beyond is the cost of the rows that hold several groups, where it is asked for.
func (m *measured) beyond(q *spend.Query) error {
	at := slices.Index(q.Measures, spend.Cost)
	if at < 0 {
		return nil
	}
	m.totals.Other = money.Amount{}
	for _, row := range m.rows.found {
		if !row.Other {
			continue
		}
		sum, err := m.totals.Other.Add(row.Values[at].Amount)
		if err != nil {
			return err
		}
		m.totals.Other = sum
	}
	return nil
}
