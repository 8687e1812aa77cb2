package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// Comparer sets the costs that sources say against list prices.
type Comparer interface {
	Compare(ctx context.Context, q *report.Comparison) (report.Discrepancies, error)
}

func discrepancyRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/discrepancies", action: auth.SpendRead, handle: (*call).discrepancies,
		summary: "Says where the costs that sources say of their calls differ from list prices, by source, model and reason. The difference is list − theirs.",
		params: []param{
			{"query", "since", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; the beginning when empty"},
			{"query", "until", "end, not included; now when empty"},
			{"query", "source", "sources by commas, like litellm,langfuse; all that say a cost when empty"},
			{"query", "grain", "day for rows of each day; the whole window when empty"},
			{"query", "zone", "IANA name; the organisation's when empty"},
			{"query", "format", "json (when empty), csv, or text as the command line prints it"},
		},
		out: report.Discrepancies{}, status: http.StatusOK,
	}}
}

// discrepancies waits for its turn as a question does.
func (c *call) discrepancies() (reply, error) {
	values, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	form, err := formOf(values)
	if err != nil {
		return reply{}, err
	}
	q, err := c.comparison(values)
	if err != nil {
		return reply{}, err
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	found, err := c.Comparer.Compare(c.request.Context(), &q)
	if err != nil {
		return reply{}, err
	}
	return inForm(form, &found, report.DiscrepancyCSV, report.DiscrepancyText)
}

func (c *call) comparison(v url.Values) (q report.Comparison, err error) {
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return q, err
	}
	ask := report.Ask{
		Since: v.Get("since"), Until: v.Get("until"), Zone: zone.String(), Grain: v.Get("grain"),
		Measures: string(spend.Cost), Book: string(spend.Metered), Axis: string(spend.ByUse),
		Fiscal: c.View().Fiscal,
	}
	if ask.Grain != "" && ask.Grain != string(spend.Day) {
		return q, spend.Errorf(spend.KindInvalid, "read grain", "%.20q is not told here", ask.Grain).WithHint("day, or none for the whole window")
	}
	asked, err := ask.Query(c.now)
	sources := strings.FieldsFunc(v.Get("source"), func(r rune) bool { return r == ',' })
	return report.Comparison{From: asked.From, To: asked.To, Zone: zone, Grain: asked.Grain, Sources: sources}, err
}
