package app

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/spend"
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
	s.noting.Lock()
	defer s.noting.Unlock()
	if s.notes == nil {
		s.notes, err = notesIn(s.Data)
	}
	return err
}

// notesIn opens the notes of a data folder.
func notesIn(data string) (*journal.Journal, error) {
	return journal.Open(filepath.Join(data, notesFolder), journal.Options{SegmentSize: notesSegment, Keys: -1})
}

// hasNotes says that somebody took telemetry into a data folder.
func hasNotes(data string) bool {
	_, err := os.Stat(filepath.Join(data, notesFolder))
	return err == nil
}

// copyNotes writes them into another folder. Whatever was booked of counters before the call
// was told by notes that are in it.
func (s *Server) copyNotes(ctx context.Context, to string) error {
	if !hasNotes(s.Data) {
		return nil
	}
	if err := s.openNotes(); err != nil {
		return err
	}
	return copyNotes(ctx, s.notes, to)
}

func copyNotes(ctx context.Context, of *journal.Journal, to string) error {
	at := filepath.Join(to, notesFolder)
	if err := os.Mkdir(at, 0o700); err != nil {
		return spend.Errorf(spend.KindUnavailable, "copy the notes of counters", "%w", err)
	}
	_, err := of.CopyTo(ctx, of.Stats().Oldest, at)
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
