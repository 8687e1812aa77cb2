package ingest

import (
	"context"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Ledger is what the pipeline needs of a store.
type Ledger interface {
	// Attempts gives the attempt that each known key belongs to; unknown keys are
	// absent from the answer.
	Attempts(ctx context.Context, keys []spend.ID) (map[spend.ID]spend.ID, error)
	// Heads gives the current lines of attempts, narrow.
	Heads(ctx context.Context, attempts []spend.ID) ([]lake.Head, error)
	// Lines gives the current lines of attempts in full: those that no line reverses.
	Lines(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error)
	// Sightings gives the sightings of attempts; an attempt that one source alone
	// has told has none, its line is the sighting.
	Sightings(ctx context.Context, attempts []spend.ID) ([]lake.Sighting, error)
	// Append commits a batch whole, or not at all.
	Append(ctx context.Context, b lake.Batch) error
}
