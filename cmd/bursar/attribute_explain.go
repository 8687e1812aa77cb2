package main

import (
	"net/url"

	"github.com/spf13/cobra"
)

func newAttributeExplain(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain ATTEMPT",
		Short: "Say of one call which rule decides its scope, why, and what lost",
		Long: `Explain takes what the sources of a booked call claimed and goes through every rule in
force, in order: what matched, what did not and why, what it set, and what it wanted
to set and lost to whom; then the organisation, then the default rules. The call is
named by its attempt id, its source key, the vendor's response id or the gateway's
attempt id. What was imported by a file of rules is explained with the same --rules.
Nothing is booked.`,
		Example: "  bursar attribute explain call-17\n  bursar attribute explain call-17 --rules rules.yaml\n  bursar attribute explain chatcmpl-abc --output json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.raw(cmd, attributionPath+"explain", url.Values{"attempt": {args[0]}})
		},
	}
	c.rulesFlag(cmd)
	return cmd
}
