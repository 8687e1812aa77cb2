package journal

import (
	"context"
	"os"
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
	info, err := os.Stat(last.path)
	if err != nil {
		return diskError("read journal", err)
	}
	j := &Journal{segments: all, synced: last.start}
	if info.Size() > preambleSize {
		j.synced = place(last.number, uint32(info.Size()))
	}
	if err := j.within(from); err != nil {
		return err
	}
	return j.Replay(ctx, from, f)
}
