package app

import (
	"context"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/state"
)

// definitions gives the outcome definitions that are applied, as one set: a
// workflow has one definition, whichever document holds it.
func (a *App) definitions(ctx context.Context) (*outcome.Definitions, error) {
	var found inForce
	err := a.State.Read(ctx, func(tx *state.Tx) (err error) {
		found, err = appliedTo(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found.Outcomes, found.unread()
}

// Redefine puts the outcome definitions in force that are applied now. Outcomes
// that were counted before keep theirs.
func (s *Server) Redefine(ctx context.Context) error {
	d, err := s.definitions(ctx)
	if err == nil {
		s.Ingest.Define(d)
	}
	return err
}
