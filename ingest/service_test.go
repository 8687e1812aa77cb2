package ingest_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// memoryLog is a journal in memory; positions count entries.
type memoryLog struct {
	mu      sync.Mutex
	entries []ingest.Entry
	more    chan struct{}
}

func newLog() *memoryLog { return &memoryLog{more: make(chan struct{}, 1)} }

func (l *memoryLog) Append(_ context.Context, entries []ingest.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, entries...)
	select {
	case l.more <- struct{}{}:
	default:
	}
	return nil
}

func (l *memoryLog) Tail(ctx context.Context, from uint64, f func(uint64, []byte) error) error {
	for {
		l.mu.Lock()
		rest := l.entries[from:]
		l.mu.Unlock()
		for _, e := range rest {
			from++
			if err := f(from, e.Payload); err != nil {
				return err
			}
		}
		select {
		case <-l.more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (l *memoryLog) Replay(_ context.Context, from uint64, f func(uint64, []byte) error) error {
	for ; from < uint64(len(l.entries)); from++ {
		if err := f(from+1, l.entries[from].Payload); err != nil {
			return err
		}
	}
	return nil
}

func TestCatchUpBooksWhatNoServerDid(t *testing.T) {
	t.Parallel()
	ledger, log := ingesttest.NewMemory(), newLog()
	s := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger), Batch: 2}
	if err := s.Accept(t.Context(), []ingest.Record{record("1"), record("2"), record("3")}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if lines, _ := ledger.Charges(t.Context()); len(lines) != 3 || ledger.Offset().Bytes != 3 {
		t.Errorf("%d lines up to %d, want 3 up to 3", len(lines), ledger.Offset().Bytes)
	}
}

// serve runs a service until n records are booked, or its run fails.
func serve(t *testing.T, s *ingest.Service, n int64) error {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	seen := int64(0)
	s.Booked = func(so ingest.Result) {
		if seen += so.Read; seen >= n {
			stop()
		}
	}
	s.Wait = time.Millisecond
	return s.Run(ctx)
}

func TestAcceptedIsBookedOnceAcrossRestarts(t *testing.T) {
	t.Parallel()
	ledger, log := ingesttest.NewMemory(), newLog()
	bad := record("bad")
	bad.Event.Usage.Tokens[spend.OutText] = -1
	first := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger)}
	if err := first.Accept(t.Context(), []ingest.Record{record("1"), bad, record("2")}); err != nil {
		t.Fatal(err)
	}
	if err := serve(t, first, 3); err != nil {
		t.Fatal(err)
	}
	second := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger), From: uint64(ledger.Offset().Bytes)}
	if err := second.Accept(t.Context(), []ingest.Record{record("2"), record("3")}); err != nil {
		t.Fatal(err)
	}
	if err := serve(t, second, 2); err != nil {
		t.Fatal(err)
	}
	replayed := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger)} // as if the offset were lost
	if err := serve(t, replayed, 5); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	total := money.Amount{}
	for i := range lines {
		total, _ = total.Add(lines[i].Effective.Amount)
	}
	if len(lines) != 3 || total != money.FromInt(6) || len(ledger.Rejected()) == 0 {
		t.Errorf("%d lines of %s and %d rejected, want 3 of 6 and the bad one", len(lines), total, len(ledger.Rejected()))
	}
	if second.Waiting() != 0 {
		t.Errorf("%d records wait after all are booked", second.Waiting())
	}
}

func TestABrokenLedgerStopsAdmissionAndLosesNothing(t *testing.T) {
	t.Parallel()
	ledger, log := ingesttest.NewMemory(), newLog()
	s := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger)}
	if err := s.Accept(t.Context(), []ingest.Record{record("1")}); err != nil {
		t.Fatal(err)
	}
	ledger.Break(true)
	if err := serve(t, s, 1); spend.KindOf(err) != spend.KindExhausted {
		t.Fatalf("ran into %v, want the full disk", err)
	}
	if err := s.Accept(t.Context(), []ingest.Record{record("2")}); spend.KindOf(err) != spend.KindExhausted {
		t.Errorf("accepted with %v while nothing can be booked", err)
	}
	ledger.Break(false)
	again := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger)}
	if err := serve(t, again, 1); err != nil {
		t.Fatal(err)
	}
	if lines, _ := ledger.Charges(t.Context()); len(lines) != 1 {
		t.Errorf("%d lines, want the accepted one", len(lines))
	}
}

func TestTooMuchWaitingIsRefused(t *testing.T) {
	t.Parallel()
	s := &ingest.Service{Log: newLog(), Pipeline: ingesttest.Pipeline(t, ingesttest.NewMemory()), Backlog: 2}
	if err := s.Accept(t.Context(), []ingest.Record{record("1"), record("2")}); err != nil {
		t.Fatal(err)
	}
	err := s.Accept(t.Context(), []ingest.Record{record("3")})
	if spend.KindOf(err) != spend.KindUnavailable || spend.HintOf(err) == "" {
		t.Errorf("accepted beyond the backlog with %v", err)
	}
	if errors.Is(err, context.Canceled) || s.Waiting() != 2 {
		t.Errorf("%d wait, want 2", s.Waiting())
	}
}
