package ingest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Ledger is what the pipeline needs of a store.
type Ledger interface {
	// Attempts gives the attempt that each known key belongs to, the zero id when
	// its lines were removed for their age; unknown keys are absent from the answer.
	Attempts(ctx context.Context, keys []spend.ID) (map[spend.ID]spend.ID, error)
	// Heads gives the current lines of attempts, narrow.
	Heads(ctx context.Context, attempts []spend.ID) ([]lake.Head, error)
	// Lines gives the current lines of attempts in full: those that no line reverses.
	Lines(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error)
	// Sightings gives the sightings of attempts; an attempt that one source alone
	// has told has none, its line is the sighting.
	Sightings(ctx context.Context, attempts []spend.ID) ([]lake.Sighting, error)
	// Append commits a batch whole, or not at all, and keeps nothing of its slices.
	Append(ctx context.Context, b lake.Batch) error
}

// Annex is what the pipeline needs of a store beside charges.
type Annex interface {
	// Opened gives the lines of attempts that are open.
	Opened(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error)
	// OutcomeHistory gives every line whose outcome or event is one of the ids.
	OutcomeHistory(ctx context.Context, ids []spend.ID) ([]outcome.Line, error)
	// Verified gives the standings of a definition's outcomes that are verified and
	// came about at or before an instant.
	Verified(ctx context.Context, definition string, until time.Time) ([]outcome.Standing, error)
	// Rejected gives every rejected record with a digest.
	Rejected(ctx context.Context, digest spend.ID) ([]lake.Rejected, error)
}
