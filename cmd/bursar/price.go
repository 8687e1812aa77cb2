package main

import "github.com/spf13/cobra"

func newPrice(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "price",
		Short: "Look into the price book: rate, show, history, lint, import, restate",
		Long: `The price book is an append-only log of dated price facts: those that ship with
Bursar, and those of the data folder (bursar price import). A price belongs to a
seller, a model, an instant and conditions. What has no fact is unpriced, never zero.`,
		Example: `  bursar price show gpt-5.6-sol
  bursar price history deepseek-v4-pro
  bursar price rate --input cases.jsonl`,
	}
	cmd.AddCommand(newPriceRate(c), newPriceShow(c), newPriceHistory(c), newPriceLint(c), newPriceImport(c), newPriceRestate(c), newPriceBook(c), newPriceIndex(c))
	return cmd
}
