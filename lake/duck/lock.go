package duck

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/bursarhq/bursar/spend"
)

// lockFolder takes the folder for this process until the file is closed or the
// process ends, however it ends.
func lockFolder(dir string) (*os.File, error) {
	path := filepath.Join(dir, "LOCK")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, spend.Errorf(spend.KindUnavailable, "open lake", "cannot write to %s: %w", dir, err).
			WithHint("check that the folder exists and belongs to this user")
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer file.Close()
		return nil, spend.Errorf(spend.KindConflict, "open lake", "%s is in use by process %s", dir, holder(file)).
			WithHint("stop that process first: one process at a time owns the folder")
	}
	if err := writeHolder(file); err != nil {
		return nil, errors.Join(spend.Errorf(spend.KindUnavailable, "open lake", "cannot write %s: %w", path, err), file.Close())
	}
	return file, nil
}

// unlockFolder gives the folder back. Closing the file would not be enough while
// a process that another one is just starting still shares it.
func unlockFolder(lock *os.File) error {
	return errors.Join(unix.Flock(int(lock.Fd()), unix.LOCK_UN), lock.Close())
}

func holder(file *os.File) string {
	var b [32]byte
	n, _ := file.ReadAt(b[:], 0) // an unreadable pid still leaves a true message
	if pid := bytes.TrimSpace(b[:n]); len(pid) > 0 {
		return string(pid)
	}
	return "(unknown)"
}

func writeHolder(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	return err
}
