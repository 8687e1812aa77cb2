package lake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

const (
	started = "min(coalesce(started_at, used_at))"
	ended   = "max(coalesce(ended_at, used_at))"

	// standingRun keeps the runs of which something stands: what was corrected away nets to zero.
	standingRun = "sum(calls) <> 0 OR sum(opened) <> 0 OR sum(coalesce(reporting, 0)) <> 0 OR sum(exposure) <> 0"

	// runMark stands in a condition for the names of runs.
	runMark = "…"
)

// runLines is the head of every statement about runs: the lines of the question, and the
// calls of it that are open, whose usage and hold are no charge.
func (c *compiler) runLines(condition string, names ...string) string {
	if strings.Contains(condition, runMark) && len(names) == 0 {
		condition = "false"
	}
	c.reads = &Reads{Window: Window{From: c.query.From, To: c.query.To}, Opens: true}
	part := func(table, sums string) string {
		conditions := append(c.conditions(), strings.ReplaceAll(condition, runMark, c.list(names)))
		return fmt.Sprintf(`SELECT run, parent_run, step, trigger, team, application, workflow, agent, status, price_state, usage_source,
		used_at, started_at, ended_at, booked_at, reporting, %s
	FROM %s
	WHERE %s`, sums, table, strings.Join(conditions, " AND "))
	}
	booked := "calls, 0 AS opened, exposure, 0 AS holds, prompt_tokens, completion_tokens, cached_tokens"
	return "WITH lines AS (\n\t" + part(Charges().Name, booked) + "\n\tUNION ALL\n\t" +
		part(OpenCalls().Name, "0, calls, 0, exposure, 0, 0, 0") + "\n)\n"
}

// runFigures are the columns of RunFigures, as exact text.
func runFigures(d Dialect) []string {
	count := func(when string) string { return "coalesce(sum(calls) FILTER (WHERE " + when + "), 0)" }
	columns := []string{
		"sum(calls)", count("status NOT IN ('', 'ok')"), count("price_state = 'unpriced'"), count("price_state <> 'unpriced' AND reporting IS NULL"),
		"sum(opened)", "sum(prompt_tokens)", "sum(completion_tokens)", "sum(cached_tokens)", "sum(reporting)", "sum(exposure)", "sum(holds)",
		"sum(reporting) FILTER (WHERE usage_source = 'tokenizer_estimate')", d.Micros(started), d.Micros(ended),
	}
	for i := range columns {
		columns[i] = d.AsText(columns[i])
	}
	return columns
}

func readRunFigures(cells []*string) (f RunFigures, err error) {
	var errs []error
	for i, into := range []*int64{&f.Calls, &f.Failed, &f.Unpriced, &f.Unconverted, &f.Open, &f.Prompt, &f.Completion, &f.Cached} {
		*into, err = wholeOf(cells[i])
		errs = append(errs, err)
	}
	var amounts [4]money.Null
	for i := range amounts {
		amounts[i], err = amountOf(cells[8+i])
		errs = append(errs, err)
	}
	f.Cost, f.Exposure, f.Holds, f.Estimated = amounts[0], amounts[1].Amount, amounts[2].Amount, amounts[3].Amount
	for i, into := range []*time.Time{&f.First, &f.Last} {
		micros, err := wholeOf(cells[12+i])
		if errs = append(errs, err); cells[12+i] != nil {
			*into = time.UnixMicro(micros).UTC()
		}
	}
	return f, errors.Join(errs...)
}

// outcomes tells the states of the outcomes that name runs as their own.
func (r *runs) outcomes(ctx context.Context, names []string, tell func(run string, state outcome.State)) error {
	c := &compiler{dialect: r.dialect, query: r.query}
	conditions := append([]string{"run IN (" + c.list(names) + ")"}, c.known()...)
	text := "SELECT run, state\nFROM outcome_links\nWHERE " + strings.Join(conditions, " AND ") +
		"\nGROUP BY run, state, outcome_id\nHAVING sum(links) > 0"
	return r.ask(ctx, c.finish(text), func(cells []*string) error {
		tell(textOf(cells[0]), outcome.State(textOf(cells[1])))
		return nil
	})
}

// better is the state that says more for a run: matured, verified, claimed, disputed,
// reversed, none.
func better(a, b outcome.State) outcome.State {
	best := []outcome.State{outcome.Matured, outcome.Verified, outcome.Claimed, outcome.Disputed, outcome.Reversed, ""}
	if slices.Index(best, a) <= slices.Index(best, b) {
		return a
	}
	return b
}
