package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/money"
)

// KPIs are the measures of a period, with the questions that they come from.
type KPIs struct {
	Period   board.Period   `json:"period"`
	Before   board.Period   `json:"before"`
	Currency money.Currency `json:"currency"`
	Items    []board.KPI    `json:"items"`
	Sources  []board.Origin `json:"sources"` // with the finality of their figures
}

// KPIText writes measures for a person: those with a value, then what the others lack.
func KPIText(w io.Writer, k *KPIs) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := []string{"MEASURE\tNOW\tBEFORE\tFORMULA"}
	var missing []string
	for i := range k.Items {
		one := &k.Items[i]
		name := one.Name
		if one.Workflow != "" {
			name += " of " + one.Workflow
		}
		if one.Missing != "" {
			missing = append(missing, "not known, "+name+": "+one.Missing)
			continue
		}
		lines = append(lines, strings.Join([]string{name, k.shown(one, one.Now), k.shown(one, one.Before), one.Formula}, "\t"))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n%s, before %s\n", strings.Join(missing, "\n"), k.Period.Name, k.Before.Name)
	return err
}

func (k *KPIs) shown(one *board.KPI, a money.Null) string {
	switch {
	case !a.Valid:
		return "–"
	case one.Unit == board.Percent:
		return percent(a)
	case one.Unit == board.Each:
		return money.Grouped(a.Amount.Fixed(costDigits(a.Amount))) + " " + string(k.Currency)
	}
	return money.Grouped(a.Amount.String())
}

// KPICSV writes measures, exact; an empty cell is not known.
func KPICSV(w io.Writer, k *KPIs) error {
	lines := [][]string{{"id", "name", "workflow", "unit", "now", "before", "formula", "source", "missing"}}
	for i := range k.Items {
		one := &k.Items[i]
		lines = append(lines, []string{
			one.ID, Safe(one.Name), Safe(one.Workflow), string(one.Unit), exact(one.Now), exact(one.Before), Safe(one.Formula), one.Source, Safe(one.Missing),
		})
	}
	return csv.NewWriter(w).WriteAll(lines)
}
