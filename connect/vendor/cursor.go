package vendor

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// cursorEvents is what the usage page of cursor.com exports, a row for each request.
//
// Traps: "Input (w/ Cache Write)" is the tokens that were written to a cache in one age
// of the file, and all input with them in another, which the total tells apart; what a
// plan includes has a cost that is not charged; Date may be in milliseconds.
func cursorEvents() kind {
	return kind{
		vendor: "cursor", name: "cursor usage", source: "cursor.usage",
		marks: []string{"input (w/ cache write)", "input (w/o cache write)"}, needed: []string{"date", "model", "kind", "cache read", "output tokens", "total tokens"},
		known:  []string{"cost", "cost ($)", "cost to you", "requests"},
		groups: []string{"user", "cloud agent id", "automation id", "kind", "model", "max mode"},
		read:   readCursor,
	}
}

func readCursor(r *row) {
	at := r.instant("date")
	l := r.line(at, at.Format(time.DateOnly))
	e := &l.Event
	e.Seller, e.RequestedModel, e.CallCount = "cursor", r.label("model"), 1
	e.Scope.Principal = r.label("user")
	l.tag("kind", r.label("kind"))
	l.tag("agent", r.label("cloud agent id"))
	l.tag("automation", r.label("automation id"))
	l.tag("max_mode", r.label("max mode"))
	var problems []spend.Problem
	e.Usage, e.Flags, problems = cursorTotals(r).IncludeCache().Disjoint()
	r.found = append(r.found, problems...)
	r.cursorMoney(l)
	if r.text("model") == "" {
		r.bad("model", "is empty")
	}
}

// cursorTotals finds out by the total which of two meanings the columns have.
//
// Example: 1200 with and 1000 without cache writes, 5000 read and 300 out are 6500
// tokens when the 1200 hold the 1000, and 7500 when they are apart.
func cursorTotals(r *row) wire.Totals {
	with, without := r.tokens("input (w/ cache write)"), r.tokens("input (w/o cache write)")
	t := wire.Totals{CacheRead: r.tokens("cache read"), Output: r.tokens("output tokens")}
	rest := r.tokens("total tokens") - t.CacheRead - t.Output
	switch {
	case len(r.found) > 0: // a count that could not be read says nothing of the sum
	case rest == with+without:
		t.Input, t.CacheWrite = without, with
	case rest == with && with >= without:
		t.Input, t.CacheWrite = without, with-without
	default:
		r.bad("total tokens", "is the sum of the other counts neither with nor without the cache writes apart; the row cannot be read in one way")
	}
	return t
}

// cursorMoney takes the cost. What is included, or billed by another, is kept as what
// it would cost, and nothing is owed for it.
func (r *row) cursorMoney(l *Line) {
	e, kind := &l.Event, strings.ToLower(r.text("kind"))
	column := "cost"
	for _, name := range [...]string{"cost ($)", "cost to you"} {
		if r.has(name) {
			column = name
		}
	}
	free := strings.Contains(kind, "included") || strings.Contains(kind, "free") || strings.Contains(kind, "api key")
	void := strings.Contains(kind, "no charge") || strings.Contains(kind, "not charged")
	if strings.Contains(kind, "abort") {
		e.Status = spend.StatusAborted
	} else if strings.Contains(kind, "error") {
		e.Status = spend.StatusError
	}
	e.ReportedCurrency = "USD"
	text := strings.ToLower(r.text(column))
	switch {
	case void, free && (text == "" || text == "-" || text == "included" || text == "free"):
		e.Reported = money.Known(money.Amount{})
	case !r.has(column): // by requests: nothing says what they cost
		e.ReportedCurrency = ""
	default:
		a, rounding, given := r.amount(column)
		if !given && text == "" {
			r.bad(column, "is empty for a request that is charged")
		}
		e.Reported, l.Rounding = money.Known(a), rounding
		l.Paid, l.Sellers = e.Usage, []string{"anthropic", "openai", "google", "xai", "cursor"}
	}
	if free {
		e.Flags |= spend.Notional
	}
}
