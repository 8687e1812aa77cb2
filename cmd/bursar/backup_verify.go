package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/backup"
)

func newBackupVerify(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "verify BACKUP",
		Short: "Read all of a backup and count it again",
		Long: `Verify compares every file with what was written, opens the copies of ledger and state
without changing them, counts them again, and reads the journal's tail to its end. It names
the file that is damaged (exit code 2). It needs neither the data folder nor a server.`,
		Example: "  bursar backup verify /mnt/backups/bursar-20261126T034500.000Z",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := app.VerifyBackup(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return c.writeManifest(cmd.OutOrStdout(), &m, "whole")
		},
	}
}

// writeManifest says what a backup holds and what became of it.
func (c *common) writeManifest(out io.Writer, m *backup.Manifest, became string) error {
	return c.form(map[string]func() error{
		"json": func() error { return json.NewEncoder(out).Encode(m) },
		"table": func() error {
			if _, err := fmt.Fprintf(out, "%s: made at %s, %d files, %d bytes, %d records of the journal behind the ledger\n",
				became, m.MadeAt.UTC().Format(time.RFC3339), len(m.Files), m.Bytes(), m.Tail.Records); err != nil {
				return err
			}
			return figureTable(out, m)
		},
	})
}

func figureTable(w io.Writer, m *backup.Manifest) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, part := range []struct {
		name    string
		figures backup.Figures
	}{{"ledger", m.Lake}, {"state", m.State}} {
		for _, figure := range slices.Sorted(maps.Keys(part.figures)) {
			if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", part.name, figure, part.figures[figure]); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}
