package vendor

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// cursorPages are the events that Cursor's admin interface answers
// (/teams/filtered-usage-events).
//
// Traps: amounts are cents, with fractions; instants are milliseconds in quotes; the input
// leaves the cache out; what is charged holds Cursor's fee for tokens, and what a plan
// includes is not charged.
func cursorPages() kind {
	return kind{
		vendor: "cursor", name: "cursor events", source: "cursor.usage", cents: true,
		marks: []string{"chargedcents"}, needed: []string{"timestamp", "model", "kind"},
		known: []string{
			"tokenusage_inputtokens", "tokenusage_outputtokens", "tokenusage_cachereadtokens", "tokenusage_cachewritetokens", "tokenusage_totalcents",
			"cursortokenfee", "ischargeable", "istokenbasedcall", "requestscosts", "tokenusage_discountpercentoff", "isheadless",
		},
		groups: []string{"useremail", "kind", "model", "maxmode"},
		read:   readCursorEvent,
	}
}

func readCursorEvent(r *row) {
	at := r.instant("timestamp")
	l := r.line(at, at.Format(time.DateOnly))
	e := &l.Event
	e.Seller, e.RequestedModel, e.CallCount, e.Scope.Principal = "cursor", r.label("model"), 1, r.label("useremail")
	l.tag("kind", r.label("kind"))
	l.tag("max_mode", r.label("maxmode"))
	t := wire.Totals{
		Input: r.tokens("tokenusage_inputtokens"), Output: r.tokens("tokenusage_outputtokens"),
		CacheRead: r.tokens("tokenusage_cachereadtokens"), CacheWrite: r.tokens("tokenusage_cachewritetokens"),
	}
	var problems []spend.Problem
	e.Usage, e.Flags, problems = t.IncludeCache().Disjoint()
	r.found = append(r.found, problems...)
	r.cursorCharge(l)
}

// cursorCharge takes what is charged; of what is not, what its tokens come to is kept, and
// nothing is owed for it.
func (r *row) cursorCharge(l *Line) {
	e := &l.Event
	e.ReportedCurrency = "USD"
	column, kind := "chargedcents", strings.ToLower(r.text("kind"))
	switch {
	case strings.Contains(kind, "not charged") || strings.Contains(kind, "no charge"):
		e.Reported = money.Known(money.Amount{})
		return
	case r.text("ischargeable") == "false" || strings.Contains(kind, "included"):
		e.Flags |= spend.Notional
		if r.has("tokenusage_totalcents") {
			column = "tokenusage_totalcents"
		}
	}
	a, rounding, given := r.amount(column)
	if !given && r.text(column) == "" {
		r.bad(column, "is empty")
	}
	e.Reported, l.Rounding = money.Known(a), rounding
	l.Paid, l.Sellers = e.Usage, []string{"anthropic", "openai", "google", "xai", "cursor"}
}
