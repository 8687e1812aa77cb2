package connect

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeType is the type of a CloudEvent that carries an outcome. Its data is
//
//	definition, version, workflow, state, level (L0 to L4)
//	quantity, value, currency, remediation_minutes
//	run   one run, or
//	runs  a list of runs, each a text or {"run": …, "weight": …}
//
// The envelope gives the event's identity (source, id), the result (subject) and
// the instant (time).
const OutcomeType = "com.bursarhq.outcome.v1"

// OutcomeLayout says how a CSV file of outcomes is written. The zero value is
// the standard one, whose columns bear the names of the fields: id, run, state,
// at, and where there is more to say definition, subject, workflow, weight,
// quantity, value, currency, level, remediation_minutes. Several runs, and
// their weights, are set apart by semicolons.
type OutcomeLayout struct {
	Source     string            // names the events, "outcomes" when empty
	Definition string            // of rows that name none
	Workflow   string            // of rows that name none
	Columns    map[string]string // the file's own names, by field
	States     map[string]string // the file's own words for a state; "" for a row without an outcome
}

// MiniSWEAgentRuns reads the totals of a sweep of mini-swe-agent, a run a row: a
// resolved instance is verified, another one is no outcome.
func MiniSWEAgentRuns() OutcomeLayout {
	return OutcomeLayout{
		Source: "mini-swe-agent", Definition: "swe-bench.resolved", Workflow: "swe-bench",
		Columns: map[string]string{"id": "instance_id", "run": "instance_id", "state": "resolved", "at": "last_unix"},
		States:  map[string]string{"1": string(outcome.Verified), "0": ""},
	}
}

// OutcomeLayoutOf gives a layout by its name, "" for the standard one, with what
// the own one says of source, definition and workflow over it. The error is of
// kind invalid.
func OutcomeLayoutOf(name string, own OutcomeLayout) (OutcomeLayout, error) {
	l := OutcomeLayout{}
	switch name {
	case "":
	case "mini-swe-agent":
		l = MiniSWEAgentRuns()
	default:
		return l, spend.Errorf(spend.KindInvalid, "read outcomes", "there is no layout %.40q", name).WithHint("mini-swe-agent, or none for the standard columns")
	}
	l.Source = cmp.Or(own.Source, l.Source)
	l.Definition = cmp.Or(own.Definition, l.Definition)
	l.Workflow = cmp.Or(own.Workflow, l.Workflow)
	return l, nil
}

// OutcomeRecord is one record of a file of outcomes: an event, or the problems
// that keep it from being one.
type OutcomeRecord struct {
	Event    outcome.Event   // of use only without problems
	Problems []spend.Problem // every mistake of the record at once, without its text
	Whole    bool            // the mistakes are those of the event alone: all of the record could be read
	Line     int64           // the line on which it starts, from 1
	End      int64           // bytes of the stream up to and with it
	Hash     spend.ID        // digest of the record as it stands in the file; zero when it is too long to hold
}

// OutcomeReader hands out the records of one stream in their order. It is for
// one goroutine.
type OutcomeReader struct {
	reader *Reader // the stream, its columns and cells
	layout OutcomeLayout
	start  func() error
	next   func() (stretch, error)
	read   func(*stretch) (outcome.Event, []spend.Problem)
	failed error
	passed int64
}

// outcomeFields are the columns of a CSV file; the first needed ones must be there.
func outcomeFields() (names []string, needed int) {
	return []string{"id", "run", "state", "at", "definition", "subject", "workflow", "weight", "quantity", "value", "currency",
		"level", "remediation_minutes"}, 4
}

// OpenOutcomes reads a CSV file of outcomes. Nothing is read before the first
// Next, which is also where a wrong header or encoding is reported.
//
// Without a column subject the id names the result, and one id may come once in
// each state: an export of today and one of tomorrow add up to its history.
func OpenOutcomes(in io.Reader, l OutcomeLayout) *OutcomeReader {
	if l.Source == "" {
		l.Source = "outcomes"
	}
	m := &Mapping{Name: "of outcomes", Format: CSV, delimiter: ','}
	names, needed := outcomeFields()
	for i, name := range names {
		column := column{name: name, optional: i >= needed}
		if own, renamed := l.Columns[name]; renamed {
			column.name, column.optional = own, false
		}
		m.columns = append(m.columns, column)
	}
	r := &Reader{mapping: m, split: splitter{in: in, quotes: true, delimiter: ',', line: 1}}
	r.row = row{m: m, cells: make([][]byte, len(names))}
	o := &OutcomeReader{reader: r, layout: l, start: r.start, next: r.split.next}
	o.read = o.csv
	return o
}

// OpenOutcomeEvents reads outcomes as CloudEvents 1.0 in structured JSON: one
// object, an array of them, or one a line. Nothing is read before the first Next.
func OpenOutcomeEvents(in io.Reader) *OutcomeReader {
	r := &Reader{split: splitter{in: in, line: 1}}
	o := &OutcomeReader{reader: r, read: outcomeEvent}
	o.start = func() error {
		if err := r.split.decoded(); err != nil {
			return err
		}
		a := &array{split: &r.split}
		a.pass(a.blank())
		o.next = r.split.next
		switch head := r.split.peek(maxRecord + 2); {
		case len(head) > 0 && head[0] == '[':
			a.pass(1)
			o.next = a.next
		case len(head) <= maxRecord && json.Valid(head):
			o.next = a.next // one object, perhaps over many lines
		}
		return nil
	}
	return o
}

// Passed counts the rows so far that state no outcome.
func (o *OutcomeReader) Passed() int64 { return o.passed }

// Next gives the next record. A record that cannot become an event carries
// Problems and does not end the reading. io.EOF marks the end; any other error
// is final.
func (o *OutcomeReader) Next() (OutcomeRecord, error) {
	if o.failed == nil && o.start != nil {
		o.failed, o.start = o.start(), nil
	}
	for o.failed == nil {
		raw, err := o.next()
		if err != nil {
			o.failed = o.reader.broken(err)
			break
		}
		rec := OutcomeRecord{Line: raw.line, End: raw.end}
		if len(raw.raw) > 0 {
			rec.Hash = digest(raw.raw)
		}
		if why := raw.problem(); why != "" {
			rec.Problems = []spend.Problem{{Field: "record", Msg: why}}
			return rec, nil
		}
		rec.Event, rec.Problems = o.read(&raw)
		if rec.Event.State == "" && len(rec.Problems) == 0 {
			o.passed++
			continue
		}
		if rec.Whole = len(rec.Problems) == 0; rec.Whole {
			rec.Problems = rec.Event.Validate()
		}
		return rec, nil
	}
	return OutcomeRecord{}, o.failed
}

// csv reads one row, by the slots of outcomeFields.
func (o *OutcomeReader) csv(raw *stretch) (outcome.Event, []spend.Problem) {
	r := o.reader
	r.row = row{m: r.mapping, cells: r.row.cells}
	r.csvCells(raw)
	e := outcome.Event{Source: o.layout.Source}
	if len(r.row.found) > 0 {
		return e, r.row.found
	}
	if own, renamed := o.layout.States[o.text("state")]; renamed && own == "" {
		return e, nil
	} else if renamed {
		e.State = outcome.State(own)
	} else if e.State = outcome.State(o.text("state")); e.State == "" {
		r.row.malformed("has no state")
	}
	e.ID, e.Subject = o.text("id"), o.text("subject")
	if e.Subject == "" && e.ID != "" {
		e.Subject = e.ID
		if slices.Contains(outcome.States(), e.State) { // another word is nothing to keep
			e.ID += "/" + string(e.State)
		}
	}
	if e.Definition = o.text("definition"); e.Definition == "" {
		e.Definition = o.layout.Definition
	}
	if e.Workflow = o.text("workflow"); e.Workflow == "" {
		e.Workflow = o.layout.Workflow
	}
	e.At = o.instant()
	e.Quantity, e.Value, e.RemediationMinutes = o.number("quantity"), o.number("value"), o.number("remediation_minutes")
	e.Currency = money.Currency(o.text("currency"))
	if !e.Value.Valid {
		e.Currency = "" // a column of one currency beside empty values
	}
	if level := o.text("level"); level != "" {
		o.check("level", e.Level.UnmarshalText([]byte(level)) == nil, "must be L0 to L4")
	}
	e.Runs = o.runs()
	return e, r.row.found
}

// cell finds the cell of a field.
func (o *OutcomeReader) cell(field string) *cell {
	names, _ := outcomeFields()
	for slot, name := range names {
		if name == field {
			return &cell{slot: slot}
		}
	}
	return &cell{slot: -1}
}

func (o *OutcomeReader) text(field string) string {
	b, _ := o.reader.row.get(o.cell(field))
	return string(b)
}

func (o *OutcomeReader) check(field string, sound bool, msg string) {
	if !sound {
		o.reader.row.bad(field, o.cell(field), "%s", msg)
	}
}

func (o *OutcomeReader) number(field string) money.Null {
	a, given := o.reader.row.amount(o.cell(field), field)
	return money.Null{Amount: a, Valid: given}
}

// instant reads RFC 3339, or seconds since 1970.
func (o *OutcomeReader) instant() time.Time {
	text := o.text("at")
	if micros, ok := scaled([]byte(text), second); ok {
		return time.UnixMicro(micros).UTC()
	}
	at, err := time.Parse(time.RFC3339, text)
	o.check("at", err == nil, "must be an instant like 2026-03-01T09:30:00Z, or seconds since 1970")
	return at.UTC().Round(time.Microsecond)
}

func (o *OutcomeReader) runs() []outcome.Link {
	var links []outcome.Link
	for _, run := range strings.FieldsFunc(o.text("run"), semicolon) {
		links = append(links, outcome.Link{Run: strings.TrimSpace(run)})
	}
	weights := strings.FieldsFunc(o.text("weight"), semicolon)
	if len(weights) == 0 {
		return links
	}
	if len(weights) != len(links) {
		o.check("weight", false, fmt.Sprintf("has %d weights for %d runs", len(weights), len(links)))
		return links
	}
	for i, w := range weights {
		a, err := money.Parse(strings.TrimSpace(w))
		o.check("weight", err == nil, "must be numbers from 0 to 1, set apart by semicolons")
		links[i].Weight = money.Known(a)
	}
	return links
}

func semicolon(c rune) bool { return c == ';' }

// outcomeEvent reads one CloudEvent.
func outcomeEvent(raw *stretch) (e outcome.Event, found []spend.Problem) {
	d := &data{event: &spend.Event{}}
	var envelope map[string]json.RawMessage
	if why := badJSON(raw.raw); why != "" {
		d.bad("record", "%s", why)
		return e, d.found
	}
	if json.Unmarshal(raw.raw, &envelope) != nil {
		d.bad("record", "is not a JSON object")
		return e, d.found
	}
	if d.text(envelope["specversion"], "specversion") != "1.0" {
		d.bad("specversion", "must be \"1.0\"")
	}
	if d.text(envelope["type"], "type") != OutcomeType {
		d.bad("type", "must be %q", OutcomeType)
	}
	e.ID, e.Source, e.Subject = d.required(envelope, "id"), d.required(envelope, "source"), d.required(envelope, "subject")
	e.At = d.instant(envelope["time"], "at")
	switch {
	case len(envelope["data_base64"]) > 0:
		d.bad("data", "is encoded (data_base64); send it as JSON in data")
	case len(envelope["data"]) == 0:
		d.bad("data", "is missing")
	default:
		d.members(envelope["data"], "data", func(name string, v json.RawMessage) bool { return d.outcome(&e, name, v) })
	}
	if e.State == "" && !d.knows("state") {
		d.bad("state", "is missing")
	}
	return e, d.found
}

// outcome reads one member of an outcome's data.
func (d *data) outcome(e *outcome.Event, name string, v json.RawMessage) bool {
	switch name {
	case "definition":
		e.Definition = d.text(v, name)
	case "version":
		e.Version = int(d.whole(v, name))
	case "workflow":
		e.Workflow = d.text(v, name)
	case "state":
		e.State = outcome.State(d.text(v, name))
	case "level":
		if e.Level.UnmarshalText([]byte(d.text(v, name))) != nil {
			d.bad(name, "must be L0 to L4")
		}
	case "quantity":
		e.Quantity = d.figure(v, name)
	case "value":
		e.Value = d.figure(v, name)
	case "currency":
		e.Currency = money.Currency(d.text(v, name))
	case "remediation_minutes":
		e.RemediationMinutes = d.figure(v, name)
	case "run":
		e.Runs = append(e.Runs, outcome.Link{Run: d.text(v, name)})
	case "runs":
		d.links(e, v)
	default:
		return false
	}
	return true
}

// figure reads a number, or a text that holds one; null is unknown.
func (d *data) figure(v json.RawMessage, field string) money.Null {
	if string(v) == "null" {
		return money.Null{}
	}
	a, err := money.Parse(number(v))
	if err != nil {
		d.bad(field, "must be a decimal number with at most 12 places, such as 6.40")
	}
	return money.Known(a)
}

func (d *data) links(e *outcome.Event, v json.RawMessage) {
	var items []json.RawMessage
	if json.Unmarshal(v, &items) != nil {
		d.bad("runs", "must be a list of runs")
		return
	}
	for _, item := range items {
		e.Runs = append(e.Runs, d.link(item))
	}
}

// link reads a run as a text, or with its weight.
func (d *data) link(item json.RawMessage) (l outcome.Link) {
	if !bytes.HasPrefix(item, []byte("{")) {
		l.Run = d.text(item, "runs")
		return l
	}
	d.members(item, "runs", func(name string, v json.RawMessage) bool {
		switch name {
		case "run":
			l.Run = d.text(v, "runs.run")
		case "weight":
			l.Weight = d.figure(v, "runs.weight")
		default:
			return false
		}
		return true
	})
	return l
}
