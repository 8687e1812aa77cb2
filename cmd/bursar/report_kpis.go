package main

import (
	"net/url"

	"github.com/spf13/cobra"
)

func newReportKPIs(c *common) *cobra.Command {
	var month, from, to string
	cmd := &cobra.Command{
		Use:   "kpis",
		Short: "Give the measures of FinOps for AI, each with its formula",
		Long: `KPIs gives the measures of a month, or of a window, beside those of the period before:
unit costs, shares and, for each workflow with outcomes, what one costs and returns. Each
says its formula and the question that it comes from. One that nothing in the ledger can
tell says what is missing; it is never 0.`,
		Example: "  bursar report kpis\n  bursar report kpis --month 2026-10 --output csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{}
			for _, p := range [][2]string{{"month", month}, {"from", from}, {"to", to}, {"zone", c.zone}} {
				if p[1] != "" {
					query.Set(p[0], p[1])
				}
			}
			return c.raw(cmd, "/api/v1/kpis", query)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&month, "month", "", "month of finance, like 2026-10; default the last whole one")
	flags.StringVar(&from, "from", "", "first day of a window instead, like 2026-10-01")
	flags.StringVar(&to, "to", "", "its end, not included")
	cmd.MarkFlagsMutuallyExclusive("month", "from")
	cmd.MarkFlagsMutuallyExclusive("month", "to")
	return cmd
}
