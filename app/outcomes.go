package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// OutcomeFile is a file of outcomes to import.
type OutcomeFile struct {
	Path        string                // "-" is standard input
	Layout      connect.OutcomeLayout // of a CSV file
	Events      bool                  // CloudEvents instead of CSV
	Definitions string                // YAML file of definitions, "" for none
	Refused     func(OutcomeRefusal)  // called for every record that was not booked, may be nil
	Progress    func(Progress)        // called after every transaction, may be nil
}

// OutcomeRefusal is a record that was not booked, with every reason.
type OutcomeRefusal struct {
	Line     int64
	Problems []spend.Problem
}

// OutcomeResult says what became of the records of a file of outcomes.
type OutcomeResult struct {
	Booked  int64 `json:"booked"`  // new events
	Known   int64 `json:"known"`   // events booked before
	Refused int64 `json:"refused"` // records with a mistake
	Passed  int64 `json:"passed"`  // rows that state no outcome
}

// ImportOutcomes books a file of outcomes, some thousands a transaction, by the
// definitions of a file or, without one, by those that are applied. A record with
// a mistake goes to the quarantine. It is idempotent: import the file again after
// an error.
func (a *App) ImportOutcomes(ctx context.Context, f OutcomeFile) (OutcomeResult, error) {
	definitions, err := a.readDefinitions(ctx, f.Definitions)
	if err != nil {
		return OutcomeResult{}, err
	}
	in, size, err := openFile(f.Path)
	if err != nil {
		return OutcomeResult{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return OutcomeResult{}, err
	}
	pipeline.Refused = f.refuse
	run := outcomeRun{pipeline: pipeline, file: f, definitions: definitions, size: size}
	if err := run.all(ctx, in); err != nil {
		return ResultOfOutcomes(run.result), err
	}
	_, err = a.Lake.MaybeCheckpoint(ctx, a.Now())
	return ResultOfOutcomes(run.result), err
}

func (a *App) readDefinitions(ctx context.Context, path string) (*outcome.Definitions, error) {
	if path == "" {
		return a.definitions(ctx)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "read outcome definitions", "%w", err).WithHint("give the path of a YAML file")
	}
	return outcome.ParseDefinitions(text)
}

// ResultOfOutcomes gives the part of a result that is about outcomes.
func ResultOfOutcomes(r ingest.Result) OutcomeResult {
	return OutcomeResult{Booked: r.Outcomes, Known: r.Duplicates, Refused: r.Quarantined, Passed: r.Passed}
}

func (f *OutcomeFile) refuse(rejected *lake.Rejected) {
	if f.Refused != nil {
		f.Refused(OutcomeRefusal{rejected.Record, rejected.Problems})
	}
}

// importOutcomes books a file of outcomes that is sent to the server. Its events
// name sources and runs freely, so that whoever sends it answers for everything.
func (s *Server) importOutcomes(ctx context.Context, who auth.Identity, order *api.ImportOrder, file io.Reader) (ingest.Result, error) {
	if own := ownScope(who); !own.Equal(&spend.Scope{}) {
		return ingest.Result{}, spend.Errorf(spend.KindForbidden, "import outcomes", "the token is bounded by a scope, and a file names runs of any").
			WithHint("post them with a token of kind outcomes, or use a token of the whole organisation")
	}
	f := OutcomeFile{Path: order.Name, Events: order.Layout == "events"}
	if !f.Events {
		var err error
		if f.Layout, err = connect.OutcomeLayoutOf(order.Layout, connect.OutcomeLayout{Source: order.Source, Definition: order.Definition, Workflow: order.Workflow}); err != nil {
			return ingest.Result{}, err
		}
	}
	run := outcomeRun{pipeline: s.Ingest.Pipeline, file: f, definitions: s.Ingest.Definitions()}
	err := run.all(ctx, file)
	s.whenBooked(context.WithoutCancel(ctx), run.result)
	return run.result, err
}

// outcomeRun books one file.
type outcomeRun struct {
	pipeline    *ingest.Pipeline
	file        OutcomeFile
	definitions *outcome.Definitions
	records     []ingest.OutcomeRecord
	result      ingest.Result
	read        int64 // bytes
	size        int64 // of the file, 0 when unknown
}

func (r *outcomeRun) all(ctx context.Context, in io.Reader) error {
	reader := connect.OpenOutcomes(in, r.file.Layout)
	if r.file.Events {
		reader = connect.OpenOutcomeEvents(in)
	}
	err := r.each(ctx, reader)
	r.result.Passed = reader.Passed()
	return err
}

func (r *outcomeRun) each(ctx context.Context, reader *connect.OutcomeReader) error {
	const chunk = 4096
	for {
		rec, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return r.book(ctx)
		}
		if err != nil {
			return errors.Join(err, r.book(ctx))
		}
		r.read = rec.End
		r.records = append(r.records, ingest.OutcomeRecord{
			Event: rec.Event, File: filepath.Base(r.file.Path), Line: rec.Line, Digest: rec.Hash, Problems: rec.Problems, Whole: rec.Whole,
		})
		if len(r.records) < chunk {
			continue
		}
		if err := r.book(ctx); err != nil {
			return err
		}
	}
}

// book commits the events that were read.
func (r *outcomeRun) book(ctx context.Context) error {
	result, err := r.pipeline.Deliver(ctx, ingest.Delivery{Outcomes: r.records, Definitions: r.definitions})
	if err == nil {
		err = r.pipeline.Settle(ctx)
	}
	r.records = nil
	if err != nil {
		return err
	}
	if r.result, err = r.result.Add(result); err != nil {
		return err
	}
	if r.file.Progress != nil {
		r.file.Progress(Progress{Bytes: r.read, Size: r.size})
	}
	return nil
}

// barred gives the defaults of what is not set.
func barred(b outcome.Bar) outcome.Bar {
	if b == (outcome.Bar{}) {
		return outcome.Bar{Margin: 5, LeastRuns: 100, Share: 90}
	}
	return b
}

// EqualModels sets the models of each workflow beside the one that it uses most.
func (a *App) EqualModels(ctx context.Context, q *spend.Query) (outcome.Comparison, error) {
	bar := barred(a.Equal)
	runs, err := lake.OutcomesByModel(ctx, a.Lake, q, bar.Share)
	if err != nil {
		return outcome.Comparison{}, err
	}
	c, err := outcome.Compare(runs, bar)
	c.Currency = a.Currency()
	return c, err
}

// Outcomes sets the results of each workflow against all of its spend.
func (a *App) Outcomes(ctx context.Context, q *spend.Query) (outcome.Table, error) {
	t, err := lake.Outcomes(ctx, a.Lake, q)
	if t.Basis == spend.Cost {
		t.Currency = a.Currency()
	}
	return t, err
}
