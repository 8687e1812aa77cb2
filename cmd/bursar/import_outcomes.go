package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

func newImportOutcomes(c *common) *cobra.Command {
	f := app.OutcomeFile{}
	format, layout := "csv", ""
	cmd := &cobra.Command{
		Use:   "outcomes FILE",
		Short: "Book business results, and say which runs they came from",
		Long: `Outcomes are results like a ticket resolved or a pull request merged, linked to the
runs that brought them about. A record with a mistake is refused and named with
all of its mistakes; the others are booked. docs/outcomes.md explains the columns.`,
		Example: `  bursar import outcomes tickets.csv --definition support.resolution --workflow refund_triage
  bursar import outcomes events.jsonl --format events --definitions outcomes.yaml
  bursar import outcomes runs.csv --layout mini-swe-agent
  bursar spend --outcome`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			f.Path = paths[0]
			if err := readLayout(&f, format, layout); err != nil {
				return err
			}
			f.Refused = func(r app.OutcomeRefusal) { cmd.PrintErrf("line %d: %s\n", r.Line, problemText(r.Problems)) }
			a, err := c.open(true, "")
			if err != nil {
				return err
			}
			bar := newBar(cmd.ErrOrStderr(), f.Path)
			f.Progress = bar.show
			result, err := a.ImportOutcomes(cmd.Context(), f)
			bar.end()
			if err = errors.Join(err, a.Close()); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			return c.form(map[string]func() error{
				"json": func() error { return json.NewEncoder(out).Encode(result) },
				"table": func() error {
					_, err := fmt.Fprintf(out, "%d events booked, %d already there, %d records refused, %d rows without an outcome\n",
						result.Booked, result.Known, result.Refused, result.Passed)
					return err
				},
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", format, "csv, or events for CloudEvents")
	flags.StringVar(&layout, "layout", "", "mini-swe-agent for its run totals; default the columns of docs/outcomes.md")
	flags.StringVar(&f.Layout.Source, "source", "", "name of the source of CSV rows; default the layout's, or outcomes")
	flags.StringVar(&f.Layout.Definition, "definition", "", "definition of rows that name none")
	flags.StringVar(&f.Layout.Workflow, "workflow", "", "workflow of rows that name none")
	flags.StringVar(&f.Definitions, "definitions", "", "YAML file of definitions: units, values, maturity")
	complete(cmd, "format", []string{"csv", "events"})
	complete(cmd, "layout", []string{"mini-swe-agent"})
	return cmd
}

// readLayout completes how the file is written.
func readLayout(f *app.OutcomeFile, format, layout string) error {
	switch format {
	case "csv":
	case "events":
		f.Events = true
	default:
		return spend.Errorf(spend.KindInvalid, "read --format", "%.20q is not known", format).WithHint("csv or events")
	}
	own := f.Layout
	switch layout {
	case "":
		return nil
	case "mini-swe-agent":
		f.Layout = connect.MiniSWEAgentRuns()
	default:
		return spend.Errorf(spend.KindInvalid, "read --layout", "%.40q is not known", layout).WithHint("mini-swe-agent")
	}
	f.Layout.Source = cmp.Or(own.Source, f.Layout.Source)
	f.Layout.Definition = cmp.Or(own.Definition, f.Layout.Definition)
	f.Layout.Workflow = cmp.Or(own.Workflow, f.Layout.Workflow)
	return nil
}

func problemText(problems []spend.Problem) string {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
	}
	return strings.Join(texts, "; ")
}
