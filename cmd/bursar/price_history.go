package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/guptarohit/asciigraph"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/bursarhq/bursar/spend"
)

func newPriceHistory(c *common) *cobra.Command {
	var seller string
	cmd := &cobra.Command{
		Use:   "history MODEL",
		Short: "Show how a model's prices moved, with a chart at a terminal",
		Long: `History lists every dated price of a model, revoked ones included, and where its
name pointed. A name that moved to another model is a change of mix, not of price.`,
		Example: "  bursar price history deepseek-v4-pro\n  bursar price history gpt-5.6-sol --seller openai --output json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rows, err := c.histories(args[0], seller)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if err := c.priceRows(out, rows); err != nil || c.output != "table" || !isTerminal(out) {
				return err
			}
			return chart(out, rows)
		},
	}
	cmd.Flags().StringVar(&seller, "seller", "", "only this seller")
	return cmd
}

// chart draws the base price of fresh and completion tokens of the first seller.
func chart(w io.Writer, rows []sold) error {
	width := 72
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			width = min(max(columns-12, 20), 120)
		}
	}
	for _, m := range []spend.Meter{spend.InText, spend.OutText} {
		points, from, to := steps(rows, m, width)
		if len(points) == 0 || slices.Min(points) == slices.Max(points) {
			continue
		}
		caption := fmt.Sprintf("%s %s, USD per million, %s to %s", rows[0].Seller, m, from.Format(time.DateOnly), to.Format(time.DateOnly))
		if _, err := fmt.Fprintln(w, "\n"+asciigraph.Plot(points, asciigraph.Height(8), asciigraph.Caption(caption))); err != nil {
			return err
		}
	}
	return nil
}

// steps samples a price over its whole history, outside its peak hours where it
// has them; a chart is the one place where prices become floats.
func steps(rows []sold, m spend.Meter, width int) (points []float64, from, to time.Time) {
	base := slices.DeleteFunc(slices.Clone(rows), func(r sold) bool {
		offPeak := strings.HasPrefix(r.Conditions, "window not ")
		return r.Repoint() || r.Meter != m || r.Conditions != "" && !offPeak || r.Seller != rows[0].Seller || !r.Known.To.IsZero() || r.Valid.From.IsZero()
	})
	if len(base) == 0 {
		return nil, from, to
	}
	slices.SortFunc(base, func(a, b sold) int { return a.Valid.From.Compare(b.Valid.From) })
	from, to = base[0].Valid.From, time.Now()
	for i := range width {
		at := from.Add(to.Sub(from) / time.Duration(width) * time.Duration(i))
		for _, r := range base {
			if r.Valid.Contains(at) {
				points = append(points, r.Price.Approx())
				break
			}
		}
	}
	return points, from, to
}
