package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The limits of one record: long enough for real names and real months, too
// small for a hostile client to fill the lake or to make a sum overflow.
const (
	maxLabel  = 512
	maxTags   = 32
	maxTokens = 1_000_000_000_000_000 // of one meter
	earliest  = 2015                  // no model API sold tokens before that year
	service   = 11                    // years of service that may be paid for ahead
)

// Problems lists every field error of an event, none when it may be booked.
// latest is the last instant accepted, usually now and a day.
func Problems(e *spend.Event, latest time.Time) []spend.Problem {
	var v validator
	v.check("source", e.Source == "", "is empty; name who reports the event")
	v.check("source_key", e.SourceKey == "", "is empty; name the record within its source")
	v.check("call_count", e.CallCount < 0, "is negative")
	if e.Rank < spend.RankEstimate || e.Rank > spend.RankBill {
		v.add("rank", "is %d; want %d to %d", e.Rank, spend.RankEstimate, spend.RankBill)
	}
	if foreign := e.Flags &^ sourceFlags(e.Book); foreign != 0 {
		v.add("flags", "holds %s, which a source may not set", foreign)
	}
	v.vocabulary(e)
	v.check("book", e.Book != "" && e.Book != spend.Metered && !fromVendor(e.Book), "must be metered, reported or invoiced: what else is booked is no event")
	if !e.Category.IsUsage() {
		v.paid(e)
		latest = latest.AddDate(service, 0, 0)
	}
	v.times(e, latest)
	v.labels(e)
	v.usage(&e.Usage)
	if e.Reported.Valid {
		v.check("reported_currency", e.ReportedCurrency.Validate() != nil, "must be three capital letters when a cost is reported")
	}
	return v.found
}

// problems lists every field error of a record, none when it may be booked.
func (r *Record) problems(latest time.Time) []spend.Problem {
	v := validator{Problems(&r.Event, latest)}
	if !r.Open {
		return v.found
	}
	e := &r.Event
	v.check("status", e.Status != spend.StatusInterrupted, "must be interrupted: nobody knows yet how an open call ends")
	v.check("usage_source", e.UsageSource != spend.UsageUnobserved, "must be unobserved: the usage of an open call is the most that it may come to")
	v.check("bucket", e.Bucket, "is set, and an open call is one call")
	v.check("category", !e.Category.IsUsage(), "must be usage: an open call is a call")
	v.check("reported", e.Reported.Valid, "is given, and an open call has no cost yet")
	v.check("hold", r.Hold.Amount.Sign() < 0, "is negative")
	return v.found
}

// paid checks what is no usage: it brings an amount, and no tokens to be priced.
func (v *validator) paid(e *spend.Event) {
	signed := e.Category == spend.CategoryCredit || e.Category == spend.CategoryAdjustment
	v.check("category", !slices.Contains(paidCategories(), e.Category), "must be usage, purchase, credit, tax or adjustment")
	v.check("reported", !e.Reported.Valid, "is missing: what is no usage brings its amount")
	v.check("reported", !signed && e.Reported.Amount.Sign() < 0, "is below zero; money back is a credit")
	v.check("usage_source", e.UsageSource != spend.UsageNone, "must be none for what is no usage")
	v.check("usage", e.Usage.Tokens != [spend.ColumnMeters]int64{}, "holds tokens; book them as usage")
}

func paidCategories() []spend.Category {
	return []spend.Category{spend.CategoryPurchase, spend.CategoryCredit, spend.CategoryTax, spend.CategoryAdjustment}
}

type validator struct{ found []spend.Problem }

func (v *validator) add(field, format string, args ...any) {
	v.found = append(v.found, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
}

func (v *validator) check(field string, wrong bool, msg string) {
	if wrong {
		v.found = append(v.found, spend.Problem{Field: field, Msg: msg})
	}
}

// vocabulary repeats no word that is outside of it: it may be text of a call.
func (v *validator) vocabulary(e *spend.Event) {
	v.check("status", !isStatus(e.Status), "want ok, error, aborted, interrupted or refused")
	v.check("usage_source", !isUsageSource(e.UsageSource), "want provider, provider_partial, bill, tokenizer_estimate, unobserved or none")
}

func isStatus(s spend.Status) bool {
	return slices.Contains([]spend.Status{
		spend.StatusOK, spend.StatusError, spend.StatusAborted, spend.StatusInterrupted, spend.StatusRefused,
	}, s)
}

func isUsageSource(s spend.UsageSource) bool {
	return slices.Contains([]spend.UsageSource{
		spend.UsageProvider, spend.UsageProviderPartial, spend.UsageBill, spend.UsageEstimate, spend.UsageUnobserved, spend.UsageNone,
	}, s)
}

func (v *validator) times(e *spend.Event, latest time.Time) {
	v.check("used_at", e.UsedAt.IsZero(), "is missing, or the zero date of the year 1")
	for i, t := range times(e) {
		field := [4]string{"used_at", "started_at", "first_token_at", "ended_at"}[i]
		switch {
		case t.IsZero():
		case t.Year() < earliest:
			v.add(field, "is in the year %d, before %d; check the unit and format of the date", t.Year(), earliest)
		case t.After(latest):
			v.add(field, "lies in the future (%s); check the unit and zone of the date", t.UTC().Format("2006-01-02T15:04:05Z"))
		}
	}
}

func times(e *spend.Event) [4]*time.Time {
	return [4]*time.Time{&e.UsedAt, &e.StartedAt, &e.FirstTokenAt, &e.EndedAt}
}

func (v *validator) labels(e *spend.Event) {
	for i, label := range e.Labels() {
		if fault := labelFault(*label); fault != "" {
			v.add(spend.LabelNames()[i], "%s", fault)
		}
	}
	for i, f := range e.Scope.Fields() {
		if fault := labelFault(*f); fault != "" {
			v.add("scope."+spend.ScopeFields()[i], "%s", fault)
		}
	}
	v.check("scope.tags", len(e.Scope.Tags) > maxTags, "has more than 32 entries")
	for key, value := range e.Scope.Tags {
		if fault := labelFault(key) + labelFault(value); fault != "" {
			v.add(fmt.Sprintf("scope.tags.%.40q", key), "%s", fault)
		}
	}
}

// labelFault says what is wrong with a text field, "" when nothing is.
func labelFault(s string) string {
	if len(s) > maxLabel {
		return fmt.Sprintf("is %d bytes long; at most %d are kept", len(s), maxLabel)
	}
	for i := range len(s) {
		if s[i]-' ' >= 0x7f-' ' { // a control character, or no ASCII
			return unusualFault(s)
		}
	}
	return ""
}

func unusualFault(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "is not UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "holds a control character"
	}
	return ""
}

func (v *validator) usage(u *spend.Usage) {
	u.Each(func(m spend.Meter, q spend.Quantity) {
		switch {
		case q.Sign() < 0:
			v.add("usage."+m.String(), "is negative (%s); corrections are made by a later revision, not by negative counts", q)
		case q.Cmp(money.FromInt(maxTokens)) > 0:
			v.add("usage."+m.String(), "is above 10^15 (%s)", q)
		}
	})
}

// legible leaves out of a rejected event what no store should hold: text that
// is broken, too long or outside its vocabulary, and times that no event can have.
// It says whether everything is still there.
func legible(e spend.Event) (kept spend.Event, whole bool) {
	whole = true
	labels := e.Labels()
	fields := e.Scope.Fields()
	for _, s := range slices.Concat(labels[:], fields[:]) {
		whole = readable(s) && whole
	}
	if !e.Category.IsUsage() && !slices.Contains(paidCategories(), e.Category) {
		e.Category, whole = "", false
	}
	if !isStatus(e.Status) {
		e.Status, whole = "", whole && e.Status == ""
	}
	if !isUsageSource(e.UsageSource) {
		e.UsageSource, whole = "", whole && e.UsageSource == ""
	}
	if e.ReportedCurrency.Validate() != nil {
		e.ReportedCurrency, whole = "", whole && e.ReportedCurrency == ""
	}
	for _, t := range times(&e) {
		if !t.IsZero() && (t.Year() < earliest || t.Year() > 9999) {
			*t, whole = time.Time{}, false
		}
	}
	if len(e.Scope.Tags) > maxTags {
		e.Scope.Tags, whole = nil, false
	}
	e.Scope.Tags = maps.Clone(e.Scope.Tags)
	maps.DeleteFunc(e.Scope.Tags, func(key, value string) bool {
		broken := labelFault(key)+labelFault(value) != ""
		whole = whole && !broken
		return broken
	})
	return e, whole
}

// readable empties a text that no store should hold, and says whether it did not.
func readable(s *string) bool {
	sound := labelFault(*s) == ""
	if !sound {
		*s = ""
	}
	return sound
}
