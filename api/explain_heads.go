package api

import (
	"context"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// ExplainHead says by what the calls of a workflow are divided, in the earlier and in the
// later period; or why they are one driver.
type ExplainHead struct {
	Workflow string   `json:"workflow"`
	Outcomes []string `json:"outcomes"` // verified or matured, decimal texts
	Runs     []int64  `json:"runs"`
	Calls    []int64  `json:"calls_in_runs"`
	Split    bool     `json:"split"`
	Why      string   `json:"why"` // they do not split, "" when they do
}

// headsOf asks for the outcomes of both periods, as far as whoever calls may read those of
// whole workflows.
func (c *call) headsOf(ctx context.Context, periods [2]*spend.Query) (report.Heads, error) {
	var tables [2]outcome.Table
	for i, base := range periods {
		q, missing := report.HeadsAsk(base)
		if missing != "" {
			return report.Heads{Missing: missing}, nil
		}
		scopes, err := scopesOf(&q)
		if err != nil {
			return report.Heads{}, err
		}
		for _, s := range scopes {
			if !auth.Authorise(c.who, auth.SpendRead, auth.Target{Scope: s}).Allowed {
				return report.Heads{Missing: "outcomes are those of whole workflows, which this token may not read"}, nil
			}
		}
		if tables[i], err = c.Outcomes.Outcomes(ctx, &q); err != nil {
			return report.Heads{}, err
		}
	}
	return report.HeadsOf(&tables[0], &tables[1]), nil
}

// parted asks for both periods in every part of them. Where the parts by workflow are more
// than an answer may have, calls do not split.
func (c *call) parted(ctx context.Context, periods [2]*spend.Query, heads report.Heads) (report.Explanation, error) {
	by, tables := periods[0].By, [2]spend.Table{}
	for i, base := range periods {
		q := report.Detailed(*base, &heads)
		c.question = &q
		var err error
		if tables[i], err = c.answerOf(ctx, &q); err != nil {
			return report.Explanation{}, err
		}
		if len(tables[i].Rows) <= c.limits.Rows {
			continue
		}
		if heads.Split() {
			return c.parted(ctx, periods, report.Heads{Missing: "by workflow there are more parts than an answer may have"})
		}
		return report.Explanation{}, tooManyRows(len(tables[i].Rows), c.limits.Rows)
	}
	return report.Explain(c.book(), by, tables, heads)
}

func explainHeads(heads []variance.Head) []ExplainHead {
	shown := []ExplainHead{}
	for i := range heads {
		h := &heads[i]
		shown = append(shown, ExplainHead{
			Workflow: h.Workflow, Outcomes: []string{h.Outcomes[0].String(), h.Outcomes[1].String()}, Runs: h.Runs[:], Calls: h.Calls[:],
			Split: h.Missing() == "", Why: h.Missing(),
		})
	}
	return shown
}
