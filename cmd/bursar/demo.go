package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/report"
)

func newDemo(c *common) *cobra.Command {
	config := company.Config{}
	var keep string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Fill a new folder with a simulated company and print its bill",
		Long: `Demo makes a company that does not exist: business units, teams, workflows and
agents, six months of model calls at real dated prices, migrations, an incident, and
calls that nobody can price or attribute. The same seed gives the same company.`,
		Example: "  bursar demo\n  bursar demo --events 100000 --folder /tmp/demo\n  bursar spend --data /tmp/demo --by workflow --top 10",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := demoFolder(keep)
			if err != nil {
				return err
			}
			c.data = dir
			return c.demo(cmd, config)
		},
	}
	cmd.Flags().Uint64Var(&config.Seed, "seed", 1, "which of the possible companies")
	cmd.Flags().IntVar(&config.Events, "events", 2_000_000, "number of model calls")
	cmd.Flags().StringVar(&keep, "folder", "", "folder to fill; default a new temporary one")
	return cmd
}

func demoFolder(keep string) (string, error) {
	if keep != "" {
		return keep, nil
	}
	dir, err := os.MkdirTemp("", "bursar-demo-")
	if err != nil {
		return "", fmt.Errorf("make a demo folder: %w", err)
	}
	return filepath.Join(dir, "data"), nil
}

func (c *common) demo(cmd *cobra.Command, config company.Config) error {
	a, err := c.open(true, "")
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	bar := newBar(cmd.ErrOrStderr(), "DEMO company")
	start := time.Now()
	result, err := a.Demo(cmd.Context(), company.New(config), func(so ingest.Result) {
		bar.show(app.Progress{Result: so, Bytes: so.Read, Size: int64(config.Events)})
	})
	bar.end()
	if err == nil {
		_, err = fmt.Fprintf(out, "DEMO: %d simulated calls booked in %.1f s into %s\n\n", result.Read, time.Since(start).Seconds(), c.data)
	}
	if err == nil {
		err = demoBill(cmd, c, a, out)
	}
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nLook further:\n  bursar spend --data %s --by team,workflow --top 15\n  bursar spend --data %s --by model --grain month --top 6\n  bursar doctor --data %s\n", c.data, c.data, c.data)
	return err
}

func demoBill(cmd *cobra.Command, c *common, a *app.App, out io.Writer) error {
	for _, ask := range []report.Ask{
		{By: "business_unit", Measures: "cost,calls,runs,prompt_tokens,completion_tokens"},
		{By: "seller,model", Measures: "cost,calls,cached_tokens,unpriced_calls,exposure", Top: 12},
	} {
		ask.Zone, ask.Book, ask.Axis = c.zone, "metered", "used_at"
		q, err := ask.Query(time.Now())
		if err != nil {
			return err
		}
		t, err := a.Answer(cmd.Context(), &q)
		if err != nil {
			return err
		}
		if err := report.Text(out, &t); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out); err != nil {
			return err
		}
	}
	return nil
}
