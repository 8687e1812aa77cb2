package journal

import (
	"context"

	"github.com/bursarhq/bursar/spend"
)

// Receipt says what became of the records of one call. A record whose key was
// already there with the same kind and payload is a duplicate: it is kept once,
// and Position covers it. One whose key was there with another kind or payload
// is a conflict: it is not kept.
type Receipt struct {
	Position   Position // everything the call asked for, conflicts apart, stands before it
	Duplicates []int    // indices into the call's records
	Conflicts  []int    // indices into the call's records
}

// Append writes records and returns when they are synced. Records of one call
// stand together and in order. When the context ends first, the records may
// still be kept: append them again with the same keys. It fails with invalid
// beyond MaxPayload, MaxCall and MaxGroup, and with exhausted or unavailable
// once the disk is full or failed, from then on always.
func (j *Journal) Append(ctx context.Context, records ...Record) (Receipt, error) {
	r, err := j.AppendWritten(records...)
	if err != nil {
		return Receipt{}, err
	}
	return r, j.Synced(ctx, r.Position)
}

// AppendWritten writes records and returns when the operating system has them:
// they survive the end of this process, not yet the loss of power. They are
// synced within the commit window, or at once when somebody waits in Synced.
// It fails as Append does.
func (j *Journal) AppendWritten(records ...Record) (Receipt, error) {
	size, err := validate(records)
	if err != nil {
		return Receipt{}, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.makeRoom(size); err != nil {
		return Receipt{}, err
	}
	receipt := j.encode(records)
	if err := j.write(len(records) - len(receipt.Duplicates) - len(receipt.Conflicts)); err != nil {
		return Receipt{}, err
	}
	return receipt, nil
}

// Synced returns when everything before a position is synced. It fails with the
// reason when the disk failed first, and with invalid for a position that was
// never written.
func (j *Journal) Synced(ctx context.Context, p Position) error {
	for {
		changed, done, err := j.await(p)
		if done || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return spend.Errorf(spend.KindUnavailable, "sync journal", "gave up waiting for the disk: %w", context.Cause(ctx)).
				WithHint("append again with the same key: it is kept once")
		}
	}
}

// Kept is the position before which everything is synced. It never waits, not even for
// a disk that stalls.
func (j *Journal) Kept() Position { return Position(j.kept.Load()) }

// await says whether a position is synced, and else asks for it and gives the
// channel that closes at the next change.
func (j *Journal) await(p Position) (changed <-chan struct{}, done bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case p <= j.synced:
		return nil, true, nil
	case j.err != nil:
		return nil, false, j.err
	case p > j.written:
		return nil, false, spend.Errorf(spend.KindInvalid, "sync journal", "position %s is beyond the end, %s", p, j.written)
	}
	j.want(p)
	return j.advanced, false, nil
}

// want asks for the sync of what stands before a position; mu is held.
func (j *Journal) want(p Position) {
	if p > j.wanted {
		j.wanted = p
		j.stir()
	}
}

// Hasten begins the sync of what was written before a position without waiting for it,
// for who is going to wait soon.
func (j *Journal) Hasten(p Position) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if p = min(p, j.written); p > j.synced {
		j.want(p)
	}
}

// makeRoom sees to it that size bytes may be written to the active segment; mu
// is held, and given up while the segment changes.
func (j *Journal) makeRoom(size int) error {
	for {
		if err := j.refusal(); err != nil {
			return err
		}
		if j.fits(size) {
			return nil
		}
		j.mu.Unlock()
		j.rotate(size)
		j.mu.Lock()
	}
}

func (j *Journal) fits(size int) bool {
	used := int(j.next.Offset())
	return used == preambleSize || used+size <= j.opts.SegmentSize
}

// encode fills buf with the records that are new; mu is held.
func (j *Journal) encode(records []Record) Receipt {
	var receipt Receipt
	j.buf = j.buf[:0]
	for i := range records {
		r := &records[i]
		digest := j.keys.digest(r.Kind, r.Payload)
		if seen, known := j.keys.find(r.Key); known && seen.digest != digest {
			receipt.Conflicts = append(receipt.Conflicts, i)
			continue
		} else if known {
			receipt.Duplicates = append(receipt.Duplicates, i)
			receipt.Position = max(receipt.Position, seen.position)
			continue
		}
		j.buf = appendRecord(j.buf, r, j.next+Position(len(j.buf)), j.synced)
		receipt.Position = j.next + Position(len(j.buf))
		j.keys.remember(r.Key, sighting{position: receipt.Position, digest: digest})
	}
	j.stats.Duplicates += int64(len(receipt.Duplicates))
	j.stats.Conflicts += int64(len(receipt.Conflicts))
	return receipt
}

// write hands buf to the operating system; mu is held. What a failed write left
// behind is cut off when the journal is opened again.
func (j *Journal) write(records int) error {
	if records == 0 {
		return nil
	}
	if _, err := j.active.WriteAt(j.buf, int64(j.next.Offset())); err != nil {
		j.fail("write journal", err)
		return j.err
	}
	j.next += Position(len(j.buf))
	j.written = j.next
	j.stats.Records += int64(records)
	j.stats.Bytes += int64(len(j.buf))
	if cap(j.buf) > 1<<20 {
		j.buf = nil // one large call must not hold its memory for ever
	}
	before := j.pending
	j.pending += records
	if before == 0 || before < MaxGroup && j.pending >= MaxGroup {
		j.stir()
	}
	return nil
}

// stir wakes the goroutine that syncs.
func (j *Journal) stir() {
	select {
	case j.wake <- struct{}{}:
	default: // it is awake
	}
}
