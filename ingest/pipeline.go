package ingest

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Record is one event on its way in: a call that was made, or one that is open.
type Record struct {
	Event     spend.Event
	Open      bool            // the call has begun, and the usage is what it may come to at most
	Hold      money.Null      // what a call that is open or unobserved may cost, in the reporting currency; unknown is the highest price of its usage
	Revisions spend.Revisions // how its source corrects itself
	File      string          // base name, "" when it came over the network
	Line      int64           // its position in the file, from 1, for messages
	End       int64           // byte offset behind the record
	Digest    spend.ID        // of the raw record, for the quarantine
	Problems  []spend.Problem // what its reader already found wrong
	Capped    int             // label values that Accept folded
	Whole     bool            // its reader could read all of it: the problems are those of validation
	Bound     bool            // its scope is that of its credential, which adds to the calls of that scope alone
}

// Delivery is what one transaction books.
type Delivery struct {
	Records     []Record
	Outcomes    []OutcomeRecord
	Definitions *outcome.Definitions // under which outcomes count, nil when there are none
	Offset      *lake.Offset         // of the source behind them, nil when it keeps none
	Marks       []lake.Offset        // of the files behind them, for a source that has many
	More        bool                 // more follows at once, and may share the transaction
	Gently      bool                 // nothing waits behind it: its work leaves the processor to others in between
}

// Config is what a pipeline works with.
type Config struct {
	Order
	Ledger    Ledger
	Directory Directory            // of people; nobody is named without
	Annex     Annex                // needed for open calls, outcomes and retries
	Exchange  *exchange.Rates      // that are in force; nil for none
	Closed    spend.Period         // the last closed period, "" when none is
	Now       func() time.Time     // the ledger's clock
	Bulk      int                  // lines that share one transaction of the ledger; 0 commits every batch
	Refused   func(*lake.Rejected) // told of each record that goes to the quarantine, may be nil
	Repeated  func(string, int64)  // told how many records of a source came again with the same content, from any goroutine; may be nil
}

// SeveralSources stands for the source of records that came at once from more than one, and
// of which the log says only how many it had.
const SeveralSources = "other"

// Pipeline books records, one batch after the other: whoever calls it while it
// works waits.
type Pipeline struct {
	Config

	mu     sync.Mutex // over all that follows, and over what Use… changes in Config
	seen   *seen
	open   *opens
	rating pricebook.Rating
	facts  map[string]string // interned lists of fact ids

	inflight chan error // the append under way, nil when none is
	room     room
	waiting  bool  // something appended is not committed yet
	lines    int   // of those that wait
	failed   error // of an append: what the pipeline remembers is no longer true
	torn     error // of a delivery that was left half done: the same
}

// New makes a pipeline over a ledger; Remember tells it the keys that the ledger
// already holds.
func New(c Config) *Pipeline {
	return &Pipeline{Config: c, seen: newSeen(), open: newOpens(), facts: map[string]string{}}
}

// Remember tells the pipeline a key that the ledger holds. A key that it is not
// told would be booked a second time.
func (p *Pipeline) Remember(key spend.ID) { p.seen.addKey(key) }

// Book delivers the records of a source with its offset, when more of them follow
// or Settle.
func (p *Pipeline) Book(ctx context.Context, records []Record, offset *lake.Offset) (Result, error) {
	return p.Deliver(ctx, Delivery{Records: records, Offset: offset, More: true})
}

// Deliver books what came in one transaction with the offset of its source: it
// validates, normalises, dedupes, prices, attributes and appends. Records that
// cannot be booked go to the quarantine with every field error; nothing else is
// lost by them. The append may still be under way when Deliver returns: what it
// counts is accepted once Settle has returned nil. No record is kept, so that the
// caller may use its room again.
func (p *Pipeline) Deliver(ctx context.Context, d Delivery) (Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deliver(ctx, newBatch(p, d.Records), &d)
}

// deliver is Deliver for whoever holds the lock. It is not cut short: after half a
// batch the pipeline would remember what the ledger does not hold.
func (p *Pipeline) deliver(ctx context.Context, b *batch, d *Delivery) (Result, error) {
	if err := cmp.Or(p.failed, p.torn); err != nil {
		return Result{}, err
	}
	ctx = context.WithoutCancel(ctx)
	pace := gentle{on: d.Gently, since: time.Now()}
	for i := range d.Records {
		b.take(&d.Records[i])
		pace.took(i)
	}
	err := b.outcomes(ctx, d)
	if err == nil {
		err = b.finish(ctx, d)
	}
	if err != nil {
		p.torn = err
		return Result{}, err
	}
	return b.Result, nil
}

// Settle waits until everything booked is committed. After an error the pipeline
// refuses further work: make a new one over the reopened ledger.
func (p *Pipeline) Settle(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.commit(ctx)
}

// commit is Settle for whoever holds the lock.
func (p *Pipeline) commit(ctx context.Context) error {
	if p.waiting {
		p.waiting, p.lines = false, 0
		if err := p.send(ctx, lake.Batch{}); err != nil {
			return err
		}
	}
	return p.wait()
}

// append hands a batch to the ledger when the one before it is there.
func (p *Pipeline) append(ctx context.Context, b lake.Batch) error {
	p.lines += len(b.Charges)
	if b.More = b.More && p.lines < p.Bulk; !b.More {
		p.lines = 0
	}
	p.waiting = b.More
	err := p.send(ctx, b)
	if !b.More {
		p.seen.age()
	}
	return err
}

func (p *Pipeline) send(ctx context.Context, b lake.Batch) error {
	if err := p.wait(); err != nil {
		return err
	}
	done := make(chan error, 1)
	ctx = context.WithoutCancel(ctx) // who stops an import must not stop the ledger for all others
	go func() { done <- p.Ledger.Append(ctx, b) }()
	p.inflight, p.room.sent = done, b.Charges
	return nil
}

func (p *Pipeline) wait() error {
	if p.inflight != nil {
		p.failed, p.inflight = <-p.inflight, nil
		p.room.back()
	}
	return p.failed
}

// Ahead is how far a source's clock may run before ours.
const Ahead = 24 * time.Hour

// verdicts of the dedupe step.
type verdict int

const (
	isNew      verdict = iota // no key was ever seen
	isRepeated                // this very content is booked
	isClaimed                 // a fingerprint claims a key: ask the ledger
	isKnown                   // a recent attempt has other content: settle first, then ask
)

func (p *Pipeline) validate(r *Record) []spend.Problem {
	if len(r.Problems) > 0 {
		return r.Problems
	}
	r.Whole = true
	return r.problems(p.Now().Add(Ahead))
}

func (p *Pipeline) dedupe(keys []spend.ID, content spend.ID) verdict {
	found := isNew
	for _, key := range keys {
		k, recent := p.seen.get(key)
		switch {
		case recent && k.content == content:
			return isRepeated
		case recent:
			found = isKnown
		case found == isNew && p.seen.maybe(key):
			found = isClaimed
		}
	}
	return found
}

// charge turns an event into the line that is due for it, in the room given: a
// line is large, and every copy of a million counts.
func (p *Pipeline) charge(c *spend.Charge, e *spend.Event, at time.Time) {
	c.Event = *e
	c.Book, c.Calls = cmp.Or(e.Book, spend.Metered), e.Calls()
	c.BookedAt, c.Finality, c.Schema = at, spend.Provisional, Schema
	if !c.EndedAt.IsZero() && c.EndedAt.Before(c.StartedAt) {
		c.Flags |= spend.ClockSkew
	}
	c.Origin = p.Calendar.Period(e.UsedAt)
	c.Period = c.Origin.Post(p.Closed)
	switch {
	case !c.Category.IsUsage():
		p.take(c)
	case fromVendor(c.Book):
		c.Category = spend.CategoryUsage
		p.report(c)
	default:
		c.Category, c.PriceBook = spend.CategoryUsage, p.Config.Book.Hash()
		p.price(c)
	}
	p.attribute(c)
}
