package duck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Export says which lines ExportParquet writes, and where.
type Export struct {
	Window lake.Window // by time of use; a zero time leaves that side open
	Book   spend.Book
	Path   string // of the new file; an existing one is replaced
}

// ExportParquet writes the lines of one book to a Parquet file (zstd), ordered
// by time of use, and gives their number. The engine may write to the lake's
// export folder only: the finished file is moved to its path from there.
func (l *Lake) ExportParquet(ctx context.Context, e Export) (int64, error) {
	draft, err := os.CreateTemp(l.exports(), "*.parquet")
	if err == nil {
		err = draft.Close()
	}
	if err != nil {
		return 0, spend.Errorf(spend.KindUnavailable, "export lake", "cannot write to %s: %w", l.exports(), err)
	}
	n, err := l.copyTo(ctx, e, draft.Name())
	if err != nil {
		return 0, errors.Join(failed("export lake", err), os.Remove(draft.Name()))
	}
	if err := move(draft.Name(), e.Path); err != nil {
		return 0, spend.Errorf(spend.KindUnavailable, "export lake", "cannot put the finished file in its place: %w", err)
	}
	return n, nil
}

// move renames a file, or copies it where the two paths are on two file systems.
func move(from, to string) error {
	if err := os.Rename(from, to); err == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return errors.Join(err, in.Close(), os.Remove(from))
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, in.Close(), out.Close(), os.Remove(from))
}

// copyTo takes no arguments but literals, as COPY allows none: two instants, a
// quoted book and a path that we made.
func (l *Lake) copyTo(ctx context.Context, e Export, path string) (int64, error) {
	where := "book = " + quote(string(e.Book))
	if !e.Window.From.IsZero() {
		where += " AND used_at >= " + literal(e.Window.From)
	}
	if !e.Window.To.IsZero() {
		where += " AND used_at < " + literal(e.Window.To)
	}
	result, err := l.reads.ExecContext(ctx, fmt.Sprintf(
		"COPY (SELECT * FROM charges WHERE %s ORDER BY used_at, id) TO %s (FORMAT parquet, COMPRESSION zstd)", where, quote(path)))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func literal(t time.Time) string { return lake.DuckDB().Moment(t.UnixMicro()) }
