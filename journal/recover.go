package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// keyed is a record as the keyring will remember it.
type keyed struct {
	key [16]byte
	sighting
}

// recover finds the end of the journal, repairs its tail and remembers the
// newest keys. Segments before those are checked when they are replayed.
func (j *Journal) recover() error {
	if err := dropSpares(j.dir); err != nil {
		return diskError("open journal", err)
	}
	all, err := listSegments(j.dir)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return j.begin()
	}
	j.segments = all
	newest, err := j.recoverTail(all[len(all)-1])
	if err != nil {
		return err
	}
	return j.rebuildKeys(newest)
}

// begin makes the first segment of a new journal.
func (j *Journal) begin() error {
	s, file, err := j.createSegment(1, 0)
	if err != nil {
		return diskError("open journal", err)
	}
	j.segments, j.active, j.next = []*segment{s}, file, place(s.number, preambleSize)
	return nil
}

// recoverTail reads the newest segment, mends its end and goes on writing there.
func (j *Journal) recoverTail(s *segment) ([]keyed, error) {
	size, err := sizeOf(s.path)
	if err != nil {
		return nil, diskError("open journal", err)
	}
	if j.active, err = j.opts.OpenFile(s.path); err != nil {
		return nil, diskError("open journal", err)
	}
	records, err := j.mend(s, size)
	if err != nil {
		return nil, errors.Join(err, j.active.Close())
	}
	return records, nil
}

func (j *Journal) mend(s *segment, size int64) ([]keyed, error) {
	t, err := j.readSegment(j.active, s, size)
	if err != nil && !errors.Is(err, errNoRecord) {
		return nil, diskError("open journal", err)
	}
	j.next, j.filled = t.end, size
	j.written = max(s.start, t.lastEnd())
	if err != nil {
		if err := j.cut(t, size); err != nil {
			return nil, err
		}
	}
	if err := j.harden(t.witness); err != nil {
		return nil, diskError("recover journal", err)
	}
	j.synced = j.written
	j.kept.Store(uint64(j.synced))
	return t.records, nil
}

// told is what the records of a segment say.
type told struct {
	records []keyed
	end     Position // behind the last whole record
	witness Position // the furthest position that one of them saw synced
}

func (t *told) lastEnd() Position {
	if len(t.records) == 0 {
		return 0
	}
	return t.end
}

// readSegment reads all records of a segment. With an error it gives what
// stands before the place that cannot be read.
func (j *Journal) readSegment(file io.ReaderAt, s *segment, limit int64) (told, error) {
	in := newScanner(file, place(s.number, preambleSize), limit)
	t := told{end: in.at, witness: s.start}
	for {
		h, payload, err := in.next()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, err
		}
		t.end, t.witness = in.at, max(t.witness, h.witness)
		t.records = append(t.records, keyed{h.key, sighting{in.at, j.keys.digest(h.kind, payload)}})
	}
}

// cut removes a torn tail. It refuses when a later record is the witness that
// the damaged place had been synced: then something that was acknowledged is
// broken. Without a witness the bytes are those of records that were on their
// way when the power went; a disk may have kept later ones and not earlier ones.
func (j *Journal) cut(t told, size int64) error {
	rest, err := inspect(j.active, t.end, size)
	if err != nil {
		return diskError("open journal", err)
	}
	if max(rest.promised, t.witness) > t.end {
		return damaged("open journal", t.end.Segment(), int64(t.end.Offset()), "a record that was acknowledged is not whole")
	}
	if rest.torn == 0 {
		return nil // a recycled segment, blank from here on
	}
	j.stats.Torn = rest.torn
	j.filled = int64(t.end.Offset())
	if err := j.active.Truncate(j.filled); err != nil {
		return diskError("recover journal", err)
	}
	return nil
}

// harden writes again what no later record proves to have been synced, and
// syncs it. It could be read, but after a failed sync the operating system may
// show bytes that the disk never got, and take them for clean.
func (j *Journal) harden(witness Position) error {
	from := int64(preambleSize)
	if witness.Segment() == j.next.Segment() {
		from = int64(witness.Offset())
	}
	tail := io.NewSectionReader(j.active, from, int64(j.next.Offset())-from)
	n, err := io.CopyBuffer(io.NewOffsetWriter(j.active, from), onlyReader{tail}, make([]byte, scanBuffer))
	if err != nil {
		return err
	}
	j.stats.Recovered = n
	return j.active.Sync()
}

// onlyReader hides WriteTo, so that the copy uses the buffer it was given.
type onlyReader struct{ io.Reader }

// rebuildKeys reads segments backwards until enough keys are found, then
// remembers them in the order in which they were written.
func (j *Journal) rebuildKeys(newest []keyed) error {
	found, batches := len(newest), [][]keyed{newest}
	for i := len(j.segments) - 2; i >= 0 && found < j.opts.Keys; i-- {
		records, err := j.readSealed(j.segments[i], j.segments[i+1].start)
		if err != nil {
			return errors.Join(err, j.active.Close())
		}
		found += len(records)
		batches = append(batches, records)
	}
	for _, records := range slices.Backward(batches) {
		for _, r := range records {
			j.keys.remember(r.key, r.sighting)
		}
	}
	return nil
}

func (j *Journal) readSealed(s *segment, end Position) ([]keyed, error) {
	file, err := os.Open(s.path)
	if err != nil {
		return nil, diskError("open journal", err)
	}
	defer file.Close()
	t, err := j.readSegment(file, s, int64(end.Offset()))
	switch {
	case errors.Is(err, errNoRecord):
		return nil, damaged("open journal", s.number, int64(t.end.Offset()),
			fmt.Sprintf("a record that was acknowledged is not whole; the segment ended at byte %d", end.Offset()))
	case err != nil:
		return nil, diskError("open journal", err)
	}
	return t.records, nil
}

// notKept is the answer to a position that retention has passed.
func notKept(p, oldest Position) error {
	return spend.Errorf(spend.KindNotFound, "read journal", "records after %s were removed; the oldest kept ones begin at %s", p, oldest).
		WithHint("restore the backup that the position belongs to together with its journal, or read from the oldest one on purpose")
}
