package app

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Backups says where backups are kept and how often the server makes one.
type Backups struct {
	Shelf backup.Shelf  // folder that holds them, "" for none
	Every time.Duration // 0 makes them only when somebody asks
	Keep  int           // the newest that stay; all when 0
}

// Backup makes a backup on a shelf, reads all of it back, and notes it: only what
// was verified counts for the journal. Booking waits while lake and state are copied;
// accepting does not. One is made at a time.
func (s *Server) Backup(ctx context.Context, shelf backup.Shelf) (backup.Note, error) {
	at, err := s.outside(shelf)
	if err != nil {
		return backup.Note{}, err
	}
	if !s.backing.TryLock() {
		return backup.Note{}, spend.Errorf(spend.KindConflict, "make backup", "another one is being made").WithHint("wait for it; bursar doctor shows it")
	}
	defer s.backing.Unlock()
	dir := at.Name(s.Now())
	maker := backup.Maker{
		Ledger: backedUp{s}, Reader: copies{}, Prices: pricesFolder(s.Data), Now: s.Now,
		Schemas: map[string]int{"lake": lake.Schema, "state": state.Schema()},
	}
	made, err := maker.Make(ctx, dir)
	if err != nil {
		return backup.Note{}, err
	}
	s.log.Info("a backup is made", "folder", dir, "bytes", made.Bytes(), "seconds without booking", made.Held.Seconds())
	if _, err := backup.Verify(ctx, dir, copies{}); err != nil {
		return backup.Note{}, err
	}
	note := backup.Note{
		Folder: dir, MadeAt: made.MadeAt, Verified: s.Now().UTC(), Booked: made.Booked, Synced: made.Synced,
		Bytes: made.Bytes(), Held: made.Held.Seconds(),
	}
	if err := backup.Remember(s.Data, note); err != nil {
		return note, err
	}
	return note, s.trim(shelf)
}

// outside refuses a shelf within the data folder: it would be lost with it. It gives
// the shelf's whole path, which holds wherever a note of it is read.
func (s *Server) outside(shelf backup.Shelf) (backup.Shelf, error) {
	data, err := filepath.Abs(s.Data)
	if err != nil {
		return "", spend.Errorf(spend.KindInvalid, "make backup", "%w", err)
	}
	to, err := filepath.Abs(string(shelf))
	if err != nil || shelf == "" {
		return "", spend.Errorf(spend.KindInvalid, "make backup", "there is no folder for it").WithHint("backup.folder in the configuration, or a folder on the command line")
	}
	if within, err := filepath.Rel(data, to); err == nil && within != ".." && !strings.HasPrefix(within, "../") {
		return "", spend.Errorf(spend.KindInvalid, "make backup", "%s lies in the data folder", shelf).WithHint("choose a folder on another disk")
	}
	return backup.Shelf(to), nil
}

// trim keeps the newest backups of the server's own shelf.
func (s *Server) trim(shelf backup.Shelf) error {
	if shelf != s.Backups.Shelf || s.Backups.Keep == 0 {
		return nil
	}
	removed, err := shelf.Trim(s.Backups.Keep)
	if len(removed) > 0 {
		s.log.Info("old backups are removed", "folders", removed)
	}
	return err
}

// VerifyBackup reads all of a backup, as backup.Verify says.
func VerifyBackup(ctx context.Context, dir string) (backup.Manifest, error) {
	return backup.Verify(ctx, dir, copies{})
}

// backedUp is a server as a backup sees it.
type backedUp struct{ *Server }

func (b backedUp) Pause(ctx context.Context, f func() error) error {
	return b.Ingest.Pipeline.Pause(ctx, f)
}

func (b backedUp) CopyLake(ctx context.Context, path string) (copied backup.LakeCopy, err error) {
	err = b.Lake.CopyTo(ctx, path, func() error {
		copied, err = holdings(ctx, b.Lake)
		return err
	})
	return copied, err
}

func (b backedUp) CopyState(ctx context.Context, path string) error { return b.State.CopyTo(ctx, path) }

func (b backedUp) CopyJournal(ctx context.Context, from uint64, data string) (uint64, error) {
	end, err := b.Journal.CopyTo(ctx, journal.Position(from), data)
	if err == nil {
		err = b.copyNotes(ctx, data) // behind the lines that were made of them
	}
	return uint64(end), err
}

// booking is a lake, or a copy of one, that knows how far it is booked.
type booking interface {
	lake.Reader
	FileOffset(ctx context.Context, source, file string) (lake.Offset, bool, error)
}

func holdings(ctx context.Context, l booking) (backup.LakeCopy, error) {
	booked, _, err := l.FileOffset(ctx, ingest.OffsetSource, "")
	if err != nil {
		return backup.LakeCopy{}, err
	}
	figures, err := lake.Figures(ctx, l)
	return backup.LakeCopy{Figures: figures, Booked: uint64(booked.Bytes)}, err
}

// copies opens the parts of a backup.
type copies struct{}

func (copies) Lake(ctx context.Context, path string) (backup.LakeCopy, error) {
	c, err := duck.OpenCopy(path, duck.Options{MemoryLimit: "256MB", Threads: 1}) //nolint:contextcheck // small, beside a server that answers; opening is not cut short
	if err != nil {
		return backup.LakeCopy{}, err
	}
	defer c.Close() //nolint:errcheck // only read
	return holdings(ctx, c)
}

func (copies) State(ctx context.Context, path string) (figures backup.Figures, err error) {
	c, err := state.OpenCopy(ctx, path)
	if err != nil {
		return nil, err
	}
	defer c.Close() //nolint:errcheck // only read
	err = c.Read(ctx, func(tx *state.Tx) error {
		figures, err = tx.Figures(ctx)
		if err != nil {
			return err
		}
		check, err := auth.Verify(ctx, tx, auth.Head{})
		if err == nil && check.Broken != 0 {
			err = spend.Errorf(spend.KindInvalid, "verify audit trail", "entry %d: %s", check.Broken, check.Why)
		}
		figures["audit.head"] = check.Head.Hash
		return err
	})
	return figures, err
}

func (copies) Tail(ctx context.Context, data string, from, to uint64) (backup.Tail, error) {
	return tailOf(from, to, func(f func(journal.Position, journal.Record) error) error {
		return journal.Read(ctx, data, journal.Position(from), f)
	})
}
