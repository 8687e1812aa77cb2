package main

import (
	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/ingest"
)

func newImportPurchases(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "purchases FILE…",
		Short: "Book what is paid beside usage: seats, subscriptions, one-off charges, credits",
		Long: `Each purchase is spread over the days of its service and stands beside usage in
every total. A purchase that is told again with other figures is replaced, and one
that is not in the file stays as it is. docs/purchases.md explains the columns.`,
		Example: "  bursar import purchases purchases.csv\n  bursar spend --by category,seller --grain month --since 90d",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			return c.bookFiles(cmd, upload{paths: paths}, func(a *app.App, path string, _ bar) (ingest.Result, error) {
				return a.ImportPurchases(cmd.Context(), path)
			})
		},
	}
}
