package ingest_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/spend"
)

// asked is a ledger that counts the keys it is asked for.
type asked struct {
	*ingesttest.Memory
	keys atomic.Int64
}

func (l *asked) Attempts(ctx context.Context, keys []spend.ID) (map[spend.ID]spend.ID, error) {
	l.keys.Add(int64(len(keys)))
	return l.Memory.Attempts(ctx, keys)
}

// TestWhatIsNewAsksNothing has a pipeline remember more than a million keys: a
// look-up in a ledger of that size costs more than all else that a batch does.
func TestWhatIsNewAsksNothing(t *testing.T) {
	t.Parallel()
	ledger := &asked{Memory: ingesttest.NewMemory()}
	p := ingesttest.Pipeline(t, ledger.Memory)
	p.Ledger = ledger
	const many = 1_200_000
	for i := range many {
		p.Remember(spend.Digest("known", strconv.Itoa(i)))
	}
	records := make([]ingest.Record, 10_000)
	for i := range records {
		records[i] = record(strconv.Itoa(i))
	}
	if result, err := p.Book(t.Context(), records, nil); err != nil || result.Booked != 10_000 {
		t.Fatalf("%+v, %v", result, err)
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := ledger.keys.Load(); n != 0 {
		t.Errorf("the ledger was asked for %d keys that nobody told before", n)
	}
	again := ingesttest.Pipeline(t, ledger.Memory) // knows them by their fingerprints alone
	again.Ledger = ledger
	if result, err := again.Book(t.Context(), records, nil); err != nil || result.Booked != 0 || result.Duplicates != 10_000 {
		t.Errorf("%+v, %v; every record is known", result, err)
	}
}
