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

// RunQuestion asks for one run with the runs below it.
type RunQuestion struct {
	Query *spend.Query // book, as-of and whose lines count; its window should be open, so that the run is whole
	Run   string
	Runs  int // at most, the run itself among them
	Calls int // that are listed, at most
}

// RunTree is a run with all that stands below it. The own figures of the nodes sum to
// the figures of the whole, and so do the listed lines and the rest.
type RunTree struct {
	Run   Run       // the run itself, without what is below
	Whole Run       // with it
	Nodes []RunNode // the run first, then by depth; each run, and each of its steps
	Lines []RunLine // by their start, the open calls among them
	Rest  RunRest   // what is not listed
	Cut   bool      // there are more runs below, which are in no figure

	Within Window // in which every line of it was used, zero where that is not known
}

// RunNode is a run, or a step of one. Own figures are of the lines that name it and no
// step below; all of them are with those of everything below.
type RunNode struct {
	ID       int           `json:"id"`            // from 0, its place in the list
	Parent   int           `json:"parent"`        // −1 for the run itself
	Run      string        `json:"run"`           //
	Step     string        `json:"step"`          // "" for a run
	Workflow string        `json:"workflow"`      // of a run
	Agent    string        `json:"agent"`         // of a run, "" when there are several
	Outcome  outcome.State `json:"outcome_state"` // of a run, the best of the outcomes that name it
	Own      RunFigures    `json:"own"`
	All      RunFigures    `json:"all"`
}

// RunLine is a line of a run that stands: a call, one that is open, or a charge that is
// no call. Nobody is named in it.
type RunLine struct {
	Node       int                     `json:"node"` // of the run, or of its step
	Open       bool                    `json:"open"`
	Attempt    spend.ID                `json:"attempt"`
	Kind       string                  `json:"kind"`
	Category   spend.Category          `json:"category"`
	Seller     string                  `json:"seller"`
	Model      string                  `json:"model"` // canonical, the requested one where it is not known
	Agent      string                  `json:"agent"`
	Status     spend.Status            `json:"status"`
	PriceState spend.PriceState        `json:"price_state"`
	Usage      spend.UsageSource       `json:"usage_source"`
	PriceBook  string                  `json:"price_book"`
	Facts      string                  `json:"facts"` // ids of the prices that were used, joined by commas
	Used       time.Time               `json:"used_at"`
	Started    time.Time               `json:"started_at,omitzero"`
	FirstToken time.Time               `json:"first_token_at,omitzero"`
	Ended      time.Time               `json:"ended_at,omitzero"`
	Booked     time.Time               `json:"booked_at"`
	Calls      int64                   `json:"calls"`
	Prompt     int64                   `json:"prompt_tokens"`
	Cached     int64                   `json:"cached_tokens"`
	Completion int64                   `json:"completion_tokens"`
	Cost       money.Null              `json:"cost"`
	Exposure   money.Amount            `json:"exposure"` // of an open call its hold
	List       money.Null              `json:"list"`     // in the currency of the price
	Currency   money.Currency          `json:"list_currency"`
	Parts      map[string]money.Amount `json:"parts"` // of the list price by component, as far as they are not zero
}

// RunRest sums the lines beyond those that are listed.
type RunRest struct {
	Lines int64      `json:"lines"`
	Calls int64      `json:"calls"`
	Cost  money.Null `json:"cost"`
}

// RunOf gives a run. The error is of kind notfound when no line of the question names it.
func RunOf(ctx context.Context, r Reader, q RunQuestion) (t RunTree, err error) {
	if err := q.Query.Validate(); err != nil {
		return t, err
	}
	err = r.Snapshot(ctx, func(ask Ask) error {
		reading := tree{runs: runs{answer{dialect: r.Dialect(), ask: ask}, q.Query}, q: &q, node: map[[2]string]int{}}
		if err := reading.all(ctx); err != nil {
			return err
		}
		t = reading.RunTree
		return nil
	})
	return t, err
}

// tree gathers a run.
type tree struct {
	runs
	RunTree
	q      *RunQuestion
	names  []string          // of the runs, parents before children
	parent map[string]string // by run
	node   map[[2]string]int // by run and step
}

func (t *tree) all(ctx context.Context) error {
	if err := t.descend(ctx); err != nil {
		return err
	}
	if err := t.narrow(ctx); err != nil {
		return err
	}
	known, err := t.known(ctx, t.names)
	if err != nil {
		return err
	}
	if known[t.q.Run] == nil {
		return spend.Errorf(spend.KindNotFound, "show a run", "no line that may be seen names the run %.100q", t.q.Run).
			WithHint("the list is at /api/v1/runs (bursar run list)")
	}
	t.Run = *known[t.q.Run]
	if err := t.steps(ctx, known); err != nil {
		return err
	}
	if err := t.Roll(); err != nil {
		return err
	}
	return t.list(ctx)
}

// descend finds the runs below, one level after the other: the tree of runs has few.
// A run that two name as their parent's is found once, so that its money counts once.
func (t *tree) descend(ctx context.Context) error {
	t.names, t.parent = []string{t.q.Run}, map[string]string{t.q.Run: ""}
	for level := t.names; len(level) > 0; {
		c := &compiler{dialect: t.dialect, query: t.query}
		text := c.runLines("run <> '' AND parent_run IN ("+runMark+")", level...) +
			fmt.Sprintf("SELECT run, min(parent_run)\nFROM lines\nGROUP BY run\nHAVING %s\nORDER BY %s, run\nLIMIT %d", standingRun, started, t.q.Runs+1)
		var next []string
		err := t.ask(ctx, c.finish(text), func(cells []*string) error {
			run := textOf(cells[0])
			if _, known := t.parent[run]; known {
				return nil
			}
			if t.Cut = t.Cut || len(t.names)+len(next) >= t.q.Runs; !t.Cut {
				t.parent[run] = textOf(cells[1])
				next = append(next, run)
			}
			return nil
		})
		if err != nil {
			return err
		}
		t.names, level = append(t.names, next...), next
	}
	return nil
}

// narrow bounds the window of what else is asked by the lines of the runs: few of all
// lines are of their time.
func (t *tree) narrow(ctx context.Context) error {
	if t.query.Axis != spend.ByUse {
		return nil
	}
	c, d := &compiler{dialect: t.dialect, query: t.query}, t.dialect
	text := c.runLines("run IN ("+runMark+")", t.names...) +
		"SELECT " + d.AsText(d.Micros("min(used_at)")) + ", " + d.AsText(d.Micros("max(used_at)")) + "\nFROM lines"
	return t.ask(ctx, c.finish(text), func(cells []*string) error {
		first, err := wholeOf(cells[0])
		last, errLast := wholeOf(cells[1])
		if cells[0] != nil {
			t.Within = Window{From: time.UnixMicro(first).UTC(), To: time.UnixMicro(last + 1).UTC()}
			within := *t.query
			within.From, within.To = t.Within.From, t.Within.To
			t.query = &within
		}
		return errors.Join(err, errLast)
	})
}

// steps makes the nodes: each run, then its steps.
func (t *tree) steps(ctx context.Context, known map[string]*Run) error {
	for _, name := range t.names {
		run := known[name]
		if run == nil {
			continue
		}
		parent := -1
		if name != t.q.Run {
			parent = t.node[[2]string{t.parent[name], ""}]
		}
		t.add(RunNode{Parent: parent, Run: name, Workflow: run.Workflow, Agent: run.Agent, Outcome: run.Outcome})
	}
	c := &compiler{dialect: t.dialect, query: t.query}
	text := c.runLines("run IN ("+runMark+")", t.names...) + "SELECT run, step, " + strings.Join(runFigures(t.dialect), ", ") +
		"\nFROM lines\nGROUP BY run, step\nORDER BY " + started + ", step"
	return t.ask(ctx, c.finish(text), func(cells []*string) error {
		run, step := textOf(cells[0]), textOf(cells[1])
		own, err := readRunFigures(cells[2:])
		if err != nil {
			return err
		}
		at, known := t.node[[2]string{run, step}]
		if !known {
			parent, standing := t.node[[2]string{run, ""}]
			if !standing {
				return nil // a run of which nothing stands
			}
			at = t.add(RunNode{Parent: parent, Run: run, Step: step})
		}
		t.Nodes[at].Own = own
		return nil
	})
}

func (t *tree) add(n RunNode) int {
	n.ID = len(t.Nodes)
	t.node[[2]string{n.Run, n.Step}] = n.ID
	t.Nodes = append(t.Nodes, n)
	return n.ID
}

// Roll sums every node with what is below it, and the whole. A run stands before the runs
// below it, and steps have nothing below.
func (t *RunTree) Roll() (err error) {
	for i := range t.Nodes {
		t.Nodes[i].All = t.Nodes[i].Own
	}
	byDepth := slices.Clone(t.Nodes)
	slices.SortStableFunc(byDepth, func(a, b RunNode) int { // steps last
		return int(bit(a.Step != "") - bit(b.Step != ""))
	})
	for _, n := range slices.Backward(byDepth) {
		if n.Parent < 0 {
			continue
		}
		parent := &t.Nodes[n.Parent]
		if parent.All, err = parent.All.Plus(&t.Nodes[n.ID].All); err != nil {
			return err
		}
	}
	t.Whole = t.Run
	t.Whole.RunFigures = t.Nodes[0].All
	return nil
}
