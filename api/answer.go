package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func questionRoutes() []route {
	return []route{
		{
			pattern: "POST /api/v1/query", action: auth.SpendRead, needs: (*call).asked, handle: (*call).answer,
			summary: "Answers a question to the ledger.",
			in:      Question{}, out: Envelope{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/spend", action: auth.SpendRead, needs: (*call).askedByParams, handle: (*call).answer,
			summary: "Answers a question as it is written on the command line.",
			params:  askParams(), out: Envelope{}, status: http.StatusOK,
		},
	}
}

// answer asks the ledger, in turn and within the time that a question has.
func (c *call) answer() (reply, error) {
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	ctx, cancel := context.WithTimeout(c.request.Context(), c.limits.QueryTime)
	defer cancel()
	id := c.queryID()
	if err := c.noted(ctx, id); err != nil {
		return reply{}, err
	}
	table, err := c.table(ctx)
	if err != nil {
		return reply{}, err
	}
	switch c.form {
	case formCSV:
		return written("text/csv; charset=utf-8", &table, report.CSV)
	case formText:
		if c.screen {
			report.Screen(&table)
		}
		return written("text/plain; charset=utf-8", &table, report.Text)
	}
	e, err := c.envelope(ctx, &table, id)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, e), nil
}

// written is an answer as package report writes it.
func written[T any](media string, t *T, write func(io.Writer, *T) error) (reply, error) {
	var body bytes.Buffer
	if err := write(&body, t); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, media: media, body: body.Bytes()}, nil
}

// inForm answers with what was found as JSON, CSV or text.
func inForm[T any](form string, found *T, csv, text func(io.Writer, *T) error) (reply, error) {
	switch form {
	case formCSV:
		return written("text/csv; charset=utf-8", found, csv)
	case formText:
		return written("text/plain; charset=utf-8", found, text)
	}
	return jsonReply(http.StatusOK, found), nil
}

// queryID names a question: the same question has the same id.
func queryID(q *spend.Query) string {
	text, err := json.Marshal(q)
	if err != nil {
		return "" // a time beyond the year 9999; the question is answered all the same
	}
	fiscal, err := json.Marshal(q.Fiscal)
	if err != nil {
		return "" // plain numbers and words always marshal
	}
	return spend.Digest("query", string(text), q.Zone.String(), string(fiscal)).String()
}

func (c *call) table(ctx context.Context) (spend.Table, error) {
	table, err := c.answerOf(ctx, c.question)
	if err == nil && len(table.Rows) > c.limits.Rows {
		err = tooManyRows(len(table.Rows), c.limits.Rows)
	}
	return table, err
}

func tooManyRows(rows, most int) error {
	return spend.Errorf(spend.KindInvalid, "query", "the answer has %d rows, more than %d", rows, most).
		WithHint("ask for a shorter window, a wider grain or a smaller top")
}

func (c *call) envelope(ctx context.Context, table *spend.Table, id string) (Envelope, error) {
	q := c.question
	standing, err := c.standing(ctx, q)
	if err != nil {
		return Envelope{}, err
	}
	estimated, err := c.estimated(ctx)
	if err != nil {
		return Envelope{}, err
	}
	a := answered{query: q, table: table, standing: &standing, estimated: estimated, id: id, now: c.now, calendar: c.View()}
	return a.envelope()
}

// estimated is the cost of the same lines as far as their usage was estimated.
func (c *call) estimated(ctx context.Context) (money.Amount, error) {
	q := *c.question
	q.By, q.Measures, q.Order, q.Grain, q.Top = nil, []spend.Measure{spend.Cost}, "", spend.Whole, 0
	q.Previous, q.Against = false, [2]time.Time{}
	q.Where = append(slices.Clone(q.Where), spend.Filter{By: "usage_source", Values: []string{string(spend.UsageEstimate)}})
	table, err := c.answerOf(ctx, &q)
	return table.Totals.Cost, err
}
