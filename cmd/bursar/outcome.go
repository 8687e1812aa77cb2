package main

import "github.com/spf13/cobra"

func newOutcome(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "outcome",
		Short:   "Join business results with the runs that brought them about",
		Long:    "Results themselves come by bursar import outcomes and are shown by bursar spend --outcome.",
		Example: "  bursar outcome trailer install\n  bursar outcome trailer status ../shop",
	}
	cmd.AddCommand(newOutcomeTrailer(c))
	return cmd
}
