package main

import (
	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/spend"
)

func newRestore(c *common) *cobra.Command {
	var file, rules, survivor string
	cmd := &cobra.Command{
		Use:   "restore BACKUP --data NEW",
		Short: "Make a new data folder of a backup",
		Long: `Restore verifies a backup, copies it into a folder that is missing or empty, and books
what its journal holds. The folder gets its name when all of that is done: after an error
there is none. With --journal-of the journal of the old folder is taken, which brings back
what was accepted after the backup, too; the old folder's server must have stopped.

What is booked follows the organisation and the documents that are applied in the backup; a
server that is given a file of rules or a configuration needs the same here. The
master key of sealed keys and the admin token's file are in no backup. docs/backup.md is the drill.`,
		Example: `  bursar restore /mnt/backups/bursar-20261126T034500.000Z --data /var/lib/bursar-new
  bursar restore /mnt/backups/bursar-20261126T034500.000Z --data new --journal-of /var/lib/bursar --config /etc/bursar/bursar.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("data") {
				return spend.Errorf(spend.KindInvalid, "restore", "the new folder is not named").WithHint("--data NEW, a folder that is missing or empty")
			}
			if err := c.readSettings(cmd, file); err != nil {
				return err
			}
			config, err := c.config("")
			if err != nil {
				return err
			}
			if rules != "" {
				config.Rules = rules
			}
			order := app.Restoration{From: args[0], Journal: survivor, Config: config}
			m, err := app.Restore(cmd.Context(), order, warnings(cmd))
			if err != nil {
				return err
			}
			return c.writeManifest(cmd.OutOrStdout(), &m, "restored into "+c.data)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&file, "config", "", "the server's configuration file; its data folder is not used")
	flags.StringVar(&rules, "rules", "", "file of attribution rules, where the server has one")
	flags.StringVar(&survivor, "journal-of", "", "the old data folder, whose journal goes on where the backup ends")
	return cmd
}
