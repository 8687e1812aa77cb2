package main

import (
	"net/url"
	"strconv"

	"github.com/spf13/cobra"
)

func newPriceIndex(c *common) *cobra.Command {
	var month, currency string
	var months int
	cmd := &cobra.Command{
		Use:   "index",
		Short: "Say how list prices moved by month: ours, the market's, the newest models'",
		Long: `Index compares the list prices of what was used with those of the market, month by
month, and says what the last month's usage would have cost at the prices of the first.

A month is linked to the one before by Fisher's index of what has a price at both ends;
a name that went over to another model does not count in that month. Nobody knows what
others use, so the market has every seller's model with a dated list price at the weight
of one dollar. The newest models are those of each product line at its maker: successors
are not the same thing, and that line says what staying with the newest costs.`,
		Example: "  bursar price index\n  bursar price index --month 2026-10 --months 25\n  bursar price index --output csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"months": {strconv.Itoa(months)}}
			for _, p := range [][2]string{{"month", month}, {"zone", c.zone}, {"currency", currency}} {
				if p[1] != "" {
					query.Set(p[0], p[1])
				}
			}
			return c.raw(cmd, "/api/v1/price-index", query)
		},
	}
	cmd.Flags().StringVar(&month, "month", "", "last month of finance, like 2026-10; default the last whole one")
	cmd.Flags().IntVar(&months, "months", 13, "how many months, 2 to 61")
	cmd.Flags().StringVar(&currency, "currency", "", "of what the usage would have cost, like EUR, by the exchange rate of the month's end; default that of the prices")
	return cmd
}
