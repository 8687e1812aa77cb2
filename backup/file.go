package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/bursarhq/bursar/spend"
)

// The names within a data folder and a backup.
const (
	lakeName    = "lake.duckdb"
	stateName   = "state.db"
	journalName = "journal"
	pricesName  = "prices"
)

// copyFile copies a file into a new one and syncs it; it gives the digest of what
// it copied. Without a destination it only reads.
func copyFile(ctx context.Context, from, to string) (File, error) {
	in, err := os.Open(from)
	if err != nil {
		return File{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	h := sha256.New()
	if to == "" {
		return pump(ctx, in, nil, h)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return File{}, err
	}
	f, err := pump(ctx, in, out, h)
	if err == nil {
		err = out.Sync()
	}
	return f, errors.Join(err, out.Close())
}

func pump(ctx context.Context, in io.Reader, out io.Writer, h hash.Hash) (f File, err error) {
	to := io.Writer(h)
	if out != nil {
		to = io.MultiWriter(h, out)
	}
	for err == nil {
		if err := context.Cause(ctx); err != nil {
			return f, err
		}
		var n int64
		n, err = io.CopyN(to, in, 4<<20)
		f.Bytes += n
	}
	f.SHA256 = hex.EncodeToString(h.Sum(nil))
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return f, err
}

// filesIn lists the regular files below a folder by their names with slashes, in
// order; the manifest is none of them.
func filesIn(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil && name != manifestName {
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	return names, err
}

// syncFile makes a file, or the names in a folder, survive power loss.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return syncFile(path)
	})
}

// diskError says what a failure of the disk means for people; an error that says so
// already stays as it is.
func diskError(op string, err error) error {
	var known *spend.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return spend.Errorf(spend.KindExhausted, op, "the disk is full: %w", err).
				WithHint("free space there, or choose another disk; nothing was left half done")
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return spend.Errorf(spend.KindForbidden, op, "%w", err).WithHint("the folder must belong to the user that runs Bursar")
	}
	return spend.Errorf(spend.KindUnavailable, op, "%w", err).WithHint("check the disk, then try again; nothing was left half done")
}
