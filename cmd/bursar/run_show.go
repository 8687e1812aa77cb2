package main

import (
	"context"
	"encoding/csv"
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
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/report"
)

func newRunShow(c *common) *cobra.Command {
	limit, currency := 1000, ""
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show one run: the runs and steps below it, and each call",
		Long: `Show gives the tree of a run. The own costs of its nodes sum to the cost of the run,
and so do the costs of the calls, with what is not listed. In another currency each day
is converted by its own exchange rate, and they sum all the same.`,
		Example: "  bursar run show support/run-17\n  bursar run show support/run-17 --output csv > calls.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			query := inCurrency(url.Values{"limit": {strconv.Itoa(limit)}}, currency)
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var detail api.RunDetail
				if err := cl.Get(ctx, runsPath+"/"+escapedRun(args[0]), query, &detail); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(detail) },
					"csv":   func() error { return runLinesCSV(out, &detail) },
					"table": func() error { return runTree(out, &detail) },
				})
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "calls to list, at most 1000; the rest is summed")
	currencyFlag(cmd, &currency)
	return cmd
}

// escapedRun writes a run as parts of a path: its application stands before a slash.
func escapedRun(run string) string {
	parts := strings.Split(run, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

func runTree(w io.Writer, d *api.RunDetail) error {
	r := &d.Whole
	if _, err := fmt.Fprintf(w, "run %s, %s, took %s\n%s %s in %d calls, of which %s %s in %d calls are the run's own\n%s\n", r.Run, moment(&r.First), took(&r.RunFigures),
		runCost(r.Cost, &r.RunFigures), d.Meta.Currency, r.Calls, runCost(d.Run.Cost, &d.Run.RunFigures), d.Meta.Currency, d.Run.Calls, outcomeText(d)); err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "RUN AND STEP\tAT\tTOOK\tCALLS\tOWN\tWITH ALL BELOW\tBESIDE"); err != nil {
		return err
	}
	if err := runBranch(out, d, 0, ""); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "\nAT\tTOOK\tSTEP\tMODEL\tSTATUS\tTOKENS IN\tCACHED\tOUT\tCOST"); err != nil {
		return err
	}
	for i := range d.Lines {
		if err := runLine(out, d, &d.Lines[i]); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil || d.Rest.Lines == 0 {
		return err
	}
	_, err := fmt.Fprintf(w, "and %d more lines: %s %s in %d calls\n", d.Rest.Lines, exactText(d.Rest.Cost), d.Meta.Currency, d.Rest.Calls)
	return err
}

func outcomeText(d *api.RunDetail) string {
	text := "no outcome names it"
	if d.Run.Outcome != "" {
		text = "its outcome is " + string(d.Run.Outcome)
	}
	if beside := besideText(&d.Whole.RunFigures); beside != "" {
		text += "; beside the cost stand " + beside
	}
	if d.Cut {
		text += "; there are more runs below, which are in no figure"
	}
	return text
}

// runBranch writes a node and what is below it.
func runBranch(w io.Writer, d *api.RunDetail, at int, indent string) error {
	n := &d.Nodes[at]
	name := n.Run
	if n.Step != "" {
		name = n.Step
	}
	after := ""
	if !n.All.First.IsZero() {
		after = "+" + n.All.First.Sub(d.Whole.First).Round(time.Millisecond).String()
	}
	if _, err := fmt.Fprintf(w, "%s%s\t%s\t%s\t%d\t%s\t%s\t%s\n", indent, name, after, took(&n.All), n.All.Calls,
		runCost(n.Own.Cost, &n.Own), runCost(n.All.Cost, &n.All), besideText(&n.All)); err != nil {
		return err
	}
	for i := range d.Nodes {
		if d.Nodes[i].Parent != at {
			continue
		}
		if err := runBranch(w, d, i, indent+"  "); err != nil {
			return err
		}
	}
	return nil
}

func runLine(w io.Writer, d *api.RunDetail, l *lake.RunLine) error {
	start, length := l.Used, ""
	if !l.Started.IsZero() {
		start = l.Started
	}
	if !l.Ended.IsZero() {
		length = l.Ended.Sub(start).Round(time.Millisecond).String()
	}
	status, cost := string(l.Status), exactText(l.Cost)
	switch {
	case l.Open:
		status, cost = "open", "holds "+l.Exposure.String()
	case !l.Cost.Valid:
		cost = string(l.PriceState)
	}
	_, err := fmt.Fprintf(w, "+%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", start.Sub(d.Whole.First).Round(time.Millisecond), length,
		d.Nodes[l.Node].Step, l.Model, status, l.Prompt, l.Cached, l.Completion, cost)
	return err
}

func runLinesCSV(w io.Writer, d *api.RunDetail) error {
	rows := [][]string{{
		"run", "step", "attempt", "open", "started_at", "ended_at", "used_at", "booked_at", "seller", "model", "status", "price_state", "calls",
		"prompt_tokens", "cached_tokens", "completion_tokens", "cost", "exposure", "price_book", "price_facts",
	}}
	for i := range d.Lines {
		l, n := &d.Lines[i], &d.Nodes[d.Lines[i].Node]
		row := []string{report.Safe(n.Run), report.Safe(n.Step), l.Attempt.String(), strconv.FormatBool(l.Open)}
		for _, at := range []time.Time{l.Started, l.Ended, l.Used, l.Booked} {
			row = append(row, instantText(at))
		}
		row = append(row, report.Safe(l.Seller), report.Safe(l.Model), string(l.Status), string(l.PriceState))
		for _, n := range []int64{l.Calls, l.Prompt, l.Cached, l.Completion} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, append(row, exactText(l.Cost), l.Exposure.String(), l.PriceBook, l.Facts))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// instantText is empty for a time that nobody said.
func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}
