package connect

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// EventType is the type of a CloudEvent that carries usage. Its data is
//
//	seller, requested_model, served_model, status, response, operation, …   texts of the event
//	scope           {"workflow": …, "run": …, "tags": {…}}
//	usage           {"convention": "inclusive", "input_tokens": 12, …}, or
//	                {"convention": "exclusive", "in_text": 12, …}
//	raw_usage       {"flavour": "openai.chat", "usage": {…}} instead of usage
//	usage_source    provider unless said
//	rank            estimate, agent_aggregate, agent_log or span (unless said)
//	started_at, first_token_at, ended_at
//	reported, reported_currency
//	bucket, call_count
//	flags           remarks by commas: notional for usage that a seat covers, …
//	revision        of a file's record that grows: the highest counts
//
// The envelope gives source and key (source, id), the instant (time) and, when
// the scope names none, the customer (subject).
const EventType = "com.bursarhq.usage.v1"

// OpenedType is the type of a CloudEvent that announces a call which may take
// long: it stands beside the totals until the usage of the same call arrives,
// under the same source and id, or the same attempt. Its data is that of
// EventType, with the usage that the call may come to at most, and
//
//	hold            what it may cost at most, in the reporting currency; the
//	                highest price of that usage unless said
//
// It has no status, usage_source, reported cost or end.
const OpenedType = "com.bursarhq.call.opened.v1"

// OpenEvents reads usage as CloudEvents 1.0 in structured JSON: one object, an
// array of them, or one a line. The source of an event is "events:" and its
// envelope's source; Options.Source replaces "events". Nothing is read before
// the first Next.
func OpenEvents(in io.Reader, o Options) *Reader {
	if o.Source == "" {
		o.Source = "events"
	}
	r := &Reader{options: o}
	r.split = splitter{in: in, line: 1}
	r.step = r.firstEvent
	return r
}

// firstEvent finds out how the events are laid out.
func (r *Reader) firstEvent() (Record, error) {
	if r.options.From.Offset > 0 {
		return Record{}, spend.Errorf(spend.KindInvalid, "resume import", "events are read from their start").
			WithHint("read the file again, what is known adds nothing")
	}
	if err := r.split.decoded(); err != nil {
		return Record{}, err
	}
	a := &array{split: &r.split}
	a.pass(a.blank())
	next := r.split.next
	switch head := r.split.peek(maxRecord + 2); {
	case len(head) > 0 && head[0] == '[':
		a.pass(1)
		next = a.next
	case len(head) <= maxRecord && json.Valid(head):
		next = a.next // one object, perhaps over many lines: an array of one without brackets
	}
	words := newVocabulary()
	r.step = func() (Record, error) { return r.event(next, &words) }
	return r.step()
}

// event reads one event.
func (r *Reader) event(next func() (stretch, error), words *vocabulary) (Record, error) {
	raw, err := next()
	if err != nil {
		return Record{}, r.broken(err)
	}
	rec := Record{Line: raw.line, End: raw.end}
	d := &data{event: &rec.Event, words: words}
	d.open(&raw, r.options.Source)
	if len(raw.raw) > 0 {
		rec.Hash = digest(raw.raw)
	}
	rec.Problems, rec.Open, rec.Hold = d.found, d.opened, d.hold
	return rec, nil
}

// data reads one CloudEvent into an event and collects every mistake.
type data struct {
	words  *vocabulary
	event  *spend.Event
	found  []spend.Problem
	usages int // how often usage came
	opened bool
	hold   money.Null
}

func (d *data) bad(field, format string, args ...any) {
	d.found = append(d.found, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
}

func (d *data) open(raw *stretch, prefix string) {
	why := raw.problem()
	if why == "" {
		why = badJSON(raw.raw)
	}
	if why != "" {
		d.bad("record", "%s", why)
		return
	}
	d.envelope(raw.raw, prefix)
}

// envelope reads the attributes of a CloudEvent. Extensions are passed over.
func (d *data) envelope(b []byte, prefix string) {
	var e map[string]json.RawMessage
	if err := json.Unmarshal(b, &e); err != nil {
		d.bad("record", "is not a JSON object")
		return
	}
	if v := d.text(e["specversion"], "specversion"); v != "1.0" {
		d.bad("specversion", "must be \"1.0\"")
	}
	switch d.text(e["type"], "type") {
	case EventType:
	case OpenedType:
		d.opened = true
	default:
		d.bad("type", "must be %q or %q", EventType, OpenedType)
	}
	source, id := d.required(e, "source"), d.required(e, "id")
	d.event.Source, d.event.SourceKey = prefix+":"+source, id
	if d.event.UsedAt = d.instant(e["time"], "used_at"); d.event.UsedAt.IsZero() && !d.knows("used_at") {
		d.bad("used_at", "is missing; it is the time of the envelope")
	}
	if _, encoded := e["data_base64"]; encoded {
		d.bad("data", "is encoded (data_base64); send it as JSON in data")
	} else if len(e["data"]) == 0 {
		d.bad("data", "is missing")
	} else {
		d.members(e["data"], "data", d.field)
	}
	if d.event.Scope.Customer == "" {
		d.event.Scope.Customer = d.text(e["subject"], "subject")
	}
	d.finish()
}

// finish sets what an event says without saying it.
func (d *data) finish() {
	e := d.event
	if e.Rank == 0 {
		e.Rank = spend.RankSpan
	}
	if d.opened {
		e.Status, e.UsageSource = spend.StatusInterrupted, spend.UsageUnobserved // until its usage arrives
		return
	}
	if e.Status == "" {
		e.Status = spend.StatusOK
	}
	if !validStatus(string(e.Status)) {
		d.bad("status", "is not ok, error, aborted, interrupted or refused")
		e.Status = ""
	}
	switch {
	case e.UsageSource != "":
	case e.Status == spend.StatusRefused:
		e.UsageSource = spend.UsageNone
	default:
		e.UsageSource = spend.UsageUnobserved
	}
}

func (d *data) required(e map[string]json.RawMessage, name string) string {
	s := d.text(e[name], name)
	if s == "" && !d.knows(name) {
		d.bad(name, "is missing")
	}
	return s
}

func (d *data) knows(field string) bool {
	for _, p := range d.found {
		if p.Field == field {
			return true
		}
	}
	return false
}

// text reads a JSON string; null and nothing are empty.
func (d *data) text(raw json.RawMessage, field string) (s string) {
	if len(raw) > 0 && json.Unmarshal(raw, &s) != nil {
		d.bad(field, "must be a text")
	}
	return s
}

func (d *data) instant(raw json.RawMessage, field string) time.Time {
	s := d.text(raw, field)
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		d.bad(field, "must be an instant like 2026-03-01T09:30:00Z")
	}
	return at.UTC().Round(time.Microsecond)
}

func (d *data) boolean(raw json.RawMessage, field string) (yes bool) {
	if json.Unmarshal(raw, &yes) != nil {
		d.bad(field, "must be true or false")
	}
	return yes
}

// members hands each member of an object to what reads it and refuses unknown ones.
func (d *data) members(raw json.RawMessage, what string, read func(name string, v json.RawMessage) bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		d.bad(what, "must be a JSON object")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !read(name, members[name]) {
			d.bad(what, "has an unknown field%s", quotedName(name))
		}
	}
}

// maxQuoted bounds the names of a sender that problems repeat.
const maxQuoted = 40

// quotedName repeats a name in a message when it looks like one; anything else may be
// text that must not be kept.
func quotedName(name string) string {
	other := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("_.-", c)
	}
	if name == "" || len(name) > maxQuoted || strings.ContainsFunc(name, other) {
		return ""
	}
	return " " + strconv.Quote(name)
}
