package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
)

func newBudget(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "budget",
		Short: "See what is left of budgets, and what a call would be told",
		Long: `Budgets are declared in files of kind budget and put in force by bursar apply. They
count what is booked and what is open; docs/budgets.md says how.`,
		Example: "  bursar budget list\n  bursar budget check --application support --model gpt-5 --input-tokens 20000 --output-tokens 4000",
	}
	cmd.AddCommand(newBudgetList(c), newBudgetCheck(c))
	return cmd
}

func newBudgetList(c *common) *cobra.Command {
	limit, currency := 100, ""
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List budgets as they stand now, the fullest first",
		Long: `List shows of each budget what its present window may use, what of it is used, and
when it resets. Refused are the calls that the gateway answered in its place since the
server started. Used is what is booked, what has ended and is not booked yet, and what
open calls may come to at most.`,
		Example: "  bursar budget list\n  bursar budget list --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var list api.BudgetList
				if err := cl.Get(ctx, "/api/v1/budgets", inCurrency(url.Values{"limit": {strconv.Itoa(limit)}}, currency), &list); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(list) },
					"csv":   func() error { return api.BudgetCSV(out, &list) },
					"table": func() error { return budgetTable(out, &list) },
				})
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "windows, at most 1000")
	cmd.Flags().StringVar(&currency, "currency", "", "to set beside the own one of each, by the exchange rate of today")
	return cmd
}

func budgetTable(w io.Writer, list *api.BudgetList) error {
	if len(list.Items) == 0 {
		_, err := fmt.Fprintln(w, "no budget is in force; docs/budgets.md has one to begin with")
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "BUDGET\tOF\tUSED\t\tOF LIMIT\tLEFT\tOPEN\tUNKNOWN\tREFUSED\tRESETS\tTOLD\tAT LIMIT\tOWNER"); err != nil {
		return err
	}
	for i := range list.Items {
		s := &list.Items[i]
		unit := string(s.Currency)
		if unit == "" {
			unit = s.Counts
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%d %%\t%s %s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\n", s.Budget, s.EachText(), usedBar(s.Used), s.Used,
			s.Limit, unit, leftText(s), s.Held, s.Unknown, s.Refused, resets(s), strings.Join(s.Reached, ", "), s.AtLimit, s.Owner); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil || list.More == 0 {
		return err
	}
	_, err := fmt.Fprintf(w, "and %d more; --limit shows them\n", list.More)
	return err
}

// leftText is what is left, and beside it the same in another currency.
func leftText(s *api.BudgetStanding) string {
	if s.Converted == nil {
		return s.Left.String()
	}
	return fmt.Sprintf("%s (%s %s)", s.Left, s.Converted.Left, s.Converted.Currency)
}

// usedBar draws a part of a limit in ten cells; what is beyond the limit has a mark.
func usedBar(percent int64) string {
	full := int(min(max(percent, 0), 100) / 10)
	end := " "
	if percent > 100 {
		end = "!"
	}
	return strings.Repeat("█", full) + strings.Repeat("░", 10-full) + end
}

// resets is when a window is empty again; a rolling one gives back bit by bit.
func resets(s *api.BudgetStanding) string {
	if s.Rolls != "" {
		return "rolling " + s.Rolls
	}
	return moment(s.Resets)
}

func moment(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.Format("2006-01-02 15:04Z")
}
