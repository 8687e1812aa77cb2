package lake

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomesByModel counts the runs of each workflow that one model answered: those in which
// it has at least a share of the calls, in percent above 50. The question is that of
// [Outcomes], with the reporting currency's cost as its basis. A run has an outcome while
// one that links it, or a run above it, stands verified or matured.
func OutcomesByModel(ctx context.Context, r Reader, q *spend.Query, share int64) (all []outcome.ModelRuns, err error) {
	if err := validateOutcomes(q); err != nil {
		return nil, err
	}
	if share <= 50 || share > 100 {
		return nil, spend.Errorf(spend.KindInvalid, "count runs by model", "a share of %d %% is not of one model", share).WithHint("51 to 100")
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		all = nil
		c := &compiler{dialect: r.Dialect(), query: q, from: q.From, to: q.To}
		return ask(ctx, c.byModel(share), func(cells []*string) error {
			m, err := readModelRuns(cells)
			all = append(all, m)
			return err
		})
	})
	return all, err
}

// byModel ranks the models of each run by its calls.
func (c *compiler) byModel(share int64) Statement {
	d := c.dialect
	head := c.won()
	conditions := append(c.conditions(), "run <> ''")
	return c.finish(fmt.Sprintf(`%s, by_model AS (
	SELECT workflow, run, model, sum(calls) AS calls, sum(reporting) AS cost, coalesce(sum(calls) FILTER (WHERE reporting IS NULL), 0) AS unknown
	FROM charges
	WHERE %s
	GROUP BY 1, 2, 3
), ranked AS (
	SELECT *, sum(calls) OVER (PARTITION BY workflow, run) AS all_calls, sum(cost) OVER (PARTITION BY workflow, run) AS all_cost,
		sum(unknown) OVER (PARTITION BY workflow, run) AS all_unknown, row_number() OVER (PARTITION BY workflow, run ORDER BY calls DESC, model) AS place
	FROM by_model
)
SELECT workflow, model, %s, %s, %s, %s
FROM ranked
WHERE place = 1 AND model <> '' AND all_calls > 0 AND calls * 100 >= all_calls * %d
GROUP BY 1, 2
ORDER BY 1, 2`, head, strings.Join(conditions, " AND "), d.AsText("count(*)"), d.AsText("count(*) FILTER (WHERE run IN (SELECT run FROM won))"),
		d.AsText("sum(all_cost)"), d.AsText("sum(all_unknown)"), share))
}

// readModelRuns takes a cost that is not of all calls for unknown.
func readModelRuns(cells []*string) (m outcome.ModelRuns, err error) {
	m.Workflow, m.Model = textOf(cells[0]), textOf(cells[1])
	var errs [4]error
	var unknown int64
	m.Runs, errs[0] = wholeOf(cells[2])
	m.Won, errs[1] = wholeOf(cells[3])
	m.Cost, errs[2] = amountOf(cells[4])
	unknown, errs[3] = wholeOf(cells[5])
	m.Cost.Valid = m.Cost.Valid && unknown == 0
	return m, errors.Join(errs[:]...)
}
