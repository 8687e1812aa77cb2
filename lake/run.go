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
	"github.com/bursarhq/bursar/spend"
)

// RunFigures are sums over lines of runs, and over the calls of them that are open.
type RunFigures struct {
	Calls       int64        `json:"calls"`
	Failed      int64        `json:"failed"`            // calls that did not end well
	Unpriced    int64        `json:"unpriced_calls"`    // calls without a price, in no cost
	Unconverted int64        `json:"unconverted_calls"` // priced, without an exchange rate, in no cost
	Open        int64        `json:"open_calls"`        // begun, and nothing of them booked yet
	Prompt      int64        `json:"prompt_tokens"`
	Completion  int64        `json:"completion_tokens"`
	Cached      int64        `json:"cached_tokens"`
	Cost        money.Null   `json:"cost"`           // null when none is known
	Exposure    money.Amount `json:"exposure"`       // money not yet known, never inside cost
	Holds       money.Amount `json:"holds"`          // what open calls may cost, inside neither
	Estimated   money.Amount `json:"estimated"`      // of the cost, from usage that was estimated
	First       time.Time    `json:"first,omitzero"` // start of the first call
	Last        time.Time    `json:"last,omitzero"`  // end of the last one, as far as it is known
}

// Plus adds figures to figures.
func (f RunFigures) Plus(g *RunFigures) (RunFigures, error) {
	errs := []error{addKnown(&f.Cost, g.Cost)}
	for _, pair := range [][2]*money.Amount{{&f.Exposure, &g.Exposure}, {&f.Holds, &g.Holds}, {&f.Estimated, &g.Estimated}} {
		sum, err := pair[0].Add(*pair[1])
		*pair[0] = sum
		errs = append(errs, err)
	}
	for _, pair := range [][2]*int64{
		{&f.Calls, &g.Calls}, {&f.Failed, &g.Failed}, {&f.Unpriced, &g.Unpriced}, {&f.Unconverted, &g.Unconverted}, {&f.Open, &g.Open},
		{&f.Prompt, &g.Prompt}, {&f.Completion, &g.Completion}, {&f.Cached, &g.Cached},
	} {
		*pair[0] += *pair[1]
	}
	if f.First.IsZero() || !g.First.IsZero() && g.First.Before(f.First) {
		f.First = g.First
	}
	if g.Last.After(f.Last) {
		f.Last = g.Last
	}
	return f, errors.Join(errs...)
}

// Run is one run, as far as the lines of a question tell of it. A name is empty when
// there is none, and when there are several.
type Run struct {
	Run         string        `json:"run"`
	ParentRun   string        `json:"parent_run"`
	Trigger     string        `json:"trigger"`
	Team        string        `json:"team"`
	Application string        `json:"application"`
	Workflow    string        `json:"workflow"`
	Agent       string        `json:"agent"`
	Agents      int64         `json:"agents"`        // how many
	Steps       int64         `json:"steps"`         // how many are named
	Booked      time.Time     `json:"last_booked"`   // when the ledger learned the latest of it
	Outcome     outcome.State `json:"outcome_state"` // the best of the outcomes that name it, "" for none
	RunFigures
}

// RunOrder is what a list of runs is sorted by, the largest first.
type RunOrder string

// The orders.
const (
	ByStart    RunOrder = "start"
	ByCost     RunOrder = "cost" // unknown last
	ByCalls    RunOrder = "calls"
	BySteps    RunOrder = "steps"
	ByDuration RunOrder = "duration"
)

// RunOrders lists every order.
func RunOrders() []RunOrder { return []RunOrder{ByStart, ByCost, ByCalls, BySteps, ByDuration} }

// RunPlace is a place in a list of runs: the value that sorts it, exact, and the run.
type RunPlace struct {
	Order RunOrder     `json:"order"`
	Value money.Amount `json:"value"`
	Run   string       `json:"run"`
}

// RunListing asks for a page of runs with a line, or an open call, in a question. The
// question's groups, measures and grain do not matter.
type RunListing struct {
	Query *spend.Query
	Order RunOrder
	After *RunPlace // nil for the beginning
	Limit int
}

// RunPage is a part of a list of runs; Next is nil at the end.
type RunPage struct {
	Runs []Run
	Next *RunPlace
}

// Runs lists runs. Their costs sum, over all pages, to the cost of the question's lines
// that name a run.
func Runs(ctx context.Context, r Reader, l RunListing) (page RunPage, err error) {
	if err := l.validate(); err != nil {
		return page, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		reading := runs{answer{dialect: r.Dialect(), ask: ask}, l.Query}
		page, err = reading.page(ctx, &l)
		return err
	})
	return page, err
}

func (l *RunListing) validate() error {
	if err := l.Query.Validate(); err != nil {
		return err
	}
	switch {
	case l.Query.Axis != spend.ByUse || !l.Query.Restated.IsZero():
		return spend.Errorf(spend.KindInvalid, "list runs", "runs are shown by time of use, as they are booked").WithHint("leave axis and restated out")
	case !slices.Contains(RunOrders(), l.Order):
		return spend.Errorf(spend.KindInvalid, "list runs", "there is no order %.40q", string(l.Order)).WithHint("one of start, cost, calls, steps, duration")
	case l.After != nil && l.After.Order != l.Order:
		return spend.Errorf(spend.KindInvalid, "list runs", "the cursor is of a list by %.40q", string(l.After.Order)).WithHint("ask for the first page of this order")
	}
	return nil
}

// runs asks what is known of runs.
type runs struct {
	answer
	query *spend.Query
}

// page finds the runs first, by what sorts them alone, then what is known of them: few
// columns are read of many lines, and many of few.
func (r *runs) page(ctx context.Context, l *RunListing) (page RunPage, err error) {
	var places []RunPlace
	err = r.ask(ctx, r.found(l), func(cells []*string) error {
		value, err := amountOf(cells[1])
		places = append(places, RunPlace{l.Order, value.Amount, textOf(cells[0])})
		return err
	})
	if err != nil || len(places) == 0 {
		return page, err
	}
	if len(places) > l.Limit {
		places = places[:l.Limit]
		page.Next = &places[l.Limit-1]
	}
	names := make([]string, len(places))
	for i := range places {
		names[i] = places[i].Run
	}
	known, err := r.known(ctx, names)
	if err != nil {
		return page, err
	}
	for _, name := range names {
		if run := known[name]; run != nil {
			page.Runs = append(page.Runs, *run)
		}
	}
	return page, nil
}

// found sorts the runs of the question behind a place, one more than the limit.
func (r *runs) found(l *RunListing) Statement {
	c := &compiler{dialect: r.dialect, query: r.query}
	whole := r.dialect.Type(Total)
	value := map[RunOrder]string{
		ByStart:    r.dialect.Micros(started),
		ByCost:     "coalesce(sum(reporting), CAST('-10000000000000000000000000' AS " + whole + "))",
		ByCalls:    "sum(calls)",
		BySteps:    "count(DISTINCT step) FILTER (WHERE step <> '')",
		ByDuration: r.dialect.Micros(ended) + " - " + r.dialect.Micros(started),
	}[l.Order]
	text := c.runLines("run <> ''") + fmt.Sprintf("SELECT run, %s\nFROM (SELECT run, CAST(%s AS %s) AS v FROM lines GROUP BY run HAVING %s) AS sorted",
		r.dialect.AsText("v"), value, whole, standingRun)
	if l.After != nil {
		at := "CAST(" + c.argument(l.After.Value.String()) + " AS " + whole + ")"
		text += "\nWHERE v < " + at
		at = "CAST(" + c.argument(l.After.Value.String()) + " AS " + whole + ")"
		text += " OR v = " + at + " AND run > " + c.argument(l.After.Run)
	}
	return c.finish(fmt.Sprintf("%s\nORDER BY v DESC, run\nLIMIT %d", text, l.Limit+1))
}

// known reads what is known of runs by name.
func (r *runs) known(ctx context.Context, names []string) (map[string]*Run, error) {
	found := map[string]*Run{}
	c := &compiler{dialect: r.dialect, query: r.query}
	columns := []string{"run"}
	for _, name := range runNames() {
		columns = append(columns, fmt.Sprintf("CASE WHEN min(%[1]s) = max(%[1]s) THEN min(%[1]s) ELSE '' END", name))
	}
	for _, count := range []string{"agent", "step"} {
		columns = append(columns, r.dialect.AsText(fmt.Sprintf("count(DISTINCT %[1]s) FILTER (WHERE %[1]s <> '')", count)))
	}
	columns = append(append(columns, r.dialect.AsText(r.dialect.Micros("max(booked_at)"))), runFigures(r.dialect)...)
	text := c.runLines("run IN ("+runMark+")", names...) + "SELECT " + strings.Join(columns, ", ") + "\nFROM lines\nGROUP BY run"
	err := r.ask(ctx, c.finish(text), func(cells []*string) error {
		run, err := readRun(cells)
		found[run.Run] = &run
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, r.outcomes(ctx, names, func(run string, state outcome.State) {
		if known := found[run]; known != nil {
			known.Outcome = better(known.Outcome, state)
		}
	})
}

// runNames are the columns of which a run has one value as a rule.
func runNames() []string {
	return []string{"parent_run", "trigger", "team", "application", "workflow", "agent"}
}

func readRun(cells []*string) (run Run, err error) {
	run.Run = textOf(cells[0])
	for i, into := range []*string{&run.ParentRun, &run.Trigger, &run.Team, &run.Application, &run.Workflow, &run.Agent} {
		*into = textOf(cells[1+i])
	}
	cells = cells[1+len(runNames()):]
	var booked int64
	for i, into := range []*int64{&run.Agents, &run.Steps, &booked} {
		if *into, err = wholeOf(cells[i]); err != nil {
			return run, err
		}
	}
	run.Booked = time.UnixMicro(booked).UTC()
	run.RunFigures, err = readRunFigures(cells[3:])
	return run, err
}
