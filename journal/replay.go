package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bursarhq/bursar/spend"
)

// Replay calls f for every record after a position, in order, up to what is
// synced when it is called. The position that f gets is the one to continue
// from; the payload is valid until f returns. An error of f ends the replay and
// is returned as it is. It fails with notfound when retention has passed the
// position, with conflict when the position is beyond the journal's end, and
// with internal when a record is damaged. It works while admission is stopped.
func (j *Journal) Replay(ctx context.Context, from Position, f func(Position, Record) error) error {
	limit, err := j.readable(from)
	for err == nil && from < limit {
		from, err = j.replaySegment(ctx, from, limit, f)
	}
	return err
}

// Wait returns when something after a position is synced. It fails with the
// context's error, and with what Ready says when nothing more can come.
func (j *Journal) Wait(ctx context.Context, after Position) error {
	for {
		j.mu.Lock()
		there, refusal, changed := j.synced > after, j.refusal(), j.advanced
		j.mu.Unlock()
		switch {
		case there:
			return nil
		case refusal != nil:
			return refusal
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// readable checks that a replay may begin at a position and says where it ends.
func (j *Journal) readable(from Position) (Position, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.synced, j.reaches(from)
}

// reaches checks that the journal goes as far as a position; mu is held.
func (j *Journal) reaches(from Position) error {
	if from > j.synced {
		return spend.Errorf(spend.KindConflict, "read journal", "position %s is beyond the end, %s", from, j.synced).
			WithHint("journal and ledger are not of one data folder, or the journal is incomplete: restore both from one backup")
	}
	return nil
}

// within checks that everything after a position is there; mu is held.
func (j *Journal) within(from Position) error {
	if oldest := j.segments[0].start; from < oldest {
		return notKept(from, oldest)
	}
	return j.reaches(from)
}

// A stretch is the part of one segment that a replay reads.
type stretch struct {
	segment *segment
	begin   Position
	end     Position
}

// replaySegment replays up to the end of one segment and says how far it came.
func (j *Journal) replaySegment(ctx context.Context, from, limit Position, f func(Position, Record) error) (Position, error) {
	s, err := j.pin(from, limit)
	if err != nil {
		return from, err
	}
	defer j.unpin(s.segment)
	file, err := os.Open(s.segment.path)
	if err != nil {
		return from, diskError("read journal", err)
	}
	defer file.Close()
	in := newScanner(file, s.begin, int64(s.end.Offset()))
	for {
		if ctx.Err() != nil {
			return in.at, context.Cause(ctx)
		}
		h, payload, err := in.next()
		switch {
		case errors.Is(err, io.EOF):
			return s.end, nil
		case errors.Is(err, errNoRecord):
			return in.at, damaged("read journal", s.segment.number, int64(in.at.Offset()),
				fmt.Sprintf("no whole record begins here; the segment goes on to byte %d", s.end.Offset()))
		case err != nil:
			return in.at, diskError("read journal", err)
		}
		if err := f(in.at, Record{Kind: h.kind, Key: h.key, Payload: payload}); err != nil {
			return in.at, err
		}
	}
}

// pin finds the segment with the first record after a position and keeps it
// from being taken away.
func (j *Journal) pin(from, limit Position) (stretch, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if from < j.segments[0].start {
		return stretch{}, notKept(from, j.segments[0].start)
	}
	for i, s := range j.segments {
		end := limit
		if i+1 < len(j.segments) {
			end = min(limit, j.segments[i+1].start)
		}
		if from >= end {
			continue
		}
		s.readers++
		begin := place(s.number, preambleSize)
		if from.Segment() == s.number {
			begin = from
		}
		return stretch{segment: s, begin: begin, end: end}, nil
	}
	return stretch{}, spend.Errorf(spend.KindInternal, "read journal", "no segment holds what follows %s", from)
}

func (j *Journal) unpin(s *segment) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s.readers--
}
