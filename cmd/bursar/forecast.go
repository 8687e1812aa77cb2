package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func newForecast() *cobra.Command {
	var input string
	ask := forecast.Ask{}
	cmd := &cobra.Command{
		Use:   "forecast",
		Short: "Say what comes next in series of amounts, and how sure that is",
		Long: `Forecast averages the methods that would have forecast each series' own past best, and
puts intervals around them that are made of the errors they made there.

--input reads a CSV file with the columns series, index and value, in any order. The
index is a whole number, one more for each hour or day; a missing index or an empty
value is a gap. The answer has one line for each step after the last value: series,
step, mean and for each level two bounds, like lo80 and hi80. It never goes below zero
where the series does not.

--periods are the seasons in steps: 24,168 for hours, 7 for days, none for no season.
A level without enough evidence is refused: its bounds are empty, and standard error
says why.

Every line that is wrong is listed on standard error, then nothing is answered and the
command ends with 2. The answer is CSV on standard output whatever --output says, its
series in the order of the file.`,
		Example: "  bursar forecast --input hours.csv --horizon 48 --periods 24,168 --levels 80,95\n  bursar forecast --input days.csv --horizon 30 --periods 7\n  producer | bursar forecast --input - --horizon 12",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if input == "" {
				return spend.Errorf(spend.KindInvalid, "forecast", "there is nothing to forecast").WithHint("give --input FILE")
			}
			slices.Sort(ask.Periods)
			slices.Sort(ask.Levels)
			return forecastFile(cmd, input, &ask)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&input, "input", "", "CSV file of series, - for standard input")
	flags.IntVar(&ask.Horizon, "horizon", 48, "steps to forecast")
	flags.IntSliceVar(&ask.Periods, "periods", nil, "seasons in steps, by commas")
	flags.IntSliceVar(&ask.Levels, "levels", []int{80, 95}, "per cent that each interval shall cover, by commas")
	return cmd
}

// forecastFile writes what comes next in each series of a file, or nothing.
func forecastFile(cmd *cobra.Command, path string, ask *forecast.Ask) error {
	if err := ask.Validate(); err != nil {
		return err
	}
	in, err := openInput(cmd, path)
	if err != nil {
		return err
	}
	defer discard(in)
	series, err := forecast.Read(in)
	if err != nil {
		return err
	}
	answers, err := forecast.All(series, ask)
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
