package ingest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// An open call is one that has begun and of which nothing is booked yet. It
// stands beside the totals with its hold until anything is booked under one of
// its keys, also when that came first; time alone never ends it. It lends no
// identity: two keys that only an open call names together stay two attempts.

// opened is what the pipeline remembers of an open call.
type opened struct {
	id      spend.ID // of its line
	attempt spend.ID
	content spend.ID
	rank    spend.Rank
	hold    money.Amount
	keys    []spend.ID
}

func openedOf(c *spend.Charge) *opened {
	return &opened{id: c.ID, attempt: c.AttemptID, content: c.ContentID, rank: c.Rank, hold: c.Exposure, keys: c.Keys()}
}

// compare orders what several sources say of one open call; the greatest stands,
// in whatever order they are heard.
func (o *opened) compare(p *opened) int {
	return cmp.Or(cmp.Compare(o.rank, p.rank), o.hold.Cmp(p.hold), bytes.Compare(o.content[:], p.content[:]))
}

// opens holds every open call, some 300 bytes each, and the lines of the newest.
type opens struct {
	calls  map[spend.ID]*opened // by each of their keys
	count  atomic.Int64         // calls that are open
	recent map[spend.ID]spend.Charge
	before map[spend.ID]spend.Charge // the generation before
}

// recentOpens bounds one generation of whole lines, about 8 MB: most calls end
// soon, and then the ledger need not be asked for what is to be reversed.
const recentOpens = 4096

func newOpens() *opens {
	return &opens{calls: map[spend.ID]*opened{}, recent: map[spend.ID]spend.Charge{}}
}

// RememberOpen tells the pipeline the line of a call that is open in the ledger.
// It is not called beside other methods.
func (p *Pipeline) RememberOpen(line *spend.Charge) { p.open.add(openedOf(line)) }

func (s *opens) add(o *opened) {
	for _, key := range o.keys {
		s.calls[key] = o
	}
	s.count.Add(1)
}

func (s *opens) drop(o *opened) {
	for _, key := range o.keys {
		if s.calls[key] == o {
			delete(s.calls, key)
		}
	}
	s.count.Add(-1)
}

func (s *opens) keep(line *spend.Charge) {
	if len(s.recent) >= recentOpens {
		s.before, s.recent = s.recent, make(map[spend.ID]spend.Charge, recentOpens)
	}
	s.recent[line.ID] = *line
}

// line takes the line of a call that ends, false when the ledger has to be asked.
func (s *opens) line(id spend.ID) (spend.Charge, bool) {
	c, found := s.look(id)
	delete(s.recent, id)
	delete(s.before, id)
	return c, found
}

// look gives the line of an open call, false when the ledger has to be asked.
func (s *opens) look(id spend.ID) (spend.Charge, bool) {
	c, found := s.recent[id]
	if !found {
		c, found = s.before[id]
	}
	return c, found
}

// close ends the open calls of keys under which something is booked.
func (b *batch) close(keys []spend.ID) {
	if len(b.p.open.calls) == 0 {
		return
	}
	for _, key := range keys {
		if o := b.p.open.calls[key]; o != nil {
			b.end(o)
		}
	}
}

func (b *batch) end(o *opened) {
	b.p.open.drop(o)
	b.closing = append(b.closing, o)
}

// begin opens the calls that have begun and of which nothing is booked.
func (b *batch) begin(ctx context.Context) error {
	unsettled, err := b.unsettled(ctx)
	b.out.Opens = slices.Grow(b.out.Opens, len(unsettled)+len(b.closing))
	for _, d := range unsettled {
		b.stand(d)
	}
	return err
}

// unsettled drops the calls that were booked before they were heard of.
func (b *batch) unsettled(ctx context.Context) (left []deferred, err error) {
	var doubtful []spend.ID
	for _, d := range b.opening {
		switch b.p.dedupe(d.keys, d.content) {
		case isNew:
			left = append(left, d)
		case isClaimed:
			left, doubtful = append(left, d), append(doubtful, d.keys...)
		case isKnown, isRepeated:
			b.Settled++
		}
	}
	if len(doubtful) == 0 {
		return left, nil
	}
	booked, err := b.p.Ledger.Attempts(ctx, doubtful)
	return slices.DeleteFunc(left, func(d deferred) bool {
		known := slices.ContainsFunc(d.keys, func(key spend.ID) bool { _, known := booked[key]; return known })
		if known {
			b.Settled++
		}
		return known
	}), err
}

// stand opens a call, in the place of what weaker sources said of it.
func (b *batch) stand(d deferred) {
	line := b.openLine(d)
	if problem := oversized(&line); problem != nil {
		b.reject(d.record, problem)
		return
	}
	o := openedOf(&line)
	var weaker []*opened
	for _, key := range d.keys {
		other := b.p.open.calls[key]
		if other == nil || slices.Contains(weaker, other) {
			continue
		}
		if o.compare(other) <= 0 {
			b.Duplicates++
			return
		}
		weaker = append(weaker, other)
	}
	for _, other := range weaker {
		b.end(other)
	}
	b.Opened++
	b.p.open.add(o)
	b.p.open.keep(&line)
	b.out.Opens = append(b.out.Opens, line)
}

// openLine is the line of an open call: one call, without an amount, with its
// hold as exposure.
func (b *batch) openLine(d deferred) (c spend.Charge) {
	b.p.charge(&c, &d.record.Event, b.at)
	d.record.hold(&c)
	c.AttemptID, c.ContentID = d.keys[0], d.content
	c.ID = spend.Digest("open", string(c.AttemptID[:]), string(c.ContentID[:]), c.Exposure.String())
	return c
}

// hold exposes what a call may cost where its record knows that.
func (r *Record) hold(c *spend.Charge) {
	if r.Hold.Valid && !c.Effective.Valid {
		c.Exposure, c.RateFact, c.Flags = r.Hold.Amount, "", c.Flags&^spend.Unconverted
	}
}

// reverse books the end of open calls, with the lines that end them.
func (b *batch) reverse(ctx context.Context) error {
	var asked []spend.ID
	for _, o := range b.closing {
		line, found := b.p.open.line(o.id)
		if !found {
			asked = append(asked, o.attempt)
			continue
		}
		b.ended(&line)
	}
	closing := b.closing
	b.closing = nil
	if len(asked) == 0 {
		return nil
	}
	if err := b.p.commit(ctx); err != nil { // what is to be reversed may be under way
		return err
	}
	lines, err := b.p.Annex.Opened(ctx, asked)
	for i := range lines {
		if slices.ContainsFunc(closing, func(o *opened) bool { return o.id == lines[i].ID }) {
			b.ended(&lines[i])
		}
	}
	return err
}

func (b *batch) ended(line *spend.Charge) {
	b.Closed++
	b.out.Opens = append(b.out.Opens, line.Reverse(b.at, line.Period.Post(b.p.Closed)))
}
