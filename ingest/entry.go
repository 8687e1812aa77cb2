package ingest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// EntryKind says what an entry of the log holds; the log keeps the number.
type EntryKind uint8

// The kinds of entry.
const (
	UsageEntry   EntryKind = 1 // a call that was made
	OpenEntry    EntryKind = 2 // a call that has begun
	OutcomeEntry EntryKind = 3 // what a source says of a business result
	HeldEntry    EntryKind = 4 // a call that was made, of which nobody knows the cost but its hold
)

// Entry is one accepted record on its way through the log.
type Entry struct {
	Kind    EntryKind
	Key     spend.ID // of kind and payload: twice is kept once; none where nobody tells it twice
	Payload []byte
}

var errKind = errors.New("it is of a kind that this version does not know")

// keyed gives an entry its key.
func (e Entry) keyed() Entry {
	e.Key = spend.Digest([]byte{byte(e.Kind)}, e.Payload)
	return e
}

// entry gives a record's place in the log, without a key, in a room if that is enough.
func (r *Record) entry(room []byte) (Entry, error) {
	kind, held := UsageEntry, encoder{b: slices.Grow(room[:0], 512)}
	switch {
	case r.Open:
		kind = OpenEntry
		held.hold(r.Hold)
	case r.Hold.Valid:
		kind = HeldEntry
		held.hold(r.Hold)
	}
	payload, err := encode(held.b, r)
	return Entry{Kind: kind, Payload: payload}, err
}

// hold sets the hold of a call before its record.
func (e *encoder) hold(hold money.Null) {
	text := ""
	if hold.Valid {
		text = hold.Amount.String()
	}
	e.string(text)
}

func decodeHeld(payload []byte) (Record, error) {
	n, size := binary.Uvarint(payload)
	if size <= 0 || n > uint64(len(payload)-size) {
		return Record{}, errEntry
	}
	text, record := payload[size:][:n], payload[size:][n:]
	r, err := decode(record)
	if err != nil {
		return Record{}, err
	}
	if len(text) > 0 {
		hold, err := money.Parse(string(text))
		if err != nil {
			return Record{}, errors.Join(errEntry, err)
		}
		r.Hold = money.Known(hold)
	}
	return r, nil
}

// writtenOutcome is an outcome as the log holds it: JSON, for there are few. Fields
// are only ever added.
type writtenOutcome struct {
	Event    outcome.Event   `json:"event"`
	Digest   spend.ID        `json:"digest"`
	Problems []spend.Problem `json:"problems,omitempty"`
	Whole    bool            `json:"whole,omitempty"`
}

func (r *OutcomeRecord) entry() (Entry, error) {
	payload, err := json.Marshal(writtenOutcome{r.Event, r.Digest, r.Problems, r.Whole})
	return Entry{Kind: OutcomeEntry, Payload: payload}, err
}

func decodeOutcome(payload []byte) (*OutcomeRecord, error) {
	var w writtenOutcome
	in := json.NewDecoder(bytes.NewReader(payload))
	in.DisallowUnknownFields()
	if err := in.Decode(&w); err != nil {
		return nil, errors.Join(errEntry, err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, errEntry
	}
	return &OutcomeRecord{Event: w.Event, Digest: w.Digest, Problems: w.Problems, Whole: w.Whole}, nil
}
