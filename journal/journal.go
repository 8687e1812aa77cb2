package journal

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"

	"github.com/bursarhq/bursar/spend"
)

// Journal is one folder of segments with one writing process. All methods may
// be called from any goroutine.
type Journal struct {
	dir  string
	opts Options
	lock *os.File

	wake    chan struct{} // something to sync; never blocks its senders
	closing chan struct{}
	stopped chan struct{} // the syncing goroutine has ended

	// syncing is held during every sync and every change of segment, so that a
	// failed sync is known before the next one ends. It is locked before mu.
	syncing sync.Mutex

	kept     atomic.Uint64 // synced, for who must not wait
	removing sync.Mutex    // one Truncate at a time, so that files go oldest first

	mu       sync.Mutex // guards what follows
	segments []*segment // oldest first; the last one is written
	active   File
	spares   []string
	keys     *keyring
	next     Position      // where the next record will begin
	written  Position      // the end of the last written record
	synced   Position      // the end of the last synced record
	wanted   Position      // the furthest position that somebody waits for
	pending  int           // records written since the last sync began
	advanced chan struct{} // closed and replaced when synced, err or closed change
	err      error         // why admission stopped for good
	closed   bool
	filled   int64 // where the zeros behind the records end in the active segment, see fill
	zeros    []byte
	buf      []byte
	stats    Stats
}

// Stats is what a journal holds and has done since it was opened.
type Stats struct {
	Records    int64    `json:"records"`    // written
	Bytes      int64    `json:"bytes"`      // written, heads included
	Duplicates int64    `json:"duplicates"` // not written, because they were there
	Conflicts  int64    `json:"conflicts"`  // not written, because their key said something else
	Syncs      int64    `json:"syncs"`      // of segments that were being written
	Largest    int      `json:"largest"`    // records that one sync served
	Torn       int64    `json:"torn"`       // bytes of a torn tail that opening cut off
	Recovered  int64    `json:"recovered"`  // bytes without proof of a sync that opening wrote once more
	Segments   int      `json:"segments"`   // files with records
	Spares     int      `json:"spares"`     // blank files for later
	Keys       int      `json:"keys"`       // remembered
	Oldest     Position `json:"oldest"`     // where a replay of everything kept begins
	Written    Position `json:"written"`    // survives the end of the process
	Synced     Position `json:"synced"`     // survives the loss of power
}

// Open takes the journal in a data folder, makes it when there is none, cuts a
// torn tail off and starts the goroutine that syncs. It fails with conflict
// when another process has it, with internal when a record that somebody may
// rely on is damaged, and with exhausted or unavailable when the disk is full
// or fails.
func Open(data string, opts Options) (*Journal, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	dir, err := makeFolder(data)
	if err != nil {
		return nil, err
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	j := &Journal{
		dir: dir, opts: opts, lock: lock, keys: newKeyring(opts.Keys), advanced: make(chan struct{}),
		wake: make(chan struct{}, 1), closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	if err := j.recover(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	go j.run()
	return j, nil
}

// Close syncs what is written and gives the folder back. A second Close does
// nothing.
func (j *Journal) Close() error {
	j.mu.Lock()
	again := j.closed
	j.closed = true
	j.mu.Unlock()
	if again {
		return nil
	}
	close(j.closing)
	<-j.stopped
	j.syncing.Lock()
	defer j.syncing.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.announce()
	return errors.Join(j.err, j.active.Close(), unlockFolder(j.lock))
}

// Ready says why nothing can be appended, or nil.
func (j *Journal) Ready() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.refusal()
}

// Stats gives the figures of this moment.
func (j *Journal) Stats() Stats {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.stats
	s.Segments, s.Spares, s.Keys = len(j.segments), len(j.spares), len(j.keys.recent)
	s.Oldest, s.Written, s.Synced = j.segments[0].start, j.written, j.synced
	return s
}

// refusal says why nothing can be appended; mu is held.
func (j *Journal) refusal() error {
	if j.err != nil {
		return j.err
	}
	if j.closed {
		return spend.Errorf(spend.KindUnavailable, "use journal", "it is closed").WithHint("the server is stopping; try again when it is back")
	}
	return nil
}

// fail stops admission for good; mu is held. Only opening the journal anew
// helps: after a failed sync nobody knows what the disk has.
func (j *Journal) fail(op string, err error) {
	if j.err == nil {
		j.err = diskError(op, err)
	}
	j.announce()
}

// announce wakes everybody who waits for a change; mu is held.
func (j *Journal) announce() {
	close(j.advanced)
	j.advanced = make(chan struct{})
}
