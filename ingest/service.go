package ingest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Log is what the service needs of a journal: entries that are written outlive
// this process, those before a position that is synced outlive a loss of power, and
// they come back in order.
type Log interface {
	// Write keeps copies of entries, and says how many of them were not there before and
	// the position behind all of them.
	Write(entries []Entry) (kept int, behind uint64, err error)
	// Synced returns when everything before a position is synced.
	Synced(ctx context.Context, behind uint64) error
	// Hasten begins the sync of everything before a position, and does not wait for it.
	Hasten(behind uint64)
	// Kept is the position before which everything is synced; it never waits.
	Kept() uint64
	// Wait returns when something behind a position is synced. It fails when nothing
	// more can come, and with the context's cause.
	Wait(ctx context.Context, after uint64) error
	// Replay calls f for every synced entry behind a position, in order, and ends with
	// what is there now or with an error of f. The keys of the entries are left out.
	Replay(ctx context.Context, from uint64, f func(at uint64, e Entry) error) error
}

// Service takes records in, makes them safe in the log, and books them behind
// it. A stall of the ledger is absorbed by the log until Backlog is reached.
type Service struct {
	Log      Log
	Pipeline *Pipeline
	From     uint64          // position behind the last booked entry
	Backlog  int64           // records accepted and not booked at which Accept refuses; 0 means 1,000,000
	MaxOpen  int64           // open calls at which Accept refuses more of them; 0 means 1,000,000
	Batch    int             // records the pipeline is given at once, at most; 0 means 8192
	Wait     time.Duration   // for more records before a batch is booked; 0 means 100 ms, and up to ten times that while many come or a booking takes long
	Booked   func(so Result) // told what was booked when nothing waits, from any goroutine; may be nil
	Labels   *Labels         // caps new label values, nil for no cap

	definitions atomic.Pointer[outcome.Definitions]
	waiting     atomic.Int64
	entries     sync.Pool // of one each, for calls
	failed      atomic.Pointer[error]

	joined   int64   // records in a transaction that is left open for more
	underway int64   // records whose transaction may not be committed yet
	booked   Result  // since Booked was told
	gathered int     // records in the last batch, and about as many in the next
	last     stint   // the booking of the last batch
	begun    []begun // calls that wait for their end, see release
	waited   int     // of them have done so for a batch

	records []Record // of the last batch, which nobody keeps, in the room for the next
}

// OffsetSource names the log among the sources of offsets in the ledger.
const OffsetSource = "journal"

// Define sets the definitions under which outcomes count from now on.
func (s *Service) Define(d *outcome.Definitions) { s.definitions.Store(d) }

// Definitions gives those under which outcomes count now, nil when there are none.
func (s *Service) Definitions() *outcome.Definitions { return s.definitions.Load() }

// Ready says why nothing can be accepted, nil when it can.
func (s *Service) Ready() error {
	if err := s.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Waiting is the number of records accepted since the start and not booked yet.
func (s *Service) Waiting() int64 { return s.waiting.Load() }

// OpenCalls is the number of calls that have begun and are not booked yet.
func (s *Service) OpenCalls() int64 { return s.Pipeline.open.count.Load() }

// CatchUp books what the log holds now and returns, for a ledger that no server
// runs over.
func (s *Service) CatchUp(ctx context.Context) error {
	var d Delivery
	flush := func(at uint64) error {
		err := s.book(ctx, d, at)
		if err == nil {
			err = s.settle(ctx)
		}
		d, s.From = Delivery{}, at
		return err
	}
	last := s.From
	err := s.Log.Replay(ctx, s.From, func(at uint64, e Entry) error {
		p, err := place(at, e)
		if err != nil {
			return err
		}
		d.add(p)
		if last = at; d.size() < orElse(s.Batch, batchSize) {
			return nil
		}
		return flush(at)
	})
	if err == nil {
		err = flush(last)
	}
	if err == nil {
		s.waiting.Store(0) // what an earlier process had accepted was never counted
	}
	return err
}

// placed is what an entry holds, with the position behind it.
type placed struct {
	Record
	outcome *OutcomeRecord // instead of the record
	at      uint64
}

func (d *Delivery) add(p placed) {
	if p.outcome != nil {
		d.Outcomes = append(d.Outcomes, *p.outcome)
		return
	}
	d.Records = append(d.Records, p.Record)
}

func (d *Delivery) size() int { return len(d.Records) + len(d.Outcomes) }

func place(at uint64, e Entry) (p placed, err error) {
	p.at = at
	switch e.Kind {
	case UsageEntry:
		p.Record, err = decode(e.Payload)
	case OpenEntry:
		p.Record, err = decodeHeld(e.Payload)
		p.Open = true
	case HeldEntry:
		p.Record, err = decodeHeld(e.Payload)
	case OutcomeEntry:
		p.outcome, err = decodeOutcome(e.Payload)
	default:
		err = errKind
	}
	if err != nil {
		return placed{}, spend.Errorf(spend.KindInternal, "read journal", "entry before %d: %w", at, err).
			WithHint("use the Bursar that wrote it, or a newer one")
	}
	return p, nil
}

// book hands a batch to the pipeline, which has committed the transaction before
// when it returns. As long as enough waits to fill a large one, batches share it.
func (s *Service) book(ctx context.Context, d Delivery, at uint64) error {
	if d.size() == 0 {
		return nil
	}
	joined, full := s.joined+int64(d.size()), int64(s.Pipeline.Bulk)
	d.More = joined < full && s.waiting.Load()-s.underway >= full
	d.Gently = s.waiting.Load()-s.underway <= 2*int64(d.size())+many
	d.Definitions = s.definitions.Load()
	d.Offset = &lake.Offset{Source: OffsetSource, Bytes: int64(at), UpdatedAt: s.Pipeline.Now().UTC()}
	result, err := s.Pipeline.Deliver(ctx, d)
	if err != nil {
		return err
	}
	s.waiting.Add(-s.underway)
	if s.joined, s.underway = joined, 0; !d.More {
		s.joined, s.underway = 0, joined
	}
	s.booked, err = s.booked.Add(result)
	return err
}

// settle waits for what is under way and tells what was booked since the last time.
func (s *Service) settle(ctx context.Context) error {
	if err := s.Pipeline.Settle(ctx); err != nil {
		return err
	}
	s.waiting.Add(-s.joined - s.underway)
	so := s.booked
	s.joined, s.underway, s.booked = 0, 0, Result{}
	s.tell(so)
	return nil
}

func (s *Service) tell(so Result) {
	if s.Booked != nil && so.Read > 0 {
		s.Booked(so)
	}
}

// orElse gives the default of a setting that was left zero.
func orElse[T int | int64 | time.Duration](n, otherwise T) T {
	if n > 0 {
		return n
	}
	return otherwise
}
