package lake

import (
	"encoding/json"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// RecordKind says what a record on its way into the ledger tells.
type RecordKind string

// The kinds of record.
const (
	UsageRecord   RecordKind = "usage"   // a call that was made
	OpenRecord    RecordKind = "open"    // a call that has begun
	OutcomeRecord RecordKind = "outcome" // a business result
)

// Rejected is a record that could not be booked, with every reason. Digest is
// that of the raw record, so that it can be found again in the source; the
// event holds its numbers and identities only.
type Rejected struct {
	Digest    spend.ID // also the id under which it is shown
	Source    string
	SourceKey string
	File      string // base name, empty when the record came over the network
	Record    int64  // position in the file, counted from 1; 0 when unknown
	At        time.Time
	Problems  []spend.Problem
	Kind      RecordKind
	Event     spend.Event      // of a call
	Revisions spend.Revisions  // how its source corrects itself
	Hold      money.Null       // of an open call
	Outcome   *outcome.Event   // of a business result, else nil
	Whole     bool             // everything of the record is kept, so that it can be tried again
	Result    ResolutionResult // of the last try, "" when there was none
}

// Open says that nothing of the record is booked.
func (r *Rejected) Open() bool { return r.Result != RetryBooked && r.Result != RetryDuplicate }

// Place is where the record stands in the order of the quarantine.
func (r *Rejected) Place() Place { return Place{r.At, r.Digest, r.File, r.Record, r.Source} }

// Place is a place in the order of the quarantine: newest first, then by digest,
// file, record and source.
type Place struct {
	At     time.Time `json:"at"`
	Digest spend.ID  `json:"digest"`
	File   string    `json:"file"`
	Record int64     `json:"record"`
	Source string    `json:"source"`
}

// Listing asks for a page of the quarantine. A record that was rejected at every
// import of its file is listed once, as it was rejected last.
type Listing struct {
	Source string // of one source, "" for all
	All    bool   // those that were resolved, too
	After  *Place // nil for the beginning
	Limit  int
}

// ResolutionResult says how a retry of a rejected record ended.
type ResolutionResult string

// The results of a retry.
const (
	RetryBooked    ResolutionResult = "booked"
	RetryDuplicate ResolutionResult = "duplicate"     // what it tells was booked since
	RetryRefused   ResolutionResult = "still_refused" // it stays open
)

// Resolution is what became of a rejected record when somebody tried it again.
// Source, file, record and digest name the record; resolutions are only added.
type Resolution struct {
	Digest   spend.ID         `json:"digest"`
	Source   string           `json:"source"`
	File     string           `json:"file"`
	Record   int64            `json:"record"`
	At       time.Time        `json:"at"`
	By       string           `json:"by"` // who tried
	Result   ResolutionResult `json:"result"`
	Problems []spend.Problem  `json:"problems"` // why it is still refused
}

// Rejections is the table of records that could not be booked.
func Rejections() Table[Rejected] {
	return Table[Rejected]{Name: "quarantine", Columns: []Column[Rejected]{
		ident("digest", Attribute, func(r *Rejected) *spend.ID { return &r.Digest }),
		text("source", Attribute, func(r *Rejected) *string { return &r.Source }),
		text("source_key", Attribute, func(r *Rejected) *string { return &r.SourceKey }),
		text("file", Attribute, func(r *Rejected) *string { return &r.File }),
		whole("record", Attribute, func(r *Rejected) *int64 { return &r.Record }),
		moment("rejected_at", Attribute, func(r *Rejected) *time.Time { return &r.At }),
		asJSON("problems", func(r *Rejected) *[]spend.Problem { return &r.Problems }),
		asJSON("event", func(r *Rejected) *spend.Event { return &r.Event }),
		{Name: "kind", Type: Text,
			Get: func(r *Rejected, v *Value) error { v.Text = string(r.Kind); return nil },
			Set: func(r *Rejected, v *Value) error { r.Kind = kindOf(v.Text); return nil }},
		text("revisions", Attribute, func(r *Rejected) *string { return (*string)(&r.Revisions) }),
		total("hold", Attribute, func(r *Rejected) *money.Null { return &r.Hold }),
		{Name: "outcome", Type: Text, Get: getOutcome, Set: setOutcome},
		flag("whole", Attribute, func(r *Rejected) *bool { return &r.Whole }),
	}}
}

// kindOf reads a kind; what an earlier version rejected was usage.
func kindOf(text string) RecordKind {
	if text == "" {
		return UsageRecord
	}
	return RecordKind(text)
}

func getOutcome(r *Rejected, v *Value) error {
	v.Text = ""
	if r.Outcome == nil {
		return nil
	}
	text, err := json.Marshal(r.Outcome)
	v.Text = string(text)
	return err
}

func setOutcome(r *Rejected, v *Value) error {
	r.Outcome = nil
	if v.Text == "" {
		return nil
	}
	r.Outcome = &outcome.Event{}
	return json.Unmarshal([]byte(v.Text), r.Outcome)
}

// Resolutions is the append-only table of what became of rejected records.
func Resolutions() Table[Resolution] {
	return Table[Resolution]{Name: "quarantine_resolutions", Columns: []Column[Resolution]{
		ident("digest", Attribute, func(r *Resolution) *spend.ID { return &r.Digest }),
		text("source", Attribute, func(r *Resolution) *string { return &r.Source }),
		text("file", Attribute, func(r *Resolution) *string { return &r.File }),
		whole("record", Attribute, func(r *Resolution) *int64 { return &r.Record }),
		moment("resolved_at", Attribute, func(r *Resolution) *time.Time { return &r.At }),
		text("resolved_by", Attribute, func(r *Resolution) *string { return &r.By }),
		text("result", Attribute, func(r *Resolution) *string { return (*string)(&r.Result) }),
		asJSON("problems", func(r *Resolution) *[]spend.Problem { return &r.Problems }),
	}}
}

// Resolve notes on rejected records how the last try of each ended. A record that
// was rejected again since is open again.
func Resolve(rejected []Rejected, tried []Resolution) {
	for i := range rejected {
		r, last := &rejected[i], time.Time{}
		for _, t := range tried {
			same := t.Digest == r.Digest && t.Source == r.Source && t.File == r.File && t.Record == r.Record
			if same && !t.At.Before(r.At) && !t.At.Before(last) {
				r.Result, last = t.Result, t.At
			}
		}
	}
}
