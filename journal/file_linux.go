package journal

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Sync returns when what was written survives the loss of power, see fdatasync(2).
func (d disk) Sync() error {
	raw, err := d.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		for failed = unix.EINTR; errors.Is(failed, unix.EINTR); {
			failed = unix.Fdatasync(int(fd))
		}
	})
	return errors.Join(err, failed)
}
