package ingesttest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// retiredStaysGone removes old attempts and tells them again, by every source.
func retiredStaysGone(t *testing.T, open func(*testing.T) Engine) {
	month := func(months int, records []ingest.Record) (moved []ingest.Record) {
		for _, r := range records {
			r.Event.UsedAt = r.Event.UsedAt.AddDate(0, -months, 0)
			moved = append(moved, r)
		}
		return moved
	}
	e, young := open(t), event("young", "1", spend.RankSpan, [2]int64{7, 7})
	old := month(2, told())
	book(t, Pipeline(t, e), append(old, young)...)
	want := open(t)
	book(t, Pipeline(t, want), young)
	through := spend.PeriodOf(Now().AddDate(0, -1, 0), Now().Location())
	n, err := e.Retire(t.Context(), through)
	if err != nil || n == 0 {
		t.Fatalf("%d lines removed, %v", n, err)
	}
	if again, err := e.Retire(t.Context(), through); err != nil || again != 0 {
		t.Errorf("%d lines removed again, %v", again, err)
	}
	later := old[0]
	later.Event.SourceKey, later.Event.Source, later.Event.Rank = "late", "late", spend.RankBill
	p := Pipeline(t, e)
	if so := book(t, p, old...); so.Duplicates != int64(len(old)) {
		t.Errorf("%+v: want every record to be a duplicate", so)
	}
	if so := book(t, Pipeline(t, e), later); so.Duplicates != 1 {
		t.Errorf("%+v: want a late sighting of a retired attempt to change nothing", so)
	}
	if diff := cmp.Diff(total(t, want), total(t, e)); diff != "" {
		t.Errorf("what is left differs (-want +got)\n%s", diff)
	}
}
