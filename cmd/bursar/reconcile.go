package main

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func newReconcile(c *common) *cobra.Command {
	var order api.TrueUpOrder
	var book bool
	var file, list string
	cmd := &cobra.Command{
		Use:   "reconcile --period MONTH",
		Short: "Set what was metered against what vendors report and bill",
		Long: `Reconcile compares the books metered, reported and invoiced of a month, by seller,
account, day and SKU: by day first, then by SKU over the month, then the account as a
whole. Each difference is given in reasons that sum to it to the last digit; what none
gives is unknown. Keys and projects that no team answers for are listed, and rates that
the vendors' amounts show. docs/reconcile.md explains the reasons.

Nothing is changed, but with --book: then the differences to bills are booked as
adjustments with their reasons, so that what is metered of each account with a bill comes
to what is invoiced. With --reported, too, an account that has no bill is brought to what
its vendor reports. The same command again books nothing; after a bill was revised, it
reverses and books anew what changed.`,
		Example: `  bursar reconcile --period 2026-09
  bursar reconcile --period 2026-09 --seller openai --output csv
  bursar reconcile --period 2026-09 --output csv --list rates
  bursar reconcile --period 2026-09 --book --owner finance
  bursar reconcile --period 2026-09 --book --reported --owner finance`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.readSettings(cmd, file); err != nil {
				return err
			}
			switch {
			case book && list != "":
				return spend.Errorf(spend.KindInvalid, "reconcile", "--list is of what is told, and --book tells what it books").WithHint("give one of them")
			case book:
				return c.trueUp(cmd, order)
			}
			if order.Owner != "" || order.Reported {
				return spend.Errorf(spend.KindInvalid, "reconcile", "it is said how to book, and nothing is booked").WithHint("--owner and --reported go with --book")
			}
			query := url.Values{"period": {order.Period}}
			if order.Seller != "" {
				query.Set("seller", order.Seller)
			}
			if list != "" {
				query.Set("list", list)
			}
			return c.raw(cmd, "/api/v1/reconciliation", query)
		},
	}
	cmd.Flags().StringVar(&order.Period, "period", "", "month like 2026-09, of each vendor's days (UTC, or its own zone)")
	cmd.Flags().StringVar(&order.Seller, "seller", "", "one seller, like openai; default all")
	cmd.Flags().StringVar(&list, "list", "", "of --output csv: rows (default), keys that nobody answers for, or rates")
	cmd.Flags().StringVar(&file, "config", "", "the server's configuration file, for a folder that no server has open")
	cmd.Flags().BoolVar(&book, "book", false, "book the differences to bills as adjustments with their reasons")
	cmd.Flags().StringVar(&order.Owner, "owner", "", "with --book: team that answers for money of nobody, or of several teams")
	cmd.Flags().BoolVar(&order.Reported, "reported", false, "with --book: bring accounts that have no bill to what their vendors report")
	return cmd
}

// trueUp books what bills say otherwise.
func (c *common) trueUp(cmd *cobra.Command, order api.TrueUpOrder) error {
	if c.output != "table" && c.output != "json" { // before anything is booked
		return unknownOutput(c.output)
	}
	return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
		var done report.TrueUps
		if err := cl.Post(ctx, "/api/v1/reconciliation/true-ups", order, &done); err != nil {
			return err
		}
		return c.form(map[string]func() error{
			"json":  func() error { return json.NewEncoder(cmd.OutOrStdout()).Encode(done) },
			"table": func() error { return report.TrueUpsText(cmd.OutOrStdout(), &done) },
		})
	})
}
