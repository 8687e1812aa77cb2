package app

import (
	"context"
	"path/filepath"
	"time"

	"github.com/bursarhq/bursar/journal"
)

// notes is a journal of what counters told, as telemetry sees it: its own, for nothing of
// it is booked as it comes.
type notes struct{ *journal.Journal }

const (
	notesFolder  = "counters"
	notesKept    = 48 * time.Hour // as long as the sums in memory
	notesSegment = 4 << 20
)

// openNotes opens them when telemetry is first taken.
func (s *Server) openNotes() (err error) {
	if s.notes == nil {
		s.notes, err = journal.Open(filepath.Join(s.Data, notesFolder), journal.Options{SegmentSize: notesSegment, Keys: -1})
	}
	return err
}

// Keep returns when a note is on disk.
func (n notes) Keep(ctx context.Context, note []byte) error {
	receipt, err := n.AppendWritten(journal.Record{Payload: note})
	if err != nil {
		return err
	}
	return n.Synced(ctx, receipt.Position)
}

// Kept gives all notes that are there.
func (n notes) Kept(ctx context.Context, f func(note []byte) error) error {
	return n.Replay(ctx, n.Stats().Oldest, func(_ journal.Position, r journal.Record) error { return f(r.Payload) })
}

// dropNotes removes those that are older than what is remembered.
func (s *Server) dropNotes(context.Context) error {
	if s.receiving.Load() == nil {
		return nil
	}
	if err := s.notes.Turn(s.Now().Add(-notesKept / 2)); err != nil {
		return err
	}
	before, err := s.notes.Aged(s.Now().Add(-notesKept))
	if err != nil {
		return err
	}
	return s.notes.Truncate(before)
}
