package journal

import (
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Options says how a journal is kept. The zero value is good.
type Options struct {
	// SegmentSize is where a segment ends and the next one begins, in bytes,
	// 4 KiB to 1 GiB; 64 MiB when 0. One call's records stay together, so a
	// segment may be larger by one call.
	SegmentSize int
	// Window is how long written records may wait for company before the sync,
	// while nobody waits for them; 1 ms when 0, none when negative.
	Window time.Duration
	// Keys is how many of the newest keys are remembered, about 100 bytes each;
	// 131,072 when 0, none when negative.
	Keys int
	// OpenFile opens or creates a segment for reading and writing; nil is the
	// real disk.
	OpenFile func(path string) (File, error)
	// Took is told how long the disk took for each sync of what was being written;
	// nil tells nobody. It must not call the journal.
	Took func(time.Duration)
}

func (o Options) withDefaults() (Options, error) {
	if o.SegmentSize == 0 {
		o.SegmentSize = 64 << 20
	}
	if o.SegmentSize < 4<<10 || o.SegmentSize > 1<<30 {
		return o, spend.Errorf(spend.KindInvalid, "open journal", "segments of %d bytes, want 4 KiB to 1 GiB", o.SegmentSize)
	}
	if o.Window == 0 {
		o.Window = time.Millisecond
	}
	if o.Keys == 0 {
		o.Keys = 1 << 17
	}
	if o.OpenFile == nil {
		o.OpenFile = openFile
	}
	if o.Took == nil {
		o.Took = func(time.Duration) {}
	}
	return o, nil
}
