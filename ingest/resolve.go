package ingest

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// attempt is what the ledger holds of one attempt while its records are resolved.
type attempt struct {
	id        spend.ID
	line      *spend.Charge // the current line, nil when it was withdrawn
	sightings []lake.Sighting
}

// resolver books records whose attempt may be known.
type resolver struct {
	*batch
	owner    map[spend.ID]*attempt // by every key and attempt id
	contents map[spend.ID]bool     // content ids booked
	sighted  map[spend.ID]int64    // the last revision in which a content was told
	retired  map[spend.ID]bool     // keys of attempts whose lines were removed for their age
}

func newResolver(b *batch) *resolver {
	return &resolver{
		batch: b, owner: map[spend.ID]*attempt{}, contents: map[spend.ID]bool{}, sighted: map[spend.ID]int64{}, retired: map[spend.ID]bool{},
	}
}

// sift asks the ledger about the records that fingerprints claim. What is under
// way to the ledger is among the recent keys, which these are not, so the answer
// of the ledger as it stands holds: repeated records are done, those of unknown
// attempts are new, the others are deferred.
func (b *batch) sift(ctx context.Context) error {
	if len(b.claimed) == 0 {
		return nil
	}
	r := newResolver(b)
	fresh, err := r.heads(ctx, b.claimed)
	if err != nil {
		return err
	}
	for _, d := range fresh {
		if a, _ := r.named(d.keys); a != nil {
			b.deferred = append(b.deferred, d)
			continue
		}
		if b.p.dedupe(d.keys, d.content) == isClaimed { // not booked since, by this very batch
			b.book(d)
			continue
		}
		b.sort(d)
	}
	return nil
}

// resolve settles the deferred records of a batch with three look-ups, however
// many there are.
func (b *batch) resolve(ctx context.Context) error {
	r := newResolver(b)
	fresh, err := r.heads(ctx, b.deferred)
	if err != nil {
		return err
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := r.load(ctx); err != nil {
		return err
	}
	r.keepCapped(fresh)
	if err := r.keepErased(ctx, fresh); err != nil {
		return err
	}
	for _, d := range fresh {
		if err := r.settle(d); err != nil {
			return err
		}
	}
	return nil
}

// heads finds the attempts of records and drops the records whose content is
// already known.
func (r *resolver) heads(ctx context.Context, records []deferred) ([]deferred, error) {
	var keys []spend.ID
	for _, d := range records {
		keys = append(keys, d.keys...)
	}
	attempts, err := r.p.Ledger.Attempts(ctx, keys)
	if err != nil {
		return nil, err
	}
	for key, id := range attempts {
		if id.IsZero() {
			r.retired[key] = true
			continue
		}
		r.own(key, id)
	}
	heads, err := r.p.Ledger.Heads(ctx, r.ids())
	if err != nil {
		return nil, err
	}
	for _, h := range heads {
		r.contents[h.ContentID] = true
	}
	var fresh []deferred
	for _, d := range records {
		if !r.repeated(d) {
			fresh = append(fresh, d)
		}
	}
	return fresh, nil
}

func (r *resolver) repeated(d deferred) bool {
	gone := slices.ContainsFunc(d.keys, func(key spend.ID) bool { return r.retired[key] })
	if !gone && !r.contents[d.content] && !r.told(d) {
		return false
	}
	r.repeat(d.record)
	r.close(d.keys)
	if a := r.owner[d.keys[0]]; a != nil {
		r.remember(d.keys, a.id, d.content)
	}
	return true
}

// told says that a content is known in this revision or a later one. A source
// that corrects itself may come back to what it said before.
func (r *resolver) told(d deferred) bool {
	last, known := r.sighted[d.content]
	return known && (d.record.Revisions == spend.Immutable || d.record.Event.Revision <= last)
}

func (r *resolver) own(key, id spend.ID) {
	if r.owner[id] == nil {
		r.owner[id] = &attempt{id: id}
	}
	r.owner[key] = r.owner[id]
}

func (r *resolver) ids() []spend.ID {
	var ids []spend.ID
	for key, a := range r.owner {
		if key == a.id {
			ids = append(ids, key)
		}
	}
	return ids
}

// load fetches line and sightings of every attempt. An attempt that one source
// alone has told has no sighting of its own yet: its line is made one.
func (r *resolver) load(ctx context.Context) error {
	lines, err := r.p.Ledger.Lines(ctx, r.ids())
	if err != nil {
		return err
	}
	for i := range lines {
		if lines[i].Book == spend.Metered || fromVendor(lines[i].Book) {
			r.owner[lines[i].AttemptID].line = &lines[i]
		}
	}
	sightings, err := r.p.Ledger.Sightings(ctx, r.ids())
	if err != nil {
		return err
	}
	for _, s := range sightings {
		a := r.owner[s.Attempt]
		a.sightings = append(a.sightings, s)
		if a.line != nil { // what was withdrawn may come back with the same content
			r.sighted[s.ContentID] = max(r.sighted[s.ContentID], s.Revision)
		}
	}
	return nil
}

// settle books one record against the attempts that its keys name.
func (r *resolver) settle(d deferred) error {
	if r.repeated(d) {
		return nil
	}
	e := &d.record.Event
	if err := r.tellApart(&d); err != nil {
		return err
	}
	a, others := r.named(d.keys)
	if a == nil { // a fingerprint was wrong: the attempt is new
		if r.book(d) {
			r.adopt(d)
		}
		return nil
	}
	if err := r.witness(a); err != nil {
		return err
	}
	if conflict := refused(d.record, a, others); conflict != nil {
		r.reject(d.record, conflict)
		return nil
	}
	due, err := r.due(a, others, e)
	if err != nil {
		return err
	}
	if problem := oversized(&due); problem != nil {
		r.reject(d.record, problem)
		return nil
	}
	for _, other := range others {
		r.merge(a, other)
	}
	r.sight(a, told(a.id, *e, r.at, d.content))
	r.link(a, d.keys)
	r.remember(d.keys, a.id, d.content)
	r.sighted[d.content] = max(r.sighted[d.content], e.Revision)
	r.Sightings++
	r.correct(a, due)
	return nil
}

// due is the line that the sightings of all these attempts and a new one add up to.
func (r *resolver) due(a *attempt, others []*attempt, e *spend.Event) (spend.Charge, error) {
	events := []spend.Event{*e}
	for _, known := range append([]*attempt{a}, others...) {
		if err := r.witness(known); err != nil {
			return spend.Charge{}, err
		}
		for i := range known.sightings {
			events = append(events, known.sightings[i].Event)
		}
	}
	merged := spend.Merge(events)
	var due spend.Charge
	r.p.charge(&due, &merged, r.at)
	due.AttemptID, due.ContentID = a.id, merged.Content()
	return due, nil
}

// adopt makes an attempt that was booked in this batch known to its later records.
func (r *resolver) adopt(d deferred) {
	line := r.out.Charges[len(r.out.Charges)-1]
	a := &attempt{id: line.AttemptID, line: &line}
	for _, key := range d.keys {
		r.owner[key] = a
	}
	r.contents[d.content] = true
}

// named gives the attempts that the record shows to be one. The smallest id
// comes first and stays, so that every order of arrival ends with the same one.
func (r *resolver) named(keys []spend.ID) (first *attempt, others []*attempt) {
	var all []*attempt
	for _, key := range keys {
		if a := r.owner[key]; a != nil && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	slices.SortFunc(all, func(a, b *attempt) int { return bytes.Compare(a.id[:], b.id[:]) })
	return all[0], all[1:]
}

// witness writes down the first sighting, which until now was the line itself.
func (r *resolver) witness(a *attempt) error {
	if len(a.sightings) > 0 || a.line == nil {
		return nil
	}
	e, err := sightingOf(a.line)
	if err != nil {
		return err
	}
	r.sight(a, told(a.id, e, a.line.BookedAt, a.line.ContentID))
	return nil
}

func (r *resolver) sight(a *attempt, s lake.Sighting) {
	a.sightings = append(a.sightings, s)
	r.out.Sightings = append(r.out.Sightings, s)
}

func told(attempt spend.ID, e spend.Event, at time.Time, content spend.ID) lake.Sighting {
	return lake.Sighting{
		Attempt: attempt, Source: e.Source, SourceKey: e.SourceKey, Rank: e.Rank, Revision: e.Revision,
		BookedAt: at, ContentID: content, Event: e,
	}
}

// link makes the record's keys name the attempt.
func (r *resolver) link(a *attempt, keys []spend.ID) {
	for _, key := range keys {
		if r.owner[key] != a {
			r.owner[key] = a
			r.out.Keys = append(r.out.Keys, lake.KeyLink{Key: key, Attempt: a.id})
		}
	}
}

// refused says why a record cannot be told of the attempts that its keys name.
func refused(r *Record, a *attempt, others []*attempt) []spend.Problem {
	if conflict := contradicts(a, r); conflict != nil {
		return conflict
	}
	return foreign(r, append([]*attempt{a}, others...))
}

// contradicts finds a record of an immutable source that says something else
// under a key which is already booked.
func contradicts(a *attempt, r *Record) []spend.Problem {
	if r.Revisions != spend.Immutable {
		return nil
	}
	for _, s := range a.sightings {
		if s.Event.Source == r.Event.Source && s.Event.SourceKey == r.Event.SourceKey {
			return []spend.Problem{{Field: "source_key", Msg: "conflict: the record was booked before with other content, " +
				"and its source is declared immutable; the first one stands, unless the mapping says revisions: growing"}}
		}
	}
	return nil
}

// merge makes one attempt of two: the other's line is reversed, its sightings
// and keys move over.
func (r *resolver) merge(a, other *attempt) {
	for _, s := range other.sightings {
		s.Attempt = a.id
		r.sight(a, s)
		r.link(a, keysOf(&s.Event))
	}
	r.link(a, []spend.ID{other.id})
	for key, owner := range r.owner {
		if owner == other {
			r.owner[key] = a
		}
	}
	if other.line != nil {
		r.append(other.line.Reverse(r.at, other.line.Period.Post(r.p.Closed)))
		other.line = nil
	}
}

// correct books the line that is due for an attempt.
func (r *resolver) correct(a *attempt, due spend.Charge) {
	if a.line == nil {
		due.ID = spend.Digest("line", a.id.String(), due.ContentID.String(), r.at.String(), strconv.FormatInt(due.Revision, 10))
		r.append(due)
		a.line = &due
		return
	}
	lines := spend.Correct(*a.line, due, r.p.Closed)
	if len(lines) == 0 {
		return
	}
	r.Corrections++
	r.append(lines...)
	a.line = &lines[1]
}
