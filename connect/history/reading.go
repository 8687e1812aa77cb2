package history

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// reading is one record on its way to an event. What it asks of a column and cannot
// have is a problem; a problem never repeats what the column says.
type reading struct {
	connect.Record
	row     *row
	options *Options
	product *Product
	made    []connect.Record
}

// emit hands out the record as it stands.
func (r *reading) emit() {
	rec := r.Record
	if len(rec.Problems) > 0 { // what it says is of use to nobody but who mends it
		rec.Event = spend.Event{Source: r.Event.Source, Rank: r.Event.Rank, SourceKey: r.Event.SourceKey, UsedAt: r.Event.UsedAt}
	}
	r.made = append(r.made, rec)
}

func (r *reading) bad(field, format string, args ...any) {
	r.Problems = append(r.Problems, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
}

// said says that a column holds something.
func (r *reading) said(slot int) bool {
	return r.row.cells[slot].given && len(r.row.cells[slot].text) > 0
}

func (r *reading) raw(slot int) []byte {
	if !r.said(slot) {
		return nil
	}
	return r.row.cells[slot].text
}

// word is an id or a name without spaces; anything else is none.
func (r *reading) word(slot int) string { return word(string(r.raw(slot))) }

// title is a name that people gave; anything else is none.
func (r *reading) title(slot int) string { return title(string(r.raw(slot))) }

// key is the product's id of the record.
func (r *reading) key(slot int) string {
	key := string(r.raw(slot))
	if key == "" || len(key) > maxWord || strings.ContainsFunc(key, unicode.IsControl) {
		r.bad(r.product.columns[slot].names[0], "is missing, or is no id of a call")
		return ""
	}
	return key
}

const (
	maxWord  = 200
	maxTitle = 100
)

func word(s string) string {
	if len(s) > maxWord || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || !unicode.IsPrint(r) }) {
		return ""
	}
	return s
}

// title refuses what may name a person or a place on a disk.
func title(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxTitle || strings.ContainsAny(s, "@\\") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "~") ||
		strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ""
	}
	return s
}

// count reads a number of tokens or calls; false when the column says nothing.
func (r *reading) count(slot int) (int64, bool) {
	if !r.said(slot) {
		return 0, false
	}
	var t tally
	_ = t.UnmarshalJSON(r.raw(slot)) // never fails
	if t.bad {
		r.bad(r.product.columns[slot].names[0], "is not a whole number")
	}
	return t.n, t.given
}

// at reads an instant; one without a zone is in UTC.
func (r *reading) at(slot int) time.Time {
	text := strings.Trim(string(r.raw(slot)), `"`)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Round(time.Microsecond)
		}
	}
	r.bad(r.product.columns[slot].names[0], "is no instant that is known; want RFC 3339, or UTC without a zone")
	return time.Time{}
}

// used is the instant of the call, which every record needs.
func (r *reading) used(slot int) time.Time {
	at, problems := r.at(slot), len(r.Problems)
	if at.IsZero() && (problems == 0 || r.Problems[problems-1].Field != r.product.columns[slot].names[0]) {
		r.bad(r.product.columns[slot].names[0], "is missing")
	}
	return at
}

// lasted sets when a call that began when it was used answered and ended.
func (r *reading) lasted(first, end int) {
	e := &r.Event
	if e.EndedAt = r.at(end); !e.EndedAt.IsZero() {
		e.StartedAt, e.FirstTokenAt = e.UsedAt, r.at(first)
	}
}

// reported keeps what the product says that the call cost, in US dollars, which all of
// the products count in.
func (r *reading) reported(slot int) {
	if !r.said(slot) {
		return
	}
	a, _, err := money.ParseRounded(strings.Trim(string(r.raw(slot)), `"`))
	if err != nil {
		r.bad(r.product.columns[slot].names[0], "is no amount")
		return
	}
	r.Event.Reported, r.Event.ReportedCurrency = money.Known(a), "USD"
}

// decode reads a column that holds JSON, also when it is a text with JSON in it.
func (r *reading) decode(slot int, into any) bool {
	text := r.raw(slot)
	if len(text) == 0 {
		return false
	}
	var inner string
	if text[0] == '"' && json.Unmarshal(text, &inner) == nil {
		text = []byte(inner)
	}
	if err := json.Unmarshal(text, into); err != nil {
		r.bad(r.product.columns[slot].names[0], "is not valid JSON of the form that %s writes", r.product.Title)
		return false
	}
	return true
}

// told is the revision of a record: of two that tell one call the later one counts, and
// of two of one instant the one that says more. It is of what the record says alone, so
// that files may come in any order.
func (r *reading) told(at time.Time) (n int64) {
	for slot := range r.row.cells {
		if r.said(slot) {
			n++
		}
	}
	return n + mostColumns*min(max(at.UnixMicro(), 0), lastTold)
}

// mostColumns is more than any product has; lastTold is far behind every instant of a
// record, and leaves room for the columns.
const (
	mostColumns = 64
	lastTold    = 1 << 56
)

// measure makes disjoint meters of totals, and problems of parts that exceed them.
func (r *reading) measure(t *wire.Totals) {
	usage, flags, problems := t.Disjoint()
	r.Event.Usage, r.Event.Flags = usage, r.Event.Flags|flags
	for _, p := range problems {
		r.Problems = append(r.Problems, spend.Problem{Field: "usage." + p.Field, Msg: p.Msg})
	}
}

// tag keeps a name under a key.
func (r *reading) tag(key, value string) {
	key = word(key)
	if value = title(value); key == "" || value == "" || len(r.Event.Scope.Tags) >= maxTags {
		return
	}
	if r.Event.Scope.Tags == nil {
		r.Event.Scope.Tags = map[string]string{}
	}
	r.Event.Scope.Tags[key] = value
}

const maxTags = 24

// label keeps a tag as people write it: team:search, team=search, or nightly alone.
func (r *reading) label(text string) {
	text = title(text)
	i := strings.IndexAny(text, ":=")
	switch {
	case i < 0 && word(text) != "":
		r.tag(text, "true")
	case i > 0:
		r.tag(text[:i], text[i+1:])
	}
}

// claims are the names of a scope that people put into a product's own metadata.
func (r *reading) claims(said map[string]text) {
	for _, name := range []string{"workflow", "agent", "run", "parent_run", "step", "feature", "environment", "application", "customer"} {
		if field := r.Event.Scope.Field(name); *field == "" {
			*field = title(string(said[name]))
		}
	}
	r.tag("project", string(said["project"]))
}

// person claims who made the call. The directory gives a random id for it.
func (r *reading) person(name string) {
	if len(name) <= maxWord && !strings.ContainsFunc(name, unicode.IsControl) {
		r.Event.Scope.Principal = name
	}
}

// customer is for whom the call was made. One who is told by an address is a person,
// whom the directory alone may know.
func (r *reading) customer(name string) {
	switch {
	case !strings.Contains(name, "@"):
		r.Event.Scope.Customer = title(name)
	case r.Event.Scope.Principal == "":
		r.person(name)
	}
}

// host is the name of the machine in an address, without user, port and path.
func host(address string) string {
	if u, err := url.Parse(address); err == nil {
		return word(u.Hostname())
	}
	return ""
}

// seller is who sold the tokens, as the record says it, else as the options do.
func (r *reading) seller(said string) {
	if r.Event.Seller = word(strings.ToLower(said)); r.Event.Seller == "" && r.Event.Host == "" {
		r.Event.Seller = r.options.Seller
	}
}

// tally is a count: a whole number, written 12, 12.0 or "12". Anything else but null is bad.
type tally struct {
	n          int64
	given, bad bool
}

// UnmarshalJSON reads a count and never fails, so that one bad field does not hide the others.
func (t *tally) UnmarshalJSON(b []byte) error {
	*t = tally{}
	s := strings.Trim(string(b), `"`)
	if s == "null" || s == "" {
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(s, ".0"), 10, 64)
	*t = tally{n: n, given: true, bad: err != nil}
	return nil
}

// text is a text; another kind of value is none.
type text string

// UnmarshalJSON reads a text and never fails.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = text(s)
	}
	return nil
}

// agreed gives a count that is told in several places. Two that differ are a problem.
func (r *reading) agreed(field string, told ...tally) int64 {
	var first tally
	for _, t := range told {
		switch {
		case t.bad:
			r.bad("usage."+field, "is not a whole number")
		case t.given && !first.given:
			first = t
		case t.given && t != first:
			r.bad("usage."+field, "is told twice, as %d and as %d", first.n, t.n)
		}
	}
	return first.n
}
