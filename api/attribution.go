package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// Proposal is what a preview is about: documents or rules in the place of those
// that are in force, or what is in force without either.
type Proposal struct {
	Documents []policy.Document
	Rules     *attribute.Rules // in the place of the rules of the server's file
	Window    lake.Window
	By        []spend.Dimension
}

// PreviewOrder asks what it would change to attribute the past anew.
type PreviewOrder struct {
	Documents []Declared        `json:"documents,omitempty"` // as they would be applied, or one file of rules in the place of the server's; none is what is in force
	From      string            `json:"from"`                // start: an age (30d), a date, or RFC 3339
	To        string            `json:"to,omitempty"`        // end, not included; now when empty
	By        []spend.Dimension `json:"by,omitempty"`        // whose moves are told; team when empty
}

// PreviewAnswer says what would change. Nothing of it is booked.
type PreviewAnswer struct {
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"`
	By       []spend.Dimension `json:"by"`
	Currency money.Currency    `json:"currency"`
	ingest.Moves
}

// RestateOrder asks to attribute the past anew by what is in force.
type RestateOrder struct {
	From string `json:"from"`         // start: an age (30d), a date, or RFC 3339
	To   string `json:"to,omitempty"` // end, not included; now when empty
}

// RestateAnswer says what was booked.
type RestateAnswer struct {
	From     time.Time      `json:"from"`
	To       time.Time      `json:"to"`
	Currency money.Currency `json:"currency"`
	ingest.Reattribution
}

func attributionRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/attribution/coverage", action: auth.SpendRead, handle: (*call).coverage,
			summary: "Says how much is attributed, by dimension, and suggests rules for the largest slices that nobody owns.",
			params: []param{
				{"query", "since", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; 90d when empty"},
				{"query", "until", "end, not included; now when empty"},
				{"query", "grain", "of the trend: day, week, month (when empty), quarter or year"},
				{"query", "zone", "IANA name; the organisation's when empty"},
				{"query", "top", "suggestions, at most 100; 10 when empty"},
				{"query", "format", "json (when empty), csv, or text as the command line prints it"},
			},
			out: report.Coverage{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/attribution/preview", action: auth.SpendRead, handle: (*call).preview,
			summary: "Says what it would move, in money, to attribute the past anew. Nothing is booked.",
			in:      PreviewOrder{}, out: PreviewAnswer{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/attribution/restate", action: auth.PastRestate, handle: (*call).restate,
			summary: "Attributes the past anew by what is in force: a reversal and a replacement for each line that changes. Sending it again goes on where it was, and changes nothing twice.",
			params:  []param{repeatKey()}, in: RestateOrder{}, out: RestateAnswer{}, status: http.StatusOK,
		},
		explainRoute(),
	}
}

// stretch reads a window with two ends in the organisation's zone.
func (c *call) stretch(from, to string) (lake.Window, error) {
	ask := report.Ask{
		Since: from, Until: to, Zone: c.View().Location().String(), Measures: string(spend.Cost), Book: string(spend.Metered), Axis: string(spend.ByUse),
		Fiscal: c.View().Fiscal,
	}
	q, err := ask.Query(c.now)
	if err == nil && q.From.IsZero() {
		err = spend.Errorf(spend.KindInvalid, "read from", "the window has no start").WithHint("a date like 2026-10-01, or an age like 30d")
	}
	return lake.Window{From: q.From, To: q.To}, err
}

func (c *call) preview() (reply, error) {
	var order PreviewOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	p := Proposal{By: order.By}
	if len(p.By) == 0 {
		p.By = []spend.Dimension{"team"}
	}
	err := p.read(order.Documents)
	if err == nil {
		p.Window, err = c.stretch(order.From, order.To)
	}
	if err != nil {
		return reply{}, err
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	moves, err := c.Attribution.Preview(c.request.Context(), c.who, p)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, PreviewAnswer{From: p.Window.From, To: p.Window.To, By: p.By, Currency: c.House().Currency, Moves: moves}), nil
}

// read reads the documents of a proposal. A file of rules that does not say its kind
// is one as the server's configuration names it.
func (p *Proposal) read(declared []Declared) (err error) {
	switch {
	case len(declared) == 0:
		return nil
	case len(declared) == 1 && !policy.SaysKind(declared[0].Text):
		p.Rules, err = attribute.Read(strings.NewReader(declared[0].Text))
		return err
	}
	order := ApplyOrder{Documents: declared}
	p.Documents, err = order.read()
	return err
}

func (c *call) restate() (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	var order RestateOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	window, err := c.stretch(order.From, order.To)
	if err != nil {
		return reply{}, err
	}
	done, err := c.Attribution.Restate(c.request.Context(), c.who, window)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, RestateAnswer{From: window.From, To: window.To, Currency: c.House().Currency, Reattribution: done}), nil
}

// coverage waits for its turn as a question does.
func (c *call) coverage() (reply, error) {
	values, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	form, err := formOf(values)
	if err != nil {
		return reply{}, err
	}
	q, most, err := c.coverageOf(values)
	if err != nil {
		return reply{}, err
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	found, err := c.Attribution.Coverage(c.request.Context(), &q, most)
	if err != nil {
		return reply{}, err
	}
	return inForm(form, &found, report.CoverageCSV, report.CoverageText)
}

// coverageOf reads which lines are asked about, and how many suggestions.
func (c *call) coverageOf(v url.Values) (q spend.Query, most int, err error) {
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return q, 0, err
	}
	if most, err = strconv.Atoi(named(v, "top", "10")); err != nil || most < 0 || most > 100 {
		return q, 0, spend.Errorf(spend.KindInvalid, "read top", "%.40q is no number of suggestions", v.Get("top")).WithHint("0 to 100")
	}
	ask := report.Ask{
		Since: named(v, "since", "90d"), Until: v.Get("until"), Grain: named(v, "grain", string(spend.Month)), Zone: zone.String(),
		Measures: string(spend.Cost), Book: string(spend.Metered), Axis: string(spend.ByUse),
		Fiscal: c.View().Fiscal,
	}
	if ask.Grain == string(spend.Hour) || ask.Grain == string(spend.Minute) {
		return q, 0, spend.Errorf(spend.KindInvalid, "read grain", "a trend has no %ss", ask.Grain).WithHint("day, week, month, quarter or year")
	}
	q, err = ask.Query(c.now)
	return q, most, err
}
