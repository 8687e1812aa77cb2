package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func newExport(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Write ledger lines, or what is applied, to files",
		Long:    "Export writes what the data folder holds in forms that other programs read.",
		Example: "  bursar export lines october.parquet --since 2026-10-01 --until 2026-11-01\n  bursar export applied policies/",
	}
	cmd.AddCommand(newExportLines(c), newExportApplied(c))
	return cmd
}

func newExportLines(c *common) *cobra.Command {
	var since, until, book string
	cmd := &cobra.Command{
		Use:   "lines FILE.parquet",
		Short: "Write ledger lines to a Parquet file",
		Long: `Lines writes every line of a book whose time of use lies in the window, with all
columns, reversals included: sums over the file equal those of the ledger.`,
		Example: "  bursar export lines october.parquet --since 2026-10-01 --until 2026-11-01",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := filepath.Abs(args[0])
			if err != nil {
				return spend.Errorf(spend.KindInvalid, "export", "%w", err)
			}
			a, err := c.open(false, "")
			if err != nil {
				return err
			}
			ask := report.Ask{Since: since, Until: until, Zone: c.zoneOf(a), Book: book, Axis: string(spend.ByUse), Measures: "calls", Fiscal: a.View().Fiscal}
			lines, err := exportLines(cmd.Context(), a, &ask, path)
			if err = errors.Join(err, a.Close()); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d lines in %s\n", lines, path)
			return err
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "start; default the beginning")
	cmd.Flags().StringVar(&until, "until", "", "end, not included; default now")
	cmd.Flags().StringVar(&book, "book", string(spend.Metered), "metered, reported, invoiced or allocated")
	return cmd
}

func exportLines(ctx context.Context, a *app.App, ask *report.Ask, path string) (int64, error) {
	q, err := ask.Query(time.Now())
	if err != nil {
		return 0, err
	}
	return a.Export(ctx, &q, path)
}
