package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

const priceImportPath = "/api/v1/prices/import"

func newPriceImport(c *common) *cobra.Command {
	var yes, all bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add price facts, or take over a public price book: as a diff first",
		Long: `Import reads facts (CSV, or YAML of schema pricebook/1), or a public book
(genai-prices, LiteLLM, Portkey, models.dev, Langfuse) and shows what would change: the
prices, and what the calls that are booked would come to by them, by workflow and month.
With --yes it adds the facts to the data folder's log, also of a running server: facts
that they replace are closed, never deleted. What is booked stays as it was priced until
bursar price restate. What the lint is sure to be wrong is refused in a file of facts, and
left out of a public book.`,
		Example: "  bursar price import our-contract.yaml\n  bursar price import model_prices.json --yes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := priceFile(args[0])
			if err != nil {
				return err
			}
			order := api.PriceOrder{Name: filepath.Base(args[0]), Text: text, All: all, DryRun: true}
			if !yes && c.server == "" && !c.hasLedger() { // a look at prices makes no ledger
				found, err := app.PreviewPrices(c.data, &order, time.Now())
				if err != nil {
					return err
				}
				return c.priceImported(cmd.OutOrStdout(), &found)
			}
			c.create = yes
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error { return c.importPrices(ctx, cmd, cl, order, yes) })
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "save, do not only show")
	cmd.Flags().BoolVar(&all, "all", false, "take models of a public book that the log does not hold")
	return cmd
}

// hasLedger says that the data folder holds one.
func (c *common) hasLedger() bool {
	_, err := os.Stat(filepath.Join(c.data, "lake.duckdb"))
	return err == nil
}

// maxPriceFile is as much as a request may bring.
const maxPriceFile = 8 << 20

func priceFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", spend.Errorf(spend.KindNotFound, "import prices", "%w", err)
	}
	defer discard(f)
	text, err := io.ReadAll(io.LimitReader(f, maxPriceFile+1))
	if err == nil && len(text) > maxPriceFile {
		err = fmt.Errorf("%s is larger than 8 MiB", filepath.Base(path))
	}
	if err != nil {
		return "", spend.Errorf(spend.KindInvalid, "import prices", "%w", err).WithHint("part the file")
	}
	return string(text), nil
}

// importPrices shows what a file changes and, when that is meant, saves it.
func (c *common) importPrices(ctx context.Context, cmd *cobra.Command, cl *client.Client, order api.PriceOrder, yes bool) error {
	var found, saved api.PriceImport
	wait := newWait(cmd.ErrOrStderr(), "pricing anew")
	err := cl.Post(ctx, priceImportPath, order, &found)
	wait.end()
	if err != nil {
		return err
	}
	if !yes || nothingChanges(&found) {
		return c.priceImported(cmd.OutOrStdout(), &found)
	}
	if c.output == "table" {
		if err := importText(cmd.OutOrStdout(), &found); err != nil {
			return err
		}
	}
	order.DryRun, order.Over = false, found.Over
	if err := cl.Post(ctx, priceImportPath, order, &saved); err != nil {
		return err
	}
	if c.output != "table" {
		saved.Past = found.Past
		return c.priceImported(cmd.OutOrStdout(), &saved)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), "saved; what is booked stays as it was priced")
	return err
}

func nothingChanges(p *api.PriceImport) bool { return p.Changed == 0 && len(p.Terms) == 0 }

// priceImported tells a file of prices that was not saved, or is saved.
func (c *common) priceImported(out io.Writer, p *api.PriceImport) error {
	err := c.form(map[string]func() error{
		"json": func() error { return json.NewEncoder(out).Encode(p) },
		"table": func() error {
			if err := importText(out, p); err != nil || p.Refused != "" {
				return err
			}
			said := "not saved; repeat with --yes to save"
			if nothingChanges(p) {
				said = "nothing to save: the book says all of it"
			}
			_, err := fmt.Fprintln(out, said)
			return err
		},
	})
	if err == nil && p.Refused != "" {
		err = spend.Errorf(spend.KindInvalid, "import prices", "%s", p.Refused).WithHint("mend the file; nothing was saved")
	}
	return err
}

// importText shows changes, findings and what was left out.
func importText(w io.Writer, p *api.PriceImport) error {
	var b strings.Builder
	for i := range p.Changes {
		b.WriteString(changeLine(&p.Changes[i]) + "\n")
	}
	if more := p.Changed - len(p.Changes); more > 0 {
		fmt.Fprintf(&b, "and %d more\n", more)
	}
	for _, t := range p.Terms {
		word, rest, _ := strings.Cut(t, " ")
		fmt.Fprintf(&b, "%-8s %s\n", word, rest)
	}
	for _, f := range p.Findings {
		fmt.Fprintf(&b, "%-6s %s\n", f.Severity, f.Says)
	}
	fmt.Fprintf(&b, "read as %s: %d changes, %d findings, %d rows left out\n", p.ReadAs, p.Changed, len(p.Findings), p.Left)
	if _, err := io.WriteString(w, b.String()); err != nil || p.Past == nil {
		return err
	}
	return pastPricesTable(w, p.Past)
}

func changeLine(ch *api.ChangedPrice) string {
	line := fmt.Sprintf("%-8s %s %s %s %s", ch.Kind, ch.Seller, ch.Model, ch.Meter, ch.Conditions)
	switch {
	case ch.Old.Price.Valid && ch.New.Price.Valid:
		line += fmt.Sprintf(" %s → %s", ch.Old.Price, ch.New.Price)
	case ch.New.Price.Valid:
		line += " " + ch.New.Price.String()
	default:
		line += " " + ch.Old.Price.String()
	}
	if ch.Factor.Valid {
		line += " (× " + ch.Factor.Amount.Fixed(3) + ")"
	}
	if ch.From == nil {
		return line + " from the beginning"
	}
	return line + " from " + ch.From.UTC().Format(time.DateOnly)
}
