package journal_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/journal/journaltest"
	"github.com/bursarhq/bursar/spend"
)

func record(n int) journal.Record {
	r := journal.Record{Kind: 1, Payload: fmt.Appendf(nil, "call %d", n)}
	binary.LittleEndian.PutUint64(r.Key[:], uint64(n)+1)
	return r
}

func open(t testing.TB, dir string, opts journal.Options) *journal.Journal {
	t.Helper()
	j, err := journal.Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func fill(t testing.TB, j *journal.Journal, first, last int) journal.Position {
	t.Helper()
	var end journal.Position
	for n := first; n < last; n++ {
		r, err := j.AppendWritten(record(n))
		if err != nil {
			t.Fatal(err)
		}
		end = r.Position
	}
	if err := j.Synced(t.Context(), end); err != nil {
		t.Fatal(err)
	}
	return end
}

func count(t testing.TB, j *journal.Journal, from journal.Position) (n int) {
	t.Helper()
	if err := j.Replay(t.Context(), from, func(journal.Position, journal.Record) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// gate is a disk whose syncs wait for permission once it is shut.
type gate struct {
	shut  sync.Mutex
	enter chan struct{}
}

type gatedFile struct {
	journal.File
	gate *gate
}

func (f gatedFile) Sync() error {
	select {
	case f.gate.enter <- struct{}{}:
	default:
	}
	f.gate.shut.Lock()
	defer f.gate.shut.Unlock()
	return f.File.Sync()
}

func (g *gate) open(path string) (journal.File, error) {
	f, err := journaltest.NewDisk().OpenFile(path)
	return gatedFile{f, g}, err
}

// While one sync is under way others write, and the next sync serves them all.
func TestOneSyncServesAll(t *testing.T) {
	t.Parallel()
	g := &gate{enter: make(chan struct{}, 1)}
	j := open(t, t.TempDir(), journal.Options{OpenFile: g.open})
	g.shut.Lock()
	for len(g.enter) > 0 {
		<-g.enter
	}
	var all sync.WaitGroup
	appending := func(n int) {
		all.Go(func() {
			if _, err := j.Append(t.Context(), record(n)); err != nil {
				t.Error(err)
			}
		})
	}
	appending(0)
	<-g.enter // the first sync waits at the gate
	for n := range 63 {
		appending(n + 1)
	}
	for j.Stats().Records < 64 {
		runtime.Gosched()
	}
	if s := j.Stats(); s.Synced != 0 || count(t, j, 0) != 0 {
		t.Fatalf("%d records behind a shut gate are replayed, synced up to %s", count(t, j, 0), s.Synced)
	}
	if kept := j.Kept(); kept != 0 {
		t.Errorf("up to %s is kept while the first sync is under way", kept)
	}
	g.shut.Unlock()
	all.Wait()
	if s := j.Stats(); j.Kept() != s.Synced {
		t.Errorf("up to %s is kept, and synced up to %s", j.Kept(), s.Synced)
	}
	if s := j.Stats(); s.Syncs != 2 || s.Largest != 63 || s.Synced != s.Written {
		t.Errorf("got %+v, want 2 syncs, the larger one of 63 records", s)
	}
}

// Records that nobody waits for gather; one waiter, a full group, or who makes haste ends
// that.
func TestWindowEnds(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), journal.Options{Window: time.Hour})
	end := fill(t, j, 0, 10) // waits for the last one only
	if s := j.Stats(); s.Syncs != 1 || s.Largest != 10 {
		t.Fatalf("got %+v, want one sync of 10 records", s)
	}
	for n := range journal.MaxGroup {
		if _, err := j.AppendWritten(record(10 + n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Wait(t.Context(), end); err != nil { // looks on, asks for nothing
		t.Fatal(err)
	}
	if s := j.Stats(); s.Syncs != 2 || s.Largest != journal.MaxGroup {
		t.Fatalf("got %+v, want a second sync of %d records", s, journal.MaxGroup)
	}
	receipt, err := j.AppendWritten(record(10 + journal.MaxGroup))
	if err != nil {
		t.Fatal(err)
	}
	end = j.Stats().Synced
	j.Hasten(receipt.Position + 1) // beyond the end is up to it
	if err := j.Wait(t.Context(), end); err != nil {
		t.Fatal(err)
	}
	if j.Kept() != receipt.Position {
		t.Errorf("%s is kept, want %s", j.Kept(), receipt.Position)
	}
}

func TestWindowPasses(t *testing.T) {
	t.Parallel()
	for _, window := range []time.Duration{-1, 0} {
		j := open(t, t.TempDir(), journal.Options{Window: window})
		if _, err := j.AppendWritten(record(0)); err != nil {
			t.Fatal(err)
		}
		if err := j.Wait(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSegmentsAreRecycled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir, journal.Options{SegmentSize: 4 << 10})
	end := fill(t, j, 0, 400)
	if s := j.Stats(); s.Segments < 4 {
		t.Fatalf("%d segments, want several", s.Segments)
	}
	if err := j.Truncate(end); err != nil {
		t.Fatal(err)
	}
	if s := j.Stats(); s.Segments != 1 || s.Spares != 2 {
		t.Fatalf("got %+v, want one segment and two spares", s)
	}
	fill(t, j, 400, 500) // into the second half of a spare
	if s := j.Stats(); s.Spares == 2 {
		t.Fatal("no spare was used")
	}
	left := count(t, j, end)
	killed := t.TempDir()
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	again := open(t, killed, journal.Options{SegmentSize: 4 << 10})
	if s := again.Stats(); s.Torn != 0 || s.Spares != 0 || count(t, again, end) != left || left != 100 {
		t.Errorf("got %+v and %d records, want %d and no torn bytes", s, count(t, again, end), left)
	}
}

func TestReplayKeepsItsSegment(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), journal.Options{SegmentSize: 4 << 10})
	end := fill(t, j, 0, 400)
	whole, read := j.Stats().Segments, 0
	err := j.Replay(t.Context(), 0, func(p journal.Position, _ journal.Record) error {
		if read++; p.Segment() > 1 {
			return nil
		}
		return j.Truncate(end)
	})
	if err != nil || read != 400 || j.Stats().Segments != whole {
		t.Fatalf("read %d of 400, %v", read, err)
	}
	if err := j.Truncate(end); err != nil || j.Stats().Segments != 1 {
		t.Fatalf("afterwards there are %d segments, %v", j.Stats().Segments, err)
	}
}

func TestOldestKeysAreForgotten(t *testing.T) {
	t.Parallel()
	dir, opts := t.TempDir(), journal.Options{Keys: 10, SegmentSize: 4 << 10}
	j := open(t, dir, opts)
	fill(t, j, 0, 300)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, dir, opts)
	fill(t, j, 300, 305) // 295 to 304 are known now
	for _, n := range []int{295, 304} {
		if r, err := j.AppendWritten(record(n)); err != nil || len(r.Duplicates) != 1 {
			t.Errorf("record %d is not known: %+v, %v", n, r, err)
		}
	}
	if r, err := j.AppendWritten(record(294)); err != nil || r.Duplicates != nil {
		t.Errorf("record 294 is still known: %+v, %v", r, err)
	}
	if s := j.Stats(); s.Keys != 10 {
		t.Errorf("%d keys are remembered, want 10", s.Keys)
	}
}

// What a failed sync may have left in memory only is written once more.
func TestReopeningWritesTheTailAgain(t *testing.T) {
	t.Parallel()
	dir, disk := t.TempDir(), journaltest.NewDisk()
	j := open(t, dir, journal.Options{OpenFile: disk.OpenFile})
	fill(t, j, 0, 5)
	first := j.Stats().Bytes
	disk.FailSync(0)
	r, err := j.AppendWritten(record(5))
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Synced(t.Context(), r.Position); spend.KindOf(err) != spend.KindUnavailable {
		t.Fatalf("got %v", err)
	}
	j.Close()
	again := open(t, dir, journal.Options{})
	s := again.Stats()
	if want := int64(r.Position.Offset()) - 32 - first; s.Recovered != want || count(t, again, 0) != 6 {
		t.Errorf("%d bytes were written again, want %d, the record without proof", s.Recovered, want)
	}
}

func TestTornBytesAreCounted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir, journal.Options{})
	fill(t, j, 0, 3)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "journal", "0000000001.seg")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(bytes.TrimRight(b, "\x00"), "\x00torn\x00\x00"...), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, journal.Options{})
	if s := again.Stats(); s.Torn != 5 || count(t, again, 0) != 3 {
		t.Errorf("got %+v, want 5 torn bytes", s)
	}
}

// TestZerosWaitForRecords looks at the files of a journal while it is open.
func TestZerosWaitForRecords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opts := journal.Options{SegmentSize: 80 << 10}
	size := func(segment int) int64 {
		info, err := os.Stat(filepath.Join(dir, "journal", fmt.Sprintf("%010d.seg", segment)))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	j := open(t, dir, opts)
	fill(t, j, 0, 1) // with its sync, which they come behind
	before := size(1)
	end, n := fill(t, j, 1, 8), 8
	if grown := size(1); grown != before || int64(end.Offset()) >= before {
		t.Errorf("the file has %d and then %d bytes, want the same behind the record at %s", before, grown, end)
	}
	for ; end.Segment() == 1; n++ {
		end = fill(t, j, n, n+1)
	}
	if whole := size(1); whole > int64(opts.SegmentSize) {
		t.Errorf("a segment has %d bytes, want at most %d", whole, opts.SegmentSize)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, opts)
	if s := again.Stats(); s.Torn != 0 || s.Written != end || count(t, again, 0) != n {
		t.Errorf("got %+v and %d records, want %d up to %s", s, count(t, again, 0), n, end)
	}
	before = size(2)
	fill(t, again, n, n+1)
	if grown := size(2); grown != before {
		t.Errorf("after opening the file has %d and then %d bytes, want the same", before, grown)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, size := range []int{-1, 100, 2 << 30} {
		if _, err := journal.Open(t.TempDir(), journal.Options{SegmentSize: size}); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("segments of %d bytes: got %v", size, err)
		}
	}
}
