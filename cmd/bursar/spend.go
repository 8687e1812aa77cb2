package main

import (
	"context"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func newSpend(c *common) *cobra.Command {
	ask, currency, outcomes, restated := report.Ask{}, "", false, false
	cmd := &cobra.Command{
		Use:   "spend",
		Short: "Say who spent what, on which model",
		Long: `Spend asks the ledger. Totals hold settled, priced lines only; what is unpriced,
unattributed or still provisional stands beside them, always.`,
		Example: `  bursar spend --by team,workflow,model --since 30d
  bursar spend --by model --since 2026-10-01 --until 2026-11-01 --compare previous
  bursar spend --by team --grain day --since 7d --where model=claude-sonnet-5 --output csv
  bursar spend --by workflow --grain minute --since 1h
  bursar spend --by workflow --measures cost,calls,runs,duration_p95 --top 10
  bursar spend --by business_unit,team --since 1w --restated
  bursar spend --by team --since 1w --restated --rules rules.yaml
  bursar spend --by team --since qtd --currency EUR
  bursar spend --outcome --since 30d
  bursar spend --outcome --by model --since 90d`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ask.Zone = c.zone; restated {
				ask.Restated = "now"
			}
			if c.rules != "" && !restated {
				return spend.Errorf(spend.KindInvalid, "read --rules", "what is booked stands, whatever a file of rules says").WithHint("add --restated, or leave --rules out")
			}
			if outcomes {
				return c.spendAndOutcomes(cmd, ask, currency)
			}
			return c.raw(cmd, "/api/v1/spend", inCurrency(asked(&ask), currency))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&ask.By, "by", "", "dimensions by commas, like team,workflow,model,project,tag:ticket")
	flags.StringVar(&ask.Measures, "measures", "", "figures by commas; default cost,calls,prompt_tokens,completion_tokens, and in a table notional where there is some")
	flags.StringVar(&ask.Since, "since", "", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; default the beginning")
	flags.StringVar(&ask.Until, "until", "", "end, not included; default now")
	flags.StringVar(&ask.Compare, "compare", "", "previous: set each figure against the window before; or against one like 2026-09-01..2026-10-01")
	flags.StringVar(&ask.Grain, "grain", "", "minute (of 48 hours at most), hour, day, week, month, quarter or year")
	flags.StringArrayVar(&ask.Where, "where", nil, "condition, like model=a,b or team!=x; may be repeated")
	flags.StringVar(&ask.Book, "book", string(spend.Metered), "metered, reported, invoiced or allocated")
	flags.StringVar(&ask.Axis, "axis", string(spend.ByUse), "used_at: when it happened; period: where finance posted it")
	flags.StringVar(&ask.AsOf, "as-of", "", "what the ledger knew then")
	flags.StringVar(&ask.Order, "order", "", "measure to sort by, descending; default the first")
	currencyFlag(cmd, &currency)
	flags.BoolVar(&outcomes, "outcome", false, "set the outcomes of each workflow against its spend (bursar import outcomes); with --by model, compare the models of its runs")
	flags.BoolVar(&restated, "restated", false, "by today's organisation and rules, whatever they were when it was booked; a view")
	c.rulesFlag(cmd)
	flags.IntVar(&ask.Top, "top", 0, "groups to keep, the rest are summed as other; default 500, at most 5000")
	complete(cmd, "grain", names(spend.Grains()[1:]))
	complete(cmd, "compare", []string{"previous"})
	complete(cmd, "by", append(names(spend.Dimensions()), report.Tags()...))
	complete(cmd, "measures", names(spend.Measures()))
	return cmd
}

func currencyFlag(cmd *cobra.Command, currency *string) {
	cmd.Flags().StringVar(currency, "currency", "", "of cost and exposure, like EUR: each day by its exchange rate (bursar rate import); default the organisation's")
}

// inCurrency adds the currency of an answer to a question.
func inCurrency(query url.Values, currency string) url.Values {
	if currency != "" {
		query.Set("currency", currency)
	}
	return query
}

// asked writes a question as parameters of the interface.
func asked(ask *report.Ask) url.Values {
	query := url.Values{}
	for _, p := range [][2]string{
		{"by", ask.By}, {"measures", ask.Measures}, {"since", ask.Since}, {"until", ask.Until}, {"compare", ask.Compare}, {"grain", ask.Grain},
		{"book", ask.Book}, {"axis", ask.Axis}, {"as_of", ask.AsOf}, {"restated", ask.Restated}, {"order", ask.Order}, {"zone", ask.Zone},
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

// spendAndOutcomes asks for the outcomes of each workflow beside its spend.
func (c *common) spendAndOutcomes(cmd *cobra.Command, ask report.Ask, currency string) error {
	for _, name := range []string{"by", "grain", "compare", "order", "axis", "top", "restated"} {
		if cmd.Flags().Changed(name) && (name != "by" || ask.By != "workflow" && ask.By != "model") {
			return spend.Errorf(spend.KindInvalid, "read --"+name, "outcomes are those of workflows, by time of use, over the whole of a window").
				WithHint("leave it out, or leave --outcome out")
		}
	}
	path := "/api/v1/outcomes"
	if ask.By == "model" {
		path += "/models"
	}
	ask.By, ask.Axis = "", "" // there is one of each
	return c.raw(cmd, path, inCurrency(asked(&ask), currency))
}

// raw prints an answer as it comes.
func (c *common) raw(cmd *cobra.Command, path string, query url.Values) error {
	form, known := map[string]string{"table": "text", "json": "json", "csv": "csv"}[c.output]
	if !known {
		return unknownOutput(c.output)
	}
	query.Set("format", form)
	return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
		wait := newWait(cmd.ErrOrStderr(), "asking the ledger")
		defer wait.end()
		return cl.Raw(ctx, path, query, wait.before(cmd.OutOrStdout()))
	})
}

func names[T ~string](all []T) []string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = string(a)
	}
	return texts
}
