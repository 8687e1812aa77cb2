package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/spend"
)

func newRate(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rate",
		Short: "Keep and list exchange rates",
		Long: `What is billed in another currency than the organisation's is converted by the
exchange rate of its day, or by that of its invoice. Until a rate is known it is
unconverted: counted beside every total, and never zero. docs/currencies.md says
where rates come from and which of them converts.`,
		Example: "  bursar rate import eurofxref-hist.csv\n  bursar rate list --from EUR --to USD",
	}
	cmd.AddCommand(newRateImport(c), newRateList(c))
	return cmd
}

func newRateList(c *common) *cobra.Command {
	var from, to string
	var limit int
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List exchange rates as they were stated, the newest day first",
		Example: "  bursar rate list --from EUR --to USD\n  bursar rate list --limit 5000 --output csv > rates.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 {
				return spend.Errorf(spend.KindInvalid, "read --limit", "%d rates", limit).WithHint("1 or more")
			}
			query := url.Values{}
			for name, currency := range map[string]string{"from": from, "to": to} {
				if currency != "" {
					query.Set(name, currency)
				}
			}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				rates, err := upTo[exchange.Rate](ctx, cl, listing{"/api/v1/rates", query, limit})
				if err != nil {
					return err
				}
				slices.SortFunc(rates, byDay)
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(rates) },
					"csv":   func() error { return rateCSV(out, rates) },
					"table": func() error { return rateTable(out, rates) },
				})
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "only rates of this currency")
	cmd.Flags().StringVar(&to, "to", "", "only rates into this currency")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most this many, the newest first")
	return cmd
}

func byDay(a, b exchange.Rate) int {
	return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Source, b.Source), b.Known.Compare(a.Known))
}

func rateTable(w io.Writer, rates []exchange.Rate) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "DAY\tFROM\tTO\tRATE\tSOURCE\tOF\tKNOWN"); err != nil {
		return err
	}
	for i := range rates {
		r := &rates[i]
		of := "the day"
		if r.Basis == exchange.InvoiceRate {
			of = strings.Join(strings.Fields("invoice of "+r.Seller+" "+r.Account+" "+string(r.Period)), " ")
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Day, r.From, r.To, r.Rate, r.Source, of, date(r.Known, "")); err != nil {
			return err
		}
	}
	return out.Flush()
}

// rateCSV writes what bursar rate import reads.
func rateCSV(w io.Writer, rates []exchange.Rate) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"day", "from", "to", "rate", "source", "basis", "seller", "account", "period"}); err != nil {
		return err
	}
	for i := range rates {
		r := &rates[i]
		row := []string{r.Day.String(), string(r.From), string(r.To), r.Rate.String(), r.Source, string(r.Basis), r.Seller, r.Account, string(r.Period)}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// changeTable says what became of a file of rates.
func changeTable(w io.Writer, change api.RateChange) error {
	if _, err := fmt.Fprintf(w, "%d rates added, %d already there\n", change.Added, change.Known); err != nil {
		return err
	}
	waited := map[string][2]int64{}
	for currency, lines := range change.Converted {
		waited[string(currency)] = [2]int64{lines, 0}
	}
	for currency, lines := range change.Left {
		waited[string(currency)] = [2]int64{waited[string(currency)][0], lines}
	}
	if len(waited) == 0 {
		return nil
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "LINES OF\tCONVERTED\tLEFT"); err != nil {
		return err
	}
	for _, currency := range slices.Sorted(maps.Keys(waited)) {
		if _, err := fmt.Fprintf(out, "%s\t%d\t%d\n", currency, waited[currency][0], waited[currency][1]); err != nil {
			return err
		}
	}
	return out.Flush()
}
