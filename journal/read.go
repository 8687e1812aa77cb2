package journal

import (
	"context"
	"path/filepath"

	"github.com/bursarhq/bursar/spend"
)

// Read is Replay of a journal that nobody has open, to the end of its newest
// file. It changes nothing in the folder, and a tail that is not whole is damage
// to it: it is meant for copies, which have none.
func Read(ctx context.Context, data string, from Position, f func(Position, Record) error) error {
	all, err := listSegments(filepath.Join(data, folderName))
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return spend.Errorf(spend.KindNotFound, "read journal", "%s holds no segment", data)
	}
	last := all[len(all)-1]
	size, err := sizeOf(last.path)
	if err != nil {
		return diskError("read journal", err)
	}
	j := &Journal{segments: all, synced: last.start}
	if size > preambleSize {
		j.synced = place(last.number, uint32(size))
	}
	if err := j.within(from); err != nil {
		return err
	}
	return j.Replay(ctx, from, f)
}
