package ingest

import (
	"context"
	"slices"
)

// Most calls end soon. One that ends in the batch in which it began needs no line as an open
// one, nor does one that ends in the next: so who has begun waits for one batch more, which
// spares the ledger two lines of each call that is under way when a batch is booked, and a
// table. The offset that is booked meanwhile stays before it: after a crash what follows in
// the log is read once more, and kept once.

// begun is a call that has begun, with the position before its record.
type begun struct {
	Record
	before uint64
}

// release adds to a delivery the calls that have begun and that it ends or the one before
// left waiting, or all of them. It gives the position before which nothing waits any more,
// of what was read up to another.
func (s *Service) release(d *Delivery, at uint64, all bool) (whole uint64) {
	if len(s.begun) == 0 {
		return at
	}
	ended := make(map[string]bool, len(d.Records))
	for i := range d.Records {
		ended[d.Records[i].Event.Attempt] = true
	}
	wait := s.begun[:0]
	for i := range s.begun {
		if b := &s.begun[i]; all || i < s.waited || ended[b.Event.Attempt] {
			d.Records = append(d.Records, b.Record)
		} else {
			wait = append(wait, *b)
		}
	}
	if clear(s.begun[len(wait):]); cap(wait) > enough { // it was a batch far larger than usual
		wait = slices.Clone(wait)
	}
	if s.begun, s.waited = wait, len(wait); len(wait) > 0 {
		return wait[0].before
	}
	return at
}

// more waits for more records; for one wait at most while a call waits for its end, and at
// the end of the context that call is booked as well.
func (s *Service) more(ctx context.Context) error {
	if len(s.begun) == 0 {
		return s.Log.Wait(ctx, s.From)
	}
	some, stop := context.WithTimeout(ctx, s.wait())
	defer stop()
	if err := s.Log.Wait(some, s.From); some.Err() == nil {
		return err
	}
	return nil
}
