package ingest

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeRecord is one outcome event on its way in.
type OutcomeRecord struct {
	Event    outcome.Event
	File     string          // base name, "" when it came over the network
	Line     int64           // its position in the file, from 1, for messages
	Digest   spend.ID        // of the raw record, for the quarantine
	Problems []spend.Problem // what its reader already found wrong
	Whole    bool            // its reader could read all of it: the problems are those of validation
}

// The limits of an outcome that is kept although it was rejected.
const (
	earliestOutcome = 2000
	maxOutcomeRuns  = 1000
)

// maturity is the source of the events by which outcomes mature.
const maturity = "bursar/maturity"

// outcomes books what outcome events change. Those that are wrong, or contradict
// what was booked under their key, go to the quarantine.
func (b *batch) outcomes(ctx context.Context, d *Delivery) error {
	b.Read += int64(len(d.Outcomes))
	var events []outcome.Event
	var ids []spend.ID
	told := map[spend.ID]*OutcomeRecord{} // by what an event says under which key
	for i := range d.Outcomes {
		r := &d.Outcomes[i]
		if len(r.Problems) > 0 {
			b.rejectOutcome(r, r.Problems)
			continue
		}
		r.Whole = true
		events, ids = append(events, r.Event), append(ids, r.Event.Outcome(), r.Event.Key())
		told[saying(&r.Event)] = r
	}
	if len(events) == 0 {
		return nil
	}
	if err := b.p.commit(ctx); err != nil { // what they change may be under way
		return err
	}
	booked, err := b.p.Annex.OutcomeHistory(ctx, ids)
	if err != nil {
		return err
	}
	booking := outcome.Book(booked, events, d.Definitions, b.at)
	b.out.Outcomes = booking.Lines
	b.Outcomes += int64(booking.Booked)
	b.Duplicates += int64(booking.Known)
	for i := range booking.Refused {
		refused := &booking.Refused[i]
		b.rejectOutcome(told[saying(&refused.Event)], refused.Problems)
	}
	return nil
}

func saying(e *outcome.Event) spend.ID {
	key, content := e.Key(), e.Content()
	return spend.Digest(string(key[:]), string(content[:]))
}

func (b *batch) rejectOutcome(r *OutcomeRecord, problems []spend.Problem) {
	if r.Event.Source == maturity && r.File == "" {
		return // it follows from what is booked, and nothing is lost
	}
	event, whole := legibleOutcome(r.Event)
	b.quarantine(lake.Rejected{
		Digest: r.Digest, Source: event.Source, SourceKey: event.ID, File: r.File, Record: r.Line, At: b.at,
		Problems: problems, Kind: lake.OutcomeRecord, Outcome: &event, Whole: whole && r.Whole,
	})
}

// legibleOutcome leaves out of a rejected outcome what no store should hold, words
// outside their vocabulary among it, and says whether everything is still there.
func legibleOutcome(e outcome.Event) (kept outcome.Event, whole bool) {
	whole = true
	for _, s := range []*string{&e.ID, &e.Source, &e.Definition, &e.Subject, &e.Workflow} {
		whole = readable(s) && whole
	}
	if !slices.Contains(outcome.States(), e.State) {
		e.State, whole = "", whole && e.State == ""
	}
	if e.Currency.Validate() != nil {
		e.Currency, whole = "", whole && e.Currency == ""
	}
	if e.At.Year() < earliestOutcome || e.At.Year() > 9999 {
		e.At, whole = time.Time{}, false
	}
	if e.Level > outcome.Controlled {
		e.Level, whole = outcome.SelfReported, false
	}
	for _, l := range e.Runs {
		if labelFault(l.Run) != "" || len(e.Runs) > maxOutcomeRuns {
			e.Runs, whole = nil, false
			break
		}
	}
	return e, whole
}
