package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/ingest"
)

const priceRestatePath = "/api/v1/prices/restate"

// pricingAnew is what is to be priced anew, and how.
type pricingAnew struct {
	days     pastDays
	models   []string
	dry, yes bool
}

func newPriceRestate(c *common) *cobra.Command {
	var r pricingAnew
	cmd := &cobra.Command{
		Use:   "restate --from DAY --to DAY",
		Short: "Price the past anew by the price book in force",
		Long: `Restate prices the calls of a window anew and books what comes to another amount: for
each such line a reversal and a replacement. Whose the calls are stays, closed periods stay
closed (their corrections are booked in the open one), and open calls, and those whose
usage nobody saw, are left alone. It may be interrupted: the same command goes on, and
when all is done it changes nothing. It shows what changes and asks first; without a
terminal it wants --yes.`,
		Example: "  bursar price restate --from 2026-10-01 --dry-run\n  bursar price restate --from 2026-10-01 --to 2026-11-01 --model openai/gpt-5 --yes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error { return c.priceAnew(ctx, cmd, cl, &r) })
		},
	}
	r.days.flags(cmd)
	cmd.Flags().StringArrayVar(&r.models, "model", nil, "a seller's model, like openai/gpt-5, or all of a seller; may be repeated")
	cmd.Flags().BoolVar(&r.dry, "dry-run", false, "only show what would change")
	cmd.Flags().BoolVar(&r.yes, "yes", false, "do not ask")
	return cmd
}

// priceAnew shows what changes and, when that is meant, books it.
func (c *common) priceAnew(ctx context.Context, cmd *cobra.Command, cl *client.Client, r *pricingAnew) error {
	if !r.dry && c.output != "table" && c.output != "json" { // before anything is booked
		return unknownOutput(c.output)
	}
	order := api.RepriceOrder{From: r.days.from, To: r.days.to, DryRun: true}
	for _, name := range r.models {
		seller, model, _ := strings.Cut(name, "/")
		order.Of = append(order.Of, api.PricedModel{Seller: seller, Model: model})
	}
	var found api.PastPrices
	wait := newWait(cmd.ErrOrStderr(), "pricing anew")
	err := cl.Post(ctx, priceRestatePath, order, &found)
	wait.end()
	if err != nil {
		return err
	}
	if r.dry || c.output == "table" {
		if err := c.pastPrices(cmd.OutOrStdout(), &found); err != nil || r.dry {
			return err
		}
	}
	if found.After.Lines > 0 {
		if err := sure(cmd, r.yes, "restate", "these lines are reversed and booked anew"); err != nil {
			return err
		}
	}
	done, err := c.priceParts(ctx, cmd, cl, &found)
	if err != nil {
		return err
	}
	if c.output == "json" {
		return c.pastPrices(cmd.OutOrStdout(), &done)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d lines with %d calls were booked anew: %s %s, before %s\n", done.After.Lines, done.After.Calls, done.After.Cost.Fixed(shownDigits), done.Currency, done.Before.Cost.Fixed(shownDigits))
	return err
}

// priceParts asks for one week of a window after the other and sums what was booked.
func (c *common) priceParts(ctx context.Context, cmd *cobra.Command, cl *client.Client, w *api.PastPrices) (api.PastPrices, error) {
	total := api.PastPrices{From: w.From, To: w.To, Of: w.Of, Currency: w.Currency, Repricing: ingest.Repricing{Rows: []ingest.RepricedRow{}}}
	bar := newCount(cmd.ErrOrStderr(), "weeks", int((w.To.Sub(w.From)+atOnce-1)/atOnce))
	defer bar.end()
	for from := w.From; from.Before(w.To) && w.After.Lines > 0; from = from.Add(atOnce) {
		to := from.Add(atOnce)
		if to.After(w.To) {
			to = w.To
		}
		var part api.PastPrices
		order := api.RepriceOrder{From: from.Format(time.RFC3339Nano), To: to.Format(time.RFC3339Nano), Of: w.Of}
		err := cl.Post(ctx, priceRestatePath, order, &part)
		if err == nil {
			err = total.Add(&part.Repricing)
		}
		if err != nil {
			return total, err
		}
		bar.add(1)
	}
	return total, nil
}

func (c *common) pastPrices(out io.Writer, found *api.PastPrices) error {
	return c.form(map[string]func() error{
		"json":  func() error { return json.NewEncoder(out).Encode(found) },
		"table": func() error { return pastPricesTable(out, found) },
	})
}

// pastPricesTable tells what is booked and what it comes to by other prices.
func pastPricesTable(w io.Writer, found *api.PastPrices) error {
	if found.After.Lines == 0 {
		_, err := fmt.Fprintln(w, "nothing that is booked comes to another amount")
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "WORKFLOW\tMONTH\tCALLS\tCOST %s\tPRICED ANEW\tUNPRICED\tTHEN\n", found.Currency)
	rows := append(found.Rows[:len(found.Rows):len(found.Rows)], ingest.RepricedRow{Workflow: "ALL", Before: found.Before, After: found.After})
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(out, "%s\t%s\t%d\t%s\t%s\t%d\t%d\n", values([]string{r.Workflow}), r.Month, r.Before.Calls, r.Before.Cost.Fixed(shownDigits), r.After.Cost.Fixed(shownDigits), r.Before.Unpriced, r.After.Unpriced)
	}
	return out.Flush()
}
