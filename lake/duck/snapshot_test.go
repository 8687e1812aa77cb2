package duck_test

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// TestAnswersAgreeWhileBatchesLand asks while another goroutine appends: rows
// and totals must be of one state, and that state whole batches.
func TestAnswersAgreeWhileBatchesLand(t *testing.T) {
	t.Parallel()
	const batch, batches = 200, 40
	l := open(t)
	done := make(chan error, 1)
	go func(ctx context.Context) {
		g := laketest.NewGenerator(1)
		for range batches {
			lines := g.Charges(batch)
			for i := range lines {
				lines[i].Calls, lines[i].Book = 1, spend.Metered
			}
			if err := l.Append(ctx, lake.Batch{Charges: lines}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}(t.Context())
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"team"}, Measures: []spend.Measure{spend.Calls}}
	calls := int64(0)
	for finished := false; !finished; {
		select {
		case err := <-done:
			if finished = true; err != nil {
				t.Fatal(err)
			}
		default:
		}
		table, err := lake.Answer(t.Context(), l, &q)
		if err != nil {
			t.Fatal(err)
		}
		sum := money.Amount{}
		for _, row := range table.Rows {
			sum, _ = sum.Add(row.Values[0].Amount)
		}
		calls = table.Totals.Calls
		if sum != table.Totals.Values[0].Amount || sum != money.FromInt(calls) || calls%batch != 0 {
			t.Fatalf("rows sum to %s, totals say %s and %d calls, in batches of %d", sum, table.Totals.Values[0], calls, batch)
		}
	}
	if calls != batch*batches {
		t.Errorf("%d calls at the end, want %d", calls, batch*batches)
	}
}

func TestClosedLakeSaysSo(t *testing.T) {
	t.Parallel()
	l := open(t)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	lines := laketest.NewGenerator(1).Charges(1)
	if err := l.Append(t.Context(), lake.Batch{Charges: lines}); spend.KindOf(err) != spend.KindUnavailable {
		t.Errorf("append to a closed lake: %v", err)
	}
	if _, err := l.Heads(t.Context(), []spend.ID{{1}}); err == nil {
		t.Error("a closed lake gave heads")
	}
	if err := l.Checkpoint(t.Context()); spend.KindOf(err) != spend.KindUnavailable {
		t.Errorf("checkpoint of a closed lake: %v", err)
	}
}

// TestGivenUpQuestionsSpoilNone gives questions up at any moment, while they begin and
// end too; the same connections answer those who come after.
func TestGivenUpQuestionsSpoilNone(t *testing.T) {
	t.Parallel()
	l := open(t)
	count := func(ctx context.Context) error {
		return l.Query(ctx, lake.Statement{Text: "SELECT CAST(count(*) AS VARCHAR) FROM charges"}, func([]*string) error { return nil })
	}
	for i := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan struct{})
		go func() {
			for range i {
				runtime.Gosched()
			}
			cancel()
			close(gone)
		}()
		_ = count(ctx) // whatever it says
		<-gone
	}
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			if err := count(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
