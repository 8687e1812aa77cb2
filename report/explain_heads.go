package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// Heads says of each workflow what its calls are divided by, the costliest of the later
// period first; or why none is asked.
type Heads struct {
	Of      []variance.Head
	Missing string // why no workflow has one
}

// HeadsOf pairs the outcomes of two periods by workflow.
func HeadsOf(before, after *outcome.Table) Heads {
	h, at := Heads{}, map[string]int{}
	for _, t := range []*outcome.Table{after, before} {
		for i := range t.Rows {
			if _, found := at[t.Rows[i].Workflow]; !found {
				at[t.Rows[i].Workflow] = len(h.Of)
				h.Of = append(h.Of, variance.Head{Workflow: t.Rows[i].Workflow})
			}
		}
	}
	for t, table := range []*outcome.Table{before, after} {
		for i := range table.Rows {
			r := &table.Rows[i]
			head := &h.Of[at[r.Workflow]]
			head.Outcomes[t], head.Runs[t], head.Calls[t] = r.Outcomes, r.With.Runs+r.Without.Runs, r.With.Calls+r.Without.Calls
		}
	}
	return h
}

// HeadsAsk is the question for the outcomes of a period that is explained: those of whole
// workflows. It is refused, with the reason, where they would not be of the same usage.
func HeadsAsk(base *spend.Query) (q spend.Query, missing string) {
	if base.Book != spend.Metered {
		return q, "outcomes and runs are those of metered usage"
	}
	q = *base
	q.By, q.Measures, q.Order, q.Top, q.Where = []spend.Dimension{"workflow"}, []spend.Measure{spend.Cost}, "", 0, nil
	for _, f := range base.Where {
		if f.By == "workflow" {
			q.Where = append(q.Where, f)
		}
	}
	return q, ""
}

// Split reports whether the calls of any workflow split.
func (h *Heads) Split() bool {
	for i := range h.Of {
		if h.Of[i].Missing() == "" {
			return true
		}
	}
	return false
}

// below are the dimensions that stand between a slice and its routes.
func (h *Heads) below() []spend.Dimension {
	if !h.Split() {
		return nil
	}
	return []spend.Dimension{"workflow"}
}

// together sums the rows that differ in nothing but a workflow whose calls do not split, as
// they would come without asking for workflows.
func (h *Heads) together(rows []spend.Row, s shape) ([]spend.Row, error) {
	if s.slices == s.skipped {
		return rows, nil
	}
	split := map[string]bool{}
	for i := range h.Of {
		split[h.Of[i].Workflow] = h.Of[i].Missing() == ""
	}
	var summed []spend.Row
	seen := map[string]int{}
	for i := range rows {
		r := spend.Row{Keys: slices.Clone(rows[i].Keys), Values: slices.Clone(rows[i].Values)}
		if len(r.Keys) > s.slices && !split[r.Keys[s.slices]] {
			r.Keys[s.slices] = ""
		}
		name := strings.Join(r.Keys, "\x00")
		if k, found := seen[name]; found {
			if err := addValues(summed[k].Values, r.Values); err != nil {
				return nil, err
			}
			continue
		}
		seen[name] = len(summed)
		summed = append(summed, r)
	}
	return summed, nil
}

// addValues sums figures; one is unknown where it is in both rows.
func addValues(to, values []money.Null) (err error) {
	for k := range to {
		if !at(values, k).Valid {
			continue
		}
		if to[k].Amount, err = to[k].Amount.Add(values[k].Amount); err != nil {
			return err
		}
		to[k].Valid = true
	}
	return nil
}

// mostHeads is how many workflows a text names of a kind.
const mostHeads = 5

// said tells for a person which calls are split, and which are not and why.
func (h *Heads) said() []string {
	if h.Missing != "" {
		return []string{"calls are one driver: " + h.Missing}
	}
	var split []string
	var reasons []string
	whole := map[string][]string{}
	for i := range h.Of {
		name, why := key(h.Of[i].Workflow), h.Of[i].Missing()
		if why == "" {
			split = append(split, name)
			continue
		}
		if whole[why] == nil {
			reasons = append(reasons, why)
		}
		whole[why] = append(whole[why], name)
	}
	var lines []string
	if len(split) > 0 {
		lines = append(lines, "calls split into outcomes, runs per outcome and calls per run: "+some(split))
	}
	for _, why := range reasons {
		lines = append(lines, fmt.Sprintf("calls are one driver, %s: %s", why, some(whole[why])))
	}
	return lines
}

// some names the first few.
func some(names []string) string {
	if rest := len(names) - mostHeads; rest > 0 {
		return fmt.Sprintf("%s and %s more", strings.Join(names[:mostHeads], ", "), count(int64(rest)))
	}
	return strings.Join(names, ", ")
}
