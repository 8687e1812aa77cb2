package app

import (
	"context"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// outcomesKind is the kind of the applied documents that define outcomes.
const outcomesKind = "outcomes"

// definitions gives the outcome definitions of every applied document of their
// kind, as one set: a workflow has one definition, whichever document holds it.
func (a *App) definitions(ctx context.Context) (*outcome.Definitions, error) {
	var documents []state.Applied
	err := a.State.Read(ctx, func(tx *state.Tx) (err error) {
		documents, err = tx.Documents(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var all struct {
		Outcomes []yaml.Node `yaml:"outcomes"`
	}
	for _, d := range documents {
		var told struct {
			Kind     string      `yaml:"kind"`
			Outcomes []yaml.Node `yaml:"outcomes"`
		}
		if err := yaml.Unmarshal([]byte(d.YAML), &told); err != nil {
			return nil, spend.Errorf(spend.KindInvalid, "read the applied document "+d.Name, "%w", err)
		}
		if told.Kind == outcomesKind {
			all.Outcomes = append(all.Outcomes, told.Outcomes...)
		}
	}
	text, err := yaml.Marshal(all)
	if err != nil {
		return nil, spend.Errorf(spend.KindInternal, "join the outcome definitions", "%w", err)
	}
	return outcome.ParseDefinitions(text)
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
