package connect

import (
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// build makes the event out of the cells: every problem at once, the event only
// of use when there is none.
func (r *row) build(o *Options, labels []interner) {
	m, e := r.m, &r.event
	e.Status = spend.StatusOK
	if m.Revisions != spend.Immutable {
		e.Revision = o.Revision
	}
	r.times()
	r.texts(labels)
	r.identify()
	usage, observed := m.usage.read(r)
	e.Usage, e.UsageSource = usage, m.usageSource
	switch {
	case observed:
	case e.Status == spend.StatusRefused:
		e.UsageSource = spend.UsageNone
	default:
		e.UsageSource = spend.UsageUnobserved
	}
	r.cost()
	r.calls()
}

// times sets the instant of the event and, when the mapping knows durations,
// start, first token and end. Without a column for the start the event started
// when it was used.
func (r *row) times() {
	e, d := &r.event, &r.m.duration
	at, ok := r.instant(&r.m.time.cell, "used_at")
	if !ok && len(r.found) == 0 {
		r.bad("used_at", &r.m.time.cell, "is empty")
	}
	e.UsedAt = at
	if *d == (durationPlan{}) || !ok {
		return
	}
	e.StartedAt = at
	if d.started != nil {
		e.StartedAt, _ = r.instant(d.started, "started_at")
	}
	e.EndedAt = r.later(d.ended, d.elapsed, "ended_at")
	e.FirstTokenAt = r.later(d.firstToken, d.toFirstToken, "first_token_at")
}

// later reads an instant, or a length of time after the start.
func (r *row) later(at *cell, length *span, field string) time.Time {
	switch {
	case at != nil:
		t, _ := r.instant(at, field)
		return t
	case length == nil || r.event.StartedAt.IsZero():
		return time.Time{}
	}
	b, given := r.get(&length.cell)
	if !given {
		return time.Time{}
	}
	micros, ok := scaled(b, length.micros)
	if !ok || micros < 0 {
		r.bad(field, &length.cell, "holds %s; want a length of time of 0 or more", shown(b))
		return time.Time{}
	}
	return time.UnixMicro(r.event.StartedAt.UnixMicro() + micros).UTC()
}

func (r *row) texts(labels []interner) {
	for i := range r.m.texts {
		t := &r.m.texts[i]
		value := r.text(t, labels[i])
		switch {
		case value == "":
		case t.target != nil:
			*t.target(&r.event) = value
		case r.event.Scope.Tags == nil:
			r.event.Scope.Tags = map[string]string{t.tag: value}
		default:
			r.event.Scope.Tags[t.tag] = value
		}
	}
	if !validStatus(string(r.event.Status)) {
		r.found = append(r.found, spend.Problem{Field: "status",
			Msg: "is not ok, error, aborted, interrupted or refused; name the file's own words in fields.status.map"})
		r.event.Status = ""
	}
}

// text gives a field's value. Constants and defaults are our own words already.
func (r *row) text(t *text, known interner) string {
	if t.slot < 0 {
		return t.constant
	}
	if b := r.at(t.slot); len(b) > 0 {
		return known.text(b, t)
	}
	return t.fallback
}

func validStatus(s string) bool {
	switch spend.Status(s) {
	case spend.StatusOK, spend.StatusError, spend.StatusAborted, spend.StatusInterrupted, spend.StatusRefused:
		return true
	}
	return false
}

// identify sets the key, partition and revision that columns give.
func (r *row) identify() {
	if len(r.m.key) > 0 {
		r.event.SourceKey = r.key()
	}
	if len(r.m.partition) > 0 {
		r.event.Partition = r.partition()
	}
	if r.m.revision != nil {
		if n, given := r.count(r.m.revision, "revision"); given {
			r.event.Revision = n
		}
	}
}

// key joins the key columns by slashes; a slash or backslash inside a value of
// several gets a backslash, so that a/b and c differ from a and b/c.
func (r *row) key() string {
	var room [128]byte
	key := room[:0]
	for i, slot := range r.m.key {
		b := r.named(slot)
		if len(b) == 0 {
			r.bad("source_key", &cell{slot: slot}, "is empty, and the mapping's key needs it")
		}
		if i > 0 {
			key = append(key, '/')
		}
		for _, c := range b {
			if len(r.m.key) > 1 && (c == '/' || c == '\\') {
				key = append(key, '\\')
			}
			key = append(key, c)
		}
	}
	return string(key)
}

// named gives the text in a slot as the name of a record may hold it.
func (r *row) named(slot int) []byte {
	b := r.at(slot)
	if auth.IsKey(string(b)) {
		return []byte(auth.Hashed(string(b)))
	}
	return b
}

func (r *row) partition() string {
	var b strings.Builder
	for _, p := range r.m.partition {
		b.WriteString(p.literal)
		switch {
		case p.date:
			b.WriteString(r.event.UsedAt.Format(time.DateOnly))
		case p.slot < 0:
		case len(r.at(p.slot)) == 0:
			r.bad("partition", &cell{slot: p.slot}, "is empty, and the mapping's partition needs it")
		default:
			b.Write(r.named(p.slot))
		}
	}
	return b.String()
}

func (r *row) cost() {
	c := r.m.cost
	if c == nil {
		return
	}
	a, given := r.amount(&c.cell, "reported")
	if !given || c.zeroIsMissing && a.IsZero() {
		return
	}
	if c.divideBy > 1 {
		var err error
		if a, err = a.MulRatio(1, c.divideBy); err != nil {
			r.bad("reported", &c.cell, "is refused: %v", err)
			return
		}
	}
	code, _ := r.get(&c.currency)
	currency, ok := currencyOf(string(code))
	if !ok {
		r.bad("reported_currency", &c.currency, "is not a currency of three capital letters")
		return
	}
	r.event.Reported, r.event.ReportedCurrency = money.Known(a), currency
}

func (r *row) calls() {
	c := r.m.calls
	if c == nil {
		return
	}
	n, given := r.count(c, "call_count")
	if !given && len(r.found) == 0 {
		r.bad("call_count", c, "is empty; a row that sums calls must say how many")
	}
	r.event.Bucket, r.event.CallCount = true, n
}

// interner keeps the finished texts of one column, so that a name which stands
// in a million rows is changed and allocated once. It stops taking new ones at
// a bound: a column with a value of its own in each row must not fill memory.
type interner map[string]string

const (
	maxInterned    = 1024
	maxInternedLen = 128
)

func (known interner) text(raw []byte, t *text) string {
	if s, found := known[string(raw)]; found {
		return s
	}
	s := t.change(string(raw))
	if len(known) < maxInterned && len(raw) <= maxInternedLen {
		known[string(raw)] = s
	}
	return s
}

// change makes the event's word of the file's: prefix off, then the table. Of a key that
// the table does not name the digest is left, with its prefix or without.
func (t *text) change(raw string) string {
	s := strings.TrimPrefix(raw, t.strip)
	if word, found := t.values[s]; found {
		return word
	}
	if word, found := t.values["*"]; found {
		return word
	}
	if auth.IsKey(raw) {
		return auth.Hashed(raw)
	}
	return auth.Hashed(s)
}

// contentKey names a record without key columns: its content and how
// many of its kind the file has held with it.
func contentKey(content spend.ID, occurrence uint32) string {
	return string(strconv.AppendUint(append([]byte(content.String()), '-'), uint64(occurrence), 10))
}
