package lake

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeStore is what booking outcomes needs of an engine.
type OutcomeStore interface {
	// OutcomeHistory gives every line whose outcome or event is one of the ids.
	OutcomeHistory(ctx context.Context, ids []spend.ID) ([]outcome.Line, error)
	// Append commits a batch in one transaction.
	Append(ctx context.Context, b Batch) error
}

// OutcomeDelivery is a number of events that arrived together.
type OutcomeDelivery struct {
	Events      []outcome.Event
	Definitions *outcome.Definitions // nil when there are none
	At          time.Time            // when they are booked
}

// OutcomeResult says what became of delivered events.
type OutcomeResult struct {
	Booked  int               // new ones
	Known   int               // booked before
	Refused []outcome.Refusal // wrong ones, with every reason
}

// BookOutcomes appends what events change, some thousands a transaction. It is
// for one caller at a time: two could book the same event twice. After an error
// deliver all events again; what was booked adds nothing.
func BookOutcomes(ctx context.Context, s OutcomeStore, d OutcomeDelivery) (OutcomeResult, error) {
	const chunk = 4096
	var result OutcomeResult
	for events := range slices.Chunk(d.Events, chunk) {
		ids := make([]spend.ID, 0, 2*len(events))
		for i := range events {
			ids = append(ids, events[i].Outcome(), events[i].Key())
		}
		booked, err := s.OutcomeHistory(ctx, ids)
		if err != nil {
			return result, err
		}
		b := outcome.Book(booked, events, d.Definitions, d.At)
		if err := s.Append(ctx, Batch{Outcomes: b.Lines}); err != nil {
			return result, err
		}
		result.Booked, result.Known = result.Booked+b.Booked, result.Known+b.Known
		result.Refused = append(result.Refused, b.Refused...)
	}
	return result, nil
}
