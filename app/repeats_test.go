package app_test

import (
	"path/filepath"
	"testing"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
)

// TestWhatAStartReadsOnceMoreHasNotComeAgain leaves the offset of the journal behind what
// is booked, as a kill does while calls wait for their end.
func TestWhatAStartReadsOnceMoreHasNotComeAgain(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	s := serverAt(t, data)
	post(t, s, 0, 3)
	before := contentOf(t, s)
	if err := s.Lake.Append(t.Context(), lake.Batch{Offset: &lake.Offset{Source: ingest.OffsetSource, UpdatedAt: s.Now()}}); err != nil {
		t.Fatal(err)
	}
	stop(t, s)
	s = serverAt(t, data)
	defer func() { stop(t, s) }()
	repeats := func() (n int64) {
		sources, err := s.Sources(t.Context(), s.Now(), false)
		if err != nil || len(sources) == 0 {
			t.Fatalf("%d sources, error %v", len(sources), err)
		}
		for i := range sources {
			n += sources[i].Repeats
		}
		return n
	}
	if n, lines := repeats(), len(contentOf(t, s).Lines); n != 0 || lines != len(before.Lines) {
		t.Errorf("after a start %d records came again, and %d lines are there, want none and %d", n, lines, len(before.Lines))
	}
	post(t, s, 0, 2)
	if contentOf(t, s); repeats() != 2 {
		t.Errorf("%d of 2 records came again", repeats())
	}
}
