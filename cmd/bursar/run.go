package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
)

const runsPath = "/api/v1/runs"

func newRun(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run",
		Short: "See the runs of workflows and agents, and one of them to the last digit",
		Long: `A run is one execution of a workflow or an agent: the calls that name it. A run may
name the run above it, and calls the step that they belong to (docs/runs.md).`,
		Example: "  bursar run list --since 24h --order cost\n  bursar run show support/run-17",
	}
	cmd.AddCommand(newRunList(c), newRunShow(c))
	return cmd
}

func newRunList(c *common) *cobra.Command {
	var since, until, order, cursor, currency string
	var where []string
	limit := 100
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List runs, the latest or the largest first",
		Long: `List shows the runs with a call in a window, or with one that is open. The figures
are of those calls; run show has the whole run.`,
		Example: "  bursar run list --since 24h\n  bursar run list --order cost --where workflow=triage --limit 10\n  bursar run list --output csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"limit": {strconv.Itoa(limit)}, "where": where}
			for name, value := range map[string]string{"since": since, "until": until, "order": order, "cursor": cursor, "zone": c.zone} {
				if value != "" {
					query.Set(name, value)
				}
			}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var list api.RunList
				if err := cl.Get(ctx, runsPath, inCurrency(query, currency), &list); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(list) },
					"csv":   func() error { return runCSV(out, &list) },
					"table": func() error { return runTable(out, &list) },
				})
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&since, "since", "", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; default 30d")
	flags.StringVar(&until, "until", "", "end, not included; default now")
	flags.StringVar(&order, "order", string(lake.ByStart), "what is largest comes first: start, cost, calls, steps or duration")
	flags.StringArrayVar(&where, "where", nil, "condition, like workflow=a,b or team!=x; may be repeated")
	flags.IntVar(&limit, "limit", limit, "runs of a page, at most 1000")
	flags.StringVar(&cursor, "cursor", "", "next of the page before")
	currencyFlag(cmd, &currency)
	complete(cmd, "order", names(lake.RunOrders()))
	return cmd
}

func runTable(w io.Writer, list *api.RunList) error {
	if len(list.Items) == 0 {
		_, err := fmt.Fprintln(w, "no call names a run in this window; docs/runs.md says how calls name one")
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "RUN\tSTARTED\tTOOK\tWORKFLOW\tAGENT\tCALLS\tSTEPS\tCOST "+string(list.Meta.Currency)+"\tOUTCOME\tBESIDE"); err != nil {
		return err
	}
	for i := range list.Items {
		r := &list.Items[i]
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\n", r.Run, moment(&r.First), took(&r.RunFigures), r.Workflow, agentText(r),
			r.Calls, r.Steps, runCost(r.Cost, &r.RunFigures), r.Outcome, besideText(&r.RunFigures)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nall runs of the question: %s %s in %d calls\n", list.Total.Cost, list.Meta.Currency, list.Total.Calls)
	if err != nil || list.Next == "" {
		return err
	}
	_, err = fmt.Fprintf(w, "there are more: --cursor %s\n", list.Next)
	return err
}

func agentText(r *lake.Run) string {
	if r.Agents > 1 {
		return fmt.Sprintf("(%d agents)", r.Agents)
	}
	return r.Agent
}

// runCost is an amount, exact, or why there is none.
func runCost(cost money.Null, f *lake.RunFigures) string {
	switch {
	case cost.Valid:
		return cost.Amount.String()
	case f.Unpriced > 0:
		return "unpriced"
	}
	return "–"
}

// besideText says what is in no cost.
func besideText(f *lake.RunFigures) string {
	text := ""
	for _, part := range []struct {
		n    int64
		what string
	}{{f.Open, "open"}, {f.Unpriced, "unpriced"}, {f.Unconverted, "unconverted"}, {f.Failed, "failed"}} {
		if part.n != 0 {
			text += fmt.Sprintf(" %d %s", part.n, part.what)
		}
	}
	if text == "" {
		return ""
	}
	return text[1:]
}

func took(f *lake.RunFigures) string {
	return f.Last.Sub(f.First).Round(time.Millisecond).String()
}

func runCSV(w io.Writer, list *api.RunList) error {
	rows := [][]string{{
		"run", "parent_run", "first", "last", "workflow", "agent", "team", "application", "trigger", "calls", "steps", "failed", "unpriced_calls",
		"open_calls", "prompt_tokens", "completion_tokens", "cost", "exposure", "outcome_state",
	}}
	for i := range list.Items {
		r := &list.Items[i]
		row := []string{report.Safe(r.Run), report.Safe(r.ParentRun), r.First.Format(time.RFC3339Nano), r.Last.Format(time.RFC3339Nano)}
		for _, name := range []string{r.Workflow, r.Agent, r.Team, r.Application, r.Trigger} {
			row = append(row, report.Safe(name))
		}
		for _, n := range []int64{r.Calls, r.Steps, r.Failed, r.Unpriced, r.Open, r.Prompt, r.Completion} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, append(row, exactText(r.Cost), r.Exposure.String(), string(r.Outcome)))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// exactText is empty for what is not known.
func exactText(a money.Null) string {
	if !a.Valid {
		return ""
	}
	return a.Amount.String()
}
