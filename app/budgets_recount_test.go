package app_test

import (
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// TestBudgetsAreCountedAnewWhileOthersBook books calls, and lets some begin and end,
// while limits change and are counted anew: no line is missed and none counts twice.
func TestBudgetsAreCountedAnewWhileOthersBook(t *testing.T) {
	t.Parallel()
	s, err := app.OpenServer(t.Context(), app.Config{Data: t.TempDir(), Create: true, Now: func() time.Time { return noon() }}, slog.New(slog.DiscardHandler))
	must(t, err)
	defer closed(t, s)
	declare(t, s, ceiling)
	const batches, size = 40, 25
	var all sync.WaitGroup
	all.Go(func() {
		for i := range batches {
			if _, err := s.Ingest.Pipeline.Deliver(t.Context(), ingest.Delivery{Records: many(i, size), More: true}); err != nil {
				t.Error(err)
			}
		}
	})
	all.Go(func() {
		for i := range batches {
			id := spend.Digest("attempt", strconv.Itoa(i))
			bound := budget.AtMost(money.Known(money.Must("0.01")), "USD", 0)
			s.Budgets.Acquire(&budget.Call{ID: id, At: noon(), Subject: budget.SubjectOf(&byGateway(true).Event), Bound: bound})
			if i%2 == 0 {
				s.Budgets.Release(id)
			}
		}
	})
	for range 10 {
		must(t, s.Recount(t.Context()))
	}
	all.Wait()
	must(t, s.Ingest.Pipeline.Settle(t.Context()))
	if got := uses(s); got != "1250+0.2" { // 1000 calls of 1.25, and 20 that are held
		t.Errorf("the budget uses %s", got)
	}
	if f := finding(t, s, "budgets"); f.State != api.Healthy {
		t.Errorf("the doctor says %+v", f)
	}
	must(t, s.Recount(t.Context()))
	if got := uses(s); got != "1250+0.2" {
		t.Errorf("counted anew the budget uses %s", got)
	}
}

// many are calls of 1.25 dollars that no other batch has.
func many(batch, n int) []ingest.Record {
	all := make([]ingest.Record, n)
	for i := range all {
		r := sighting("events:t/a/many", "key", spend.RankSpan)
		r.Event.SourceKey = strconv.Itoa(batch*n + i)
		r.Event.Response = "many-" + r.Event.SourceKey
		all[i] = *r
	}
	return all
}
