package vendor

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// maxOwnTags bounds the tags of a row of a bill that are kept, by their names.
const maxOwnTags = 16

// bill puts a line of a bill under its month: the vendor writes the month anew until it is
// closed, and what it no longer names is gone. The key is a digest of all that tells the
// line from others of its day, also from those of another account, or of the next month's
// bill for the same day.
func (l *Line) bill() {
	e := &l.Event
	e.Partition = e.Account + "/" + l.Day
	if l.issuer != "" {
		e.Partition = e.Account + "/" + l.issuer + "/" + l.Day
	}
	parts := []string{e.Partition, string(e.Category), e.Seller, e.RequestedModel, e.ServedTier, e.Region, e.Kind, string(e.ReportedCurrency), e.Scope.Principal, e.Scope.Environment}
	for _, name := range slices.Sorted(maps.Keys(e.Scope.Tags)) {
		parts = append(parts, name, e.Scope.Tags[name])
	}
	e.SourceKey = e.UsedAt.Format(time.DateOnly) + "/" + spend.Digest(parts...).String()
}

// Divided gives the lines of the ledger that a line of an export takes: several, with the
// same key and /2, /3 behind it, for an amount above the most that one takes. What was
// bought stands on the first. An amount of too many parts stays whole, and the ledger says
// that it is too large.
func (l *Line) Divided(most int64) []*Line {
	all := []*Line{l}
	if len(l.Problems) > 0 {
		return all
	}
	parts, err := l.Event.Reported.Amount.Parts(most)
	if err != nil || len(parts) == 1 {
		return all
	}
	for k, part := range parts[1:] {
		m := *l
		e := &m.Event
		e.SourceKey += fmt.Sprintf("/%d", k+2)
		e.Usage, e.CallCount, e.Reported.Amount = spend.Usage{}, 0, part
		e.Scope.Tags = maps.Clone(e.Scope.Tags)
		m.Paid, m.Rounding = spend.Usage{}, money.Amount{}
		all = append(all, &m)
	}
	l.Event.Reported.Amount = parts[0]
	return all
}

// billLine begins a line of a bill: of the day of its seller, in a month of the bill, or that
// of the day when it tells none.
func (r *row) billLine(seller string, at time.Time, month string) *Line {
	zone := r.zone(seller)
	year, m, day := at.In(zone).Date()
	if month == "" {
		month = at.In(zone).Format("2006-01")
	}
	return r.line(calendar.DayStart(year, m, day, zone).UTC(), month)
}

// zone is that in which a seller counts the days of its bills.
func (r *row) zone(seller string) *time.Location {
	if r.options.Zones == nil {
		return time.UTC
	}
	return r.options.Zones(seller)
}

// monthOf is the month of a bill that begins at an instant: of its seller's calendar, but
// for files that begin it with a month of UTC.
func (r *row) monthOf(seller string, at time.Time) string {
	if at.Day() == 1 && at.Equal(at.Truncate(24*time.Hour)) {
		return at.Format("2006-01")
	}
	return at.In(r.zone(seller)).Format("2006-01")
}

// spent is the instant by which a row of a bill is of a day: its start. For a seller of
// another zone than UTC it is the middle, for most of a day of UTC lies in the seller's day
// of the same date.
//
// Example: 1 March in UTC is from 16:00 on 28 February to 16:00 on 1 March in Los Angeles,
// with its middle at 04:00 on 1 March.
func (r *row) spent(seller, start, end string) time.Time {
	at := r.instant(start)
	until, err := time.Parse(time.RFC3339, r.text(end))
	if span := until.Sub(at); err != nil || span <= 0 || span > 25*time.Hour || r.zone(seller) == time.UTC {
		return at
	}
	return at.Add(until.Sub(at) / 2)
}

// charge takes the amount of a line of a bill. A sign that its category cannot have makes
// an adjustment of it: tax that is given back, usage that is taken back.
func (r *row) charge(l *Line, column, currency string) {
	e := &l.Event
	a, rounding, given := r.amount(column)
	if !given && r.text(column) == "" {
		r.bad(column, "is empty")
	}
	if currency == "" {
		r.bad("currency", "is empty; an amount without a currency is none")
	}
	e.Reported, e.ReportedCurrency, l.Rounding, l.rest = money.Known(a), money.Currency(strings.ToUpper(currency)), rounding, r.rest(column)
	switch {
	case e.Category == spend.CategoryCredit && a.Sign() > 0, e.Category != spend.CategoryCredit && a.Sign() < 0:
		e.Category = spend.CategoryAdjustment
	case e.Category == spend.CategoryUsage:
		e.Category = ""
	}
	if !e.Category.IsUsage() {
		e.Usage, e.UsageSource, l.Paid, l.Sellers = spend.Usage{}, spend.UsageNone, spend.Usage{}, nil
	}
}

// bought notes how many tokens a line of a bill is for.
func (r *row) bought(l *Line, m spend.Meter, column string, scale int64) {
	q, given := r.decimal(column, r.text(column))
	if !given || scale == 0 {
		return
	}
	tokens, err := q.MulInt(scale)
	if err != nil || tokens.Sign() < 0 || l.Event.Usage.Set(m, tokens.Round(0)) != nil {
		return // what is taken back, or no count, is money alone
	}
	l.Paid = l.Event.Usage
}

// ownTags keeps the tags that the vendor's customer gave a resource: an object of names
// and values, or a list of keys and values.
func (r *row) ownTags(l *Line, text string) {
	if text == "" {
		return
	}
	found := map[string]string{}
	var object map[string]any
	var list []struct{ Key, Value string }
	switch {
	case json.Unmarshal([]byte(text), &object) == nil:
		for name, value := range object {
			if s, ok := value.(string); ok {
				found[name] = s
			}
		}
	case json.Unmarshal([]byte(text), &list) == nil:
		for _, t := range list {
			found[t.Key] = t.Value
		}
	default:
		return // a text that is no tag says nothing of who used it
	}
	names := slices.Sorted(maps.Keys(found))
	for _, name := range names[:min(len(names), maxOwnTags)] {
		if _, taken := l.Event.Scope.Tags[name]; !taken && name != Grouping && len(name) <= maxShown && len(found[name]) <= maxKey && !strings.Contains(name, "@") {
			l.tag(name, withheld(found[name]))
		}
	}
}

// base is the last part of a path or of the name of a resource.
func base(s string) string { return s[strings.LastIndexAny(s, "/:")+1:] }
