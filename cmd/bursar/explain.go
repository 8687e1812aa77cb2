package main

import (
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

func newExplain(c *common) *cobra.Command {
	var leaves, factors, currency string
	ask := report.ExplainAsk{}
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Say why an amount changed between two periods",
		Long: `Explain splits a change into effects that sum to it, to the last of 12 decimals.

--from and --to name two months of the ledger (2026-09), or two windows whose ends are
not included (2026-09-01..2026-10-01). The answer says in one sentence why spend rose or
fell, sets volume, mix and price beside each slice of --by, and names the drivers. The
calls of a workflow with outcomes and runs in both are divided by them: more results, more
runs for each, or more calls in a run. What is unpriced or has no exchange rate stands beside, in no figure.

--leaves reads a CSV file with the columns leaf, q0, q1, p0 and p1, in any order: what
was bought in the earlier period (0) and the later one (1), all in one unit, and the
prices for that unit. It writes leaf, volume, mix and price, and a line total. An empty
price is that of the other period, so that its price effect is 0; where there is a
quantity the price must be given.

--factors reads a CSV file with a column leaf and, for any factors X, the columns X0 and
X1: the amount of a leaf is the product of its factors. It writes leaf and one column for
each factor, by Shapley's value, and a line total. An empty factor is that of the other
period, where another factor of its own period is 0.

Numbers are decimals of any length, 3e-05 too. A leaf has one row: a second one is
refused, as is a leaf named total. Every line that is wrong is listed on standard error,
then nothing is answered and the command ends with 2. The answer is CSV on standard
output whatever --output says, its leaves in the order of the file.`,
		Example: "  bursar explain --from 2026-09 --to 2026-10 --by team\n  bursar explain --from 2026-09-01..2026-09-15 --to 2026-10-01..2026-10-15 --where team=claims\n  bursar explain --from 2026-09 --to 2026-10 --currency EUR\n  bursar explain --leaves leaves.csv\n  bursar explain --factors drivers.csv\n  producer | bursar explain --leaves -",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case leaves != "":
				return explainFile(cmd, leaves, leavesOf)
			case factors != "":
				return explainFile(cmd, factors, factorsOf)
			case ask.From != "" && ask.To != "":
				ask.Zone = c.zone
				return c.raw(cmd, "/api/v1/explain", inCurrency(askedWhy(&ask), currency))
			}
			return spend.Errorf(spend.KindInvalid, "explain", "there is nothing to explain").WithHint("give --from and --to, --leaves FILE, or --factors FILE")
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&leaves, "leaves", "", "CSV file of quantities and prices, - for standard input")
	flags.StringVar(&factors, "factors", "", "CSV file of factors, - for standard input")
	flags.StringVar(&ask.From, "from", "", "earlier period: a month (2026-09) or START..END")
	flags.StringVar(&ask.To, "to", "", "later period, in the same way")
	flags.StringVar(&ask.By, "by", "", "dimensions by commas, like team,workflow; default the whole")
	flags.StringArrayVar(&ask.Where, "where", nil, "condition, like model=a,b or team!=x; may be repeated")
	flags.StringVar(&ask.Book, "book", string(spend.Metered), "metered, reported, invoiced or allocated")
	flags.StringVar(&ask.AsOf, "as-of", "", "what the ledger knew then")
	currencyFlag(cmd, &currency)
	complete(cmd, "by", names(spend.Dimensions()))
	cmd.MarkFlagsMutuallyExclusive("leaves", "factors", "from")
	cmd.MarkFlagsMutuallyExclusive("leaves", "factors", "to")
	return cmd
}

// askedWhy writes a question as parameters of the interface.
func askedWhy(ask *report.ExplainAsk) url.Values {
	query := url.Values{"where": ask.Where}
	for _, p := range [][2]string{{"from", ask.From}, {"to", ask.To}, {"by", ask.By}, {"book", ask.Book}, {"as_of", ask.AsOf}, {"zone", ask.Zone}} {
		if p[1] != "" {
			query.Set(p[0], p[1])
		}
	}
	return query
}

// explainFile writes what a file's change is made of, or nothing.
func explainFile(cmd *cobra.Command, path string, split func(io.Reader) (variance.Result, error)) error {
	in, err := openInput(cmd, path)
	if err != nil {
		return err
	}
	defer discard(in)
	result, err := split(in)
	if err != nil {
		return err
	}
	return report.EffectsCSV(cmd.OutOrStdout(), &result)
}

func leavesOf(in io.Reader) (variance.Result, error) {
	leaves, err := variance.ReadLeaves(in)
	if err != nil {
		return variance.Result{}, err
	}
	return variance.Bennet(leaves)
}

func factorsOf(in io.Reader) (variance.Result, error) {
	factors, chains, err := variance.ReadChains(in)
	if err != nil {
		return variance.Result{}, err
	}
	return variance.Shapley(factors, chains)
}
