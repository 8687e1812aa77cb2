package app

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/journal"
)

// backupWhenDue makes a backup when the newest verified one is old enough.
func (s *Server) backupWhenDue(ctx context.Context) error {
	if s.Backups.Shelf == "" || s.Backups.Every == 0 {
		return nil
	}
	newest, found, err := backup.Newest(s.Data)
	if err != nil || found && s.Now().Sub(newest.MadeAt) < s.Backups.Every {
		return err
	}
	_, err = s.Backup(ctx, s.Backups.Shelf)
	return err
}

// dropJournal removes segments that nobody needs any more. A segment is needed until
// its records are booked, and until a verified backup holds what was booked: if the
// lake is lost, that backup and the journal from there on give all of it back. Where
// privacy bounds its age, a segment goes when it is booked.
func (s *Server) dropJournal(ctx context.Context) error {
	if err := s.Journal.Turn(s.Now().Add(-24 * time.Hour)); err != nil {
		return err
	}
	booked, err := s.bookedUpTo(ctx)
	if err != nil {
		return err
	}
	note, _, err := backup.Newest(s.Data) // without one it is zero, and so is what may go
	if err != nil {
		return err
	}
	before, err := s.Journal.Aged(s.Now().Add(-s.KeepJournal))
	if err != nil {
		return err
	}
	before = min(before, booked, journal.Position(note.Booked))
	if before, err = s.bounded(before, booked); err != nil {
		return err
	}
	kept := s.Journal.Stats().Segments
	err = s.Journal.Truncate(before)
	s.removed("segments of the journal", int64(kept-s.Journal.Stats().Segments))
	return err
}

// bounded lets the segments go too that privacy lets nobody keep.
func (s *Server) bounded(before, booked journal.Position) (journal.Position, error) {
	bound := s.Privacy.Retention.Journal
	if bound == 0 {
		return before, nil
	}
	old, err := s.Journal.Aged(s.Now().Add(-bound))
	old = min(old, booked)
	if err != nil || old <= max(before, s.Journal.Stats().Oldest) {
		return before, err
	}
	s.log.Warn("the journal loses booked events that no verified backup holds: make backups", "age", bound)
	return old, nil
}

// bookedUpTo gives the position up to which the lake holds what was accepted.
func (s *Server) bookedUpTo(ctx context.Context) (journal.Position, error) {
	offset, _, err := s.Lake.FileOffset(ctx, ingest.OffsetSource, "")
	return journal.Position(offset.Bytes), err
}
