package ingest

import (
	"context"
	"errors"
	"time"
)

// Run books what the log holds until the context ends. What it could not book
// stays in the log: a new service over the reopened ledger goes on from there.
//
// What comes is read from the log when it is booked, all of it at once: who writes there
// wakes nobody, and what waits takes no memory.
func (s *Service) Run(ctx context.Context) error {
	for full := false; ; {
		var err error
		if !full || ctx.Err() != nil {
			err = s.idle(ctx)
		}
		if err == nil {
			full, err = s.bookNext(ctx)
		}
		switch {
		case err == nil:
		case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
			return nil
		default:
			return err
		}
	}
}

// idle settles what is under way, and returns when it is time to book what has come
// since.
func (s *Service) idle(ctx context.Context) error {
	if err := s.settle(ctx); err != nil {
		s.failed.Store(&err)
		return err
	}
	s.last.end = time.Now()
	if ctx.Err() != nil && len(s.begun) == 0 {
		return context.Cause(ctx)
	}
	if err := s.more(ctx); err != nil {
		return err
	}
	s.gather(ctx)
	return nil
}

func (s *Service) wait() time.Duration { return orElse(s.Wait, 100*time.Millisecond) }

// stint is when a batch was booked.
type stint struct{ begin, end time.Time }

// rest is when the next booking may begin, unless something has waited for ten waits: one
// costs some ten milliseconds, whatever it holds, and a twentieth of the time is enough.
func (b *stint) rest() time.Time { return b.end.Add(20 * b.end.Sub(b.begin)) }

// many is how many records come in one wait when the next ones are waited for as well:
// a commit costs the same whatever it holds, and a call that ends in the batch in which it
// began needs no line as an open one.
const many = 32

// enough is how many are not waited for any longer, so that the work of a batch, and its
// room, stay small: about what a thousand calls a second write in one.
const enough = 2048

// gather lets more records come: for one wait, and up to ten of them while many come or
// the last booking was just now.
func (s *Service) gather(ctx context.Context) {
	wait := time.NewTicker(s.wait())
	defer wait.Stop()
	for range 10 {
		select {
		case <-wait.C:
		case <-ctx.Done():
			return
		}
		n := s.waiting.Load()
		if n >= enough || n < many && !time.Now().Before(s.last.rest()) {
			return
		}
	}
}

// errFull ends the reading of a batch.
var errFull = errors.New("the batch is full")

// bookNext books what has come, a batch at most, and says whether that was full. It is not
// cut short: at the end of the context what is there is booked as well.
func (s *Service) bookNext(ctx context.Context) (full bool, err error) {
	last := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx)
	s.last.begin = time.Now()
	d, at, err := s.read(ctx)
	if full = errors.Is(err, errFull); err != nil && !full {
		return false, err
	}
	if err := s.book(ctx, d, s.release(&d, at, last)); err != nil {
		s.failed.Store(&err)
		return false, err
	}
	clear(d.Records)
	s.records, s.From = d.Records[:0], at
	return full, nil
}

// read gives what follows in the log, with the position behind it. Calls that have begun it
// adds to those that wait.
func (s *Service) read(ctx context.Context) (d Delivery, at uint64, err error) {
	d.Records, at = s.room(), s.From
	pace := gentle{on: s.waiting.Load() <= 2*int64(s.gathered)+many, since: time.Now()}
	n := 0
	err = s.Log.Replay(ctx, s.From, func(behind uint64, e Entry) error {
		p, err := place(behind, e)
		if err != nil {
			return err
		}
		if p.Open && p.Event.Attempt != "" {
			s.begun = append(s.begun, begun{p.Record, at})
		} else {
			d.add(p)
		}
		at = behind
		n++
		if n >= orElse(s.Batch, batchSize) {
			return errFull
		}
		pace.took(n)
		return nil
	})
	s.gathered = n
	return d, at, err
}

// room is that of the batch before, unless it is too small for what waits, or was made for
// far more than a batch usually holds.
func (s *Service) room() []Record {
	due := int(min(max(s.waiting.Load(), 0), int64(orElse(s.Batch, batchSize))))
	if cap(s.records) >= due && cap(s.records) <= max(4*due, enough) {
		return s.records
	}
	return make([]Record, 0, due+due/8)
}
