package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Result counts what became of records.
type Result struct {
	Read        int64        `json:"read"`             // records looked at
	Skipped     int64        `json:"skipped"`          // lines of the same file that an earlier run has read
	Booked      int64        `json:"booked"`           // attempts booked for the first time
	Duplicates  int64        `json:"duplicates"`       // records already booked
	Sightings   int64        `json:"sightings"`        // records that told more of a booked attempt
	Corrections int64        `json:"corrections"`      // attempts reversed and booked anew
	Withdrawn   int64        `json:"withdrawn"`        // attempts that a complete partition no longer names
	Quarantined int64        `json:"quarantined"`      // records rejected
	Unpriced    int64        `json:"unpriced"`         // lines booked without an amount
	Opened      int64        `json:"opened"`           // calls that are open now
	Closed      int64        `json:"closed"`           // open calls that are open no longer
	Settled     int64        `json:"settled"`          // open calls that were booked before they were heard of
	Outcomes    int64        `json:"outcomes"`         // outcome events booked for the first time
	Passed      int64        `json:"passed"`           // rows of a file that state no outcome
	Cost        money.Amount `json:"cost"`             // effective cost booked, corrections included, in the reporting currency
	Exposure    money.Amount `json:"exposure"`         // holds booked beside it
	Notional    money.Amount `json:"notional"`         // list prices of usage that a seat covers, in no cost; those in the reporting currency
	Export      *Export      `json:"export,omitempty"` // of a vendor's export

	UnconvertedLines int64         `json:"unconverted_lines"`     // lines booked without an exchange rate into the reporting currency, in no cost
	WithoutRate      []money.Money `json:"unconverted,omitempty"` // their amounts, by currency
}

// Add sums two results.
func (r Result) Add(s Result) (Result, error) {
	var err error
	r.Read += s.Read
	r.Skipped += s.Skipped
	r.Booked += s.Booked
	r.Duplicates += s.Duplicates
	r.Sightings += s.Sightings
	r.Corrections += s.Corrections
	r.Withdrawn += s.Withdrawn
	r.Quarantined += s.Quarantined
	r.Unpriced += s.Unpriced
	r.Opened += s.Opened
	r.Closed += s.Closed
	r.Settled += s.Settled
	r.Outcomes += s.Outcomes
	r.Passed += s.Passed
	if r.Cost, err = r.Cost.Add(s.Cost); err != nil {
		return r, err
	}
	if r.Exposure, err = r.Exposure.Add(s.Exposure); err != nil {
		return r, err
	}
	r.UnconvertedLines += s.UnconvertedLines
	for _, m := range s.WithoutRate {
		if r.WithoutRate, err = with(r.WithoutRate, m); err != nil {
			return r, err
		}
	}
	r.Notional, err = r.Notional.Add(s.Notional)
	return r, err
}

// batch gathers what one call of Book appends.
type batch struct {
	Result
	p        *Pipeline
	at       time.Time
	out      lake.Batch
	claimed  []deferred // a fingerprint claims a key of theirs
	deferred []deferred // their attempt is known, with other content
	opening  []deferred // calls that have begun
	unended  []spend.ID // attempts of the gateway whose end was rejected
	closing  []*opened  // open calls of which something is booked
	retry    *lake.Resolution
	err      error // the first overflow of a sum
}

// deferred is a record whose attempt may be known.
type deferred struct {
	record  *Record
	keys    []spend.ID
	content spend.ID
}

func newBatch(p *Pipeline, records []Record) *batch {
	b := &batch{p: p, at: p.Now().UTC().Truncate(time.Microsecond)}
	b.Read = int64(len(records))
	lines := 0 // a call that has begun becomes none among them
	for i := range records {
		if !records[i].Open {
			lines++
		}
	}
	b.out.Charges = p.room.of(lines)
	return b
}

// take validates and normalises a record, and books it or puts it aside.
func (b *batch) take(r *Record) {
	if problems := b.p.validate(r); len(problems) > 0 {
		b.reject(r, problems)
		return
	}
	normalise(&r.Event)
	d := deferred{r, keysOf(&r.Event), r.Event.Content()}
	if r.Open {
		d.keys = r.Event.Keys() // what it is called by others it says when it ends
		b.opening = append(b.opening, d)
		return
	}
	b.sort(d)
}

func (b *batch) reject(r *Record, problems []spend.Problem) {
	event, whole := legible(r.Event)
	kind := lake.UsageRecord
	switch {
	case r.Open:
		kind = lake.OpenRecord
	case r.Event.Rank == spend.RankGateway && r.Event.Attempt != "":
		b.unended = append(b.unended, spend.Digest("attempt", r.Event.Attempt))
	}
	b.quarantine(lake.Rejected{
		Digest: r.Digest, Source: r.Event.Source, SourceKey: r.Event.SourceKey, File: r.File, Record: r.Line,
		At: b.at, Problems: problems, Kind: kind, Event: event, Revisions: r.Revisions, Hold: r.Hold, Whole: whole && r.Whole,
	})
}

func (b *batch) quarantine(r lake.Rejected) {
	b.Quarantined++
	b.out.Quarantine = append(b.out.Quarantine, r)
	if b.p.Refused != nil {
		b.p.Refused(&r)
	}
}

// book appends the first line of an attempt; false when it had to be rejected.
func (b *batch) book(d deferred) bool {
	b.out.Charges = append(b.out.Charges, spend.Charge{})
	c := &b.out.Charges[len(b.out.Charges)-1]
	b.p.charge(c, &d.record.Event, b.at)
	d.record.hold(c)
	if problem := oversized(c); problem != nil {
		b.out.Charges = b.out.Charges[:len(b.out.Charges)-1]
		b.reject(d.record, problem)
		return false
	}
	c.AttemptID, c.ContentID = d.keys[0], d.content
	c.ID = spend.Digest("line", string(d.keys[0][:]), string(d.content[:]))
	b.Booked++
	b.count(c)
	for _, key := range d.keys[1:] {
		b.out.Keys = append(b.out.Keys, lake.KeyLink{Key: key, Attempt: d.keys[0]})
	}
	b.remember(d.keys, d.keys[0], d.content)
	return true
}

// oversized refuses a line whose amount no column can hold.
func oversized(c *spend.Charge) []spend.Problem {
	amount := lake.Oversized(c)
	if amount == "" {
		return nil
	}
	of := c.Currency
	if amount == "reporting" || amount == "exposure" {
		of = "units of the reporting currency"
	}
	return []spend.Problem{{Field: amount, Msg: fmt.Sprintf("is 1,000,000 %s or more, and one line holds amounts below that; check the unit of the counts, or split the bucket", of)}}
}

func (b *batch) remember(keys []spend.ID, attempt, content spend.ID) {
	for _, key := range keys {
		b.p.seen.add(key, known{attempt: attempt, content: content})
	}
	b.close(keys)
}

// append adds lines.
func (b *batch) append(lines ...spend.Charge) {
	for i := range lines {
		b.count(&lines[i])
	}
	b.out.Charges = append(b.out.Charges, lines...)
}

// count keeps the sums of the result.
func (b *batch) count(c *spend.Charge) {
	if c.PriceState == spend.Unpriced {
		b.Unpriced += c.Calls
	}
	b.wait(c)
	b.sum(&b.Cost, c.Reporting.Amount)
	b.sum(&b.Exposure, c.Exposure)
	if c.Flags&spend.Notional != 0 && c.Currency == b.p.Reporting {
		b.sum(&b.Notional, c.List.Amount)
	}
}

func (b *batch) sum(total *money.Amount, a money.Amount) {
	next, err := total.Add(a)
	if err != nil && b.err == nil {
		b.err = err
		return
	}
	*total = next
}

// sort books what is new, counts what is repeated and puts the rest aside.
func (b *batch) sort(d deferred) {
	switch b.p.dedupe(d.keys, d.content) {
	case isNew:
		b.book(d)
	case isRepeated:
		b.repeat(d.record)
	case isClaimed:
		b.claimed = append(b.claimed, d)
	case isKnown:
		b.deferred = append(b.deferred, d)
	}
}

// repeat counts a record that says what is booked: it leaves nothing in the ledger.
func (b *batch) repeat(r *Record) {
	b.Duplicates++
	if b.p.Repeated != nil {
		b.p.Repeated(r.Event.Source, 1)
	}
}

// finish commits. Records of known attempts come second, when the ledger holds
// the new ones; the offset moves with the last of the two. Calls that have begun
// come last, when everything that may settle them is booked.
func (b *batch) finish(ctx context.Context, d *Delivery) error {
	if err := b.sift(ctx); err != nil {
		return err
	}
	if len(b.deferred) > 0 {
		if err := b.flush(ctx); err != nil {
			return err
		}
		if err := b.p.commit(ctx); err != nil {
			return err
		}
		if err := b.resolve(ctx); err != nil {
			return err
		}
	}
	if err := b.begin(ctx); err != nil {
		return err
	}
	if err := b.interrupt(ctx); err != nil {
		return err
	}
	b.resolution()
	b.out.Offset, b.out.Marks, b.out.More = d.Offset, d.Marks, d.More
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	if err := b.reverse(ctx); err != nil {
		return err
	}
	if b.err != nil {
		return b.err
	}
	out := b.out
	b.out = lake.Batch{}
	if out.Empty() {
		return nil
	}
	return b.p.append(ctx, out)
}
