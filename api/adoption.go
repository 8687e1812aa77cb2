package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// Adopter counts people and seats.
type Adopter interface {
	// Adoption answers a question with one dimension and an end, of groups that are
	// large enough to be shown.
	Adoption(ctx context.Context, q *spend.Query) (adoption.Statement, error)
}

// Adoption is who uses what is paid for, beside the total of all lines of the question:
// those of machines and of purchases too.
type Adoption struct {
	Meta  Meta            `json:"meta"`
	Total Total           `json:"total"`
	By    spend.Dimension `json:"by"` // of the groups
	adoption.Statement
}

const shownGroups = 200

func adoptionRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/adoption", action: auth.SpendRead, needs: (*call).askedAdoption, handle: (*call).adoption,
		summary: "Says how many people use what is paid for, how widely and since when, and what idle seats cost; of groups alone that are large enough.",
		params: []param{
			{"query", "since", "start: an age (30d, 8w), mtd, qtd, ytd or a date; its day is whole; 30d when empty"},
			{"query", "until", "end, not included; now when empty"},
			{"query", "where", "one value of business_unit, team or application, like team=claims; may be repeated"},
			{"query", "by", "of the groups: team (when empty), application or source"},
			{"query", "as_of", "what the ledger knew then"},
			{"query", "zone", "IANA name; the organisation's when empty"},
			{"query", "format", "json (when empty) or csv"},
		},
		out: Adoption{}, status: http.StatusOK,
	}}
}

func (c *call) askedAdoption() ([]need, error) {
	v, err := c.parameters()
	if err != nil {
		return nil, err
	}
	ask, err := c.ask(v)
	if err != nil {
		return nil, err
	}
	if c.form, err = formOf(v); err == nil && c.form == formText {
		err = spend.Errorf(spend.KindInvalid, "read format", "people and seats are no text").WithHint("json or csv")
	}
	if err != nil {
		return nil, err
	}
	ask.By, ask.Measures, ask.Top = named(v, "by", "team"), "cost,calls", shownGroups
	ask.Since = named(v, "since", "30d")
	q, err := ask.Query(c.now)
	if err != nil {
		return nil, err
	}
	if err := adoptable(&q); err != nil {
		return nil, err
	}
	if !q.From.IsZero() {
		year, month, day := q.From.In(q.Zone).Date()
		q.From = calendar.DayStart(year, month, day, q.Zone)
	}
	return c.needsOf(&q)
}

// adoptable refuses what would set one group of people against another that differs by a
// few: conditions of several values, or that leave some out.
func adoptable(q *spend.Query) error {
	if !slices.Contains([]spend.Dimension{"team", "application", "source"}, q.By[0]) || len(q.By) > 1 {
		return spend.Errorf(spend.KindInvalid, "read by", "people are not grouped by %.40q", string(q.By[0])).WithHint("team, application or source")
	}
	for _, f := range q.Where {
		if f.Not || len(f.Values) != 1 || !slices.Contains([]spend.Dimension{"business_unit", "team", "application"}, f.By) {
			return spend.Errorf(spend.KindInvalid, "read where", "people are counted of one business unit, team or application at a time: the difference of two answers could be one person").
				WithHint("where=team=NAME, or no condition")
		}
	}
	return nil
}

// adoption answers in turn, as a question to the ledger is answered.
func (c *call) adoption() (reply, error) {
	var shown Adoption
	err := c.inTurn(func(ctx context.Context) (err error) {
		grouped := *c.question
		all := grouped
		all.By, all.Top = nil, 0
		c.question = &all
		if shown.Meta, shown.Total, err = c.beside(ctx); err != nil {
			return err
		}
		shown.By = grouped.By[0]
		shown.Statement, err = c.Adopter.Adoption(ctx, &grouped)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	if c.form == formCSV {
		return written("text/csv; charset=utf-8", &shown.Statement, report.AdoptionCSV)
	}
	return jsonReply(http.StatusOK, shown), nil
}
