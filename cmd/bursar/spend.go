package main

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func newSpend(c *common) *cobra.Command {
	ask, outcomes := report.Ask{}, false
	cmd := &cobra.Command{
		Use:   "spend",
		Short: "Say who spent what, on which model",
		Long: `Spend asks the ledger. Totals hold settled, priced lines only; what is unpriced,
unattributed or still provisional stands beside them, always.`,
		Example: `  bursar spend --by team,workflow,model --since 30d
  bursar spend --by model --since 2026-10-01 --until 2026-11-01 --compare previous
  bursar spend --by team --grain day --since 7d --where model=claude-sonnet-5 --output csv
  bursar spend --by workflow --measures cost,calls,runs,duration_p95 --top 10
  bursar spend --outcome --since 30d`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ask.Zone = c.zone
			if outcomes {
				return c.spendAndOutcomes(cmd, ask)
			}
			return c.spend(cmd, &ask)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&ask.By, "by", "", "dimensions by commas, like team,workflow,model,tag:project")
	flags.StringVar(&ask.Measures, "measures", "cost,calls,prompt_tokens,completion_tokens", "figures by commas")
	flags.StringVar(&ask.Since, "since", "", "start: an age (30d, 12h, 8w), a date, or RFC 3339; default the beginning")
	flags.StringVar(&ask.Until, "until", "", "end, not included; default now")
	flags.StringVar(&ask.Compare, "compare", "", "previous: set each figure against the window before")
	flags.StringVar(&ask.Grain, "grain", "", "hour, day, week or month")
	flags.StringArrayVar(&ask.Where, "where", nil, "condition, like model=a,b or team!=x; may be repeated")
	flags.StringVar(&ask.Book, "book", string(spend.Metered), "metered, reported, invoiced or allocated")
	flags.StringVar(&ask.Axis, "axis", string(spend.ByUse), "used_at: when it happened; period: where finance posted it")
	flags.StringVar(&ask.AsOf, "as-of", "", "what the ledger knew then")
	flags.StringVar(&ask.Order, "order", "", "measure to sort by, descending; default the first")
	flags.BoolVar(&outcomes, "outcome", false, "set the outcomes of each workflow against its spend (bursar import outcomes)")
	flags.IntVar(&ask.Top, "top", 0, "groups to keep, the rest are summed as other; default 500, at most 5000")
	complete(cmd, "grain", []string{"hour", "day", "week", "month"})
	complete(cmd, "compare", []string{"previous"})
	complete(cmd, "by", names(spend.Dimensions()))
	complete(cmd, "measures", names(spend.Measures()))
	return cmd
}

// spend asks and prints the answer as it comes.
func (c *common) spend(cmd *cobra.Command, ask *report.Ask) error {
	form, known := map[string]string{"table": "text", "json": "json", "csv": "csv"}[c.output]
	if !known {
		return unknownOutput(c.output)
	}
	query := asked(ask)
	query.Set("format", form)
	return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
		return cl.Raw(ctx, "/api/v1/spend", query, cmd.OutOrStdout())
	})
}

// asked writes a question as parameters of the interface.
func asked(ask *report.Ask) url.Values {
	query := url.Values{}
	for _, p := range [][2]string{
		{"by", ask.By}, {"measures", ask.Measures}, {"since", ask.Since}, {"until", ask.Until}, {"compare", ask.Compare}, {"grain", ask.Grain},
		{"book", ask.Book}, {"axis", ask.Axis}, {"as_of", ask.AsOf}, {"order", ask.Order}, {"zone", ask.Zone},
	} {
		if p[1] != "" {
			query.Set(p[0], p[1])
		}
	}
	for _, w := range ask.Where {
		query.Add("where", w)
	}
	if ask.Top != 0 {
		query.Set("top", strconv.Itoa(ask.Top))
	}
	return query
}

func (c *common) spendAndOutcomes(cmd *cobra.Command, ask report.Ask) error {
	if ask.By == "" {
		ask.By = "workflow"
	}
	q, err := ask.Query(time.Now())
	if err != nil {
		return err
	}
	a, err := c.open(false, "")
	if err != nil {
		return err
	}
	return errors.Join(c.answerOutcomes(cmd, a, &q), a.Close())
}

func (c *common) answerOutcomes(cmd *cobra.Command, a *app.App, q *spend.Query) error {
	t, err := a.Outcomes(cmd.Context(), q)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	return c.form(map[string]func() error{
		"table": func() error { return report.OutcomeText(out, &t) },
		"json":  func() error { return report.OutcomeJSON(out, &t) },
		"csv":   func() error { return report.OutcomeCSV(out, &t) },
	})
}

func names[T ~string](all []T) []string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = string(a)
	}
	return texts
}
