package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// DimensionValues are values of a dimension that lines of a window have, those with
// most spend first.
type DimensionValues struct {
	Dimension spend.Dimension  `json:"dimension"`
	Currency  money.Currency   `json:"currency"` // of the costs
	Items     []DimensionValue `json:"items"`
	More      bool             `json:"more"` // there are further ones: search for a part of their name
}

// DimensionValue is one of them, written as conditions take it.
type DimensionValue struct {
	Value string     `json:"value"` // "" is what has none
	Cost  money.Null `json:"cost"`
	Calls money.Null `json:"calls"`
}

const (
	shownValues   = 50
	longestSearch = 200
)

func dimensionRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/dimensions/{dimension}/values", action: auth.SpendRead, needs: (*call).askedValues, handle: (*call).values,
		summary: "Lists values of a dimension that lines of a window have, those with most spend first.",
		params: []param{
			{"path", "dimension", "like team or tag:ticket"},
			{"query", "q", "a text that values hold, whatever its case; all when empty"},
			{"query", "since", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; the beginning when empty"},
			{"query", "until", "end, not included; now when empty"},
			{"query", "where", "condition, like model=a,b or team!=x; may be repeated"},
			{"query", "limit", "values, 1 to 1000; 50 when empty"},
			{"query", "zone", "IANA name; the organisation's when empty"},
		},
		out: DimensionValues{}, status: http.StatusOK,
	}}
}

// askedValues is a question by the dimension, so it needs what that would.
func (c *call) askedValues() ([]need, error) {
	v, err := c.parameters()
	if err != nil {
		return nil, err
	}
	text := v.Get("q")
	if len(text) > longestSearch {
		return nil, spend.Errorf(spend.KindInvalid, "read q", "a text of more than %d bytes", longestSearch).WithHint("a part of a name")
	}
	top, err := valuesLimit(v)
	if err != nil {
		return nil, err
	}
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return nil, err
	}
	ask := report.Ask{
		By: c.request.PathValue("dimension"), Measures: "cost,calls", Since: v.Get("since"), Until: v.Get("until"), Where: v["where"],
		Book: string(spend.Metered), Axis: string(spend.ByUse), Zone: zone.String(), Top: top, Fiscal: c.View().Fiscal,
	}
	q, err := ask.Query(c.now)
	if err != nil {
		return nil, err
	}
	if len(q.By) != 1 {
		return nil, spend.Errorf(spend.KindInvalid, "list values", "they are of one dimension, not of %d", len(q.By))
	}
	if text != "" {
		q.Where = append(q.Where, spend.Filter{By: q.By[0], Has: text})
	}
	return c.needsOf(&q)
}

func valuesLimit(v url.Values) (int, error) {
	if v.Get("limit") == "" {
		return shownValues, nil
	}
	return pageLimit(v)
}

func (c *call) values() (reply, error) {
	shown := DimensionValues{Dimension: c.question.By[0], Items: []DimensionValue{}}
	err := c.inTurn(func(ctx context.Context) error {
		if err := c.noted(ctx, queryID(c.question)); err != nil {
			return err
		}
		table, err := c.table(ctx)
		if err != nil {
			return err
		}
		shown.Currency = table.Currency
		for i := range table.Rows {
			row := &table.Rows[i]
			if row.Other {
				shown.More = true
				continue
			}
			shown.Items = append(shown.Items, DimensionValue{row.Keys[0], row.Values[0], row.Values[1]})
		}
		return nil
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, shown), nil
}
