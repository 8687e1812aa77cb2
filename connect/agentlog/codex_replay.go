package agentlog

import (
	"encoding/hex"
	"strings"
	"time"
)

// replay tells a thread's own lines from the history of another one that its file
// begins with. Codex copies that history for forks and for helpers, with new instants:
// counted again in each of them it made 91 times the real usage in one measured folder.
//
// The turns decide where they have ids of version 7, which hold the instant at which they were
// made: a turn from before the thread is copied, one from after it is the thread's own.
// Without such ids the instants of the lines decide: a copy is written in one burst, in
// which no count comes more than a second after the one before, and a copy that kept
// its instants is older than the thread.
//
// Example: thread and copy begin at 10:00:00.0, counts come at 10:00:00.1, 10:00:00.9,
// 10:00:01.2 and 10:00:06.0. The first three are the burst, the last one is counted.
type replay struct {
	possible bool // the file is known to copy, or may do so
	over     bool // the thread's own lines have begun
	inside   bool // the turn at hand is copied
	began    time.Time
	last     time.Time // of the burst
}

// burst is the longest pause inside a copy. No call of a model is answered sooner
// after its thread began.
const burst = time.Second

func newReplay(thread string, at time.Time) replay {
	r := replay{began: at, last: at}
	if made, dated := madeAt(thread); dated {
		r.began = made
	}
	return r
}

// found says that the file names another thread whose history it may copy.
func (r *replay) found(at time.Time) {
	r.possible = true
	if at.After(r.last) {
		r.last = at
	}
}

// turn takes the id of a turn that begins.
func (r *replay) turn(id string) {
	made, dated := madeAt(id)
	if !dated || r.began.IsZero() {
		return
	}
	r.inside = made.Before(r.began.Truncate(time.Millisecond))
	r.over = r.over || !r.inside
}

// copied says whether a count belongs to another thread.
func (r *replay) copied(at time.Time) bool {
	switch {
	case !r.possible || r.over:
		return false
	case r.inside || at.Before(r.began):
		return true
	case at.Sub(r.last) > burst:
		r.over = true
		return false
	}
	if at.After(r.last) {
		r.last = at
	}
	return true
}

// madeAt gives the instant in a UUID of version 7, to the millisecond.
func madeAt(id string) (time.Time, bool) {
	plain := strings.ReplaceAll(id, "-", "")
	if len(id) != 36 || len(plain) != 32 || plain[12] != '7' {
		return time.Time{}, false
	}
	b, err := hex.DecodeString(plain[:12])
	if err != nil {
		return time.Time{}, false
	}
	var ms int64
	for _, c := range b {
		ms = ms<<8 | int64(c)
	}
	return time.UnixMilli(ms).UTC(), true
}
