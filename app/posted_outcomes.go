package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// AcceptOutcomes reads business results and makes them safe in the journal. What
// is wrong with one ends, with it, in the quarantine.
func (s *Server) AcceptOutcomes(ctx context.Context, who auth.Identity, batch []byte) (api.Receipt, error) {
	teller, err := s.teller(ctx, who)
	if err != nil {
		return api.Receipt{}, err
	}
	records, err := teller.read(batch)
	if err != nil {
		return api.Receipt{}, err
	}
	if err := s.Ingest.AcceptOutcomes(ctx, records); err != nil {
		return api.Receipt{}, err
	}
	var receipt api.Receipt
	for i := range records {
		receive(&receipt, i, records[i].Digest, records[i].Problems)
	}
	return receipt, nil
}

// teller is whoever tells of business results.
type teller struct {
	application string               // of the credential, "" for the whole organisation
	space       string               // of its sources
	owners      map[string][]string  // the applications of each workflow that the organisation knows
	definitions *outcome.Definitions // whose workflows count like those of an event
}

// teller refuses a credential that could name no run: without an application its
// runs would be nobody's.
func (s *Server) teller(ctx context.Context, who auth.Identity) (*teller, error) {
	own := ownScope(who)
	t := &teller{own.Application, namespace(who), map[string][]string{}, s.Ingest.Definitions()}
	if own.Application == "" {
		if !own.Equal(&spend.Scope{}) {
			return nil, spend.Errorf(spend.KindForbidden, "tell outcomes", "the token names a team and no application, whose runs could be told").
				WithHint("make one with --application, or one of the whole organisation")
		}
		return t, nil
	}
	return t, s.State.Read(ctx, func(tx *state.Tx) error {
		units, err := tx.Units(ctx, s.Now().In(s.Calendar().Location()).Format(time.DateOnly))
		for _, u := range units {
			if u.Kind == organisation.Workflow {
				t.owners[u.Name] = append(t.owners[u.Name], u.Parent)
			}
		}
		return err
	})
}

func (t *teller) read(batch []byte) ([]ingest.OutcomeRecord, error) {
	reader := connect.OpenOutcomeEvents(bytes.NewReader(batch))
	var records []ingest.OutcomeRecord
	for {
		rec, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF) && len(records) == 0:
			return nil, noEvent()
		case errors.Is(err, io.EOF):
			return records, nil
		case err != nil:
			return nil, err
		}
		r := ingest.OutcomeRecord{Event: rec.Event, Line: rec.Line, Digest: rec.Hash, Problems: rec.Problems, Whole: rec.Whole}
		r.Problems = append(r.Problems, t.bound(&r.Event)...)
		records = append(records, r)
	}
}

// bound puts a result under its credential: its source lies in the credential's
// space, and its runs are those of the credential's application. A credential of
// the whole organisation names runs in full, "application/run".
func (t *teller) bound(e *outcome.Event) []spend.Problem {
	e.Source = "outcomes:" + t.space + "/" + e.Source
	if t.application == "" {
		return nil
	}
	for i := range e.Runs {
		if e.Runs[i].Run != "" {
			e.Runs[i].Run = t.application + "/" + e.Runs[i].Run
		}
	}
	defined, _ := t.definitions.Find(e.Definition, e.Version)
	for _, workflow := range []string{defined.Workflow, e.Workflow} {
		if owners := t.owners[workflow]; len(owners) > 0 && !slices.Contains(owners, t.application) {
			return []spend.Problem{{Field: "workflow", Msg: "belongs to another application, of whose results this credential cannot tell"}}
		}
	}
	return nil
}
