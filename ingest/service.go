package ingest

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Log is what the service needs of a journal: entries are on disk when Append
// returns, and come back in order.
type Log interface {
	Append(ctx context.Context, entries []Entry) error
	// Tail calls f for every entry behind a position, and waits for more until
	// the context ends or f fails; it always returns an error that says which.
	Tail(ctx context.Context, from uint64, f func(at uint64, payload []byte) error) error
	// Replay is Tail that ends with what is there now.
	Replay(ctx context.Context, from uint64, f func(at uint64, payload []byte) error) error
}

// Entry is one accepted record on its way through the log.
type Entry struct {
	Key     spend.ID // of source, source key and content: twice is kept once
	Payload []byte
}

// Service takes records in, makes them safe in the log, and books them behind
// it. A stall of the ledger is absorbed by the log until Backlog is reached.
type Service struct {
	Log      Log
	Pipeline *Pipeline
	From     uint64          // position behind the last booked entry
	Backlog  int64           // records accepted and not booked at which Accept refuses; 0 means 1,000,000
	Batch    int             // records a transaction at most; 0 means 8192
	Wait     time.Duration   // for more records before a batch is booked; 0 means 100 ms
	Booked   func(so Result) // told what was booked when nothing waits, may be nil

	waiting  atomic.Int64
	failed   atomic.Pointer[error]
	underway int64  // records handed to the pipeline and not committed for sure
	booked   Result // since Booked was told
}

// OffsetSource names the log among the sources of offsets in the ledger.
const OffsetSource = "journal"

// Accept returns when the records are on disk; what is wrong with a record is
// kept with it and ends in the quarantine. It refuses with kind unavailable
// while too much waits to be booked.
func (s *Service) Accept(ctx context.Context, records []Record) error {
	if err := s.Ready(); err != nil {
		return err
	}
	if waiting, most := s.waiting.Load(), orElse(s.Backlog, 1_000_000); waiting+int64(len(records)) > most {
		return spend.Errorf(spend.KindUnavailable, "accept events", "%d records wait to be booked", waiting).
			WithHint("send them again later; nothing of this request was kept")
	}
	entries := make([]Entry, len(records))
	latest := s.Pipeline.Now().Add(Ahead)
	for i := range records {
		r := &records[i]
		if r.Problems == nil {
			r.Problems = Problems(&r.Event, latest)
		}
		if len(r.Problems) > 0 {
			r.Event = legible(r.Event, latest)
		}
		payload, err := encode(r)
		if err != nil {
			return spend.Errorf(spend.KindInternal, "accept events", "%w", err)
		}
		content := r.Event.Content()
		entries[i] = Entry{Key: spend.Digest(r.Event.Source, r.Event.SourceKey, string(content[:]), string(r.Digest[:])), Payload: payload}
	}
	s.waiting.Add(int64(len(records)))
	if err := s.Log.Append(ctx, entries); err != nil {
		s.waiting.Add(-int64(len(records)))
		return err
	}
	return nil
}

// Ready says why nothing can be accepted, nil when it can.
func (s *Service) Ready() error {
	if err := s.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Waiting is the number of records accepted since the start and not booked yet.
func (s *Service) Waiting() int64 { return s.waiting.Load() }

// CatchUp books what the log holds now and returns, for a ledger that no server
// runs over.
func (s *Service) CatchUp(ctx context.Context) error {
	var records []Record
	flush := func(at uint64) error {
		if len(records) == 0 {
			return nil
		}
		err := errors.Join(s.book(ctx, records, at), s.settle(ctx))
		records, s.From = nil, at
		return err
	}
	last := s.From
	err := s.Log.Replay(ctx, s.From, func(at uint64, payload []byte) error {
		p, err := place(at, payload)
		if err != nil {
			return err
		}
		records, last = append(records, p.Record), at
		if len(records) < orElse(s.Batch, 8192) {
			return nil
		}
		return flush(at)
	})
	if err != nil {
		return err
	}
	return flush(last)
}

// placed is a record with the position behind it.
type placed struct {
	Record
	at uint64
}

// Run books what the log holds until the context ends. What it could not book
// stays in the log: a new service over the reopened ledger goes on from there.
func (s *Service) Run(ctx context.Context) error {
	queue := make(chan placed, orElse(s.Batch, 8192))
	tail := make(chan error, 1)
	go func() {
		defer close(queue)
		tail <- s.Log.Tail(ctx, s.From, func(at uint64, payload []byte) error { return s.enqueue(ctx, queue, at, payload) })
	}()
	err := s.drain(ctx, queue)
	if err != nil {
		s.failed.Store(&err)
		return err
	}
	if err := <-tail; !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (s *Service) enqueue(ctx context.Context, queue chan<- placed, at uint64, payload []byte) error {
	p, err := place(at, payload)
	if err != nil {
		return err
	}
	select {
	case queue <- p:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func place(at uint64, payload []byte) (placed, error) {
	r, err := decode(payload)
	if err != nil {
		return placed{}, spend.Errorf(spend.KindInternal, "read journal", "entry before %d: %w", at, err)
	}
	return placed{r, at}, nil
}

// drain books batches: full ones at once, others after a short wait for more.
func (s *Service) drain(ctx context.Context, queue <-chan placed) error {
	ctx = context.WithoutCancel(ctx)
	for {
		first, open, err := s.first(ctx, queue)
		if err != nil || !open {
			return errors.Join(err, s.settle(ctx))
		}
		records, at := s.gather(first, queue)
		if err := s.book(ctx, records, at); err != nil {
			return err
		}
	}
}

// first gives the next record. While none is there, what is under way is settled.
func (s *Service) first(ctx context.Context, queue <-chan placed) (placed, bool, error) {
	select {
	case p, open := <-queue:
		return p, open, nil
	default:
	}
	if err := s.settle(ctx); err != nil {
		return placed{}, false, err
	}
	p, open := <-queue
	return p, open, nil
}

// gather collects the records that follow closely.
func (s *Service) gather(first placed, queue <-chan placed) (records []Record, at uint64) {
	records, at = append(records, first.Record), first.at
	timer := time.NewTimer(orElse(s.Wait, 100*time.Millisecond))
	defer timer.Stop()
	for len(records) < orElse(s.Batch, 8192) {
		select {
		case next, open := <-queue:
			if !open {
				return records, at
			}
			records, at = append(records, next.Record), next.at
		case <-timer.C:
			return records, at
		}
	}
	return records, at
}

// book hands a batch to the pipeline, which has committed the one before when it
// returns.
func (s *Service) book(ctx context.Context, records []Record, at uint64) error {
	result, err := s.Pipeline.Book(ctx, records, &lake.Offset{Source: OffsetSource, Bytes: int64(at), UpdatedAt: s.Pipeline.Now().UTC()})
	if err != nil {
		return err
	}
	s.waiting.Add(-s.underway)
	s.underway = int64(len(records))
	s.booked, err = s.booked.Add(result)
	return err
}

// settle waits for what is under way and tells what was booked since the last time.
func (s *Service) settle(ctx context.Context) error {
	if err := s.Pipeline.Settle(ctx); err != nil {
		return err
	}
	s.waiting.Add(-s.underway)
	so := s.booked
	s.underway, s.booked = 0, Result{}
	if s.Booked != nil && so.Read > 0 {
		s.Booked(so)
	}
	return nil
}

// orElse gives the default of a setting that was left zero.
func orElse[T int | int64 | time.Duration](n, otherwise T) T {
	if n > 0 {
		return n
	}
	return otherwise
}
