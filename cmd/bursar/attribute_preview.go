package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// pastDays are the ends of a window of the past.
type pastDays struct{ from, to string }

func (d *pastDays) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.from, "from", "", "first day, like 2026-10-01, or an age (30d, 8w)")
	cmd.Flags().StringVar(&d.to, "to", "", "day after the last; default now")
	_ = cmd.MarkFlagRequired("from") // the flag exists
}

func newAttributePreview(c *common) *cobra.Command {
	var paths []string
	var days pastDays
	by := ""
	cmd := &cobra.Command{
		Use:   "preview -f RULES.yaml --from DAY",
		Short: "Say what other rules would move, in money; nothing is written",
		Long: `Preview decides anew whose the calls of a window are, as if the files were applied, and
says what would move from whom to whom. A file of rules without a kind stands in the
place of the one that the server's configuration names; documents with one are those
of bursar apply. Nothing is applied, and nothing is booked.`,
		Example: "  bursar attribute preview -f rules.yaml --from 2026-10-01 --to 2026-11-01\n  bursar attribute preview -f policies/ --from 90d --by team,application",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			declared, err := declaredIn(paths)
			if err != nil {
				return err
			}
			order := api.PreviewOrder{Documents: declared.Documents, From: days.from, To: days.to, By: dimensions(by)}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				found, err := previewed(ctx, cmd, cl, order)
				if err != nil {
					return err
				}
				return c.showMoves(cmd.OutOrStdout(), &found)
			})
		},
	}
	cmd.Flags().StringArrayVarP(&paths, "file", "f", nil, "a file of rules, or documents as for bursar apply; may be repeated")
	days.flags(cmd)
	moveFlag(cmd, &by)
	return cmd
}

// previewed asks what would move; a year of the past takes its time.
func previewed(ctx context.Context, cmd *cobra.Command, cl *client.Client, order api.PreviewOrder) (api.PreviewAnswer, error) {
	wait := newWait(cmd.ErrOrStderr(), "deciding anew")
	defer wait.end()
	return ask[api.PreviewAnswer](ctx, cl, "preview", order)
}

func moveFlag(cmd *cobra.Command, by *string) {
	cmd.Flags().StringVar(by, "by", "team", "dimensions by commas whose moves are told")
	complete(cmd, "by", names(ingest.MoveDimensions()))
}

func dimensions(list string) (all []spend.Dimension) {
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		all = append(all, spend.Dimension(strings.TrimSpace(word)))
	}
	return all
}

func (c *common) showMoves(out io.Writer, found *api.PreviewAnswer) error {
	return c.form(map[string]func() error{
		"json":  func() error { return json.NewEncoder(out).Encode(found) },
		"csv":   func() error { return movesCSV(out, found) },
		"table": func() error { return movesTable(out, found) },
	})
}

// movesTable tells moves as they sum to what is moved, also as they are shown.
func movesTable(w io.Writer, found *api.PreviewAnswer) error {
	shown, err := shownCosts(found.Moves.Moves)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var by []string
	for _, d := range found.By {
		by = append(by, strings.ToUpper(string(d)))
	}
	lines := []string{fmt.Sprintf("FROM %s\tTO\tCALLS\tTOKENS\tCOST %s\tUNPRICED\tEXPOSURE", strings.Join(by, ", "), found.Currency)}
	for i := range found.Moves.Moves {
		m := &found.Moves.Moves[i]
		lines = append(lines, fmt.Sprintf("%s\t%s\t%d\t%d\t%s\t%d\t%s", values(m.From), values(m.To), m.Calls, m.Tokens(), shown[i].Fixed(shownDigits), m.Unpriced, m.Exposure.Fixed(shownDigits)))
	}
	for _, total := range []struct {
		name string
		sums *lake.Sums
	}{{"MOVED", &found.Moved}, {"UNCHANGED", &found.Unchanged}} {
		s := total.sums
		lines = append(lines, fmt.Sprintf("%s\t\t%d\t%d\t%s\t%d\t%s", total.name, s.Calls, s.Tokens(), s.Cost.Fixed(shownDigits), s.Unpriced, s.Exposure.Fixed(shownDigits)))
	}
	if _, err := fmt.Fprintln(out, strings.Join(lines, "\n")); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%d lines with %d calls would be booked anew; unpriced calls and exposure are in no cost\n", found.Rebooked.Lines, found.Rebooked.Calls)
	return err
}

// shownDigits is what small and large amounts are both read with.
const shownDigits = 4

func shownCosts(moves []ingest.Move) ([]money.Amount, error) {
	parts := make([]money.Amount, len(moves))
	for i := range moves {
		parts[i] = moves[i].Cost
	}
	return money.Shown(shownDigits, parts)
}

func values(all []string) string {
	texts := make([]string, len(all))
	for i, v := range all {
		if texts[i] = v; v == "" {
			texts[i] = "(none)"
		}
	}
	return strings.Join(texts, ", ")
}

// movesCSV writes a row for each move, exact, and what is moved and unchanged.
func movesCSV(w io.Writer, found *api.PreviewAnswer) error {
	var head []string
	for _, side := range []string{"from_", "to_"} {
		for _, d := range found.By {
			head = append(head, side+string(d))
		}
	}
	rows := [][]string{append(head, "lines", "calls", "tokens", "cost", "exposure", "unpriced_calls", "unconverted_calls")}
	for i := range found.Moves.Moves {
		m := &found.Moves.Moves[i]
		var cells []string
		for _, value := range append(append([]string{}, m.From...), m.To...) {
			cells = append(cells, report.Safe(value))
		}
		rows = append(rows, append(cells, sumCells(&m.Sums)...))
	}
	for _, total := range []struct {
		name string
		sums *lake.Sums
	}{{"MOVED", &found.Moved}, {"UNCHANGED", &found.Unchanged}} {
		cells := make([]string, 2*len(found.By))
		cells[0] = total.name
		rows = append(rows, append(cells, sumCells(total.sums)...))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func sumCells(s *lake.Sums) []string {
	return []string{
		fmt.Sprint(s.Lines), fmt.Sprint(s.Calls), fmt.Sprint(s.Tokens()), s.Cost.String(), s.Exposure.String(), fmt.Sprint(s.Unpriced), fmt.Sprint(s.Unconverted),
	}
}
