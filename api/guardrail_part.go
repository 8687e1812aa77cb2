package api

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
)

// limits finds the limits that may look at the calls, with the windows that they count in.
func (g *governed) limits(ctx context.Context) error {
	found, err := g.Budgets.Governing(ctx, g.calls, g.now)
	if err != nil {
		return err
	}
	windows, err := g.Budgets.Budgets(ctx, g.now)
	if err != nil {
		return err
	}
	for i := range found {
		rail := &found[i]
		g.windows(rail, windows)
		if !g.maySee(&rail.Scope) && len(rail.Windows) == 0 {
			g.Hidden++
			continue
		}
		rail.Named = *rail.Scope.Field(string(g.Kind)) == g.Name
		g.Limits = append(g.Limits, *rail)
		if err := g.convertBudgets(rail.Windows); err != nil {
			return err
		}
	}
	return nil
}

// windows are the open ones of a limit in which the calls count, as far as the caller may
// see them.
func (g *governed) windows(rail *Guardrail, all []BudgetStanding) {
	rail.Windows, rail.Each = []BudgetStanding{}, append([]string{}, rail.Each...)
	for i := range all {
		if all[i].Budget == rail.Limit && g.counts(all[i].Each) && g.maySee(&all[i].Scope) {
			rail.Windows = append(rail.Windows, all[i])
		}
	}
	slices.SortStableFunc(rail.Windows, func(a, b BudgetStanding) int { return cmp.Compare(b.Used, a.Used) })
	rail.More = max(len(rail.Windows)-shownWindow, 0)
	rail.Windows = rail.Windows[:len(rail.Windows)-rail.More]
}

// counts says that calls may count in a window of values that are counted apart.
func (g *governed) counts(each map[string]string) bool {
	apart := budget.Selector{}
	for name, value := range each {
		apart[name] = []string{value}
	}
	return slices.ContainsFunc(g.calls, func(known budget.Known) bool {
		_, may := budget.Governs(apart, nil, known)
		return may
	})
}

// keys lists the keys in force that may make the calls, for who manages keys.
func (g *governed) keys(ctx context.Context) error {
	if !auth.Authorise(g.who, auth.TokenManage, auth.Target{}).Allowed {
		return nil
	}
	all, err := g.Tokens.Tokens(ctx)
	if err != nil {
		return err
	}
	called, err := g.called(ctx)
	if err != nil {
		return err
	}
	g.Keys = []GuardKey{}
	for i := range all {
		t := &all[i]
		ended := !t.Revoked.IsZero() || !t.Expires.IsZero() && !g.now.Before(t.Expires)
		if auth.Kind(t.Kind) != auth.GatewayToken || ended {
			continue
		}
		key := GuardKey{Prefix: t.Prefix, Name: t.Name, Scope: t.Scope, Bounds: auth.BoundsOf(t), Expires: t.Expires, LastUsed: t.LastUsed, Calls: called[t.Prefix]}
		if key.Calls == 0 && !g.within(&key) {
			g.Elsewhere++
			continue
		}
		g.Keys = append(g.Keys, key)
	}
	slices.SortStableFunc(g.Keys, func(a, b GuardKey) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Name, b.Name)) })
	g.MoreKeys = max(len(g.Keys)-shownKeys, 0)
	g.Keys = g.Keys[:len(g.Keys)-g.MoreKeys]
	return nil
}

// called counts the calls by key.
func (g *governed) called(ctx context.Context) (map[string]int64, error) {
	table, err := g.ask(ctx, "credential")
	calls := map[string]int64{}
	for i := range table.Rows {
		if row := &table.Rows[i]; !row.Other {
			calls[row.Keys[0]], _ = row.Values[0].Amount.Int()
		}
	}
	return calls, err
}

// within says that calls of a key may be where the calls run: nothing that the key is bound
// to is otherwise there.
func (g *governed) within(key *GuardKey) bool {
	bound := budget.Selector{}
	for name, value := range map[string]string{
		"business_unit": key.Scope.BusinessUnit, "team": key.Scope.Team, "application": key.Scope.Application,
		"workflow": key.Bounds.Workflow, "environment": key.Bounds.Environment,
	} {
		if value != "" {
			bound[name] = []string{value}
		}
	}
	return slices.ContainsFunc(g.calls, func(known budget.Known) bool {
		_, may := budget.Governs(bound, nil, known)
		return may
	})
}

// GuardrailCSV writes what governs something for a spreadsheet: who answers for it, then
// the windows of its limits, then its keys.
func GuardrailCSV(w io.Writer, g *Guardrails) error {
	head := []string{
		"part", "name", "says", "of", "at_limit", "limit", "left", "unit", "used_percent", "resets", "owner",
		"calls", "expires", "models", "endpoints", "workflow", "environment", "business_unit", "team", "application",
	}
	rows := [][]string{{"owner", g.Name, g.Owner.Purpose, "", string(g.Owner.Status), "", "", "", "", "", g.Owner.Team, strconv.FormatInt(g.Calls, 10)}}
	for i := range g.Limits {
		l := &g.Limits[i]
		if len(l.Windows) == 0 {
			rows = append(rows, []string{l.Kind, l.Limit, l.Says, "", l.AtLimit, "", "", "", "", "", l.Owner})
		}
		for k := range l.Windows {
			s := &l.Windows[k]
			rows = append(rows, []string{
				l.Kind, l.Limit, l.Says, s.EachText(), l.AtLimit, s.Limit.String(), s.Left.String(), cmp.Or(string(s.Currency), s.Counts),
				strconv.FormatInt(s.Used, 10), resetCell(s), l.Owner,
			})
		}
	}
	for i := range g.Keys {
		k := &g.Keys[i]
		rows = append(rows, append([]string{
			"key", k.Name, k.Prefix, "", "", "", "", "", "", "", "", strconv.FormatInt(k.Calls, 10), instantCell(k.Expires),
			strings.Join(k.Bounds.Models, " "), strings.Join(k.Bounds.Endpoints, " "), k.Bounds.Workflow, k.Bounds.Environment,
		}, scopeCells(&k.Scope)...))
	}
	return tableOf(w, head, rows, func(row *[]string) []string { return append(*row, make([]string, len(head)-len(*row))...) })
}

func resetCell(s *BudgetStanding) string {
	if s.Resets == nil {
		return ""
	}
	return instantCell(*s.Resets)
}
