package ingest

import (
	"context"
	"errors"

	"github.com/bursarhq/bursar/spend"
)

// A call that this program makes itself is told in two steps, of which neither
// waits for the disk: Begin before its first byte goes out, End when its usage is
// known. Who shows anything of the answer waits in Synced before. What Begin wrote
// and End did not is found by the next start of the server. Nobody tells a step twice, so
// that the log need not remember it.

// Begin writes a call that begins, and gives the position to wait for. What is
// wrong with it is an error of kind invalid, and too much work in progress one of
// kind unavailable.
func (s *Service) Begin(r *Record) (behind uint64, err error) {
	const op = "begin a call"
	if err := s.admit(op, 1); err != nil {
		return 0, err
	}
	if err := s.roomFor(1); err != nil {
		return 0, err
	}
	r.Open = true
	s.check(r, s.Pipeline.Now().Add(Ahead))
	if len(r.Problems) > 0 {
		p := r.Problems[0]
		return 0, spend.Errorf(spend.KindInvalid, op, "%s %s", p.Field, p.Msg)
	}
	return s.write(op, r)
}

// End writes how a call ended, whatever else waits: a call that was made is told.
func (s *Service) End(r *Record) error {
	_, err := s.end(r)
	return err
}

func (s *Service) end(r *Record) (behind uint64, err error) {
	s.check(r, s.Pipeline.Now().Add(Ahead))
	return s.write("end a call", r)
}

// Synced returns when everything before a position outlives a loss of power.
func (s *Service) Synced(ctx context.Context, behind uint64) error { return s.Log.Synced(ctx, behind) }

// Hasten begins what Synced waits for.
func (s *Service) Hasten(behind uint64) { s.Log.Hasten(behind) }

// Kept is the position before which everything does; it never waits.
func (s *Service) Kept() uint64 { return s.Log.Kept() }

// write makes one record outlive this process. Its entry takes the room of another one
// that the log has.
func (s *Service) write(op string, r *Record) (behind uint64, err error) {
	e, found := s.entries.Get().(*[1]Entry)
	if !found {
		e = &[1]Entry{}
	}
	defer s.entries.Put(e)
	if e[0], err = r.entry(e[0].Payload); err != nil {
		return 0, spend.Errorf(spend.KindInternal, op, "%w", err)
	}
	s.waiting.Add(1)
	kept, behind, err := s.Log.Write(e[:])
	s.waiting.Add(int64(kept) - 1)
	return behind, err
}

// Interrupt ends every call of a source that is open in the ledger, for nobody is
// left who could: what it cost is not known, and its hold stands beside the totals.
// It is for the start of the program that made the calls.
func (s *Service) Interrupt(ctx context.Context, open interface {
	EachOpened(ctx context.Context, f func(*spend.Charge)) error
}, source string,
) (calls int, err error) {
	var ends []Record
	var unread error
	err = open.EachOpened(ctx, func(c *spend.Charge) {
		if c.Source != source {
			return
		}
		r, err := interruption(c)
		unread = errors.Join(unread, err)
		ends = append(ends, r)
	})
	if err = errors.Join(err, unread); err != nil {
		return 0, err
	}
	if len(ends) == 0 {
		return 0, nil
	}
	var behind uint64
	for i := range ends {
		if behind, err = s.end(&ends[i]); err != nil {
			return i, err
		}
	}
	if err := s.Synced(ctx, behind); err != nil {
		return len(ends), err
	}
	return len(ends), s.CatchUp(ctx)
}
