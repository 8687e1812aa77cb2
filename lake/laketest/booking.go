package laketest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeStore is what booking outcomes needs of an engine.
type OutcomeStore interface {
	// OutcomeHistory gives every line whose outcome or event is one of the ids.
	OutcomeHistory(ctx context.Context, ids []spend.ID) ([]outcome.Line, error)
	// Append commits a batch in one transaction.
	Append(ctx context.Context, b lake.Batch) error
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

// BookOutcomes appends what events change, in one transaction, as the pipeline
// does with what comes beside it.
func BookOutcomes(ctx context.Context, s OutcomeStore, d OutcomeDelivery) (OutcomeResult, error) {
	ids := make([]spend.ID, 0, 2*len(d.Events))
	for i := range d.Events {
		ids = append(ids, d.Events[i].Outcome(), d.Events[i].Key())
	}
	booked, err := s.OutcomeHistory(ctx, ids)
	if err != nil {
		return OutcomeResult{}, err
	}
	b := outcome.Book(booked, d.Events, d.Definitions, d.At)
	if err := s.Append(ctx, lake.Batch{Outcomes: b.Lines}); err != nil {
		return OutcomeResult{}, err
	}
	return OutcomeResult{Booked: b.Booked, Known: b.Known, Refused: b.Refused}, nil
}
