package main

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// ratesAtOnce stays below what a server takes in one request.
const ratesAtOnce = 4000

func newRateImport(c *common) *cobra.Command {
	since := ""
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Keep the exchange rates of a file, and convert what waited for them",
		Long: `The file has one rate a row (day,from,to,rate,source, and for those of invoices
basis,seller,account,period), or is the table of the European Central Bank. A file
with a mistake is refused whole, line by line. A rate that is told again changes
nothing, and what is converted already stays as it is.`,
		Example: "  bursar rate import eurofxref-hist.csv --since 2025-01-01\n  producer | bursar rate import -",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rates, err := readRates(args[0], since)
			if err != nil {
				return err
			}
			c.create = true
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				bar := newCount(cmd.ErrOrStderr(), args[0], len(rates))
				change, err := tellRates(ctx, cl, rates, bar)
				bar.end()
				if err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(change) },
					"table": func() error { return changeTable(out, change) },
				})
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "leave out rates of earlier days, like 2025-01-01")
	return cmd
}

// readRates reads a whole file, and drops the days before one.
func readRates(path, since string) ([]exchange.Rate, error) {
	first := exchange.Day(0)
	if since != "" {
		var err error
		if first, err = exchange.ParseDay(since); err != nil {
			return nil, spend.Errorf(spend.KindInvalid, "read --since", "%w", err)
		}
	}
	in, err := opened(path)
	if err != nil {
		return nil, err
	}
	defer discard(in)
	rates, err := connect.ReadRates(in)
	return slices.DeleteFunc(rates, func(r exchange.Rate) bool { return r.Day < first }), err
}

// tellRates sends rates in parts and sums what became of them.
func tellRates(ctx context.Context, cl *client.Client, rates []exchange.Rate, bar bar) (api.RateChange, error) {
	total := api.RateChange{Converted: map[money.Currency]int64{}, Left: map[money.Currency]int64{}}
	for _, part := range exchange.Parts(rates, ratesAtOnce) {
		var change api.RateChange
		if err := cl.Post(ctx, "/api/v1/rates", ordersOf(part), &change); err != nil {
			return total, err
		}
		total.Added += change.Added
		total.Known += change.Known
		for currency, lines := range change.Converted {
			total.Converted[currency] += lines
		}
		total.Left = change.Left // after the last part, what no rate of the file converts
		bar.add(len(part))
	}
	return total, nil
}

func ordersOf(rates []exchange.Rate) []api.RateOrder {
	orders := make([]api.RateOrder, len(rates))
	for i := range rates {
		r := &rates[i]
		orders[i] = api.RateOrder{
			From: r.From, To: r.To, Rate: r.Rate, Day: r.Day, Source: r.Source,
			Basis: r.Basis, Seller: r.Seller, Account: r.Account, Period: r.Period,
		}
	}
	return orders
}
