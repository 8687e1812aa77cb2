package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// Workloads are workflows or agents with what they cost and bring. Rows and other sum to
// the total, which is the one of the same question to the ledger.
type Workloads struct {
	Meta  Meta       `json:"meta"`
	Total Total      `json:"total"`
	Rows  []Workload `json:"rows"`
	Other *Other     `json:"other"` // null when each has its row
}

// Workload is one workflow or agent. A part that was not asked for, or that the caller
// may not see, is null.
type Workload struct {
	Name     string           `json:"name"` // "" is spend that names none
	Values   Figures          `json:"values"`
	Previous Figures          `json:"previous"` // the window before
	Owner    *WorkloadOwner   `json:"owner"`    // null when the register does not know it
	Trend    []TrendPoint     `json:"trend"`    // a bucket without a line is left out
	PerRun   *WorkloadRuns    `json:"per_run"`  // null without runs
	Outcomes *OutcomeRow      `json:"outcomes"` // of a workflow that nobody uses whom the caller may not see
	Budgets  []BudgetStanding `json:"budgets"`  // that name it, as they stand now
}

// WorkloadOwner is what the register says.
type WorkloadOwner struct {
	Status register.Status `json:"status"`
	Team   string          `json:"team"`
	By     string          `json:"team_by"` // who says so: register or organisation
}

// TrendPoint is a time bucket.
type TrendPoint struct {
	Bucket time.Time  `json:"bucket"` // its start, in the question's zone
	Cost   money.Null `json:"cost"`
	Calls  int64      `json:"calls"`
}

// WorkloadRuns says what one run takes: the values of the runs at the ranks of p50 and p95.
type WorkloadRuns struct {
	Runs    int64      `json:"runs"`
	Priced  int64      `json:"priced_runs"` // those with a cost
	CostP50 money.Null `json:"cost_p50"`
	CostP95 money.Null `json:"cost_p95"`
	CallP50 int64      `json:"calls_p50"`
	CallP95 int64      `json:"calls_p95"`
	TookP50 float64    `json:"seconds_p50"`
	TookP95 float64    `json:"seconds_p95"`

	Currency money.Currency `json:"currency"` // of both costs: that of the books, for a rank of runs has no day
}

// The parts of a workload, beside its figures.
const (
	partOwner    = "owner"
	partTrend    = "trend"
	partPerRun   = "per_run"
	partOutcomes = "outcomes"
	partBudgets  = "budgets"
)

func workloadParts() []string {
	return []string{partOwner, partTrend, partPerRun, partOutcomes, partBudgets}
}

func workloadRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/workflows", action: auth.SpendRead, needs: (*call).askedWorkloads, handle: (*call).workloads,
			summary: "Lists workflows with spend, calls and runs beside the window before, trend, what a run takes, outcomes, owner and budgets.",
			params:  workloadParams(), out: Workloads{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/agents", action: auth.SpendRead, needs: (*call).askedWorkloads, handle: (*call).workloads,
			summary: "Lists agents with spend, calls and runs beside the window before, trend, what a run takes, owner and budgets.",
			params:  workloadParams(), out: Workloads{}, status: http.StatusOK,
		},
	}
}

func workloadParams() []param {
	return []param{
		{"query", "since", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; 30d when empty"},
		{"query", "until", "end, not included; now when empty"},
		{"query", "where", "condition, like workflow=a,b or team!=x; may be repeated"},
		{"query", "grain", "of the trend: minute (of 48 hours at most), hour, day (when empty), week or month"},
		{"query", "with", "parts by commas: " + strings.Join(workloadParts(), ", ") + "; all when empty"},
		{"query", "order", "measure to sort by, descending; cost when empty"},
		{"query", "top", "rows to keep, at most 1000, the rest is summed as other; 100 when empty"},
		{"query", "as_of", "what the ledger knew then"},
		{"query", "zone", "IANA name; the organisation's when empty"},
		currencyParam(),
	}
}

// workloadMeasures are the figures of every row.
func workloadMeasures() string {
	return "cost,calls,runs,prompt_tokens,completion_tokens,cached_tokens,unpriced_calls,exposure"
}

func (c *call) workloadKind() register.Kind {
	return register.Kind(strings.TrimSuffix(c.route.pattern[strings.LastIndex(c.route.pattern, "/")+1:], "s"))
}

func (c *call) askedWorkloads() ([]need, error) {
	v, err := c.parameters()
	if err != nil {
		return nil, err
	}
	for _, part := range partsOf(v) {
		if !slices.Contains(workloadParts(), part) {
			return nil, spend.Errorf(spend.KindInvalid, "read with", "there is no part %.40q", part).WithHint("%s", strings.Join(workloadParts(), ", "))
		}
	}
	ask, err := c.ask(v)
	if err != nil {
		return nil, err
	}
	ask.By, ask.Measures, ask.Compare = string(c.workloadKind()), workloadMeasures(), "previous"
	ask.Since, ask.Grain = named(v, "since", "30d"), named(v, "grain", string(spend.Day))
	if ask.Top == 0 {
		ask.Top = 100
	}
	if ask.Top > maxPage {
		return nil, spend.Errorf(spend.KindInvalid, "read top", "%d is more than %d rows", ask.Top, maxPage).WithHint("the rest is summed as other")
	}
	q, err := ask.Query(c.now)
	if err != nil {
		return nil, err
	}
	return c.needsOf(&q)
}

func partsOf(v url.Values) []string {
	if v.Get("with") == "" {
		return workloadParts()
	}
	return strings.Split(v.Get("with"), ",")
}

// workloads answers one question for the rows, and one for each part.
func (c *call) workloads() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	var shown Workloads
	err = c.inTurn(func(ctx context.Context) error {
		trend := *c.question
		rows := trend
		rows.Grain = spend.Whole
		c.question = &rows
		e, err := c.whole(ctx)
		if err != nil {
			return err
		}
		shown = Workloads{Meta: e.Meta, Total: e.Total, Rows: make([]Workload, len(e.Rows)), Other: e.Other}
		at := map[string]*Workload{}
		for i := range e.Rows {
			w := &shown.Rows[i]
			*w = Workload{Name: e.Rows[i].Keys[rows.By[0]], Values: e.Rows[i].Values, Previous: e.Rows[i].Previous}
			at[w.Name] = w
		}
		p := parts{call: c, kind: c.workloadKind(), trend: &trend, rows: at}
		return p.fill(ctx, partsOf(v))
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, shown), nil
}
