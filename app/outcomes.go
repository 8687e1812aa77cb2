package app

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/bursarhq/bursar/connect"
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

// ImportOutcomes books a file of outcomes, some thousands a transaction. It is
// idempotent: import the file again after an error.
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
	run := outcomeRun{app: a, file: f, definitions: definitions, size: size}
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
	app         *App
	file        OutcomeFile
	definitions *outcome.Definitions
	events      []outcome.Event
	lines       map[spend.ID]int64 // of the events, by their keys
	result      OutcomeResult
	read        int64 // bytes
	size        int64 // of the file, 0 when unknown
}

func (r *outcomeRun) all(ctx context.Context, reader *connect.OutcomeReader) error {
	const chunk = 4096
	r.lines = make(map[spend.ID]int64, chunk)
	for {
		rec, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return r.book(ctx)
		}
		if err != nil {
			return errors.Join(err, r.book(ctx))
		}
		r.read = rec.End
		if len(rec.Problems) > 0 {
			r.refuse(rec.Line, rec.Problems)
			continue
		}
		r.events = append(r.events, rec.Event)
		r.lines[rec.Event.Key()] = rec.Line
		if len(r.events) < chunk {
			continue
		}
		if err := r.book(ctx); err != nil {
			return err
		}
	}
}

// book commits the events that were read.
func (r *outcomeRun) book(ctx context.Context) error {
	result, err := lake.BookOutcomes(ctx, r.app.Lake, lake.OutcomeDelivery{
		Events: r.events, Definitions: r.definitions, At: r.app.Now(),
	})
	r.result.Booked += int64(result.Booked)
	r.result.Known += int64(result.Known)
	for i := range result.Refused {
		r.refuse(r.lines[result.Refused[i].Event.Key()], result.Refused[i].Problems)
	}
	r.events = r.events[:0]
	clear(r.lines)
	if err == nil && r.file.Progress != nil {
		r.file.Progress(Progress{Bytes: r.read, Size: r.size})
	}
	return err
}

func (r *outcomeRun) refuse(line int64, problems []spend.Problem) {
	r.result.Refused++
	if r.file.Refused != nil {
		r.file.Refused(OutcomeRefusal{line, problems})
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
