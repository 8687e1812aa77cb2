package outcome

import (
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Line is a signed row of the outcome ledger: an event with the standing that
// the outcome then came to, or the reversal of such a row. Items, Count, Value
// and Minutes are additive; a reversal negates them, and the weights of the
// links, and keeps everything else.
type Line struct {
	ID       spend.ID
	Outcome  spend.ID
	Key      spend.ID // of the event
	Content  spend.ID // of the event as it was told
	Corrects spend.ID // the line that this one reverses, zero for none
	BookedAt time.Time
	Items    int64        // 1, −1 on a reversal
	Count    money.Amount // of the standing, signed
	Value    money.Null   // of the standing, signed
	Minutes  money.Amount // of the standing, signed
	Event    Event        // with the version under which it counts
	Standing Standing     // as it was, unsigned
}

// Reverses says that the line takes another one back.
func (l *Line) Reverses() bool { return !l.Corrects.IsZero() }

// Reverse gives the line that takes l back at an instant.
func (l Line) Reverse(at time.Time) Line {
	r := l
	r.ID, r.Corrects, r.BookedAt = spend.Digest("outcome reversal", l.ID.String()), l.ID, at
	r.Items, r.Count, r.Value, r.Minutes = -l.Items, l.Count.Neg(), l.Value.Neg(), l.Minutes.Neg()
	return r
}

// Refusal is an event that was not booked, with every reason.
type Refusal struct {
	Event    Event
	Problems []spend.Problem
}

// Booking is what arrived events come to.
type Booking struct {
	Lines   []Line    // to append
	Booked  int       // events that were new
	Known   int       // events that were booked before, word for word
	Refused []Refusal // events that are wrong, or contradict what was booked under their key
}

// Book gives the lines to append when events arrive. booked holds every line of
// their outcomes and of their keys, in any order. Each new event is one line
// with the new standing, after a reversal of the line that stood.
//
// Example: claimed books +1 claimed; verified then books −1 claimed and +1
// verified; a reversal books −1 verified and a line with count 0.
func Book(booked []Line, arrived []Event, definitions *Definitions, at time.Time) Booking {
	b := ledger{definitions: definitions, at: at.UTC().Round(time.Microsecond)}
	b.load(booked)
	for _, e := range arrived {
		b.book(e)
	}
	return b.Booking
}

type ledger struct {
	Booking
	definitions *Definitions
	at          time.Time
	contents    map[spend.ID]spend.ID // of known events, by their keys
	outcomes    map[spend.ID]*history
}

// history is one outcome: its events and the line that stands.
type history struct {
	events  []Event
	current Line
}

func (b *ledger) load(booked []Line) {
	b.contents, b.outcomes = map[spend.ID]spend.ID{}, map[spend.ID]*history{}
	gone := map[spend.ID]bool{}
	for i := range booked {
		gone[booked[i].Corrects] = true
	}
	for _, l := range booked {
		if l.Reverses() {
			continue
		}
		b.contents[l.Key] = l.Content
		h := b.of(l.Outcome)
		h.events = append(h.events, l.Event)
		if !gone[l.ID] {
			h.current = l
		}
	}
}

func (b *ledger) of(outcome spend.ID) *history {
	h := b.outcomes[outcome]
	if h == nil {
		h = &history{}
		b.outcomes[outcome] = h
	}
	return h
}

func (b *ledger) book(e Event) {
	e.At = e.At.UTC().Round(time.Microsecond)
	key, content := e.Key(), e.Content()
	before, known := b.contents[key]
	if known && before == content {
		b.Known++
		return
	}
	h := b.of(e.Outcome())
	found := document.Problems(e.Validate())
	found.Add(known, "id", "is known from this source with other content; a change is a new event with an id of its own")
	found.Add(len(h.events) >= maxEvents, "subject", "has %d events already, the most that one outcome may have", maxEvents)
	if len(found) > 0 {
		b.Refused = append(b.Refused, Refusal{e, found})
		return
	}
	if d, defined := b.definitions.Find(e.Definition, e.Version); defined {
		e.Version = d.Version
	}
	h.events = append(h.events, e)
	b.contents[key] = content
	b.Booked++
	b.stand(h, Line{ID: spend.Digest("outcome line", key.String()), Outcome: e.Outcome(), Key: key, Content: content, BookedAt: b.at, Items: 1, Event: e})
}

// stand books the new standing of an outcome in the place of the one before.
func (b *ledger) stand(h *history, l Line) {
	if !h.current.ID.IsZero() {
		b.Lines = append(b.Lines, h.current.Reverse(b.at))
	}
	l.Standing = Fold(h.events, b.definitions)
	l.Count, l.Value, l.Minutes = l.Standing.Count, l.Standing.Value, l.Standing.Minutes
	b.Lines = append(b.Lines, l)
	h.current = l
}

// Mature gives the event by which a verified outcome matures once it survived
// its definition's maturity, false while it has not or where none is defined.
func Mature(s *Standing, d *Definition, now time.Time) (Event, bool) {
	due := s.Since.Add(d.Maturity)
	if s.State != Verified || d.Maturity == 0 || now.Before(due) {
		return Event{}, false
	}
	id := spend.Digest(s.Definition, s.Subject, s.Since.Format(time.RFC3339Nano))
	return Event{ID: id.String(), Source: "bursar/maturity", Definition: s.Definition, Version: s.Version, Subject: s.Subject,
		State: Matured, At: due, Level: Survived}, true
}
