package duck_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

func TestAttempts(t *testing.T) {
	t.Parallel()
	l := open(t)
	c := laketest.NewGenerator(1).Charges(2)
	seen := lake.Sighting{Attempt: spend.Digest("only seen"), Event: c[0].Event}
	link := spend.Digest("link")
	b := lake.Batch{Charges: c[:1], Sightings: []lake.Sighting{seen}, Keys: []lake.KeyLink{{Key: link, Attempt: c[0].AttemptID}}}
	if err := l.Append(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	keys := []spend.ID{c[0].AttemptID, c[1].AttemptID, seen.Attempt, link}
	got, err := l.Attempts(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	want := map[spend.ID]spend.ID{c[0].AttemptID: c[0].AttemptID, seen.Attempt: seen.Attempt, link: c[0].AttemptID}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attempts differ (-want +got):\n%s", diff)
	}
	all := map[spend.ID]bool{}
	if err := l.EachAttempt(t.Context(), func(id spend.ID) { all[id] = true }); err != nil {
		t.Fatal(err)
	}
	if want := map[spend.ID]bool{c[0].AttemptID: true, seen.Attempt: true, link: true}; !cmp.Equal(want, all) {
		t.Errorf("EachAttempt gave %v", all)
	}
}

func TestCurrentLinesAndHeads(t *testing.T) {
	t.Parallel()
	l := open(t)
	c := laketest.NewGenerator(2).Charges(1)[0]
	c.Partition = "2026-10-20"
	reversal := c.Reverse(c.BookedAt.Add(time.Hour), c.Period)
	next := c
	next.ID, next.Corrects, next.BookedAt, next.Revision = spend.Digest("next"), c.ID, reversal.BookedAt, c.Revision+1
	for _, b := range [][]spend.Charge{{reversal, next}, {c}} {
		if err := l.Append(t.Context(), lake.Batch{Charges: b}); err != nil {
			t.Fatal(err)
		}
	}
	attempts := []spend.ID{c.AttemptID}
	lines, err := l.Lines(t.Context(), attempts)
	if diff := cmp.Diff([]spend.Charge{next}, lines); diff != "" || err != nil {
		t.Errorf("error %v, current lines differ (-want +got):\n%s", err, diff)
	}
	want := []lake.Head{{Attempt: next.AttemptID, ID: next.ID, ContentID: next.ContentID, Source: next.Source, SourceKey: next.SourceKey, Rank: next.Rank, Revision: next.Revision}}
	heads, err := l.Heads(t.Context(), attempts)
	if diff := cmp.Diff(want, heads); diff != "" || err != nil {
		t.Errorf("error %v, heads differ (-want +got):\n%s", err, diff)
	}
	var of []lake.Head
	err = l.Partition(t.Context(), c.Source, c.Partition, func(h lake.Head) error { of = append(of, h); return nil })
	if diff := cmp.Diff(want, of); diff != "" || err != nil {
		t.Errorf("error %v, heads of the partition differ (-want +got):\n%s", err, diff)
	}
	for _, w := range []struct {
		within lake.Window
		want   int
	}{
		{lake.Window{From: c.UsedAt}, 1}, {lake.Window{To: c.UsedAt}, 0},
		{lake.Window{From: c.UsedAt.Add(1000), To: c.UsedAt.Add(time.Hour)}, 0},
		{lake.Window{To: c.UsedAt.In(time.FixedZone("", 7200)).Add(time.Second)}, 1},
	} {
		heads, err := l.HeadsWithin(t.Context(), attempts, w.within)
		if len(heads) != w.want || err != nil {
			t.Errorf("%d heads within %v, want %d, error %v", len(heads), w.within, w.want, err)
		}
	}
	history, err := l.History(t.Context(), c.AttemptID)
	if len(history) != 3 || err != nil || history[0].ID != c.ID {
		t.Errorf("%d lines of history, error %v", len(history), err)
	}
}

func TestSightings(t *testing.T) {
	t.Parallel()
	l := open(t)
	var want []lake.Sighting
	for _, c := range laketest.NewGenerator(3).Charges(40) {
		want = append(want, lake.Sighting{Attempt: c.AttemptID, Source: c.Source, SourceKey: c.SourceKey, Rank: c.Rank,
			Revision: c.Revision, BookedAt: c.BookedAt, ContentID: c.ContentID, Event: c.Event})
	}
	if err := l.Append(t.Context(), lake.Batch{Sightings: want}); err != nil {
		t.Fatal(err)
	}
	got, err := l.Sightings(t.Context(), []spend.ID{want[0].Attempt, want[7].Attempt})
	bySource := cmpopts.SortSlices(func(a, b lake.Sighting) bool { return a.SourceKey < b.SourceKey })
	if diff := cmp.Diff([]lake.Sighting{want[0], want[7]}, got, bySource); diff != "" || err != nil {
		t.Errorf("error %v, sightings differ (-want +got):\n%s", err, diff)
	}
}

func TestOffset(t *testing.T) {
	t.Parallel()
	l := open(t)
	at := laketest.Start()
	first := lake.Offset{Source: "csv", File: "a.csv", Bytes: 10, Records: 1, Prefix: [32]byte{1, 2, 31: 255}, UpdatedAt: at}
	grown, other := first, first
	grown.Bytes, grown.Done, grown.UpdatedAt = 20, true, at.Add(time.Minute)
	other.File, other.UpdatedAt = "b'; --.csv", at.Add(time.Hour)
	for _, o := range []lake.Offset{first, grown, other} {
		if err := l.Append(t.Context(), lake.Batch{Offset: &o}); err != nil {
			t.Fatal(err)
		}
	}
	last, found, err := l.Offset(t.Context(), "csv")
	if diff := cmp.Diff(other, last); diff != "" || !found || err != nil {
		t.Errorf("found %t, error %v, last offset differs:\n%s", found, err, diff)
	}
	of, found, err := l.FileOffset(t.Context(), "csv", "a.csv")
	if diff := cmp.Diff(grown, of); diff != "" || !found || err != nil {
		t.Errorf("found %t, error %v, offset of the file differs:\n%s", found, err, diff)
	}
	if _, found, err := l.Offset(t.Context(), "none"); found || err != nil {
		t.Errorf("found %t, error %v", found, err)
	}
}

// TestEachAttemptEqualsLines reads the ids of many chunks where the engine has them: they
// are those of the lines that stand, one for one.
func TestEachAttemptEqualsLines(t *testing.T) {
	t.Parallel()
	l := open(t)
	for batch := range slices.Chunk(laketest.NewGenerator(5).Ledger(7000), 3000) {
		if err := l.Append(t.Context(), lake.Batch{Charges: batch}); err != nil {
			t.Fatal(err)
		}
	}
	want, got := map[spend.ID]int{}, map[spend.ID]int{}
	err := l.EachLine(t.Context(), func(c *spend.Charge) error {
		if !lake.Reverses(c) {
			want[c.AttemptID]++
		}
		return nil
	})
	if err == nil {
		err = l.EachAttempt(t.Context(), func(id spend.ID) { got[id]++ })
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || len(got) < 3000 {
		t.Errorf("%d ids, %v (-lines +ids):\n%.2000s", len(got), err, diff)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := l.EachAttempt(ended, func(spend.ID) {}); err == nil {
		t.Error("a reading that is given up ends without an error")
	}
}

// TestEachLineEndsEarly reads lines until one of them is enough.
func TestEachLineEndsEarly(t *testing.T) {
	t.Parallel()
	l := open(t)
	if err := l.Append(t.Context(), lake.Batch{Charges: laketest.NewGenerator(8).Ledger(2000)}); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	n := 0
	err := l.EachLine(t.Context(), func(*spend.Charge) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("after %d lines: %v", n, err)
	}
}
