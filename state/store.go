package state

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Store is an open state database. Its methods may be called from any goroutine.
type Store struct {
	dialect Dialect
	writer  *sql.DB
	reader  *sql.DB
	clock   func() time.Time

	unscrubbed atomic.Bool // the log may still hold what was erased
	known      known
}

// OpenSQLite opens or makes the database in a file and migrates it. The clock
// gives the instant of each transaction. The error is of kind conflict when a
// newer Bursar wrote the file.
func OpenSQLite(ctx context.Context, path string, clock func() time.Time) (*Store, error) {
	if clock == nil || path == "" {
		return nil, spend.Errorf(spend.KindInvalid, "open the state", "a path and a clock are needed")
	}
	writer, reader, err := openPools(path)
	if err != nil {
		return nil, err
	}
	s := &Store{dialect: SQLite(), writer: writer, reader: reader, clock: clock}
	steps, err := embeddedMigrations()
	if err == nil {
		err = s.migrate(ctx, steps)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.unscrubbed.Store(true) // whoever had it open before may have died in between
	s.tidy(ctx)
	return s, nil
}

// Close ends both pools, running transactions first.
func (s *Store) Close() error { return errors.Join(s.reader.Close(), s.writer.Close()) }

// Dialect says which SQL the store speaks.
func (s *Store) Dialect() Dialect { return s.dialect }

// Read runs a function in one snapshot. Writing in it is an error.
func (s *Store) Read(ctx context.Context, do func(*Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return s.failed("read the state", err)
	}
	defer tx.Rollback()
	return do(s.begun(tx))
}

// Write runs a function in a write transaction, alone; it is kept when the
// function returns nil, else undone. The error is of kind unavailable when
// another process held the lock for five seconds.
func (s *Store) Write(ctx context.Context, do func(*Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.failed("write the state", err)
	}
	defer tx.Rollback()
	t := s.begun(tx)
	if err := do(t); err != nil {
		return err
	}
	err = tx.Commit()
	if t.retold { // of a commit that failed nobody knows
		s.known.forget()
	}
	if err != nil {
		return s.failed("write the state", err)
	}
	if t.erased {
		s.unscrubbed.Store(true)
	}
	s.tidy(ctx)
	return nil
}

// tidy scrubs when that is due. The change before it is kept, so that it cannot
// fail any more: while a reader is in the way, the next write tries again.
func (s *Store) tidy(ctx context.Context) {
	if s.unscrubbed.Load() {
		_ = s.Scrub(ctx)
	}
}

// Scrub removes from the engine's log what an erasure left there. Opening the
// store and the writes after an erasure do so; call it to be sure. The error is
// of kind unavailable while a reader still holds a snapshot from before.
func (s *Store) Scrub(ctx context.Context) error {
	if err := s.truncateLog(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.unscrubbed.Store(false)
	return nil
}

func (s *Store) begun(tx *sql.Tx) *Tx { return &Tx{tx: tx, store: s, now: s.instant()} }

func (s *Store) instant() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// failed makes an error for people out of one of the engine's.
func (s *Store) failed(op string, err error) error {
	var known *spend.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return spend.Errorf(spend.KindUnavailable, op, "stopped before it was done: %w", err)
	case s.dialect.IsBusy(err):
		return spend.Errorf(spend.KindUnavailable, op, "another process holds the state: %w", err).
			WithHint("try again; if it lasts, find out which process has the data folder open")
	case s.dialect.IsFull(err):
		return spend.Errorf(spend.KindExhausted, op, "the disk is full: %w", err).
			WithHint("free space on the data folder's disk and try again; nothing of this change was kept")
	case s.dialect.IsUnique(err):
		return spend.Errorf(spend.KindConflict, op, "there is one already: %w", err)
	}
	return spend.Errorf(spend.KindInternal, op, "%w", err)
}
