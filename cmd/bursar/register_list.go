package main

import (
	"cmp"
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
	"github.com/bursarhq/bursar/register"
)

func newRegisterList(c *common) *cobra.Command {
	var kind register.Kind
	var unowned bool
	var since, until string
	limit := 100
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List applications, workflows and agents, the largest amount first",
		Long: `List says whose each application, workflow and agent is, with calls, cost and exposure
of a window and its last use. A call counts in each of the three that it names, so the
lines do not sum to the total. The owner is who claimed it, else who has it in the
organisation. Names that mean another one today count under that.`,
		Example: "  bursar register list --unowned\n  bursar register list --kind agent --since 90d --output csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"since": {since}, "limit": {strconv.Itoa(limit)}, "unowned": {strconv.FormatBool(unowned)}}
			if kind != "" {
				query.Set("kind", string(kind))
			}
			if until != "" {
				query.Set("until", until)
			}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var found api.Registered
				if err := cl.Get(ctx, registerPath, query, &found); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(found) },
					"csv":   func() error { return api.RegisterCSV(out, &found) },
					"table": func() error { return registeredTable(out, &found) },
				})
			})
		},
	}
	cmd.Flags().StringVar((*string)(&kind), "kind", "", "application, workflow or agent; default all")
	cmd.Flags().BoolVar(&unowned, "unowned", false, "only what nobody answers for")
	cmd.Flags().StringVar(&since, "since", "30d", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339")
	cmd.Flags().StringVar(&until, "until", "", "end, not included; default now")
	cmd.Flags().IntVar(&limit, "limit", limit, "entries, at most 1000")
	complete(cmd, "kind", names(register.Kinds()))
	return cmd
}

func registeredTable(w io.Writer, found *api.Registered) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintf(out, "KIND\tNAME\tSTATUS\tOWNER\tCALLS\tCOST %s\tEXPOSURE\tLAST SEEN\tALSO CALLED\n", found.Currency); err != nil {
		return err
	}
	for i := range found.Items {
		e := &found.Items[i]
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\n", e.Kind, e.Name, e.Status, cmp.Or(e.Team, "(none)"),
			e.Calls, costText(e), e.Exposure.Fixed(shownDigits), day(e.LastSeen), strings.Join(e.Names, ", ")); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil || found.More == 0 {
		return err
	}
	_, err := fmt.Fprintf(w, "%d more; --limit shows them\n", found.More)
	return err
}

// costText is the cost of an entry as people read it: a dash where nothing has a price.
func costText(e *api.RegisteredEntry) string {
	if !e.Cost.Valid {
		return "–"
	}
	return e.Cost.Amount.Fixed(shownDigits)
}

func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.DateOnly)
}

func newRegisterShow(c *common) *cobra.Command {
	var kind register.Kind
	cmd := &cobra.Command{
		Use:     "show NAME",
		Short:   "Show an entry: owner, purpose, names, spend of 30 days and history",
		Long:    "Show tells what is known of a name, or of the one that it means today, and who said what when.",
		Example: "  bursar register show triage-bot\n  bursar register show desk --kind application --output json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				one, err := oneEntry(ctx, cl, kind, args[0])
				if err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(one) },
					"table": func() error { return entryText(out, &one) },
				})
			})
		},
	}
	kindFlag(cmd, &kind)
	return cmd
}

func entryText(w io.Writer, e *api.RegisteredOne) error {
	lines := []string{fmt.Sprintf("%s %s: %s", e.Kind, e.Name, e.Status)}
	for _, part := range []struct{ name, value string }{
		{"owner", cmp.Or(e.Team, "(none)")}, {"said by", e.TeamBy}, {"contact", e.Contact}, {"purpose", e.Purpose},
		{"also called", strings.Join(e.Names, ", ")}, {"first seen", day(e.FirstSeen)}, {"last seen", day(e.LastSeen)},
		{"30 days", fmt.Sprintf("%d calls, %s %s, exposure %s", e.Calls, costText(&e.RegisteredEntry), e.Currency, e.Exposure.Fixed(shownDigits))},
	} {
		if part.value != "" {
			lines = append(lines, fmt.Sprintf("%-12s %s", part.name, part.value))
		}
	}
	for _, h := range e.History {
		lines = append(lines, fmt.Sprintf("%s  %s, by %s", date(h.At, ""), h.What, h.By))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}
