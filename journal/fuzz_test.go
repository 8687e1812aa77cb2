package journal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/journal/journaltest"
	"github.com/bursarhq/bursar/spend"
)

// image is a segment with six records, each synced before the next one was
// written, and where each of them ends.
func image(t testing.TB) (whole []byte, ends []int) {
	dir := t.TempDir()
	j, err := journal.Open(dir, journal.Options{OpenFile: journaltest.NewDisk().OpenFile})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 6 {
		ends = append(ends, int(fill(t, j, n, n+1).Offset()))
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if whole, err = os.ReadFile(filepath.Join(dir, "journal", "0000000001.seg")); err != nil {
		t.Fatal(err)
	}
	return whole, ends
}

// reopen opens a folder with one segment and gives the payloads in it.
func reopen(t *testing.T, segment []byte) ([][]byte, error) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "journal"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "journal", "0000000001.seg"), segment, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(dir, journal.Options{OpenFile: journaltest.NewDisk().OpenFile})
	if err != nil {
		return nil, err
	}
	defer j.Close()
	var payloads [][]byte
	err = j.Replay(t.Context(), 0, func(_ journal.Position, r journal.Record) error {
		payloads = append(payloads, bytes.Clone(r.Payload))
		return nil
	})
	return payloads, err
}

// FuzzDamage ends a segment somewhere, changes a byte of it and puts something
// behind it. What opens is a true beginning, and it is shorter than what was
// promised only when no witness of the promise is left.
func FuzzDamage(f *testing.F) {
	whole, ends := image(f)
	f.Add(uint16(len(whole)), uint16(0), byte(0), []byte(nil))
	f.Add(uint16(len(whole)), uint16(ends[1]+3), byte(1), []byte("\xb5rec"))
	f.Add(uint16(ends[3]+50), uint16(ends[1]), byte(0x80), bytes.Repeat([]byte("\xb5rec"), 30))
	f.Add(uint16(ends[2]), uint16(9), byte(4), whole[ends[2]:ends[3]])
	f.Add(uint16(ends[2]), uint16(0), byte(0), whole[ends[1]:ends[2]])
	f.Fuzz(func(t *testing.T, cut, at uint16, flip byte, behind []byte) {
		segment := append(bytes.Clone(whole[:min(int(cut), len(whole))]), behind...)
		if int(at) < len(segment) {
			segment[at] ^= flip
		}
		payloads, err := reopen(t, segment)
		if err != nil {
			if spend.KindOf(err) != spend.KindInternal {
				t.Fatalf("got %v", err)
			}
			return
		}
		untouched := 0
		for n, end := range ends {
			if len(segment) < end || !bytes.Equal(segment[:end], whole[:end]) {
				break
			}
			untouched = n + 1
		}
		if len(payloads) != untouched {
			t.Fatalf("%d records replayed, %d are whole", len(payloads), untouched)
		}
		for n, p := range payloads {
			if !bytes.Equal(p, record(n).Payload) {
				t.Fatalf("record %d came back as %q", n, p)
			}
		}
		for n := untouched + 1; n < len(ends); n++ {
			if len(segment) >= ends[n] && bytes.Equal(segment[ends[n-1]:ends[n]], whole[ends[n-1]:ends[n]]) {
				t.Fatalf("record %d is broken, record %d is the witness of its sync, and nobody said so", untouched, n)
			}
		}
	})
}
