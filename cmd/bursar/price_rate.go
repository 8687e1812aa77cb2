package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func newPriceRate(c *common) *cobra.Command {
	var input, asKnown string
	cmd := &cobra.Command{
		Use:   "rate",
		Short: "Rate cases: JSON Lines in, JSON Lines out",
		Long: `Rate prices one case a line and says how. Each line of the answer has id, status
(priced, priced_flagged, unpriced, invalid_usage), usd (an exact decimal, null when
there is none), lines, flags, suggestions and the hash of the book. The answer goes
to standard output in this form whatever --output says; the command ends with 0 when
every case was answered, unpriced ones included, and with 2 on bad input.`,
		Example: "  bursar price rate --input cases.jsonl\n  bursar price rate --input - < cases.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			at, err := asKnownAt(asKnown)
			if err != nil {
				return err
			}
			book, err := app.Prices(c.data, at)
			if err != nil {
				return err
			}
			in, err := openInput(cmd, input)
			if err != nil {
				return err
			}
			defer discard(in)
			return rateCases(book, in, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&input, "input", "-", "file of cases, - for standard input")
	cmd.Flags().StringVar(&asKnown, "as-known", "", "what the book knew at that time, RFC 3339 or a date")
	return cmd
}

func rateCases(book *pricebook.Book, in io.Reader, out io.Writer) error {
	summary, err := pricebook.RateCases(book, in, out)
	if err != nil {
		return err
	}
	if summary.Bad > 0 {
		return spend.Errorf(spend.KindInvalid, "rate cases", "%d of %d lines are no cases", summary.Bad, summary.Lines).
			WithHint("their answers say why, under problems; the others are answered")
	}
	return nil
}

func openInput(cmd *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "open input", "%w", err).WithHint("give the path of a file, or - for standard input")
	}
	return f, nil
}
