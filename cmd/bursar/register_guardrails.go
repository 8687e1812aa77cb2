package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/register"
)

func newRegisterGuardrails(c *common) *cobra.Command {
	var kind register.Kind
	cmd := &cobra.Command{
		Use:   "guardrails NAME",
		Short: "Show what governs an entry: its owner, limits and keys",
		Long: `Guardrails tells what an application, a workflow or an agent may do: who answers for it,
which budgets and rates may look at its calls and how they stand, and which keys may make
them, with the models and endpoints that each may ask for. Where it runs is told by its
calls of the last 30 days.`,
		Example: "  bursar register guardrails triage-bot\n  bursar register guardrails refunds --kind workflow --output csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				one, err := oneEntry(ctx, cl, kind, args[0])
				if err != nil {
					return err
				}
				var g api.Guardrails
				path := strings.Replace(entryPath(one.Kind, one.Name), registerPath, "/api/v1/guardrails", 1)
				if err := cl.Get(ctx, path, nil, &g); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(g) },
					"csv":   func() error { return api.GuardrailCSV(out, &g) },
					"table": func() error { return guardrailText(out, &g) },
				})
			})
		},
	}
	kindFlag(cmd, &kind)
	return cmd
}

func guardrailText(w io.Writer, g *api.Guardrails) error {
	owner := "nobody answers for it: bursar register claim " + g.Name + " --kind " + string(g.Kind) + " --team TEAM"
	if g.Owner.Team != "" {
		owner = "team " + g.Owner.Team + " answers for it"
	}
	if _, err := fmt.Fprintf(w, "%s %s: %s; %d calls since %s\n\n", g.Kind, g.Name, owner, g.Calls, g.Since.Format(time.DateOnly)); err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := append(railLines(g), append([]string{""}, keyLines(g)...)...)
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// railLines are those of the limits, one for each window.
func railLines(g *api.Guardrails) []string {
	if len(g.Limits) == 0 && g.Hidden == 0 {
		return []string{"no limit looks at its calls; docs/budgets.md has one to begin with, for scope {" + string(g.Kind) + ": " + g.Name + "}"}
	}
	lines := []string{"LIMIT\tOF\tUSED OF LIMIT\tLEFT\tRESETS\tAT LIMIT\tONLY CALLS OF\tSAYS"}
	for i := range g.Limits {
		l := &g.Limits[i]
		rest := strings.Join([]string{l.AtLimit, besideOf(l), l.Says}, "\t")
		if len(l.Windows) == 0 {
			lines = append(lines, l.Limit+"\t\t\t\t\t"+rest)
		}
		for k := range l.Windows {
			s := &l.Windows[k]
			lines = append(lines, fmt.Sprintf("%s\t%s\t%d %%\t%s %s\t%s\t%s", l.Limit, s.EachText(), s.Used, s.Left, cmp.Or(string(s.Currency), s.Counts), resets(s), rest))
		}
		if l.More > 0 {
			lines = append(lines, fmt.Sprintf("%s\tand %d more\t\t\t\t%s", l.Limit, l.More, rest))
		}
	}
	if g.Hidden > 0 {
		lines = append(lines, fmt.Sprintf("%d more are of scopes that you may not see", g.Hidden))
	}
	return lines
}

// besideOf names what a call must be as well, for a limit to look at it.
func besideOf(l *api.Guardrail) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(l.Beside)) {
		parts = append(parts, name+" "+strings.Join(l.Beside[name], " or "))
	}
	if l.Some {
		return "(some)"
	}
	return strings.Join(parts, ", ")
}

func keyLines(g *api.Guardrails) []string {
	switch {
	case g.Keys == nil:
		return []string{"keys are shown to who manages them"}
	case len(g.Keys) == 0:
		return []string{"no key in force may call as it; bursar key create makes one"}
	}
	lines := []string{"KEY\tNAME\tTEAM\tAPPLICATION\tMODELS\tENDPOINTS\tEXPIRES\tCALLS AS IT"}
	for i := range g.Keys {
		k := &g.Keys[i]
		expires := "never"
		if !k.Expires.IsZero() {
			expires = k.Expires.Format(time.DateOnly)
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d", k.Prefix, k.Name, cmp.Or(k.Scope.Team, "any"), cmp.Or(k.Scope.Application, "any"),
			cmp.Or(strings.Join(k.Bounds.Models, " "), "all"), cmp.Or(strings.Join(k.Bounds.Endpoints, " "), "all"), expires, k.Calls))
	}
	if g.MoreKeys > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", g.MoreKeys))
	}
	return lines
}
