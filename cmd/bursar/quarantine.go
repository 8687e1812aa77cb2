package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/lake"
)

func newQuarantine(c *common) *cobra.Command {
	var source string
	var limit int
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "List records that could not be booked, and why",
		Long: `A rejected record keeps its place in its file, its numbers and every field error,
never its text. Mend the source and import it again: what was booked stays as it is.`,
		Example: "  bursar quarantine\n  bursar quarantine --source csv:my-app --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(false, "")
			if err != nil {
				return err
			}
			rejected, err := a.Lake.Quarantined(cmd.Context(), lake.Listing{Source: source, Limit: limit})
			if err = errors.Join(err, a.Close()); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			return c.form(map[string]func() error{
				"json":  func() error { return json.NewEncoder(out).Encode(rejected) },
				"table": func() error { return quarantineTable(out, rejected) },
			})
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "only of this source")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most this many, the newest first")
	return cmd
}

func quarantineTable(w io.Writer, rejected []lake.Rejected) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rejected {
		for _, p := range r.Problems {
			if _, err := fmt.Fprintf(out, "%s\t%s:%d\t%s\t%s\n", r.Source, r.File, r.Record, p.Field, p.Msg); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}
