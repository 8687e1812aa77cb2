package api

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

const (
	shownTop   = 500   // groups when the question names no top
	maxTop     = 5_000 // groups at most; the rest is other
	maxNames   = 32    // dimensions, measures or conditions of one question
	maxValues  = 1_000 // values of one condition
	maxTargets = 1_000 // scopes that one question may name
)

// The forms of an answer.
const (
	formJSON = "json"
	formCSV  = "csv"
	formText = "text"
)

// Question is a question to the ledger as JSON, its zone by name.
type Question struct {
	spend.Query
	Zone     string         `json:"zone,omitempty"`     // IANA name; the organisation's when empty
	Currency money.Currency `json:"currency,omitempty"` // of cost and exposure; the organisation's when empty
}

// asked reads a question from the body and gives what it needs.
func (c *call) asked() ([]need, error) {
	var q Question
	if err := decode(c.body, &q); err != nil {
		return nil, err
	}
	zone, err := c.zone(q.Zone)
	if err != nil {
		return nil, err
	}
	if c.currency, err = c.currencyOf(string(q.Currency)); err != nil {
		return nil, err
	}
	q.Query.Zone, q.Query.Fiscal = zone, c.View().Fiscal
	return c.needsOf(&q.Query)
}

func (c *call) zone(name string) (*time.Location, error) {
	if name == "" {
		return c.View().Location(), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, spend.Errorf(spend.KindInvalid, "read zone", "%.40q is no time zone", name).WithHint("an IANA name, like Europe/Berlin")
	}
	return zone, nil
}

func askParams() []param {
	return []param{
		{"query", "by", "dimensions by commas, like team,workflow,model,project,tag:ticket"},
		{"query", "measures", "figures by commas; cost,calls,prompt_tokens,completion_tokens when empty, and notional in a text that has some"},
		{"query", "since", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339; the beginning when empty"},
		{"query", "until", "end, not included; now when empty"},
		{"query", "compare", "previous: each figure beside the window before; or beside a window like 2026-09-01..2026-10-01, its end not included"},
		{"query", "grain", "minute (of 48 hours at most), hour, day, week, month, quarter or year"},
		{"query", "where", "condition, like model=a,b or team!=x; a comma within a value is written \\,; may be repeated"},
		{"query", "book", "metered (when empty), reported, invoiced or allocated"},
		{"query", "axis", "used_at (when empty): when it happened; period: where finance posted it"},
		{"query", "as_of", "what the ledger knew then"},
		{"query", "order", "measure to sort by, descending; the first when empty"},
		{"query", "restated", "now, or a time like since: by the organisation as it stands then, and by the rules in force; a view, booked nowhere"},
		{"query", "zone", "IANA name; the organisation's when empty"},
		currencyParam(),
		{"query", "top", "groups to keep, at most 5000, the rest is summed as other; 500 when empty"},
		{"query", "format", "json (when empty), csv, or text as the command line prints it"},
	}
}

// askedByParams reads a question as the command line writes it.
func (c *call) askedByParams() ([]need, error) {
	values, err := c.parameters()
	if err != nil {
		return nil, err
	}
	ask, err := c.ask(values)
	if err != nil {
		return nil, err
	}
	if c.form, err = formOf(values); err != nil {
		return nil, err
	}
	if c.screen = c.form == formText && values.Get("measures") == ""; c.screen {
		ask.Measures = report.ScreenMeasures
	}
	q, err := ask.Query(c.now)
	if err != nil {
		return nil, err
	}
	return c.needsOf(&q)
}

func formOf(v url.Values) (string, error) {
	form := named(v, "format", formJSON)
	if !slices.Contains([]string{formJSON, formCSV, formText}, form) {
		return "", spend.Errorf(spend.KindInvalid, "read format", "%.40q is no form of an answer", form).WithHint("json, csv or text")
	}
	return form, nil
}

func (c *call) ask(v url.Values) (report.Ask, error) {
	top := 0
	if text := v.Get("top"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return report.Ask{}, spend.Errorf(spend.KindInvalid, "read top", "%.40q is no whole number", text)
		}
		top = n
	}
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return report.Ask{}, err
	}
	if c.currency, err = c.currencyOf(v.Get("currency")); err != nil {
		return report.Ask{}, err
	}
	return report.Ask{
		By: v.Get("by"), Measures: named(v, "measures", "cost,calls,prompt_tokens,completion_tokens"),
		Since: v.Get("since"), Until: v.Get("until"), Compare: v.Get("compare"), Grain: v.Get("grain"), Where: v["where"],
		Book: named(v, "book", string(spend.Metered)), Axis: named(v, "axis", string(spend.ByUse)),
		AsOf: v.Get("as_of"), Restated: v.Get("restated"), Order: v.Get("order"), Zone: zone.String(), Top: top,
		Fiscal: c.View().Fiscal,
	}, nil
}

func named(v url.Values, name, otherwise string) string {
	if given := v.Get(name); given != "" {
		return given
	}
	return otherwise
}

// needsOf keeps the question for its route and gives what it takes to ask it:
// the right to read every scope that it names, and, where it tells persons
// apart, the right to read figures of persons too.
func (c *call) needsOf(q *spend.Query) ([]need, error) {
	if err := bound(q); err != nil {
		return nil, err
	}
	c.question = q
	scopes, err := scopesOf(q)
	if err != nil {
		return nil, err
	}
	var needs []need
	for _, s := range scopes {
		needs = append(needs, need{auth.SpendRead, auth.Target{Scope: s}})
		if privacy.Personal(q) {
			needs = append(needs, need{auth.PersonRead, auth.Target{Scope: s}})
		}
	}
	return needs, nil
}

// bound refuses a question beyond every use, and keeps answers to a page.
func bound(q *spend.Query) error {
	if err := q.Validate(); err != nil {
		return err
	}
	if max(len(q.By), len(q.Measures), len(q.Where)) > maxNames {
		return spend.Errorf(spend.KindInvalid, "query", "more than %d dimensions, measures or conditions", maxNames).WithHint("ask several questions")
	}
	for _, f := range q.Where {
		if len(f.Values) > maxValues {
			return spend.Errorf(spend.KindInvalid, "query", "a condition on %s with more than %d values", string(f.By), maxValues).
				WithHint("ask several questions")
		}
	}
	if q.Top > maxTop {
		return spend.Errorf(spend.KindInvalid, "query", "top %d, more than %d groups", q.Top, maxTop).WithHint("export lines instead")
	}
	if q.Top == 0 && len(q.By) > 0 {
		q.Top = shownTop
	}
	return nil
}

// scopesOf gives every scope that a question can touch, as far as its conditions
// on business unit, team and application narrow it. A question without them is
// about the whole organisation.
//
// Example: team=claims,sales and application=triage name two scopes; team!=sales
// names none, so it is about everything.
func scopesOf(q *spend.Query) ([]spend.Scope, error) {
	scopes := []spend.Scope{{}}
	for _, name := range []string{"business_unit", "team", "application"} {
		values := narrowing(q.Where, spend.Dimension(name))
		if len(values) == 0 {
			continue
		}
		if len(scopes)*len(values) > maxTargets {
			return nil, spend.Errorf(spend.KindInvalid, "query", "its conditions name more than %d scopes", maxTargets).WithHint("ask several questions")
		}
		var wider []spend.Scope
		for _, s := range scopes {
			for _, v := range values {
				*s.Field(name) = v
				wider = append(wider, s)
			}
		}
		scopes = wider
	}
	return scopes, nil
}

// narrowing gives the values of the first condition that keeps some of a
// dimension. Further ones only narrow more.
func narrowing(where []spend.Filter, by spend.Dimension) []string {
	for _, f := range where {
		if f.By == by && !f.Not && len(f.Values) > 0 {
			return f.Values
		}
	}
	return nil
}
