package main

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// forecasting is what the flags of the command say.
type forecasting struct {
	input   string
	horizon string
	periods []int
	levels  []int
	ask     report.ForecastAsk
}

func newForecast(c *common) *cobra.Command {
	f, currency := forecasting{}, ""
	cmd := &cobra.Command{
		Use:   "forecast",
		Short: "Say what comes next, and how sure that is",
		Long: `Forecast averages the methods that would have forecast each series' own past best, and
puts intervals around them that are made of the errors they made there.

Of the ledger it forecasts the days to come, of the whole and of each group of --by, and
shows what they sum to: parts add up to their whole. A group that is too young follows
what it is a part of. The first of a question on a day is kept, and how earlier ones of
the same question held stands below the table.

--input reads a CSV file with the columns series, index and value instead, in any order.
The index is a whole number, one more for each hour or day; a missing index or an empty
value is a gap. The answer has one line for each step after the last value: series,
step, mean and for each level two bounds, like lo80 and hi80. It never goes below zero
where the series does not. --horizon is in steps, and --periods are the seasons in steps:
24,168 for hours, 7 for days, none for no season.

A level without enough evidence is refused: its bounds are missing, and it is said why.
Every line of a file that is wrong is listed on standard error, then nothing is answered
and the command ends with 2. The answer to a file is CSV on standard output whatever
--output says, its series in the order of the file.`,
		Example: "  bursar forecast --by workflow --horizon 90d\n  bursar forecast --by team,workflow --horizon 4w --where environment=production\n  bursar forecast --by model --measure calls --output csv\n  bursar forecast --input hours.csv --horizon 48 --periods 24,168 --levels 80,95\n  bursar forecast --input days.csv --horizon 30 --periods 7\n  producer | bursar forecast --input - --horizon 12",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.input == "" {
				f.ask.Zone = c.zone
				return c.raw(cmd, "/api/v1/forecast", inCurrency(f.asked(), currency))
			}
			return f.file(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.input, "input", "", "CSV file of series, - for standard input")
	flags.StringVar(&f.horizon, "horizon", "", "how far: days or weeks of the ledger like 90d or 13w, default 30d; steps of a file, default 48")
	flags.IntSliceVar(&f.periods, "periods", nil, "seasons of a file in steps, by commas")
	flags.IntSliceVar(&f.levels, "levels", []int{80, 95}, "per cent that each interval shall cover, by commas")
	flags.StringVar(&f.ask.By, "by", "", "dimensions by commas, the widest first, like team,workflow; default the whole")
	flags.StringVar(&f.ask.Measure, "measure", "", "cost, calls, prompt_tokens, completion_tokens or cached_tokens; default cost")
	flags.StringArrayVar(&f.ask.Where, "where", nil, "condition, like model=a,b or team!=x; may be repeated")
	flags.StringVar(&f.ask.Book, "book", string(spend.Metered), "metered, reported, invoiced or allocated")
	flags.StringVar(&f.ask.AsOf, "as-of", "", "what the ledger knew then")
	flags.IntVar(&f.ask.Top, "top", 0, "groups with rows of their own, the rest is one; default 500, at most 1000")
	flags.StringVar(&currency, "currency", "", "of cost, like EUR: days to come by the newest exchange rate, as if it held; default the organisation's")
	complete(cmd, "by", append(names(spend.Dimensions()), report.Tags()...))
	complete(cmd, "measure", names(report.ForecastMeasures()))
	for _, name := range []string{"by", "measure", "where", "book", "as-of", "top", "currency"} {
		cmd.MarkFlagsMutuallyExclusive("input", name)
	}
	return cmd
}

// asked writes the question to the ledger as parameters of the interface.
func (f *forecasting) asked() url.Values {
	levels := make([]string, len(f.levels))
	for i, level := range f.levels {
		levels[i] = strconv.Itoa(level)
	}
	query := url.Values{"where": f.ask.Where}
	for _, p := range [][2]string{
		{"by", f.ask.By}, {"horizon", f.horizon}, {"levels", strings.Join(levels, ",")}, {"measure", f.ask.Measure},
		{"book", f.ask.Book}, {"as_of", f.ask.AsOf}, {"zone", f.ask.Zone},
	} {
		if p[1] != "" {
			query.Set(p[0], p[1])
		}
	}
	if f.ask.Top != 0 {
		query.Set("top", strconv.Itoa(f.ask.Top))
	}
	return query
}

// steps reads the horizon of a file.
func (f *forecasting) steps() (int, error) {
	if f.horizon == "" {
		return 48, nil
	}
	n, err := strconv.Atoi(f.horizon)
	if err != nil {
		return 0, spend.Errorf(spend.KindInvalid, "read --horizon", "%.40q is no number of steps", f.horizon).WithHint("a file has steps, like 48; days like 90d are of the ledger")
	}
	return n, nil
}

// file writes what comes next in each series of a file, or nothing.
func (f *forecasting) file(cmd *cobra.Command) error {
	steps, err := f.steps()
	if err != nil {
		return err
	}
	slices.Sort(f.periods)
	slices.Sort(f.levels)
	ask := forecast.Ask{Horizon: steps, Periods: f.periods, Levels: f.levels}
	if err := ask.Validate(); err != nil {
		return err
	}
	in, err := openInput(cmd, f.input)
	if err != nil {
		return err
	}
	defer discard(in)
	series, err := forecast.Read(in)
	if err != nil {
		return err
	}
	answers, err := forecast.All(series, &ask)
	if err != nil {
		return err
	}
	if err := report.ForecastsCSV(cmd.OutOrStdout(), ask.Levels, answers); err != nil {
		return err
	}
	for i := range answers {
		for _, b := range answers[i].Bounds {
			if b.Refused != "" {
				fmt.Fprintf(cmd.ErrOrStderr(), "bursar: series %.60q: %s\n", answers[i].Name, b.Refused)
			}
		}
	}
	return nil
}
