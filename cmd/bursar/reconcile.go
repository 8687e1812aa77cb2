package main

import (
	"net/url"

	"github.com/spf13/cobra"
)

func newReconcile(c *common) *cobra.Command {
	var period, seller string
	cmd := &cobra.Command{
		Use:   "reconcile --period MONTH",
		Short: "Set what was metered against what vendors report and bill",
		Long: `Reconcile compares the books metered, reported and invoiced of a month, by seller,
account, day and SKU: by day first, then by SKU over the month, then the account as a
whole. Each difference is given in reasons that sum to it to the last digit; what none
gives is unknown. Keys and projects that no team answers for are listed, and rates that
the vendors' amounts show. Nothing is changed. docs/reconcile.md explains the reasons.`,
		Example: `  bursar reconcile --period 2026-09
  bursar reconcile --period 2026-09 --seller openai --output csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"period": {period}}
			if seller != "" {
				query.Set("seller", seller)
			}
			return c.raw(cmd, "/api/v1/reconciliation", query)
		},
	}
	cmd.Flags().StringVar(&period, "period", "", "month like 2026-09, of the vendors' days (UTC)")
	cmd.Flags().StringVar(&seller, "seller", "", "one seller, like openai; default all")
	return cmd
}
