package report

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/spend"
)

// ExplainAsk is the question why spend changed, as it is written on a command line.
type ExplainAsk struct {
	From  string   // the earlier period: a month of finance, "2026-09", or START..END
	To    string   // the later one
	By    string   // dimensions by commas; "" is the whole
	Where []string // "model=a,b" or "model!=a"
	Book  string
	AsOf  string
	Zone  string // IANA name

	Fiscal spend.Fiscal // what a month is
}

// Base is the question to the ledger of which both periods are answers: the cost of
// each slice. All errors come at once.
func (a ExplainAsk) Base(now time.Time) (before, after spend.Query, err error) {
	ask := Ask{By: a.By, Measures: string(spend.Cost), Where: a.Where, Book: a.Book, Axis: string(spend.ByUse), AsOf: a.AsOf, Zone: a.Zone}
	q, err := ask.Query(now)
	if err != nil {
		return q, q, err
	}
	if privacy.Personal(&q) {
		return q, q, spend.Errorf(spend.KindForbidden, "explain", "what single persons spent is not explained").WithHint("ask by team or workflow")
	}
	q.Fiscal = a.Fiscal
	before, after = q, q
	var errs [2]error
	before.From, before.To, errs[0] = period("from", a.From, &q)
	after.From, after.To, errs[1] = period("to", a.To, &q)
	return before, after, errors.Join(errs[:]...)
}

// period reads a month of finance, or a window whose end is not included.
func period(flag, text string, q *spend.Query) (from, to time.Time, err error) {
	start, end, window := strings.Cut(text, "..")
	if !window {
		from, to, err = calendar.Of(q).Bounds(spend.Period(text))
	} else if from, err = day(start, q.Zone); err == nil {
		to, err = day(end, q.Zone)
	}
	if err == nil && !from.Before(to) {
		err = errors.New("it ends before it starts")
	}
	if err != nil {
		return from, to, spend.Errorf(spend.KindInvalid, "read --"+flag, "%.60q is no period: %w", text, err).
			WithHint("a month like 2026-09, or a window like 2026-09-01..2026-10-01, its end not included")
	}
	return from, to, nil
}

func day(text string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	return time.ParseInLocation(time.DateOnly, text, zone)
}

// routes are the dimensions below a slice, in the order in which fields reads them.
func routes() []spend.Dimension {
	return []spend.Dimension{"developer", "family", "requested_model", "model", "category", "seller", "service_tier", "context_tier", "region", "currency", "price_state"}
}

// detail are the measures of a group, in the order in which fields reads them.
func detail() []spend.Measure {
	all := []spend.Measure{spend.Calls, spend.Cost, spend.ListCost, spend.Contracted}
	for k := range spend.Components {
		all = append(all, spend.Measure("cost_"+k.String()))
	}
	for _, m := range spend.Meters() {
		all = append(all, spend.Measure(m.String()))
	}
	return all
}

// Detailed is the question that gives every group of a period, down to who served it
// at which price; by workflow too where the calls of any split.
func Detailed(base spend.Query, heads *Heads) spend.Query {
	base.By = slices.Concat(base.By, heads.below(), routes())
	base.Measures, base.Order, base.Top = detail(), "", 0
	return base
}
