package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/pricebook"
)

// bookFacts describes the price book in force.
type bookFacts struct {
	Hash        string         `json:"hash"`
	Facts       int            `json:"facts"`
	SKUs        int            `json:"skus"`
	Sellers     map[string]int `json:"skus_by_seller"`
	Confidence  map[string]int `json:"facts_by_confidence"`
	OldestCheck string         `json:"oldest_check"`
	Stale       int            `json:"stale"` // in force, unchecked for that many days
	StaleDays   int            `json:"stale_days"`
}

func newPriceBook(c *common) *cobra.Command {
	var days int
	cmd := &cobra.Command{
		Use:     "book",
		Short:   "Describe the price book: hash, counts, oldest check, stale prices",
		Example: "  bursar price book\n  bursar price book --stale-days 30 --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			book, err := app.Prices(c.data, time.Time{})
			if err != nil {
				return err
			}
			facts := describe(book, days)
			out := cmd.OutOrStdout()
			return c.form(map[string]func() error{
				"json":  func() error { return json.NewEncoder(out).Encode(facts) },
				"table": func() error { return bookTable(out, &facts) },
			})
		},
	}
	cmd.Flags().IntVar(&days, "stale-days", 90, "warn of prices that nobody checked for so long")
	return cmd
}

func describe(book *pricebook.Book, days int) bookFacts {
	d := bookFacts{
		Hash: book.Hash(), Facts: book.Len(), Sellers: map[string]int{}, Confidence: map[string]int{}, StaleDays: days,
		Stale: len(pricebook.Stale(book.Facts(), time.Now(), days)),
	}
	for _, seller := range book.Sellers() {
		d.Sellers[seller] = len(book.SKUs(seller))
		d.SKUs += d.Sellers[seller]
	}
	for _, f := range book.Facts() {
		d.Confidence[string(f.Confidence)]++
		if checked := f.Source.Checked.Format(time.DateOnly); d.OldestCheck == "" || checked < d.OldestCheck {
			d.OldestCheck = checked
		}
	}
	return d
}

func bookTable(w io.Writer, d *bookFacts) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := [][2]string{
		{"book", d.Hash},
		{"facts", fmt.Sprintf("%d (high %d, medium %d, low %d)", d.Facts, d.Confidence["high"], d.Confidence["medium"], d.Confidence["low"])},
		{"models", fmt.Sprintf("%d at %d sellers", d.SKUs, len(d.Sellers))},
		{"oldest check", d.OldestCheck},
		{"stale", fmt.Sprintf("%d prices in force were not checked for %d days", d.Stale, d.StaleDays)},
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(out, "%s\t%s\n", l[0], l[1]); err != nil {
			return err
		}
	}
	return out.Flush()
}
