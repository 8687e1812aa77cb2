package vendor

import (
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// openaiCost is what the cost page of platform.openai.com exports: dollars a day, split
// by project and line item as the page was when it was downloaded.
//
// Traps: the currency is in small letters; a day without costs is a row without an
// amount; a credit is a negative amount; the quantity has a unit of its own, and none
// when the units of a sum differ.
func openaiCost() kind {
	return kind{
		vendor: "openai", name: "openai cost", source: "openai.cost",
		marks: []string{"amount_value", "amount_currency"}, needed: []string{"start_time", "end_time"},
		known:  []string{"start_time_iso", "end_time_iso", "project_name", "user_email", "organization_id", "organization_name", "quantity", "quantity_unit"},
		groups: []string{"project_id", "user_id", "api_key_id", "line_item", "api_source"},
		read:   readOpenAICost,
	}
}

func readOpenAICost(r *row) {
	at, day := r.bucket("start_time", "end_time")
	if r.text("amount_value") == "" && r.text("amount_currency") == "" {
		r.empty = len(r.found) == 0
		return
	}
	l := r.line(at, day)
	openaiNames(r, l)
	r.cost(l, "amount_value", strings.ToUpper(r.text("amount_currency")))
	item := r.label("line_item")
	l.tag("line_item", item)
	model, rest, split := strings.Cut(item, ", ")
	if !split {
		return
	}
	l.Event.RequestedModel = model
	meter, known := openaiMeter(rest)
	if unit := r.options.Unit.of(r.text("quantity_unit")); known && unit > 0 {
		if q, given := r.decimal("quantity", r.text("quantity")); given {
			l.pays("openai", meter, q, unit)
		}
	}
}

// openaiMeter is what a line item counts.
func openaiMeter(words string) (spend.Meter, bool) {
	m, known := map[string]spend.Meter{
		"input": spend.InText, "cached input": spend.CacheRead, "output": spend.OutText,
	}[words]
	return m, known
}

// of gives how many tokens one of a quantity is, 0 when its unit counts no tokens.
func (u Unit) of(name string) int64 {
	if scale := tokenScale(name); scale != 1 {
		return scale
	}
	return u.perCount()
}

// pays notes what the amount of a line is for. What does not come to whole tokens is
// not compared.
func (l *Line) pays(seller string, m spend.Meter, q money.Amount, scale int64) {
	if q, err := q.MulInt(scale); err == nil && q.Sign() > 0 && l.Paid.Set(m, q.Round(0)) == nil {
		l.Sellers = []string{seller}
	}
}

// cost takes the money of a line that tells no usage: below zero it is a credit.
func (r *row) cost(l *Line, column, currency string) {
	a, rounding, given := r.amount(column)
	if !given {
		if r.text(column) == "" {
			r.bad(column, "is empty")
		}
		return
	}
	if currency == "" {
		r.bad("amount_currency", "is empty; an amount without a currency is none")
	}
	e := &l.Event
	e.Reported, e.ReportedCurrency, l.Rounding, l.rest = money.Known(a), money.Currency(currency), rounding, r.rest(column)
	e.UsageSource = spend.UsageNone
	if a.Sign() < 0 {
		e.Category = spend.CategoryCredit
	}
}
