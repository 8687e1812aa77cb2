package api

import (
	"context"
	"net/http"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeEnvelope sets the outcomes of each workflow against all of its spend.
type OutcomeEnvelope struct {
	Meta  Meta          `json:"meta"`
	Basis spend.Measure `json:"basis"` // which cost: cost, list, contracted, billed or reported
	Total OutcomeRow    `json:"total"` // of all rows; results of several workflows are of several kinds
	Rows  []OutcomeRow  `json:"rows"`

	WithoutRate []money.Money `json:"unconverted"` // of days without an exchange rate into the currency that was asked for, in no row
	Shared      int           `json:"shared"`      // workflows in no row, because others whom whoever asks may not see use them too; nor is then what names no workflow
}

// OutcomeRow is one workflow. Amounts, counts and shares are decimal texts, null
// where they are unknown. Orphan spend is that of runs without a standing outcome,
// and of what names no run; it and what is with an outcome sum to the cost.
type OutcomeRow struct {
	Workflow         string         `json:"workflow"`
	Definition       string         `json:"definition"` // of its outcomes, "" when there are several
	Outcomes         money.Amount   `json:"outcomes"`   // verified or matured; in a total of several workflows of several kinds
	Claimed          money.Amount   `json:"claimed"`
	Disputed         money.Amount   `json:"disputed"`
	Reversed         int64          `json:"reversed"`
	Minutes          money.Amount   `json:"remediation_minutes"`
	Value            money.Null     `json:"value"`
	ValueCurrency    money.Currency `json:"value_currency"`
	Cost             money.Null     `json:"cost"`
	Currency         money.Currency `json:"currency"` // "" is that of meta
	CostPerOutcome   money.Null     `json:"cost_per_outcome"`
	WithOutcome      money.Null     `json:"with_outcome"`
	WithOutcomeShare money.Null     `json:"with_outcome_share"`
	Orphan           money.Null     `json:"orphan"`
	OrphanShare      money.Null     `json:"orphan_share"`
	Runs             int64          `json:"runs"`
	RunsWithOutcome  int64          `json:"runs_with_outcome"`
	UnknownCalls     int64          `json:"unknown_calls"` // calls without an amount
	UnknownLines     int64          `json:"unknown_lines"` // those of them, and of purchases, which are no calls
	Exposure         money.Amount   `json:"exposure"`      // what they may cost, never inside cost
}

func outcomeRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/outcomes", action: auth.SpendRead, needs: (*call).askedOwnOutcomes, handle: (*call).outcomes,
			summary: "Sets the outcomes of each workflow against all of its spend. Who may see one scope gets the workflows of that scope.",
			params:  outcomeParams(), out: OutcomeEnvelope{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/outcomes/models", action: auth.SpendRead, needs: (*call).askedOutcomes, handle: (*call).equalModels,
			summary: "Compares the models of each workflow by the outcomes of their runs, and names the cheapest that is not worse than the one in use.",
			params:  modelParams(), out: EqualEnvelope{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/outcomes", action: auth.OutcomeWrite, needs: inOwnScope, handle: (*call).tellOutcomes,
			summary: "Keeps business results: one CloudEvent or an array of them. Answers when they are on disk.",
			params:  []param{repeatKey()}, in: batch{}, out: Receipt{}, status: http.StatusAccepted,
		},
	}
}

func outcomeParams() []param {
	return []param{
		{"query", "since", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; the beginning when empty"},
		{"query", "until", "end, not included; now when empty"},
		{"query", "where", "condition on the workflow, like workflow=a,b; may be repeated"},
		{"query", "measures", "the cost to set the outcomes against: cost (when empty), list, contracted, billed or reported"},
		{"query", "book", "metered (when empty), reported, invoiced or allocated"},
		{"query", "as_of", "what the ledger knew then"},
		{"query", "zone", "IANA name; the organisation's when empty"},
		currencyParam(),
		{"query", "format", "json (when empty), csv, or text as the command line prints it"},
	}
}

func (c *call) tellOutcomes() (reply, error) { return c.accept(c.Acceptor.AcceptOutcomes) }

// askedOutcomes reads the question. It is about every workflow, or some, so it
// needs what the question to the ledger would.
func (c *call) askedOutcomes() ([]need, error) {
	values, err := c.parameters()
	if err != nil {
		return nil, err
	}
	if c.form, err = formOf(values); err != nil {
		return nil, err
	}
	ask, err := c.ask(values)
	if err != nil {
		return nil, err
	}
	ask.By, ask.Measures = "workflow", named(values, "measures", string(spend.Cost))
	q, err := ask.Query(c.now)
	if err != nil {
		return nil, err
	}
	needs, err := c.needsOf(&q)
	q.Top = 0 // every workflow has its row
	return needs, err
}

// outcomes answers in turn and within the time that a question has.
func (c *call) outcomes() (reply, error) {
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	ctx, cancel := context.WithTimeout(c.request.Context(), c.limits.QueryTime)
	defer cancel()
	t, err := c.outcomesOf(ctx, c.question)
	if err != nil {
		return reply{}, err
	}
	if !c.seesAll() {
		c.narrow()
	}
	switch c.form {
	case formCSV:
		return written("text/csv; charset=utf-8", &t, report.OutcomeCSV)
	case formText:
		return written("text/plain; charset=utf-8", &t, report.OutcomeText)
	}
	return c.outcomeEnvelope(ctx, &t)
}

func (c *call) outcomeEnvelope(ctx context.Context, t *outcome.Table) (reply, error) {
	id := c.queryID()
	table, err := c.table(ctx)
	if err != nil {
		return reply{}, err
	}
	spent, err := c.envelope(ctx, &table, id)
	if err != nil {
		return reply{}, err
	}
	e := OutcomeEnvelope{Meta: spent.Meta, Basis: t.Basis, Rows: []OutcomeRow{}, WithoutRate: append([]money.Money{}, t.WithoutRate...), Shared: t.Shared}
	if e.Total, err = outcomeRow(&t.Total); err != nil {
		return reply{}, err
	}
	e.Total.CostPerOutcome = t.CostPerOutcome()
	for i := range t.Rows {
		row, err := outcomeRow(&t.Rows[i])
		if err != nil {
			return reply{}, err
		}
		e.Rows = append(e.Rows, row)
	}
	return jsonReply(http.StatusOK, e), nil
}

func outcomeRow(r *outcome.Row) (OutcomeRow, error) {
	orphan, err := r.Orphan()
	return OutcomeRow{
		Workflow: r.Workflow, Definition: r.Definition, Outcomes: r.Outcomes, Claimed: r.Claimed, Disputed: r.Disputed, Reversed: r.Reversed,
		Minutes: r.Minutes, Value: r.Value, ValueCurrency: r.Valued, Cost: r.All.Cost, Currency: r.Currency, CostPerOutcome: r.CostPerOutcome(),
		WithOutcome: known(r.With.Cost, r.All.Cost), WithOutcomeShare: r.Share(), Orphan: known(orphan.Cost, r.All.Cost), OrphanShare: r.OrphanShare(),
		Runs: r.With.Runs + r.Without.Runs, RunsWithOutcome: r.With.Runs, UnknownCalls: r.All.Unknown, UnknownLines: r.All.UnknownLines, Exposure: r.All.Exposure,
	}, err
}

// known takes no lines for no cost: of known spend, an empty part is zero.
func known(part, whole money.Null) money.Null {
	return money.Null{Amount: part.Amount, Valid: whole.Valid}
}
