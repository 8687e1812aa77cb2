package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func newPriceImport(c *common) *cobra.Command {
	var yes, all bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add price facts, or take over a public price book: as a diff first",
		Long: `Import reads facts (CSV, or YAML of schema pricebook/1), or a public book
(genai-prices, LiteLLM, Portkey, models.dev, Langfuse) and shows what would change.
With --yes it adds the facts to the data folder's log: facts that they replace are
closed, never deleted. What the lint is sure to be wrong is refused in a file of
facts, and left out of a public book.`,
		Example: "  bursar price import our-contract.yaml\n  bursar price import model_prices.json --yes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			log, err := app.ReadPrices(c.data)
			if err != nil {
				return err
			}
			p, err := log.Propose(args[0], all, time.Now())
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if _, err := fmt.Fprint(out, proposalText(&p)); err != nil {
				return err
			}
			if err := sound(&log, &p); err != nil {
				return err
			}
			if !yes || p.Empty() {
				_, err := fmt.Fprintln(out, "not saved; repeat with --yes to save")
				return err
			}
			name := strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
			path, err := app.SavePrices(c.data, name, &p, time.Now())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(out, "saved to "+path)
			return err
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "save, do not only show")
	cmd.Flags().BoolVar(&all, "all", false, "take models of a public book that the log does not hold")
	return cmd
}

// sound refuses a proposal that the lint is sure about, or that would not compile.
func sound(log *app.PriceLog, p *app.Proposal) error {
	for _, f := range p.Findings {
		if f.Severity == pricebook.Wrong {
			return spend.Errorf(spend.KindInvalid, "import prices", "the lint is sure that facts are wrong").WithHint("mend the file; nothing was saved")
		}
	}
	log.Adopt(p)
	_, err := log.Compile(time.Time{})
	return err
}

// proposalText shows changes, findings and what was left out.
func proposalText(p *app.Proposal) string {
	var b strings.Builder
	for _, ch := range p.Changes {
		b.WriteString(changeLine(&ch) + "\n")
	}
	for _, a := range p.Aliases {
		fmt.Fprintf(&b, "alias    %s %s → %s\n", a.Seller, a.Match, a.SKU)
	}
	for _, o := range p.Overlays {
		fmt.Fprintf(&b, "overlay  %s: %s %s %s %s %s\n", o.ID, o.Seller, o.SKUGlob, o.MeterGlob, o.Op, o.Value)
	}
	for _, l := range p.Limits {
		fmt.Fprintf(&b, "limit    %s %s: %s\n", l.Seller, l.SKU, limitText(&l))
	}
	b.WriteString(findingLines(p.Findings))
	fmt.Fprintf(&b, "read as %s: %d changes, %d findings, %d rows left out\n", p.Book, len(p.Changes), len(p.Findings), len(p.Skipped))
	return b.String()
}

func changeLine(ch *pricebook.Change) string {
	f := ch.New
	if f == nil {
		f = ch.Old
	}
	line := fmt.Sprintf("%-8s %s %s %s %s", ch.Kind, f.Seller, f.SKU, f.Meter, f.When.Conditions())
	if ch.Old != nil && ch.New != nil {
		line += fmt.Sprintf(" %s → %s", ch.Old.Price, ch.New.Price)
	} else {
		line += " " + f.Price.String()
	}
	if ch.Factor.Valid {
		line += " (× " + ch.Factor.Amount.Fixed(3) + ")"
	}
	return line + " from " + date(f.Valid.From, "the beginning")
}
