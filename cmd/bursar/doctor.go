package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

func newDoctor(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check the ledger's laws, files, disk, clock and backups, and say how to mend",
		Long: `Doctor checks what must always hold (one current line an attempt, reversals that net
to zero, components that sum to the list price, unpriced lines without an amount), the
files, the audit trail, the disk, the clock, the backups and the way from the journal
into the ledger, and says what needs a person: unpriced models, unattributed spend,
stale prices, the quarantine. Each finding says how to mend it. A running server is
asked; without one the folder is opened.`,
		Example: "  bursar doctor\n  bursar doctor --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var report api.Report
				if err := cl.Get(ctx, "/api/v1/doctor", nil, &report); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				err := c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(report.Findings) },
					"csv":   func() error { return api.DoctorCSV(out, &report) },
					"table": func() error { return reportLines(out, report.Findings) },
				})
				if err == nil && report.Broken() {
					return spend.Errorf(spend.KindInternal, "doctor", "the ledger breaks a law").WithHint("keep the folder as it is and report the line above")
				}
				return err
			})
		},
	}
}

func reportLines(out io.Writer, findings []api.Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(out, "%-8s %s: %s\n", f.State, f.Name, f.Msg); err != nil {
			return err
		}
		if f.Mend == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "%-8s → %s\n", "", f.Mend); err != nil {
			return err
		}
	}
	return nil
}
