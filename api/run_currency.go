package api

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// convertRuns puts the figures of runs into the currency of the call.
func (c *call) convertRuns(ctx context.Context, runs []lake.Run) error {
	if c.currency == "" || len(runs) == 0 {
		return nil
	}
	q, names := *c.question, spend.Filter{By: "run"}
	for i := range runs {
		names.Values = append(names.Values, runs[i].Run)
	}
	q.By, q.Where = []spend.Dimension{"run"}, append(slices.Clone(q.Where), names)
	asks := c.converting()
	all, err := asks.Each(ctx, &q)
	if err != nil {
		return err
	}
	estimated := map[string]report.Each{}
	if slices.ContainsFunc(runs, func(r lake.Run) bool { return !r.Estimated.IsZero() }) {
		q.Where = append(slices.Clone(q.Where), spend.Filter{By: "usage_source", Values: []string{string(spend.UsageEstimate)}})
		if estimated, err = asks.Each(ctx, &q); err != nil {
			return err
		}
	}
	for i := range runs {
		f := &runs[i].RunFigures
		one := all[runs[i].Run]
		f.Cost, f.Exposure, f.Estimated = one.Cost, one.Exposure.Amount, estimated[runs[i].Run].Cost.Amount
		f.Unconverted += one.Left
		f.Holds = asks.Today(f.Holds, c.House().Currency, q.Zone).Amount
	}
	return nil
}
