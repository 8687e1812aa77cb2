package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Server is Bursar as a service over one data folder: what it accepts is in the
// journal before it says so, and is booked behind it.
type Server struct {
	*App
	State   *state.Store
	Journal *journal.Journal
	Ingest  *ingest.Service
	log     *slog.Logger
}

// OpenServer opens lake, state and journal of a data folder, in this order, and
// makes the first admin token when there is no token yet.
func OpenServer(ctx context.Context, c Config, log *slog.Logger) (*Server, error) {
	c.Create, c.Bulk = true, -1 // a service commits every batch
	a, err := Open(c)           //nolint:contextcheck // opening a folder is not cut short
	if err != nil {
		return nil, err
	}
	s := &Server{App: a, log: log}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) open(ctx context.Context) (err error) {
	if s.State, err = state.OpenSQLite(ctx, filepath.Join(s.Data, "state.db"), s.Now); err != nil {
		return err
	}
	if s.Journal, err = journal.Open(s.Data, journal.Options{}); err != nil {
		return err
	}
	pipeline, err := s.Pipeline(ctx)
	if err != nil {
		return err
	}
	booked, _, err := s.Lake.FileOffset(ctx, ingest.OffsetSource, "")
	if err != nil {
		return err
	}
	s.Ingest = &ingest.Service{Log: journalLog{s.Journal}, Pipeline: pipeline, From: uint64(booked.Bytes)}
	return s.firstToken(ctx)
}

// firstToken makes an admin token when there is none and writes it to a file
// that only its owner reads.
func (s *Server) firstToken(ctx context.Context) error {
	path := filepath.Join(s.Data, "admin-token")
	return s.State.Write(ctx, func(tx *state.Tx) error {
		tokens, err := tx.Tokens(ctx)
		if err != nil || len(tokens) > 0 {
			return err
		}
		secret, row, err := auth.FirstAdmin(tx.Now())
		if err != nil {
			return err
		}
		if err := auth.KeepToken(ctx, tx, auth.System(), row); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(secret.Reveal()+"\n"), 0o600); err != nil {
			return spend.Errorf(spend.KindUnavailable, "write the first admin token", "%w", err)
		}
		s.log.Info("the first admin token is in a file", "path", path)
		return nil
	})
}

// Run books what the journal holds until the context ends, and folds the lake's
// log into its file when that is due.
func (s *Server) Run(ctx context.Context) error {
	s.Ingest.Booked = func(ingest.Result) {
		if _, err := s.Lake.MaybeCheckpoint(ctx, s.Now()); err != nil {
			s.log.Error("checkpoint", "error", err) // booking goes on in the log
		}
	}
	return s.Ingest.Run(ctx)
}

// Ready says why nothing can be accepted, nil when it can.
func (s *Server) Ready() error { return errors.Join(s.Journal.Ready(), s.Ingest.Ready()) }

// Close closes the parts in reverse and logs how long each took.
func (s *Server) Close() error {
	var errs []error
	for _, part := range []struct {
		name  string
		open  bool
		close func() error
	}{
		{"journal", s.Journal != nil, func() error { return s.Journal.Close() }},
		{"state", s.State != nil, func() error { return s.State.Close() }},
		{"lake", true, s.App.Close},
	} {
		if !part.open {
			continue
		}
		start := s.Now()
		errs = append(errs, part.close())
		s.log.Info("closed", "part", part.name, "seconds", s.Now().Sub(start).Seconds())
	}
	return errors.Join(errs...)
}

// journalLog is the journal as the ingest service sees it.
type journalLog struct{ *journal.Journal }

const eventRecord = 1 // kind of a journal record that holds one usage record

func (l journalLog) Append(ctx context.Context, entries []ingest.Entry) error {
	var last journal.Position
	for len(entries) > 0 {
		n := min(len(entries), journal.MaxGroup)
		records := make([]journal.Record, n)
		for i, e := range entries[:n] {
			records[i] = journal.Record{Kind: eventRecord, Key: e.Key, Payload: e.Payload}
		}
		receipt, err := l.AppendWritten(records...)
		if err != nil {
			return err
		}
		last, entries = max(last, receipt.Position), entries[n:]
	}
	return l.Synced(ctx, last)
}

func (l journalLog) Tail(ctx context.Context, from uint64, f func(uint64, []byte) error) error {
	return l.Journal.Tail(ctx, journal.Position(from), func(at journal.Position, r journal.Record) error {
		return f(uint64(at), r.Payload)
	})
}

func (l journalLog) Replay(ctx context.Context, from uint64, f func(uint64, []byte) error) error {
	return l.Journal.Replay(ctx, journal.Position(from), func(at journal.Position, r journal.Record) error {
		return f(uint64(at), r.Payload)
	})
}

// CatchUp books what the journal of a data folder still holds, when a server has
// left one there and none runs.
func (a *App) CatchUp(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(a.Data, "journal")); err != nil {
		return nil //nolint:nilerr // no journal, nothing to catch up with
	}
	j, err := journal.Open(a.Data, journal.Options{})
	if err != nil {
		return err
	}
	err = a.catchUp(ctx, j)
	return errors.Join(err, j.Close())
}

func (a *App) catchUp(ctx context.Context, j *journal.Journal) error {
	booked, _, err := a.Lake.FileOffset(ctx, ingest.OffsetSource, "")
	if err != nil || uint64(j.Stats().Synced) <= uint64(booked.Bytes) {
		return err
	}
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return err
	}
	s := ingest.Service{Log: journalLog{j}, Pipeline: pipeline, From: uint64(booked.Bytes)}
	return s.CatchUp(ctx)
}
