package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/ingest"
)

// exported completes the command that reads the exports of one vendor.
func (c *common) exported(cmd *cobra.Command) *cobra.Command {
	order := &api.ImportOrder{Format: cmd.Name()}
	cmd.Long = `The columns tell which export a file is: a table, or the pages of JSON that the
vendor's interface answers. Usage and costs are booked in the book reported and bills
in the book invoiced, beside what was metered and never added to it. A file is
complete for the days that it names, a bill for its months: what an earlier one said
of them is replaced; parts of one month in several files are refused. Amounts are
compared with list prices, so that a wrong unit is refused. docs/vendor-exports.md
explains the exports.`
	cmd.Example = fmt.Sprintf("  bursar import %s export.csv\n  bursar spend --book reported --by seller,model", cmd.Name())
	cmd.Args = cobra.MinimumNArgs(1)
	var file string
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		if err := c.readSettings(cmd, file); err != nil {
			return err
		}
		return c.importVendor(cmd, paths, order)
	}
	flags := cmd.Flags()
	flags.StringVar(&file, "config", "", "the server's configuration file, for a folder that no server has open")
	flags.StringVar(&order.Account, "account", "", "yours at the vendor; default what the file names")
	flags.StringVar(&order.Zone, "zone", "", "of days that name none, like Europe/Vienna; default UTC")
	flags.StringVar(&order.Unit, "unit", "", "cents, thousand-tokens or million-tokens, when the file is not in dollars and tokens")
	return cmd
}

// importVendor sends exports to the server that runs, or books them in the folder when
// none does.
func (c *common) importVendor(cmd *cobra.Command, paths []string, order *api.ImportOrder) error {
	o, err := app.ExportOptions(order)
	if err != nil {
		return err
	}
	if err := app.OneVersionEach(paths, o); err != nil {
		return err
	}
	send := func(ctx context.Context, cl *client.Client) error {
		return c.sendExports(ctx, cmd, sentExports{cl, paths, order})
	}
	return c.sendOrBook(cmd, "", send, func(a *app.App) error {
		return c.eachExport(cmd, paths, func(path string, _ bar) (ingest.Result, error) { return a.ImportExport(cmd.Context(), path, o) })
	})
}

// sentExports are exports on their way to a server.
type sentExports struct {
	to    *client.Client
	paths []string
	order *api.ImportOrder
}

func (c *common) sendExports(ctx context.Context, cmd *cobra.Command, s sentExports) error {
	var house api.Session
	if err := s.to.Get(ctx, "/api/v1/session", nil, &house); err == nil { // a token that only imports may not ask
		c.reporting = house.Currency
	}
	return c.eachExport(cmd, s.paths, func(path string, bar bar) (ingest.Result, error) {
		return sendFile(ctx, s.to, path, sending{s.order, bar})
	})
}

// eachExport books exports one by one and says of each what it held.
func (c *common) eachExport(cmd *cobra.Command, paths []string, book func(path string, bar bar) (ingest.Result, error)) error {
	shown := func(io.Writer, ingest.Result) error { return nil } // each by itself
	return c.eachFile(cmd, paths, shown, func(path string, bar bar) (ingest.Result, error) {
		result, err := book(path, bar)
		if err == nil {
			err = c.showExport(cmd.OutOrStdout(), result)
		}
		return result, err
	})
}

func (c *common) showExport(out io.Writer, r ingest.Result) error {
	if x := r.Export; x != nil && c.output != "json" {
		if _, err := fmt.Fprint(out, exportText(x)); err != nil {
			return err
		}
	}
	return c.showResult(out, r)
}

func exportText(x *ingest.Export) string {
	days := "no day"
	if x.From != "" {
		days = fmt.Sprintf("%s to %s (%s)", x.From, x.Through, x.Zone)
	}
	lines := []string{fmt.Sprintf("%s: %s, %d rows, book %s", x.Kind, days, x.Rows, x.Book)}
	for _, t := range x.Totals {
		line := fmt.Sprintf("total %s %s", t.Owed.Fixed(2), t.Currency)
		if !t.Included.IsZero() {
			line += fmt.Sprintf("; included in the plan and not owed %s %s", t.Included.Fixed(2), t.Currency)
		}
		lines = append(lines, line)
	}
	return strings.Join(append(lines, x.Notes...), "\n") + "\n"
}
