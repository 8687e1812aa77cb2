package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

func newAudit(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "audit",
		Short:   "Check the audit trail",
		Long:    "Every change of tokens is an entry of a trail that is chained by hashes over the stored bytes.",
		Example: "  bursar audit verify",
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "verify",
		Short:   "Walk the chain and name the first broken entry",
		Example: "  bursar audit verify",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var check auth.Check
				if err := cl.Get(ctx, "/api/v1/audit/check", nil, &check); err != nil {
					return err
				}
				if check.Broken != 0 {
					return spend.Errorf(spend.KindConflict, "verify audit trail", "entry %d: %s", check.Broken, check.Why).
						WithHint("restore the state from a backup and compare")
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d entries, unbroken; head %s\n", check.Entries, check.Head.Hash)
				return err
			})
		},
	})
	return cmd
}
