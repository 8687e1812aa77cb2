package duck

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// CopyTo writes the lake as it is now to a new file, which the caller syncs.
// Appends wait meanwhile, a second for every gigabyte or so; where the file
// system shares blocks between files it takes no time. held runs before they go on
// and sees what the copy holds. It fails with exhausted when the disk is full; the
// lake goes on in any case.
func (l *Lake) CopyTo(ctx context.Context, path string, held func() error) error {
	w := l.writer
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := l.checkpoint(); err != nil {
		return err
	}
	// All of it stands in the one file now, which nothing but a checkpoint changes.
	if log, err := os.Stat(l.path() + ".wal"); err == nil && log.Size() > 0 {
		return spend.Errorf(spend.KindUnavailable, "copy lake", "its log could not be folded into its file").WithHint("try again")
	}
	if err := copyFile(ctx, l.path(), path); err != nil {
		return copyFailed(err)
	}
	return held()
}

// copyFailed is failed for the operating system's errors: the engine is well.
func copyFailed(err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return spend.Errorf(spend.KindExhausted, "copy lake", "the disk of the copy is full: %w", err).WithHint("free space there, or choose another disk")
		}
	}
	return failed("copy lake", err)
}

func copyFile(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if err = context.Cause(ctx); err != nil {
			break
		}
		_, err = io.CopyN(out, in, 64<<20)
		if errors.Is(err, io.EOF) {
			more, err = false, nil
		}
	}
	return errors.Join(err, out.Close())
}

// Copy is a file that CopyTo has written, opened to be read alone: nothing in it
// or beside it changes.
type Copy struct{ lake *Lake }

// OpenCopy opens a copy. The error is of kind conflict when a newer Bursar wrote
// it, and internal when it is damaged.
func OpenCopy(path string, opts Options) (*Copy, error) {
	if unsafePath(path) {
		return nil, errPath("open copy of lake", path)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "open copy of lake", "%w", err)
	}
	connector, err := duckdb.NewConnector(path+"?"+opts.toRead().Encode(), nil)
	if err != nil {
		return nil, failed("open copy of lake", err)
	}
	c := &Copy{&Lake{dir: filepath.Dir(path), opts: opts, reads: sql.OpenDB(connector)}}
	if err := c.lake.checkSchema(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close ends it.
func (c *Copy) Close() error { return c.lake.reads.Close() }

// Dialect says which SQL the copy speaks.
func (c *Copy) Dialect() lake.Dialect { return c.lake.Dialect() }

// Snapshot is that of a lake.
func (c *Copy) Snapshot(ctx context.Context, f func(lake.Ask) error) error {
	return c.lake.Snapshot(ctx, f)
}

// FileOffset is that of a lake.
func (c *Copy) FileOffset(ctx context.Context, source, file string) (lake.Offset, bool, error) {
	return c.lake.FileOffset(ctx, source, file)
}
