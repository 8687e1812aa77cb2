package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

func newPeriod(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "period",
		Short: "Close finance months, and list those that are closed",
		Long: `A closed month never changes: what comes late to it, or corrects it, is posted in the
first open one, where "bursar spend --axis period" finds it. By the day of use nothing
is otherwise. A month is closed for ever, and with all before it.`,
		Example: "  bursar period close 2026-10\n  bursar period list",
	}
	cmd.AddCommand(newPeriodClose(c), newPeriodList(c))
	return cmd
}

func newPeriodClose(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "close MONTH",
		Short:   "Close a finance month that is over, for ever, and all before it",
		Example: "  bursar period close 2026-10",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var closed api.PeriodList
				if err := cl.Post(ctx, "/api/v1/periods", api.PeriodOrder{Period: spend.Period(args[0])}, &closed); err != nil {
					return err
				}
				return c.periods(cmd.OutOrStdout(), closed)
			})
		},
	}
}

func newPeriodList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the finance months that were closed, when and by whom",
		Example: "  bursar period list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var closed api.PeriodList
				if err := cl.Get(ctx, "/api/v1/periods", nil, &closed); err != nil {
					return err
				}
				return c.periods(cmd.OutOrStdout(), closed)
			})
		},
	}
}

// periods shows what is closed, the last one first.
func (c *common) periods(out io.Writer, closed api.PeriodList) error {
	rows := [][]string{{"closed_through", "at", "by"}}
	for _, p := range closed.Items {
		rows = append(rows, []string{string(p.Period), p.At.UTC().Format("2006-01-02T15:04:05Z"), p.By})
	}
	return c.form(map[string]func() error{
		"json": func() error { return json.NewEncoder(out).Encode(closed) },
		"csv":  func() error { return csv.NewWriter(out).WriteAll(rows) },
		"table": func() error {
			if len(closed.Items) == 0 {
				_, err := fmt.Fprintln(out, "no period is closed")
				return err
			}
			rows[0] = []string{"CLOSED THROUGH", "AT", "BY"}
			table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, row := range rows {
				if _, err := fmt.Fprintf(table, "%s\t%s\t%s\n", row[0], row[1], row[2]); err != nil {
					return err
				}
			}
			return table.Flush()
		},
	})
}
