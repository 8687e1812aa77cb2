package lake

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// PerRun says what one run of a group takes, of the runs whose calls do not net to zero.
// A quantile is the value of the run at that rank, exact: of ten runs, the fifth and the
// tenth in order are p50 and p95.
type PerRun struct {
	Key     string // of the group
	Runs    int64
	Priced  int64      // of them, those with a cost
	CostP50 money.Null // of the priced ones
	CostP95 money.Null
	CallP50 int64
	CallP95 int64
	TookP50 int64 // microseconds from the start of the first call to the end of the last
	TookP95 int64
}

// PerRunOf asks for the quantiles of runs by the first dimension of a question. A run
// counts in every group that its calls name, with its part in it. With top the groups
// are those with the most of the question's order.
func PerRunOf(ctx context.Context, r Reader, q *spend.Query) (all []PerRun, err error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	if len(q.By) != 1 || q.Axis != spend.ByUse || !q.Restated.IsZero() {
		return nil, spend.Errorf(spend.KindInternal, "ask per run", "the question has %d dimensions, and runs have one, by time of use, as booked", len(q.By))
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		a := answer{dialect: r.Dialect(), ask: ask}
		c := &compiler{dialect: a.dialect, query: q}
		if err = a.daysMark(ctx); err != nil {
			return err
		}
		if c.top, err = a.top(ctx, a.rolled(&compiler{dialect: a.dialect, query: q})); err != nil {
			return err
		}
		return ask(ctx, c.perRun(), func(cells []*string) error {
			one, err := readPerRun(cells)
			all = append(all, one)
			return err
		})
	})
	return all, err
}

// perRun sums the runs of each group, and takes each figure at its ranks.
func (c *compiler) perRun() Statement {
	whole := *c.query
	whole.Grain = spend.Whole
	plain := &compiler{dialect: c.dialect, query: &whole, top: c.top}
	from := plain.lines(false)
	table := plain.table()
	keep := "run <> ''"
	if plain.top != nil {
		keep += " AND NOT other"
	}
	d := c.dialect
	columns := []string{"k", d.AsText("count(*)"), d.AsText("count(cost)")}
	for _, figure := range []string{"cost", "calls", "took"} {
		for _, value := range d.Ranked(figure, []int{50, 95}) {
			columns = append(columns, d.AsText(value))
		}
	}
	return plain.finish(fmt.Sprintf(`%s, runs AS (
	SELECT g0 AS k, run, CAST(sum(calls) AS %s) AS calls, sum(reporting) AS cost, %s - %s AS took
	FROM %s WHERE %s GROUP BY 1, 2 HAVING sum(calls) <> 0
)
SELECT %s
FROM runs
GROUP BY k
ORDER BY k`, strings.TrimSuffix(from, "\n"), d.Type(Whole), d.Micros(ended), d.Micros(started), table, keep, strings.Join(columns, ", ")))
}

func readPerRun(cells []*string) (p PerRun, err error) {
	p.Key = textOf(cells[0])
	var errs []error
	for i, into := range map[int]*int64{1: &p.Runs, 2: &p.Priced, 5: &p.CallP50, 6: &p.CallP95, 7: &p.TookP50, 8: &p.TookP95} {
		*into, err = wholeOf(cells[i])
		errs = append(errs, err)
	}
	for i, into := range []*money.Null{&p.CostP50, &p.CostP95} {
		*into, err = amountOf(cells[3+i])
		errs = append(errs, err)
	}
	return p, errors.Join(errs...)
}
