package main

import (
	"net/url"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/spend"
)

func newDiscrepancy(c *common) *cobra.Command {
	var since, until, grain, sources string
	cmd := &cobra.Command{
		Use:   "discrepancy",
		Short: "Say where other products' costs differ from list prices, and why",
		Long: `Discrepancy sets what a source says that its calls cost (a history, a file with a
reported cost) against the list price of their tokens, by source, model and reason. A
reason is computed: the price book, used as the reason says, gives the other figure.
What no such use gives is unexplained. The difference is list − theirs.`,
		Example: `  bursar discrepancy
  bursar discrepancy --source litellm --since 2026-10-01 --until 2026-11-01
  bursar discrepancy --grain day --output csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{}
			for name, value := range map[string]string{"source": sources, "since": since, "until": until, "grain": grain, "zone": c.zone} {
				if value != "" {
					query.Set(name, value)
				}
			}
			return c.raw(cmd, "/api/v1/discrepancies", query)
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; default the beginning")
	cmd.Flags().StringVar(&until, "until", "", "end, not included; default now")
	cmd.Flags().StringVar(&sources, "source", "", "sources by commas, like litellm,langfuse; default all that say a cost")
	cmd.Flags().StringVar(&grain, "grain", "", "day for rows of each day; default the whole window")
	complete(cmd, "grain", []string{string(spend.Day)})
	return cmd
}
