package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

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

// ImportOutcomes books a file of outcomes, some thousands a transaction. A record
// with a mistake goes to the quarantine. It is idempotent: import the file again
// after an error.
func (a *App) ImportOutcomes(ctx context.Context, f OutcomeFile) (OutcomeResult, error) {
	definitions, err := readDefinitions(f.Definitions)
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
	run := outcomeRun{pipeline: pipeline, file: f, definitions: definitions, size: size}
	pipeline.Refused = run.refuse
	reader := connect.OpenOutcomes(in, f.Layout)
	if f.Events {
		reader = connect.OpenOutcomeEvents(in)
	}
	err = run.all(ctx, reader)
	run.result.Passed = reader.Passed()
	if err != nil {
		return run.result, err
	}
	_, err = a.Lake.MaybeCheckpoint(ctx, a.Now())
	return run.result, err
}

func readDefinitions(path string) (*outcome.Definitions, error) {
	if path == "" {
		return &outcome.Definitions{}, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "read outcome definitions", "%w", err).WithHint("give the path of a YAML file")
	}
	return outcome.ParseDefinitions(text)
}

// outcomeRun books one file.
type outcomeRun struct {
	pipeline    *ingest.Pipeline
	file        OutcomeFile
	definitions *outcome.Definitions
	records     []ingest.OutcomeRecord
	result      OutcomeResult
	read        int64 // bytes
	size        int64 // of the file, 0 when unknown
}

func (r *outcomeRun) all(ctx context.Context, reader *connect.OutcomeReader) error {
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
	r.result.Booked += result.Outcomes
	r.result.Known += result.Duplicates
	if r.file.Progress != nil {
		r.file.Progress(Progress{Bytes: r.read, Size: r.size})
	}
	return nil
}

func (r *outcomeRun) refuse(rejected *lake.Rejected) {
	r.result.Refused++
	if r.file.Refused != nil {
		r.file.Refused(OutcomeRefusal{rejected.Record, rejected.Problems})
	}
}

// Outcomes sets the results of each workflow against all of its spend.
func (a *App) Outcomes(ctx context.Context, q *spend.Query) (outcome.Table, error) {
	t, err := lake.Outcomes(ctx, a.Lake, q)
	if t.Basis == spend.Cost {
		t.Currency = a.Reporting
	}
	return t, err
}
