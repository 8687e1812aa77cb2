package journal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/bursarhq/bursar/spend"
)

// folderName is the journal's folder inside a data folder.
const folderName = "journal"

// File is what the journal needs of the segment that it writes; tests hand in
// disks that fill up, fail and lose power.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Sync() error
	Truncate(size int64) error
}

func openFile(path string) (File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return disk{file}, nil
}

// disk is a file whose Sync leaves out what nobody needs to read it again, where the system
// can: when it was written is nothing to wait for.
type disk struct{ *os.File }

// syncDir makes names that were created, renamed or removed survive power loss.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// diskError says what a failure of the disk means for people.
func diskError(op string, err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return spend.Errorf(spend.KindExhausted, op, "the disk is full: %w", err).
				WithHint("free space on the data folder's disk; what was acknowledged is safe, and the journal goes on when it is opened again")
		}
	}
	return spend.Errorf(spend.KindUnavailable, op, "the disk failed: %w", err).
		WithHint("check the data folder's disk and the kernel's log, then restart; what was acknowledged is safe")
}

func damaged(op string, segment uint32, offset int64, what string) error {
	return spend.Errorf(spend.KindInternal, op, "segment %d is damaged at byte %d: %s", segment, offset, what).
		WithHint("nothing was changed or skipped; check the disk, then restore the data folder from its newest verified backup")
}

// lockFolder takes the folder until the file is closed or the process ends.
func lockFolder(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "LOCK"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, diskError("open journal", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		err = errors.Join(err, lock.Close())
		return nil, spend.Errorf(spend.KindConflict, "open journal", "%s is in use: %w", dir, err).
			WithHint("stop the process that holds it: one process writes a journal")
	}
	return lock, nil
}

// unlockFolder gives the folder back. Closing the file would not be enough while
// a process that another one is just starting still shares it.
func unlockFolder(lock *os.File) error {
	return errors.Join(unix.Flock(int(lock.Fd()), unix.LOCK_UN), lock.Close())
}

// makeFolder makes the journal's folder inside the data folder.
func makeFolder(data string) (string, error) {
	dir := filepath.Join(data, folderName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", diskError("open journal", err)
	}
	if err := syncDir(data); err != nil {
		return "", diskError("open journal", err)
	}
	return dir, nil
}

// dropSpares removes blank segments of an earlier process: its death may have
// left them half blank.
func dropSpares(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), spareSuffix) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}
