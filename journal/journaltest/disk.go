package journaltest

import (
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"syscall"

	"github.com/bursarhq/bursar/journal"
)

// Disk opens files that fail on demand. It works on real files, so that what it
// leaves behind can be opened without it.
type Disk struct {
	mu       sync.Mutex
	room     int   // bytes until the disk is full; no limit when negative
	syncs    int   // syncs that succeed before one fails; none fails when below -1
	dead     bool  // the power is gone
	unsynced []old // oldest first
	lost     []old // of failed syncs: they can be read, and the disk will never have them

	writes, synced gate
}

// gate lets nothing pass while it is shut.
type gate struct{ sync.RWMutex }

// pass waits until the gate is open.
func (g *gate) pass() {
	g.RLock()
	defer g.RUnlock()
}

// StallWrites lets no write come back until it is resumed, once.
func (d *Disk) StallWrites() (resume func()) {
	d.writes.Lock()
	return d.writes.Unlock
}

// StallSyncs lets no sync come back until it is resumed, once.
func (d *Disk) StallSyncs() (resume func()) {
	d.synced.Lock()
	return d.synced.Unlock
}

// old is what stood where something was written since the last sync.
type old struct {
	file   *diskFile
	offset int64
	before []byte
}

// NewDisk gives a disk without faults.
func NewDisk() *Disk { return &Disk{room: -1, syncs: -2} }

// Fill leaves room for so many bytes more.
func (d *Disk) Fill(room int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = room
}

// FailSync lets so many syncs succeed and the next one fail. As on a real
// machine the failure is told once: what it lost can still be read and counts
// as clean, so later syncs succeed without it.
func (d *Disk) FailSync(after int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.syncs = after
}

// Cut takes the power away: of what was not synced, any sector may have reached
// the disk and any may not, in any order. Nothing works from then on.
func (d *Disk) Cut(random *rand.Rand) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
	for i := len(d.unsynced) - 1; i >= 0; i-- {
		if err := d.unsynced[i].lose(random); err != nil {
			return err
		}
	}
	for i := len(d.lost) - 1; i >= 0; i-- {
		if _, err := d.lost[i].file.File.WriteAt(d.lost[i].before, d.lost[i].offset); err != nil {
			return err
		}
	}
	return nil
}

// lose puts back about half of the sectors that a write touched.
func (o old) lose(random *rand.Rand) error {
	const sector = 512
	for from := 0; from < len(o.before); {
		n := min(sector-int((o.offset+int64(from))%sector), len(o.before)-from)
		if random.IntN(2) == 0 {
			if _, err := o.file.File.WriteAt(o.before[from:from+n], o.offset+int64(from)); err != nil {
				return err
			}
		}
		from += n
	}
	return nil
}

// OpenFile opens or creates a file on the disk.
func (d *Disk) OpenFile(path string) (journal.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return &diskFile{File: file, info: info, disk: d}, nil
}

type diskFile struct {
	*os.File
	info os.FileInfo
	disk *Disk
}

// Close leaves the real file open for Cut; it goes with the disk.
func (f *diskFile) Close() error { return nil }

// WriteAt writes what there is room for.
func (f *diskFile) WriteAt(b []byte, offset int64) (int, error) {
	d := f.disk
	d.writes.pass()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return 0, syscall.EIO
	}
	fits := len(b)
	if d.room >= 0 {
		fits = min(fits, d.room)
		d.room -= fits
	}
	before := make([]byte, fits)
	f.ReadAt(before, offset) //nolint:errcheck // beyond the end of the file there were zeros
	d.unsynced = append(d.unsynced, old{f, offset, before})
	n, err := f.File.WriteAt(b[:fits], offset)
	if err == nil && n < len(b) {
		err = syscall.ENOSPC
	}
	return n, err
}

// Sync makes what was written to this file safe, without the real disk.
func (f *diskFile) Sync() error {
	d := f.disk
	d.synced.pass()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return syscall.EIO
	}
	mine, others := f.split(d.unsynced)
	d.unsynced = others
	if d.syncs = max(d.syncs-1, -2); d.syncs == -1 {
		d.lost = append(d.lost, mine...)
		return syscall.EIO
	}
	for _, o := range mine {
		d.lost = slices.DeleteFunc(d.lost, o.covers)
	}
	return nil
}

// split tells the writes to one file from those to others.
func (f *diskFile) split(all []old) (mine, others []old) {
	for _, o := range all {
		if os.SameFile(o.file.info, f.info) {
			mine = append(mine, o)
		} else {
			others = append(others, o)
		}
	}
	return mine, others
}

// covers says that one write replaced all of another one.
func (o old) covers(p old) bool {
	return os.SameFile(o.file.info, p.file.info) && o.offset <= p.offset &&
		p.offset+int64(len(p.before)) <= o.offset+int64(len(o.before))
}
