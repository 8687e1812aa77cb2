package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Equal is a comparison of models, and the question that it answers.
type Equal struct {
	Query spend.Query
	outcome.Comparison
}

// EqualText writes a comparison for a person: the model in use of each workflow, and the
// others below it.
func EqualText(w io.Writer, e *Equal) error {
	lines := []string{"WORKFLOW\tMODEL\tRUNS\tSUCCESS\tGAP\tPER OUTCOME " + string(e.Currency) + "\tSAVING\tVERDICT"}
	for i := range e.Verdicts {
		v := &e.Verdicts[i]
		verdict := "in use"
		if v.Missing != "" {
			verdict += "; not known: " + v.Missing
		}
		lines = append(lines, equalLine(&v.Ours, v.Each, "–\t", "–\t"+verdict))
		for j := range v.Rivals {
			r := &v.Rivals[j]
			verdict := r.Why
			switch {
			case r.Equal && j == v.Best:
				verdict = "not worse, and the cheapest"
			case r.Equal:
				verdict = "not worse"
			}
			gap := "–\t"
			if r.Gap.Mean.Valid {
				gap = fmt.Sprintf("%s (%s to %s)\t", percent(r.Gap.Mean), percent(r.Gap.Low), percent(r.Gap.High))
			}
			lines = append(lines, equalLine(&r.ModelRuns, r.Each, gap, cell(r.Saves, 2)+"\t"+verdict))
		}
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, strings.Join(lines, "\n")); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", e.said())
	return err
}

// said says what it comes to, and by which rule.
func (e *Equal) said() string {
	rule := fmt.Sprintf("a model is not worse where its success rate is lower by less than %d points at the lower end of the 95 %% interval (Newcombe); each has %d runs or more, with %d %% of their calls",
		e.Bar.Margin, e.Bar.LeastRuns, e.Bar.Share)
	if e.Missing != "" {
		return "not known: " + e.Missing + "\n" + rule
	}
	return fmt.Sprintf("the cheapest models that are not worse would have cost %s %s less, in %d workflows that could be judged\n%s",
		money.Grouped(e.Saving.Fixed(2)), e.Currency, e.Judged, rule)
}

func equalLine(m *outcome.ModelRuns, each money.Null, gap, rest string) string {
	success := money.Null{}
	if rate, err := money.FromInt(m.Won).MulRatio(1, m.Runs); err == nil {
		success = money.Known(rate)
	}
	return strings.Join([]string{oneLine(key(m.Workflow)), oneLine(m.Model), count(m.Runs), percent(success), gap + cell(each, 4), rest}, "\t")
}

// EqualCSV writes a row for each model of a workflow, exact.
func EqualCSV(w io.Writer, e *Equal) error {
	lines := [][]string{{"workflow", "model", "runs", "runs_with_outcome", "cost", "cost_per_outcome", "gap", "gap_low", "gap_high", "equal", "saving", "best", "why"}}
	for i := range e.Verdicts {
		v := &e.Verdicts[i]
		lines = append(lines, equalRecord(&v.Ours, v.Each, "", "", "", "in use", "", fmt.Sprint(v.Missing == "" && v.Best < 0), Safe(v.Missing)))
		for j := range v.Rivals {
			r := &v.Rivals[j]
			lines = append(lines, equalRecord(&r.ModelRuns, r.Each, exact(r.Gap.Mean), exact(r.Gap.Low), exact(r.Gap.High), fmt.Sprint(r.Equal), exact(r.Saves), fmt.Sprint(j == v.Best), Safe(r.Why)))
		}
	}
	return csv.NewWriter(w).WriteAll(lines)
}

func equalRecord(m *outcome.ModelRuns, each money.Null, rest ...string) []string {
	return append([]string{Safe(m.Workflow), Safe(m.Model), whole(m.Runs), whole(m.Won), exact(m.Cost), exact(each)}, rest...)
}
