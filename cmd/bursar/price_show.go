package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func newPriceShow(c *common) *cobra.Command {
	var seller, at string
	cmd := &cobra.Command{
		Use:     "show MODEL",
		Short:   "Show what a model costs at every seller, and what it takes and gives at most",
		Example: "  bursar price show claude-sonnet-5\n  bursar price show gpt-5.6-sol --seller azure --at 2026-08-15",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			when, err := asKnownAt(at)
			if err != nil {
				return err
			}
			if when.IsZero() {
				when = time.Now()
			}
			rows, err := c.histories(args[0], seller)
			if err != nil {
				return err
			}
			var now []sold
			for _, r := range rows {
				if r.Valid.Contains(when) && r.Known.To.IsZero() {
					now = append(now, r)
				}
			}
			if len(now) == 0 {
				return spend.Errorf(spend.KindNotFound, "show price", "%s has no price on %s", args[0], when.Format(time.DateOnly)).
					WithHint("bursar price history %s shows when it had one", args[0])
			}
			return c.priceRows(cmd.OutOrStdout(), now)
		},
	}
	cmd.Flags().StringVar(&seller, "seller", "", "only this seller")
	cmd.Flags().StringVar(&at, "at", "", "instant, RFC 3339 or a date; default now")
	return cmd
}

// sold is one row of the history of a model at a seller.
type sold struct {
	Seller string `json:"seller"`
	pricebook.Row
	Limit *pricebook.Limit `json:"limit,omitempty"`
}

// histories finds a model at every seller that the log knows, by id or alias.
func (c *common) histories(model, seller string) ([]sold, error) {
	log, err := app.ReadPrices(c.data)
	if err != nil {
		return nil, err
	}
	book, err := log.Compile(time.Time{})
	if err != nil {
		return nil, err
	}
	var rows []sold
	for _, s := range book.Sellers() {
		if seller != "" && pricebook.Seller(seller) != s {
			continue
		}
		name := model
		if m := book.Match(s, model, time.Now()); m.SKU != "" && !hasAlias(&log, s, model) {
			name = m.SKU
		}
		for _, r := range pricebook.History(log.Facts, log.Aliases, s, name) {
			rows = append(rows, sold{s, r, limitOf(book, s, r.SKU)})
		}
	}
	if len(rows) > 0 {
		return rows, nil
	}
	err = spend.Errorf(spend.KindNotFound, "look up price", "no seller has a model %.60q", model)
	if near := book.Suggest(seller, model, time.Now()); len(near) > 0 {
		return nil, spend.Errorf(spend.KindNotFound, "look up price", "no seller has a model %.60q", model).WithHint("near it: %s", strings.Join(near, ", "))
	}
	return nil, err
}

func hasAlias(log *app.PriceLog, seller, model string) bool {
	for _, a := range log.Aliases {
		if a.Seller == seller && a.Match == model {
			return true
		}
	}
	return false
}

func (c *common) priceRows(out io.Writer, rows []sold) error {
	return c.form(map[string]func() error{
		"json":  func() error { return json.NewEncoder(out).Encode(rows) },
		"table": func() error { return priceTable(out, rows) },
	})
}

func priceTable(w io.Writer, rows []sold) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "SELLER\tSKU\tMETER\tPRICE\tCONDITIONS\tFROM\tTO\tCONFIDENCE\tCHECKED\tSOURCE"); err != nil {
		return err
	}
	for _, r := range rows {
		price := fmt.Sprintf("%s %s / %s", r.Price, r.Currency, per(r))
		if r.Repoint() {
			price = "→ " + r.SKU
		}
		if !r.Known.To.IsZero() {
			price += " (revoked)"
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Seller, r.SKU, meterName(r), price, r.Conditions,
			date(r.Valid.From, "–"), date(r.Valid.To, ""), r.Confidence, date(r.Source.Checked, "never"), short(r.Source.Ref)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return limitLines(w, rows)
}

func meterName(r sold) string {
	if r.Repoint() {
		return "(name)"
	}
	return r.Meter.String()
}

func per(r sold) string {
	units := r.Meter.Unit() + "s"
	if strings.HasSuffix(r.Meter.Unit(), "ch") {
		units = r.Meter.Unit() + "es"
	}
	switch r.Per {
	case 1:
		return r.Meter.Unit()
	case 1_000_000:
		return "M " + units
	}
	return fmt.Sprintf("%d %s", r.Per, units)
}

func date(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	if t.Truncate(24 * time.Hour).Equal(t) {
		return t.Format(time.DateOnly)
	}
	return t.UTC().Format("2006-01-02T15:04Z")
}

func short(ref string) string {
	if runes := []rune(ref); len(runes) > 60 {
		return string(runes[:59]) + "…"
	}
	return ref
}

func asKnownAt(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, spend.Errorf(spend.KindInvalid, "read an instant", "%.40q is no time", text).WithHint("RFC 3339, or a date like 2026-10-01")
}
