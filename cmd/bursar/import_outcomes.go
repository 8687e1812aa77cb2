package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

func newImportOutcomes(c *common) *cobra.Command {
	f, order := app.OutcomeFile{}, &api.ImportOrder{Format: "outcomes"}
	format := "csv"
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
			f.Refused = func(r app.OutcomeRefusal) { cmd.PrintErrf("line %d: %s\n", r.Line, problemText(r.Problems)) }
			if err := readLayout(&f, format, order); err != nil {
				return err
			}
			return c.importOutcomes(cmd, &f, order)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", format, "csv, or events for CloudEvents")
	flags.StringVar(&order.Layout, "layout", "", "mini-swe-agent for its run totals; default the columns of docs/outcomes.md")
	flags.StringVar(&order.Source, "source", "", "name of the source of CSV rows; default the layout's, or outcomes")
	flags.StringVar(&order.Definition, "definition", "", "definition of rows that name none")
	flags.StringVar(&order.Workflow, "workflow", "", "workflow of rows that name none")
	flags.StringVar(&f.Definitions, "definitions", "", "YAML file of definitions: units, values, maturity; default those that are applied")
	complete(cmd, "format", []string{"csv", "events"})
	complete(cmd, "layout", []string{"mini-swe-agent"})
	return cmd
}

// readLayout completes how the file is written.
func readLayout(f *app.OutcomeFile, format string, order *api.ImportOrder) (err error) {
	switch format {
	case "csv":
		f.Layout, err = connect.OutcomeLayoutOf(order.Layout, connect.OutcomeLayout{Source: order.Source, Definition: order.Definition, Workflow: order.Workflow})
		return err
	case "events":
		f.Events, order.Layout = true, "events"
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "read --format", "%.20q is not known", format).WithHint("csv or events")
}

// importOutcomes sends a file to the server that runs, or books it in the folder
// when none does.
func (c *common) importOutcomes(cmd *cobra.Command, f *app.OutcomeFile, order *api.ImportOrder) error {
	send := func(ctx context.Context, cl *client.Client) error {
		return c.sendOutcomes(ctx, cmd, sentOutcomes{cl, f, order})
	}
	return c.sendOrBook(cmd, "", send, func(a *app.App) error {
		bar := newBar(cmd.ErrOrStderr(), f.Path)
		f.Progress = bar.show
		result, err := a.ImportOutcomes(cmd.Context(), *f)
		bar.end()
		if err != nil {
			return err
		}
		if result.Booked+result.Known == 0 {
			err = refusal(f.Path, result.Refused)
		}
		return errors.Join(c.showOutcomes(cmd.OutOrStdout(), result), err)
	})
}

// sentOutcomes is a file on its way to a server.
type sentOutcomes struct {
	to    *client.Client
	file  *app.OutcomeFile
	order *api.ImportOrder
}

func (c *common) sendOutcomes(ctx context.Context, cmd *cobra.Command, s sentOutcomes) error {
	if s.file.Definitions != "" {
		return spend.Errorf(spend.KindInvalid, "import", "a running server counts by the definitions that are applied").
			WithHint("apply them and leave --definitions out, or stop the server")
	}
	show := func(out io.Writer, total ingest.Result) error {
		return c.showOutcomes(out, app.ResultOfOutcomes(total))
	}
	return c.eachFile(cmd, []string{s.file.Path}, show, func(path string, bar bar) (ingest.Result, error) {
		return sendFile(ctx, s.to, path, sending{s.order, bar})
	})
}

func (c *common) showOutcomes(out io.Writer, r app.OutcomeResult) error {
	return c.form(map[string]func() error{
		"json": func() error { return json.NewEncoder(out).Encode(r) },
		"table": func() error {
			_, err := fmt.Fprintf(out, "%d events booked, %d already there, %d records refused, %d rows without an outcome\n", r.Booked, r.Known, r.Refused, r.Passed)
			if err == nil && r.Refused > 0 {
				_, err = fmt.Fprintln(out, "refused records and why: bursar quarantine list")
			}
			return err
		},
	})
}

func problemText(problems []spend.Problem) string {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
	}
	return strings.Join(texts, "; ")
}
