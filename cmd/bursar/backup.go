package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

const backupsPath = "/api/v1/backups"

func newBackup(c *common) *cobra.Command {
	file := ""
	cmd := &cobra.Command{
		Use:   "backup [FOLDER]",
		Short: "Make a backup of the data folder, and read it back",
		Long: `Backup writes one cut of the data folder into a new folder below FOLDER, named by its
instant, and reads all of it back: only then it counts. It goes on accepting and answering
meanwhile.

A running server is asked and keeps the backup where its configuration says
(backup.folder); no request names a folder of the server. When none runs, the data folder
is opened, and FOLDER, or backup.folder of --config, is where the backup goes. What is in
it, and how to put it back, is in docs/backup.md.`,
		Example: "  bursar backup\n  bursar backup /mnt/backups --data /var/lib/bursar\n  bursar backup list\n  bursar backup verify /mnt/backups/bursar-20261126T034500.000Z",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.readSettings(cmd, file); err != nil {
				return err
			}
			var made api.VerifiedBackup
			err := c.either(cmd, func(ctx context.Context, cl *client.Client) error {
				if len(args) > 0 {
					return spend.Errorf(spend.KindInvalid, "make backup", "a server has the folder open, and it keeps its backups where its configuration says").
						WithHint("leave the folder out, or stop the server first")
				}
				return cl.Post(ctx, backupsPath, api.BackupOrder{}, &made)
			}, func(ctx context.Context, s *app.Server) error {
				shelf := s.Backups.Shelf
				if len(args) > 0 {
					shelf = backup.Shelf(args[0])
				}
				note, err := s.Backup(ctx, shelf)
				made = api.ShownBackup(&note)
				return err
			})
			if err != nil {
				return err
			}
			return c.writeBackups(cmd.OutOrStdout(), made, []api.VerifiedBackup{made})
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "the server's configuration file, for a folder that no server has open")
	cmd.AddCommand(newBackupList(c), newBackupVerify(c))
	return cmd
}

func newBackupList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the backups that were verified, the newest first",
		Long: `List shows what the data folder remembers of its backups. It does not look whether they
are still there: bursar backup verify does.`,
		Example: "  bursar backup list\n  bursar backup list --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var list api.Backups
				if err := cl.Get(ctx, backupsPath, nil, &list); err != nil {
					return err
				}
				return c.writeBackups(cmd.OutOrStdout(), list.Backups, list.Backups)
			})
		},
	}
}

// writeBackups writes backups as a table, and a value that holds them as JSON.
func (c *common) writeBackups(out io.Writer, value any, all []api.VerifiedBackup) error {
	return c.form(map[string]func() error{
		"json":  func() error { return json.NewEncoder(out).Encode(value) },
		"table": func() error { return backupTable(out, all) },
	})
}

func backupTable(w io.Writer, all []api.VerifiedBackup) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "MADE\tBYTES\tBOOKING HELD\tFOLDER"); err != nil {
		return err
	}
	for i := range all {
		b := &all[i]
		if _, err := fmt.Fprintf(out, "%s\t%d\t%s\t%s\n", b.MadeAt.UTC().Format(time.RFC3339), b.Bytes, time.Duration(b.Held)*time.Millisecond, b.Folder); err != nil {
			return err
		}
	}
	return out.Flush()
}
