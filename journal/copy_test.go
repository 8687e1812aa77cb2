package journal_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/spend"
)

// TestCopyFromEverywhere copies from behind every record, while others are
// written, and goes on with the copy.
func TestCopyFromEverywhere(t *testing.T) {
	t.Parallel()
	const records = 160
	j := open(t, t.TempDir(), journal.Options{SegmentSize: 4 << 10})
	positions := []journal.Position{0}
	for n := range records {
		positions = append(positions, fill(t, j, n, n+1))
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range 200 {
			if _, err := j.AppendWritten(record(records + n)); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	for n, from := range positions {
		dir := t.TempDir()
		end, err := j.CopyTo(t.Context(), from, dir)
		if err != nil {
			t.Fatal(err)
		}
		first, last := read(t, dir, from, end)
		if first != n && end != from || last+1 < records {
			t.Fatalf("the copy from behind record %d holds %d to %d", n-1, first, last)
		}
		again := open(t, dir, journal.Options{SegmentSize: 4 << 10})
		fill(t, again, 10_000, 10_001)
		if got, want := count(t, again, from), last-n+2; got != want {
			t.Fatalf("the copy from behind record %d goes on with %d records, want %d", n-1, got, want)
		}
	}
	<-done
}

// read gives the first and the last record of a closed journal and checks that it
// ends where the copy said.
func read(t *testing.T, dir string, from, end journal.Position) (first, last int) {
	t.Helper()
	first, last = -1, -1
	at := from
	err := journal.Read(t.Context(), dir, from, func(p journal.Position, r journal.Record) error {
		at, last = p, int(r.Key[0])+int(r.Key[1])<<8-1
		if first < 0 {
			first = last
		}
		return nil
	})
	if err != nil || at != end {
		t.Fatalf("reading to %s, want %s: %v", at, end, err)
	}
	return first, last
}

func TestCopyOfNothingYetKeepsItsPlace(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), journal.Options{})
	dir := t.TempDir()
	if end, err := j.CopyTo(t.Context(), 0, dir); err != nil || end != 0 {
		t.Fatalf("%s, %v", end, err)
	}
	fill(t, j, 0, 3)
	if err := j.Turn(time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	synced := j.Stats().Synced
	dir = t.TempDir()
	if end, err := j.CopyTo(t.Context(), synced, dir); err != nil || end != synced {
		t.Fatalf("%s, %v", end, err)
	}
	again := open(t, dir, journal.Options{})
	if s := again.Stats(); s.Synced != synced || s.Segments != 1 {
		t.Errorf("the copy begins with %+v, want it at %s", s, synced)
	}
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), journal.Options{SegmentSize: 4 << 10})
	end := fill(t, j, 0, 200)
	wantKind := func(kind spend.Kind, err error) {
		t.Helper()
		if spend.KindOf(err) != kind {
			t.Errorf("want %s, got %v", kind, err)
		}
	}
	_, err := j.CopyTo(t.Context(), end+1, t.TempDir())
	wantKind(spend.KindConflict, err)
	if err := j.Truncate(end); err != nil {
		t.Fatal(err)
	}
	_, err = j.CopyTo(t.Context(), 0, t.TempDir())
	wantKind(spend.KindNotFound, err)
	_, err = j.CopyTo(t.Context(), end, filepath.Join(t.TempDir(), "missing"))
	wantKind(spend.KindUnavailable, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = j.CopyTo(ctx, end, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled copy gave %v", err)
	}
	copied := t.TempDir()
	if _, err := j.CopyTo(t.Context(), end, copied); err != nil {
		t.Fatal(err)
	}
	wantKind(spend.KindNotFound, journal.Read(t.Context(), copied, 0, nil))
	wantKind(spend.KindConflict, journal.Read(t.Context(), copied, end+1, nil))
	wantKind(spend.KindUnavailable, journal.Read(t.Context(), t.TempDir(), 0, nil))
}

// TestReadTellsDamage ends the newest file at every byte of its last record: a
// copy has no torn tail.
func TestReadTellsDamage(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), journal.Options{})
	before := fill(t, j, 0, 2)
	end := fill(t, j, 2, 3)
	dir := t.TempDir()
	if _, err := j.CopyTo(t.Context(), 0, dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "journal", "0000000001.seg")
	for cut := end.Offset() - 1; cut > before.Offset(); cut-- {
		if err := os.Truncate(path, int64(cut)); err != nil {
			t.Fatal(err)
		}
		err := journal.Read(t.Context(), dir, 0, func(journal.Position, journal.Record) error { return nil })
		if spend.KindOf(err) != spend.KindInternal {
			t.Fatalf("cut at byte %d: %v", cut, err)
		}
	}
}

func TestAgeIsThatOfWholeSegments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir, journal.Options{})
	now := time.Now()
	aged := func(since time.Time, want journal.Position) {
		t.Helper()
		if got, err := j.Aged(since); err != nil || got != want {
			t.Errorf("aged up to %s, %v; want %s", got, err, want)
		}
	}
	aged(now.Add(time.Hour), 0)
	if err := j.Turn(now); err != nil { // nothing is written
		t.Fatal(err)
	}
	first := fill(t, j, 0, 1)
	aged(now.Add(time.Hour), 0)
	if err := j.Turn(now.Add(-time.Hour)); err != nil { // there is none before it
		t.Fatal(err)
	}
	second := fill(t, j, 1, 2)
	if err := j.Turn(now.Add(-time.Hour)); err != nil { // the one before is not old enough
		t.Fatal(err)
	}
	aged(now.Add(time.Hour), first)
	aged(now.Add(-time.Hour), 0)
	if err := j.Turn(now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	aged(now.Add(time.Hour), second)
	if err := j.Truncate(second); err != nil {
		t.Fatal(err)
	}
	if s := j.Stats(); s.Segments != 1 || s.Oldest != second {
		t.Errorf("%+v after removing everything old", s)
	}
	if err := errors.Join(j.Close(), j.Turn(now)); spend.KindOf(err) != spend.KindUnavailable {
		t.Errorf("a closed journal turned: %v", err)
	}
}
