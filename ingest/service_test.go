package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// memoryLog is a journal in memory; positions count entries.
type memoryLog struct {
	mu      sync.Mutex
	entries []ingest.Entry
	more    chan struct{}
}

func newLog() *memoryLog { return &memoryLog{more: make(chan struct{}, 1)} }

func (l *memoryLog) Synced(context.Context, uint64) error { return nil }

func (l *memoryLog) Hasten(uint64) {}

func (l *memoryLog) Kept() uint64 { return 0 }

func (l *memoryLog) Write(entries []ingest.Entry) (kept int, behind uint64, _ error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range entries {
		if !slices.ContainsFunc(l.entries[max(0, len(l.entries)-1000):], func(old ingest.Entry) bool { return old.Key == e.Key && e.Key != spend.ID{} }) {
			e.Payload = slices.Clone(e.Payload)
			l.entries = append(l.entries, e)
			kept++
		}
	}
	select {
	case l.more <- struct{}{}:
	default:
	}
	return kept, uint64(len(l.entries)), nil
}

func (l *memoryLog) Wait(ctx context.Context, after uint64) error {
	for {
		l.mu.Lock()
		there := uint64(len(l.entries)) > after
		l.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-l.more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (l *memoryLog) Replay(_ context.Context, from uint64, f func(uint64, ingest.Entry) error) error {
	l.mu.Lock()
	rest := l.entries[from:]
	l.mu.Unlock()
	for _, e := range rest {
		from++
		if err := f(from, e); err != nil {
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
	if err := serve(t, second, 1); err != nil {
		t.Fatal(err)
	}
	replayed := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger)} // as if the offset were lost
	if err := serve(t, replayed, 4); err != nil {
		t.Fatal(err)
	}
	late := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger)} // and books it before it runs
	if err := late.CatchUp(t.Context()); err != nil || late.Waiting() != 0 {
		t.Errorf("%d records wait after those of an earlier process are booked, error %v", late.Waiting(), err)
	}
	lines, _ := ledger.Charges(t.Context())
	total := money.Amount{}
	for i := range lines {
		total, _ = total.Add(lines[i].Effective.Amount)
	}
	if len(lines) != 3 || total != money.FromInt(6) || len(ledger.Quarantine()) == 0 {
		t.Errorf("%d lines of %s and %d rejected, want 3 of 6 and the bad one", len(lines), total, len(ledger.Quarantine()))
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

func TestWhatWasAcceptedBeforeDoesNotWaitTwice(t *testing.T) {
	t.Parallel()
	s := &ingest.Service{Log: newLog(), Pipeline: ingesttest.Pipeline(t, ingesttest.NewMemory()), Backlog: 4}
	for range 20 {
		if err := s.Accept(t.Context(), []ingest.Record{record("1"), record("2")}); err != nil {
			t.Fatal(err)
		}
	}
	if s.Waiting() != 2 {
		t.Errorf("%d records wait, want 2", s.Waiting())
	}
}

// running runs a service until it is told to stop, and waits for its end.
func running(t *testing.T, s *ingest.Service) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// transactions is a ledger that notes the lines of each transaction.
type transactions struct {
	*ingesttest.Memory
	waiting func() int64
	sizes   []int
	open    int
	early   bool // the service took lines for booked that were not committed
}

func (l *transactions) Append(ctx context.Context, b lake.Batch) error {
	l.open += len(b.Charges)
	l.early = l.early || l.waiting() < int64(l.open)
	if !b.More {
		l.sizes, l.open = append(l.sizes, l.open), 0
	}
	return l.Memory.Append(ctx, b)
}

func TestManyThatWaitShareATransaction(t *testing.T) {
	t.Parallel()
	ledger := &transactions{Memory: ingesttest.NewMemory()}
	p := ingesttest.Pipeline(t, ledger.Memory)
	p.Ledger, p.Bulk = ledger, 40
	s := &ingest.Service{Log: newLog(), Pipeline: p, Batch: 10}
	ledger.waiting = s.Waiting
	var records []ingest.Record
	for i := range 205 {
		records = append(records, record(fmt.Sprint("r", i)))
	}
	if err := s.Accept(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	if err := serve(t, s, 205); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, n := range ledger.sizes {
		total += n
	}
	if largest := slices.Max(ledger.sizes); total != 205 || ledger.open != 0 || largest <= 10 || largest >= 40+10 {
		t.Errorf("transactions of %d lines, %d left open; want 205 in some of more than a batch and less than a batch over 40", ledger.sizes, ledger.open)
	}
	if ledger.early || s.Waiting() != 0 {
		t.Errorf("taken for booked before the commit: %v; %d wait at the end", ledger.early, s.Waiting())
	}
}

// TestWhileManyComeABatchWaitsLonger goes by a clock of its own.
func TestWhileManyComeABatchWaitsLonger(t *testing.T) {
	t.Parallel()
	for first, want := range map[int][]int{5: {5, 1}, 50: {51}, 2500: {2500, 1}} {
		synctest.Test(t, func(t *testing.T) {
			ledger := &transactions{Memory: ingesttest.NewMemory()}
			p := ingesttest.Pipeline(t, ledger.Memory)
			p.Ledger = ledger
			s := &ingest.Service{Log: newLog(), Pipeline: p}
			ledger.waiting = s.Waiting
			stop := running(t, s)
			for _, n := range []int{first, 1} {
				var records []ingest.Record
				for i := range n {
					records = append(records, record(fmt.Sprint(n, "-", i)))
				}
				if err := s.Accept(t.Context(), records); err != nil {
					t.Error(err)
				}
				<-time.After(200 * time.Millisecond)
			}
			<-time.After(time.Second)
			stop()
			if diff := cmp.Diff(want, ledger.sizes); diff != "" {
				t.Errorf("transactions after %d records at once and one 200 ms later (-want +got):\n%s", first, diff)
			}
		})
	}
}

// slow is a ledger whose appends take a while; it notes when each begins.
type slow struct {
	*ingesttest.Memory
	takes time.Duration
	begun []time.Time
}

func (l *slow) Append(ctx context.Context, b lake.Batch) error {
	l.begun = append(l.begun, time.Now())
	<-time.After(l.takes)
	return l.Memory.Append(ctx, b)
}

// TestBookingsRestTwentyTimesAsLongAsTheyTake goes by a clock of its own, and looks at it
// every 100 ms.
func TestBookingsRestTwentyTimesAsLongAsTheyTake(t *testing.T) {
	t.Parallel()
	for takes, want := range map[time.Duration]time.Duration{
		time.Millisecond: 200 * time.Millisecond, 20 * time.Millisecond: 500 * time.Millisecond, time.Second: 2 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			ledger := &slow{Memory: ingesttest.NewMemory(), takes: takes}
			p := ingesttest.Pipeline(t, ledger.Memory)
			p.Ledger = ledger
			s := &ingest.Service{Log: newLog(), Pipeline: p}
			stop := running(t, s)
			for _, key := range []string{"1", "2"} {
				if err := s.Accept(t.Context(), []ingest.Record{record(key)}); err != nil {
					t.Error(err)
				}
				<-time.After(200 * time.Millisecond)
			}
			<-time.After(4 * time.Second)
			stop()
			if len(ledger.begun) != 2 || ledger.begun[1].Sub(ledger.begun[0]) != want {
				t.Errorf("a booking of %v: bookings at %v, want the second %v behind the first", takes, ledger.begun, want)
			}
		})
	}
}

// stalled is a ledger whose appends wait, as they do for a checkpoint.
type stalled struct {
	*ingesttest.Memory
	begun chan struct{} // closed when the first append came
	first sync.Once
	goOn  chan struct{} // closed when appends may go on
}

func (l *stalled) Append(ctx context.Context, b lake.Batch) error {
	l.first.Do(func() { close(l.begun) })
	<-l.goOn
	return l.Memory.Append(ctx, b)
}

func TestAStallOfTheLedgerIsAbsorbed(t *testing.T) {
	t.Parallel()
	const groups, size = 50, 100
	ledger := &stalled{Memory: ingesttest.NewMemory(), begun: make(chan struct{}), goOn: make(chan struct{})}
	s := &ingest.Service{Log: newLog(), Pipeline: ingesttest.Pipeline(t, ledger), Backlog: groups * size, Batch: 64, Wait: time.Millisecond}
	ctx, stop := context.WithCancel(t.Context())
	booked := int64(0)
	s.Booked = func(so ingest.Result) {
		if booked += so.Booked; booked == groups*size {
			stop()
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	for i := range groups {
		var group []ingest.Record
		for n := range size {
			group = append(group, record(fmt.Sprint(i, "-", n)))
		}
		if err := s.Accept(t.Context(), group); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			<-ledger.begun
		}
	}
	err := s.Accept(t.Context(), []ingest.Record{record("one more")})
	if spend.KindOf(err) != spend.KindUnavailable || s.Waiting() != groups*size {
		t.Errorf("%v with %d waiting, want it refused while everything waits", err, s.Waiting())
	}
	close(ledger.goOn)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if lines, _ := ledger.Charges(t.Context()); len(lines) != groups*size || s.Waiting() != 0 {
		t.Errorf("%d lines, %d waiting, want each of %d once", len(lines), s.Waiting(), groups*size)
	}
}

func TestCallsAndOutcomesOfEveryKindGoThroughTheLog(t *testing.T) {
	t.Parallel()
	ledger, log := ingesttest.NewMemory(), newLog()
	s := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger), MaxOpen: 2}
	open := func(key string) ingest.Record {
		r := record(key)
		r.Open, r.Event.Status, r.Event.UsageSource = true, spend.StatusInterrupted, spend.UsageUnobserved
		return r
	}
	result := ingest.OutcomeRecord{Event: outcome.Event{
		ID: "1", Source: "desk", Definition: "ticket", Subject: "t", State: outcome.Verified, At: ingesttest.Now(),
	}}
	wrong := result
	wrong.Event.ID, wrong.Event.Subject = "2", "\xff"
	wrong.Event.State = "done"
	cost := open("cost")
	cost.Event.Reported, cost.Event.ReportedCurrency = money.Known(money.FromInt(1)), "USD"
	if err := s.Accept(t.Context(), []ingest.Record{open("1"), open("2")}); err != nil {
		t.Fatal(err)
	}
	if err := s.AcceptOutcomes(t.Context(), []ingest.OutcomeRecord{result, wrong}); err != nil {
		t.Fatal(err)
	}
	if err := s.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Accept(t.Context(), []ingest.Record{open("3")}); spend.KindOf(err) != spend.KindUnavailable || spend.HintOf(err) == "" {
		t.Errorf("a third open call was accepted with %v", err)
	}
	if err := s.Accept(t.Context(), []ingest.Record{record("1")}); err != nil {
		t.Fatal(err)
	}
	if err := s.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Accept(t.Context(), []ingest.Record{cost}); err != nil {
		t.Fatal(err)
	}
	if err := s.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, _ := ledger.Charges(t.Context())
	if len(lines) != 1 || s.OpenCalls() != 1 || s.Waiting() != 0 || ledger.Offset().Bytes != 6 {
		t.Errorf("%d lines, %d open, %d waiting, offset %d; want 1, 1, none and 6", len(lines), s.OpenCalls(), s.Waiting(), ledger.Offset().Bytes)
	}
	history, _ := ledger.OutcomeHistory(t.Context(), []spend.ID{result.Event.Outcome()})
	kept := ledger.Quarantine()
	if len(history) != 1 || len(kept) != 2 || kept[0].Whole || kept[0].Outcome.Subject != "" || kept[1].Kind != lake.OpenRecord {
		t.Errorf("history %+v, kept %+v", history, kept)
	}
}

func TestARetryTakesItsTurn(t *testing.T) {
	t.Parallel()
	ledger := ingesttest.NewMemory()
	p := ingesttest.Pipeline(t, ledger)
	s := &ingest.Service{Log: newLog(), Pipeline: p}
	early := record("early")
	early.Event.UsedAt, early.Digest = ingesttest.Now().Add(48*time.Hour), spend.Digest("early")
	if err := s.Accept(t.Context(), []ingest.Record{early}); err != nil {
		t.Fatal(err)
	}
	if err := s.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Now = func() time.Time { return ingesttest.Now().Add(72 * time.Hour) }
	ctx, stop := context.WithCancel(t.Context())
	var booked atomic.Int64
	s.Wait = time.Millisecond
	s.Booked = func(so ingest.Result) {
		if booked.Add(so.Booked) == 201 {
			stop()
		}
	}
	var retries sync.WaitGroup
	for range 4 {
		retries.Go(func() { _, _ = s.Retry(t.Context(), early.Digest, "ada") })
	}
	for i := range 200 {
		if err := s.Accept(t.Context(), []ingest.Record{record(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	retries.Wait()
	lines, _ := ledger.Charges(t.Context())
	tried, _ := ledger.Resolutions(t.Context(), early.Digest)
	if len(lines) != 201 || len(tried) != 1 || tried[0].Result != lake.RetryBooked {
		t.Errorf("%d lines, tries %+v; want 201, and one that booked", len(lines), tried)
	}
}
