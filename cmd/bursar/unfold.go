package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/exchange"
)

func newUnfold(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "unfold RECORD",
		Short: "Show how one record was booked and what its cost is made of",
		Long: `Unfold finds the ledger lines of a record, reversals included, and shows for each
who it belongs to and quantity × rate of every meter, with the price fact and where
that was read. A record is named by its source key, the vendor's response id, or the
attempt id of an export.`,
		Example: "  bursar unfold call-17\n  bursar unfold chatcmpl-abc --output json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := c.open(false, "")
			if err != nil {
				return err
			}
			lines, err := a.Unfold(cmd.Context(), args[0])
			if err = errors.Join(err, a.Close()); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			return c.form(map[string]func() error{
				"json":  func() error { return json.NewEncoder(out).Encode(lines) },
				"table": func() error { return unfoldAll(out, lines) },
			})
		},
	}
}

func unfoldAll(w io.Writer, lines []app.Unfolded) error {
	for i := range lines {
		if _, err := io.WriteString(w, unfolded(&lines[i])); err != nil {
			return err
		}
	}
	return nil
}

func unfolded(u *app.Unfolded) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s %s  %+d call, %s\n", u.UsedAt.Format("2006-01-02 15:04:05Z"), u.Seller, u.Event.Model(), u.Calls, u.Status)
	fmt.Fprintf(&b, "  line %s of attempt %s, booked %s into %s\n", u.ID, u.AttemptID, u.BookedAt.Format("2006-01-02 15:04:05Z"), u.Period)
	if !u.Corrects.IsZero() {
		fmt.Fprintf(&b, "  corrects line %s\n", u.Corrects)
	}
	fmt.Fprintf(&b, "  team %s, application %s, workflow %s, run %s (rule %s)\n",
		named(u.Scope.Team), named(u.Scope.Application), named(u.Scope.Workflow), named(u.Scope.Run), named(u.Rule))
	for _, f := range u.Factors {
		fmt.Fprintf(&b, "  %-16s %s × %s / %d = %s %s   %s, since %s, read in %s\n", f.Meter, f.Quantity, f.Rate, f.Per, f.USD, u.Currency,
			f.FactID, date(f.Fact.Valid.From, "the beginning"), f.Fact.Source.Ref)
	}
	if len(u.Factors) == 0 && u.Facts != "" {
		fmt.Fprintf(&b, "  its price book is not the one in force now; the facts were %s\n", u.Facts)
	}
	if u.List.Valid {
		fmt.Fprintf(&b, "  list %s, effective %s %s, by price book %s\n", u.List.Amount, u.Effective.Amount, u.Currency, u.PriceBook)
	} else {
		fmt.Fprintf(&b, "  unpriced: held at up to %s %s\n", u.Exposure, u.Currency)
	}
	if len(u.Rates) > 0 && u.Reporting.Valid {
		fmt.Fprintf(&b, "  converted to %s %s by %s\n", u.Reporting.Amount, u.InCurrency, rateText(u.Rates))
	}
	if u.Reported.Valid {
		fmt.Fprintf(&b, "  the source says %s %s\n", u.Reported.Amount, u.ReportedCurrency)
	}
	if u.Flags != 0 {
		fmt.Fprintf(&b, "  flags: %s\n", u.Flags)
	}
	return b.String()
}

// rateText tells the rates that an amount was converted by, two of one day for a
// cross.
func rateText(rates []exchange.Rate) string {
	texts := make([]string, len(rates))
	for i, r := range rates {
		texts[i] = fmt.Sprintf("1 %s = %s %s of %s, %s", r.From, r.Rate, r.To, r.Day, r.Source)
	}
	return strings.Join(texts, ", and ")
}

func named(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}
