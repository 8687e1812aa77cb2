package app

import (
	"context"
	"io"
	"iter"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// Demo fills the ledger with a simulated company, through the same pipeline as
// real input.
func (a *App) Demo(ctx context.Context, c *company.Company, progress func(ingest.Result)) (ingest.Result, error) {
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return ingest.Result{}, err
	}
	next, stop := iter.Pull(c.Events())
	defer stop()
	im := ingest.Import{Pipeline: pipeline, Reader: simulated(next), Progress: progress}
	result, err := im.Run(ctx)
	if err != nil {
		return result, err
	}
	return result, a.Lake.Checkpoint(ctx)
}

// simulated reads the events of a company.
type simulated func() (spend.Event, bool)

func (next simulated) Next(out *ingest.Record) error {
	e, ok := next()
	if !ok {
		return io.EOF
	}
	*out = ingest.Record{Event: e, Revisions: spend.Immutable}
	return nil
}
