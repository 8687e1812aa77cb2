package journal

import (
	"errors"
	"os"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// maxSpares is how many blank segments are kept for later.
const maxSpares = 2

// Truncate removes the whole segments that end at or before a position; the
// caller knows that the newest verified backup and every consumer are past it.
// The segment being written stays, and so do those that a replay is reading,
// for the next call. Two files are kept, blank, to become segments again. It
// fails with invalid beyond the synced position, and with exhausted or
// unavailable when the disk fails; the journal goes on in either case.
func (j *Journal) Truncate(before Position) error {
	j.removing.Lock()
	defer j.removing.Unlock()
	for {
		removed, err := j.detach(before)
		if err != nil || removed == "" {
			return err
		}
		// Synced one by one: after a loss of power there must be no gap.
		if err := syncDir(j.dir); err != nil {
			return diskError("remove journal segment", err)
		}
		if err := j.retire(removed); err != nil {
			return diskError("remove journal segment", err)
		}
	}
}

// detach takes the oldest segment out of the journal when it may go, and gives
// the file that it has become.
func (j *Journal) detach(before Position) (path string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if before > j.synced {
		return "", spend.Errorf(spend.KindInvalid, "remove journal segments", "position %s is beyond what is synced, %s", before, j.synced)
	}
	if len(j.segments) == 1 || j.segments[1].start > before || j.segments[0].readers > 0 {
		return "", nil
	}
	path = j.segments[0].path + spareSuffix
	if err := os.Rename(j.segments[0].path, path); err != nil {
		return "", diskError("remove journal segment", err)
	}
	j.segments = slices.Clone(j.segments[1:])
	return path, nil
}

// retire makes a spare of a detached file, or removes it when there are enough.
func (j *Journal) retire(path string) error {
	if j.Stats().Spares >= maxSpares {
		return os.Remove(path)
	}
	if err := j.blank(path); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.spares = append(j.spares, path)
	return nil
}

// blank overwrites a file with zeros: its blocks stay allocated, and nothing of
// its earlier life is left to be taken for a torn tail.
func (j *Journal) blank(path string) error {
	size, err := sizeOf(path)
	if err != nil {
		return err
	}
	file, err := j.opts.OpenFile(path)
	if err != nil {
		return err
	}
	defer file.Close()
	zeros := make([]byte, scanBuffer)
	for off := int64(0); off < size; off += scanBuffer {
		if _, err := file.WriteAt(zeros[:min(scanBuffer, size-off)], off); err != nil {
			return err
		}
	}
	return file.Sync()
}
