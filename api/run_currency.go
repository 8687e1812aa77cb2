package api

import (
	"context"
	"errors"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
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

// convertTree puts one run, its parts and its calls into the currency of the call, so that
// they sum to the whole as they do in the books. Sound says that the ledger has not moved
// since the run was read.
func (c *call) convertTree(ctx context.Context, t *lake.RunTree) (sound bool, err error) {
	q, asks := *c.question, c.converting()
	q.By = []spend.Dimension{"run", "step"}
	found, err := asks.Parted(ctx, &q, linesOf(t))
	if err != nil || found.Books != t.Whole.Cost.Amount {
		return false, err
	}
	q.Where = append(slices.Clone(q.Where), spend.Filter{By: "usage_source", Values: []string{string(spend.UsageEstimate)}})
	estimated, err := asks.Each(ctx, &q)
	if err != nil {
		return false, err
	}
	own, zone := c.House().Currency, q.Zone
	run := lake.RunFigures{}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		one := found.Groups[report.GroupOf(n.Run, n.Step)]
		n.Own.Cost, n.Own.Exposure, n.Own.Estimated = one.Cost, one.Exposure.Amount, estimated[report.GroupOf(n.Run, n.Step)].Cost.Amount
		n.Own.Unconverted += one.Left
		n.Own.Holds = asks.Today(n.Own.Holds, own, zone).Amount
		if n.Run == t.Run.Run {
			if run, err = run.Plus(&n.Own); err != nil {
				return false, err
			}
		}
	}
	t.Run.RunFigures = run
	for i := range t.Lines {
		l := &t.Lines[i]
		if l.Open {
			l.Exposure = asks.Today(l.Exposure, own, zone).Amount
			continue
		}
		l.Cost, l.Exposure = found.Lines[i].Cost, found.Lines[i].Exposure.Amount
	}
	return true, errors.Join(t.Roll(), restOf(t))
}

// linesOf are the lines of a run as they are booked.
func linesOf(t *lake.RunTree) []report.Line {
	lines := make([]report.Line, len(t.Lines))
	for i := range t.Lines {
		l, n := &t.Lines[i], &t.Nodes[t.Lines[i].Node]
		lines[i] = report.Line{Keys: []string{n.Run, n.Step}, Used: l.Used, Cost: l.Cost, Exposure: money.Known(l.Exposure)}
		if l.Open {
			lines[i].Keys = []string{"", ""} // not booked
		}
	}
	return lines
}

// restOf sets the rest to what the listed lines leave of the whole.
func restOf(t *lake.RunTree) (err error) {
	if t.Rest.Lines == 0 {
		return nil
	}
	t.Rest.Cost = t.Whole.Cost
	for i := range t.Lines {
		if l := &t.Lines[i]; !l.Open && err == nil && t.Rest.Cost.Valid {
			t.Rest.Cost.Amount, err = t.Rest.Cost.Amount.Sub(l.Cost.Amount)
		}
	}
	return err
}
