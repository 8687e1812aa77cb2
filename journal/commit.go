package journal

import (
	"errors"
	"time"
)

// run syncs whatever was written until the journal closes. It is the only
// goroutine of the package.
func (j *Journal) run() {
	defer close(j.stopped)
	for {
		select {
		case <-j.wake:
			j.linger()
			j.commit()
		case <-j.closing:
			j.commit()
			return
		}
	}
}

// linger lets written records gather for the length of the window, but not
// while somebody waits for one of them, nor beyond MaxGroup records.
//
// A gateway writes a record before it calls upstream and asks for its sync when
// the answer begins. So a slow upstream makes few, large syncs, and with a fast
// one every sync starts at once.
func (j *Journal) linger() {
	if j.opts.Window < 0 || j.due() {
		return
	}
	window := time.NewTimer(j.opts.Window)
	defer window.Stop()
	for {
		select {
		case <-window.C:
			return
		case <-j.closing:
			return
		case <-j.wake:
			if j.due() {
				return
			}
		}
	}
}

func (j *Journal) due() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.wanted > j.synced || j.pending >= MaxGroup || j.written == j.synced
}

// commit syncs once for everybody. It syncs without mu, so that others write
// meanwhile; their records belong to the next commit.
func (j *Journal) commit() {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil || j.written == j.synced {
		return
	}
	target, served, file := j.written, j.pending, j.active
	j.pending = 0
	j.mu.Unlock()
	err := j.sync(file)
	j.mu.Lock()
	j.settle(target, served, err)
	j.fill()
}

// sync asks the disk, and tells how long it took.
func (j *Journal) sync(file File) error {
	began := time.Now()
	err := file.Sync()
	j.opts.Took(time.Since(began))
	return err
}

// settle takes note of the end of a sync; both locks are held.
func (j *Journal) settle(target Position, served int, err error) {
	if err != nil {
		j.fail("sync journal", err)
		return
	}
	j.synced = target
	j.kept.Store(uint64(target))
	j.stats.Syncs++
	j.stats.Largest = max(j.stats.Largest, served)
	j.announce()
}

// rotate ends the active segment when size more bytes do not fit. The old one
// is synced first: that the next one exists is the proof of it. Writers wait
// meanwhile, for three syncs (old file, new file, folder) once in a segment.
func (j *Journal) rotate(size int) {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.refusal() != nil || j.fits(size) {
		return // another writer was faster
	}
	j.settle(j.written, j.pending, j.sync(j.active))
	j.pending = 0
	if j.err != nil {
		return
	}
	s, file, err := j.createSegment(j.next.Segment()+1, j.written)
	if err != nil {
		j.fail("begin journal segment", err)
		return
	}
	if err := j.active.Close(); err != nil {
		j.fail("end journal segment", errors.Join(err, file.Close()))
		return
	}
	j.segments, j.active, j.next = append(j.segments, s), file, place(s.number, preambleSize)
}
