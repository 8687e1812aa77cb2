package duck

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Lake is an open DuckDB lake. Its methods may be called from any goroutine.
type Lake struct {
	dir    string
	opts   Options
	lock   *os.File
	reads  *sql.DB
	writer *writer
	humble *humble // does what the writer's batches need
	memory memory
}

// Open opens the lake in a folder, and makes both where they are missing. The
// error is of kind conflict when another process holds the folder or a newer
// Bursar wrote it.
func Open(dir string, opts Options) (*Lake, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "open lake", "folder %q: %w", dir, err)
	}
	if unsafePath(dir) {
		return nil, errPath("open lake", dir)
	}
	l := &Lake{dir: dir, opts: opts}
	if err := os.MkdirAll(l.exports(), 0o700); err != nil {
		return nil, spend.Errorf(spend.KindUnavailable, "open lake", "cannot make %s: %w", dir, err)
	}
	if l.lock, err = lockFolder(dir); err != nil {
		return nil, err
	}
	if err := l.start(); err != nil {
		return nil, errors.Join(err, l.stop())
	}
	return l, nil
}

// unsafePath says that the driver would take a part of a path for settings.
func unsafePath(path string) bool { return strings.ContainsAny(path, "?%") }

func errPath(op, path string) error {
	return spend.Errorf(spend.KindInvalid, op, "the engine cannot open %q", path).
		WithHint("choose a folder without ? and %% in its path")
}

func (l *Lake) path() string { return filepath.Join(l.dir, "lake.duckdb") }

func (l *Lake) exports() string { return filepath.Join(l.dir, "export") }

func (l *Lake) start() (err error) {
	l.humble = newHumble()
	l.humble.do(func() { l.writer, err = openWriter(l.path()) })
	if err == nil {
		err = l.ownFiles()
	}
	if err != nil {
		return err
	}
	connector, err := duckdb.NewConnector(l.path()+"?"+toOpen().Encode(), nil)
	if err != nil {
		return failed("open lake", err)
	}
	l.reads = sql.OpenDB(connector)
	if err := l.migrate(); err != nil {
		return err
	}
	for _, set := range l.opts.settings(l.exports()) {
		if err := l.writer.exec(set); err != nil {
			return failed("configure the engine", err)
		}
	}
	if err := l.recallKept(context.Background()); err != nil {
		return failed("open lake", err)
	}
	return l.writer.prepare(l.reads)
}

// ownFiles takes the file and its log from everybody but their owner: the engine makes
// them, and the log anew after each checkpoint, as the umask of the process has it.
func (l *Lake) ownFiles() error {
	for _, path := range []string{l.path(), l.path() + ".wal"} {
		if err := os.Chmod(path, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
			return spend.Errorf(spend.KindUnavailable, "open lake", "cannot keep %s to this user: %w", path, err).
				WithHint("the files of a ledger belong to the user whom Bursar runs as")
		}
	}
	return nil
}

// Close checkpoints and releases the folder. The second time it does nothing.
func (l *Lake) Close() error {
	if l.lock == nil {
		return nil
	}
	_ = l.KeepAnswers(context.Background()) // without them they are asked again
	err := l.Checkpoint(context.Background())
	return errors.Join(err, l.stop())
}

func (l *Lake) stop() error {
	var errs []error
	if l.writer != nil {
		l.writer.close()
	}
	if l.reads != nil {
		errs = append(errs, l.reads.Close())
	}
	if l.humble != nil {
		l.humble.end()
	}
	errs = append(errs, unlockFolder(l.lock))
	l.lock = nil
	return errors.Join(errs...)
}

// Dialect says which SQL the lake speaks.
func (l *Lake) Dialect() lake.Dialect { return lake.DuckDB() }

// failed makes an error for people out of one of the engine's.
func failed(op string, err error) error {
	var known *spend.Error
	if errors.As(err, &known) {
		return spend.Errorf(known.Kind, op, "%w", err)
	}
	text := err.Error()
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return spend.Errorf(spend.KindUnavailable, op, "stopped before it was done: %w", err)
	case strings.Contains(text, "No space left on device"), strings.Contains(text, "File too large"):
		return spend.Errorf(spend.KindExhausted, op, "the disk is full: %w", err).
			WithHint("free space in the lake's folder; nothing of the batch was kept")
	case strings.Contains(text, "Out of Memory"):
		return spend.Errorf(spend.KindExhausted, op, "the engine's memory limit is reached: %w", err).
			WithHint("ask for a shorter window or fewer groups, or raise the memory limit")
	case strings.Contains(text, "database has been invalidated"):
		return spend.Errorf(spend.KindUnavailable, op, "the engine stopped after a fatal error: %w", err).
			WithHint("restart; committed batches are kept")
	}
	return spend.Errorf(spend.KindInternal, op, "%w", err)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
