package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Runs shows the runs of workflows and agents.
type Runs interface {
	// Runs lists runs, a page at a time.
	Runs(ctx context.Context, l lake.RunListing) (lake.RunPage, error)
	// RunOf gives one run with all that stands below it. The error is of kind notfound
	// when no line of the question names it.
	RunOf(ctx context.Context, q lake.RunQuestion) (lake.RunTree, error)
	// PerRun says what one run takes, by the only dimension of a question.
	PerRun(ctx context.Context, q *spend.Query) ([]lake.PerRun, error)
}

// RunList is a page of runs. The costs of all pages sum to the total's; in another
// currency each run is converted by itself, and the sum differs by what roundings leave.
type RunList struct {
	Meta  Meta       `json:"meta"`
	Total Total      `json:"total"` // of all lines of the question that name a run
	Items []lake.Run `json:"items"`
	Next  string     `json:"next"`
}

// RunDetail is one run with all that stands below it. The own figures of the nodes, and
// the lines with the rest, sum to the total's to the last digit.
type RunDetail struct {
	Meta  Meta           `json:"meta"`
	Total Total          `json:"total"` // of the run and the runs below it
	Run   lake.Run       `json:"run"`   // without what is below
	Whole lake.Run       `json:"whole"` // with it
	Nodes []lake.RunNode `json:"nodes"` // the run first, then the runs below it, then the steps of each
	Lines []lake.RunLine `json:"lines"` // by their start, the open calls among them
	Rest  lake.RunRest   `json:"rest"`  // lines that are not listed
	Cut   bool           `json:"cut"`   // there are more runs below, which are in no figure
}

const (
	shownRuns  = 1000 // of one tree
	shownLines = 1000 // of one tree, when nobody says how many
)

func runRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/runs", action: auth.SpendRead, needs: (*call).askedRuns, handle: (*call).listRuns,
			summary: "Lists runs with a line, or an open call, in a window; the figures are of those lines.",
			params: append(pageParams(), []param{
				{"query", "since", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; 30d when empty"},
				{"query", "until", "end, not included; now when empty"},
				{"query", "where", "condition, like workflow=a,b or team!=x; may be repeated"},
				{"query", "order", "what is largest comes first: start (when empty), cost, calls, steps or duration"},
				{"query", "book", "metered (when empty), reported, invoiced or allocated"},
				{"query", "as_of", "what the ledger knew then"},
				{"query", "zone", "IANA name; the organisation's when empty"},
				currencyParam(),
			}...),
			out: RunList{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/runs/{run...}", action: auth.SpendRead, needs: inOwnScope, handle: (*call).showRun,
			summary: "Shows one run: the tree of the runs and steps below it, each call, and what they cost. Who may see one scope sees the lines of it.",
			params: []param{
				{"path", "run", "as the list names it"},
				{"query", "limit", "lines to list, 1 to 1000; 1000 when empty; the rest is summed"},
				{"query", "book", "metered (when empty), reported, invoiced or allocated"},
				{"query", "as_of", "what the ledger knew then"},
				{"query", "zone", "IANA name; the organisation's when empty"},
				currencyParam(),
			},
			out: RunDetail{}, status: http.StatusOK,
		},
	}
}

// runAsk is a question about the lines that name a run.
func (c *call) runAsk(v url.Values, since string) (spend.Query, error) {
	ask, err := c.ask(v)
	if err != nil {
		return spend.Query{}, err
	}
	ask.Measures, ask.Since, ask.Order = "cost,calls,runs", since, ""
	q, err := ask.Query(c.now)
	return q, err
}

func (c *call) askedRuns() ([]need, error) {
	values, err := c.parameters()
	if err != nil {
		return nil, err
	}
	q, err := c.runAsk(values, named(values, "since", "30d"))
	if err != nil {
		return nil, err
	}
	q.Where = append(q.Where, spend.Filter{By: "run", Values: []string{""}, Not: true})
	return c.needsOf(&q)
}

// listRuns answers in turn, as a question to the ledger is answered.
func (c *call) listRuns() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	l := lake.RunListing{Query: c.question, Order: lake.RunOrder(named(v, "order", string(lake.ByStart)))}
	if l.Limit, err = pageLimit(v); err != nil {
		return reply{}, err
	}
	if l.After, err = readCursor[lake.RunPlace](v.Get("cursor")); err != nil {
		return reply{}, err
	}
	list := RunList{Items: []lake.Run{}}
	err = c.inTurn(func(ctx context.Context) error {
		if list.Meta, list.Total, err = c.beside(ctx); err != nil {
			return err
		}
		page, err := c.Runs.Runs(ctx, l)
		list.Items = append(list.Items, page.Runs...)
		list.Next = cursorOf(page.Next)
		if err != nil {
			return err
		}
		return c.convertRuns(ctx, list.Items)
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, list), nil
}

// showRun looks at the lines that the caller may see alone, so that a run of others is
// as one that is not there.
func (c *call) showRun() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	q, err := c.runAsk(v, "")
	if err != nil {
		return reply{}, err
	}
	q.Where = c.ownLines()
	asked := lake.RunQuestion{Query: &q, Run: c.request.PathValue("run"), Runs: shownRuns, Calls: shownLines}
	if v.Get("limit") != "" {
		if asked.Calls, err = pageLimit(v); err != nil {
			return reply{}, err
		}
	}
	var shown RunDetail
	err = c.inTurn(func(ctx context.Context) error {
		tree, err := c.runOf(ctx, asked)
		if err != nil {
			return err
		}
		shown = RunDetail{
			Run: tree.Run, Whole: tree.Whole, Nodes: tree.Nodes, Lines: append([]lake.RunLine{}, tree.Lines...), Rest: tree.Rest, Cut: tree.Cut,
		}
		shown.Meta, shown.Total, err = c.beside(ctx)
		shown.Meta.Window.Interval = interval(&q) // that of its lines is ours to look in
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, shown), nil
}

// mostLooks is how often a run is looked at again when it grows between two questions.
const mostLooks = 3

// runOf gives a run in the currency of the call, and leaves the question about its lines.
func (c *call) runOf(ctx context.Context, asked lake.RunQuestion) (lake.RunTree, error) {
	for range mostLooks {
		tree, err := c.Runs.RunOf(ctx, asked)
		if err != nil {
			return tree, err
		}
		c.question = about(asked.Query, &tree)
		if c.currency == "" {
			return tree, nil
		}
		if sound, err := c.convertTree(ctx, &tree); err != nil || sound {
			return tree, err
		}
	}
	return lake.RunTree{}, spend.Errorf(spend.KindConflict, "show a run", "it grows too fast to be converted").WithHint("leave currency out, or ask again")
}

// about asks for the lines of the runs in a tree, within their time.
func about(q *spend.Query, t *lake.RunTree) *spend.Query {
	asked, runs := *q, spend.Filter{By: "run"}
	for i := range t.Nodes {
		if t.Nodes[i].Step == "" {
			runs.Values = append(runs.Values, t.Nodes[i].Run)
		}
	}
	if t.Within != (lake.Window{}) {
		asked.From, asked.To = t.Within.From, t.Within.To
	}
	asked.Where = append(slices.Clone(q.Where), runs)
	return &asked
}
