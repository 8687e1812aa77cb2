package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// ExplainEnvelope says why spend changed between two periods. Amounts are decimal
// texts; before and all effects sum to after, in the total and in every row.
type ExplainEnvelope struct {
	Sentence string          `json:"sentence"`
	Currency money.Currency  `json:"currency"`
	Periods  []ExplainPeriod `json:"periods"` // the earlier and the later one
	Total    ExplainRow      `json:"total"`
	Rows     []ExplainRow    `json:"rows"`      // the largest change first
	Heads    []ExplainHead   `json:"workflows"` // by what their calls are divided
	Unsplit  string          `json:"unsplit"`   // why the calls of no workflow are divided, "" when that is asked
	Index    PriceIndex      `json:"list_price_index"`
	New      money.Amount    `json:"new_models"`  // the later period's cost of models without a call in the earlier one
	Gone     money.Amount    `json:"gone_models"` // the earlier period's cost of models without a call in the later one
}

// ExplainPeriod is one period, and what stands beside its cost.
type ExplainPeriod struct {
	From             time.Time    `json:"from"`
	To               time.Time    `json:"to"` // not included
	Calls            int64        `json:"calls"`
	Cost             money.Amount `json:"cost"`
	UnpricedCalls    int64        `json:"unpriced_calls"`
	Exposure         money.Amount `json:"exposure"` // never inside cost
	UnconvertedLines int64        `json:"unconverted_lines"`

	WithoutRate  []money.Money `json:"unconverted"`   // their amounts, by currency
	ExposureLeft []money.Money `json:"exposure_left"` // exposure that has no exchange rate, by currency; not in exposure
}

// ExplainRow is one slice. The headlines sum effects; both sum to the change.
type ExplainRow struct {
	Keys      map[spend.Dimension]string `json:"keys"` // "" is unattributed
	Before    money.Amount               `json:"before"`
	After     money.Amount               `json:"after"`
	Change    money.Amount               `json:"change"`
	Headlines map[string]money.Amount    `json:"headlines"` // volume, mix, price and purchases
	Effects   map[string]money.Amount    `json:"effects"`   // by driver
}

// PriceIndex says how list prices moved on what was bought in both periods: 0.77 is
// 23 % down; null where nothing was.
type PriceIndex struct {
	Laspeyres money.Null `json:"laspeyres"`
	Paasche   money.Null `json:"paasche"`
	Fisher    money.Null `json:"fisher"`
}

func explainRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/explain", action: auth.SpendRead, needs: (*call).askedWhy, handle: (*call).explainChange,
		summary: "Says why spend changed between two periods, in effects that sum to the change.",
		params: []param{
			{"query", "from", "the earlier period: a month like 2026-09, or a window like 2026-09-01..2026-10-01"},
			{"query", "to", "the later period, in the same way"},
			{"query", "by", "dimensions by commas, like team,workflow; the whole when empty"},
			{"query", "where", "condition, like model=a,b or team!=x; may be repeated"},
			{"query", "book", "metered (when empty), reported, invoiced or allocated"},
			{"query", "as_of", "what the ledger knew then"},
			{"query", "zone", "IANA name; the organisation's when empty"},
			currencyParam(),
			{"query", "format", "json (when empty), csv, or text as the command line prints it"},
		},
		out: ExplainEnvelope{}, status: http.StatusOK,
	}}
}

// askedWhy reads the question, which needs what asking for the cost of its slices does.
func (c *call) askedWhy() ([]need, error) {
	values, err := c.parameters()
	if err != nil {
		return nil, err
	}
	if c.form, err = formOf(values); err != nil {
		return nil, err
	}
	ask, err := c.whyOf(values)
	if err != nil {
		return nil, err
	}
	before, after, err := ask.Base(c.now)
	if err != nil {
		return nil, err
	}
	c.earlier = &before
	return c.needsOf(&after)
}

func (c *call) whyOf(v url.Values) (report.ExplainAsk, error) {
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return report.ExplainAsk{}, err
	}
	if c.currency, err = c.currencyOf(v.Get("currency")); err != nil {
		return report.ExplainAsk{}, err
	}
	return report.ExplainAsk{
		From: v.Get("from"), To: v.Get("to"), By: v.Get("by"), Where: v["where"], Book: named(v, "book", string(spend.Metered)),
		AsOf: v.Get("as_of"), Zone: zone.String(), Fiscal: c.View().Fiscal,
	}, nil
}

// explain asks for both periods in turn, within the time that a question has.
func (c *call) explainChange() (reply, error) {
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	ctx, cancel := context.WithTimeout(c.request.Context(), c.limits.QueryTime)
	defer cancel()
	periods := [2]*spend.Query{c.earlier, c.question}
	heads, err := c.headsOf(ctx, periods)
	if err != nil {
		return reply{}, err
	}
	e, err := c.parted(ctx, periods, heads)
	if err != nil {
		return reply{}, err
	}
	switch c.form {
	case formCSV:
		return written("text/csv; charset=utf-8", &e, report.ExplainCSV)
	case formText:
		if err := e.OfTheMarket(c.book()); err != nil {
			return reply{}, err
		}
		return written("text/plain; charset=utf-8", &e, report.ExplainText)
	}
	envelope, err := explainEnvelope(&e)
	return jsonReply(http.StatusOK, envelope), err
}

func explainEnvelope(e *report.Explanation) (ExplainEnvelope, error) {
	sentence, err := e.Sentence()
	if err != nil {
		return ExplainEnvelope{}, err
	}
	index := PriceIndex{Laspeyres: e.Bill.Index.Laspeyres, Paasche: e.Bill.Index.Paasche, Fisher: e.Bill.Index.Fisher}
	envelope := ExplainEnvelope{Sentence: sentence, Currency: e.After.Currency, Index: index, Heads: explainHeads(e.Heads.Of), Unsplit: e.Heads.Missing, New: e.Bill.New, Gone: e.Bill.Gone, Rows: []ExplainRow{}}
	for _, t := range []*spend.Table{&e.Before, &e.After} {
		envelope.Periods = append(envelope.Periods, ExplainPeriod{
			From: t.Query.From, To: t.Query.To, Calls: t.Totals.Calls, Cost: t.Totals.Cost, UnpricedCalls: t.Totals.Unpriced.Calls,
			Exposure: t.Totals.Exposure, UnconvertedLines: t.Totals.UnconvertedLines, WithoutRate: append([]money.Money{}, t.Totals.WithoutRate...),
			ExposureLeft: append([]money.Money{}, t.Totals.ExposureLeft...),
		})
	}
	if envelope.Total, err = explainRow(nil, &e.Bill.Total); err != nil {
		return envelope, err
	}
	for i := range e.Bill.Slices {
		row, err := explainRow(e.By, &e.Bill.Slices[i])
		if err != nil {
			return envelope, err
		}
		envelope.Rows = append(envelope.Rows, row)
	}
	return envelope, nil
}

func explainRow(by []spend.Dimension, s *variance.Slice) (ExplainRow, error) {
	change, err := s.Change()
	row := ExplainRow{
		Keys: map[spend.Dimension]string{}, Before: s.Before, After: s.After, Change: change,
		Headlines: map[string]money.Amount{}, Effects: map[string]money.Amount{},
	}
	for i, d := range by {
		row.Keys[d] = s.Keys[i]
	}
	for j, name := range variance.Drivers() {
		row.Effects[name] = s.Effects[j]
	}
	for _, h := range variance.Headlines() {
		if row.Headlines[h.Name], err = s.Headline(h); err != nil {
			return row, err
		}
	}
	return row, err
}

// book is the price book in force, nil for a server that has none.
func (c *call) book() *pricebook.Book {
	if c.Forecasts == nil {
		return nil
	}
	book, _ := c.Forecasts.Ahead()
	return book
}
