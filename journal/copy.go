package journal

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// CopyTo writes what a replay from a position needs, up to what is synced now,
// as the journal of another data folder, and gives the position at which it
// ends. Opening that journal goes on from there. Appending goes on meanwhile. It
// fails with notfound when retention has passed the position, and with exhausted
// or unavailable when the disk is full or fails; what is written then is no
// journal.
func (j *Journal) CopyTo(ctx context.Context, from Position, data string) (Position, error) {
	held, end, err := j.hold(from)
	if err != nil {
		return 0, err
	}
	defer func() {
		for _, s := range held {
			j.unpin(s.segment)
		}
	}()
	dir := filepath.Join(data, folderName)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return 0, diskError("copy journal", err)
	}
	for _, s := range held {
		if err := s.copyTo(ctx, dir); err != nil {
			return 0, err
		}
	}
	if err := syncDir(dir); err != nil {
		return 0, diskError("copy journal", err)
	}
	return end, nil
}

// hold gives every segment from the one with the first record after a position,
// keeps them from being taken away, and says what is synced.
func (j *Journal) hold(from Position) (held []stretch, end Position, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.within(from); err != nil {
		return nil, 0, err
	}
	last := len(j.segments) - 1
	for i, s := range j.segments {
		until := max(j.synced, place(s.number, preambleSize)) // of the newest one nothing may be synced yet
		if i < last {
			until = j.segments[i+1].start
		}
		if i < last && from >= until {
			continue
		}
		s.readers++
		held = append(held, stretch{segment: s, end: until})
	}
	return held, j.synced, nil
}

// copyTo copies a segment up to its end.
func (s stretch) copyTo(ctx context.Context, dir string) error {
	in, err := os.Open(s.segment.path)
	if err != nil {
		return diskError("copy journal", err)
	}
	defer in.Close()
	out, err := os.OpenFile(segmentPath(dir, s.segment.number), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return diskError("copy journal", err)
	}
	for left := int64(s.end.Offset()); err == nil && left > 0; {
		if err = context.Cause(ctx); err != nil {
			return errors.Join(err, out.Close())
		}
		var n int64
		n, err = io.CopyN(out, in, min(left, 16<<20))
		left -= n
	}
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return diskError("copy journal", err)
	}
	return nil
}
