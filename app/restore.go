package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/spend"
)

// Restoration says which backup becomes which data folder.
type Restoration struct {
	From    string // folder of the backup
	Journal string // data folder whose journal outlived its lake, "" for the backup's own tail
	Config  Config // Data is the new folder; the rest books what the journal holds
}

// Restore makes a data folder of a backup and books the tail of the journal. With the
// journal of the folder that was backed up it brings back everything that was
// accepted since, too. After an error there is no new folder.
func Restore(ctx context.Context, r Restoration, log *slog.Logger) (backup.Manifest, error) {
	run := backup.Restoration{From: r.From, To: r.Config.Data, Reader: copies{}, Open: func(ctx context.Context, data string) error {
		c := r.Config
		c.Data, c.Create = data, false
		s, err := OpenServer(ctx, c, log)
		if err != nil {
			return err
		}
		s.warnOfSealed(ctx)
		return s.Close()
	}}
	if r.Journal != "" {
		run.Journal = r.survivor
	}
	return run.Restore(ctx)
}

// survivor copies a journal that goes on where the backup ends.
func (r *Restoration) survivor(ctx context.Context, m *backup.Manifest, data string) error {
	if _, err := os.Stat(filepath.Join(r.Journal, "journal")); err != nil { // opening would make one
		return spend.Errorf(spend.KindNotFound, "restore", "there is no journal in %s", r.Journal).WithHint("name the data folder that was backed up")
	}
	j, err := journal.Open(r.Journal, r.Config.Journal)
	if err != nil {
		return err
	}
	err = r.goesOn(ctx, j, m)
	if err == nil {
		_, err = j.CopyTo(ctx, journal.Position(m.Booked), data)
	}
	if err == nil {
		err = r.survivingNotes(ctx, data)
	}
	return errors.Join(err, j.Close())
}

// survivingNotes takes what counters told of the folder whose journal outlived its lake, in
// the place of what they had told when the backup was made.
func (r *Restoration) survivingNotes(ctx context.Context, data string) error {
	if !hasNotes(r.Journal) {
		return nil
	}
	if err := os.RemoveAll(filepath.Join(data, notesFolder)); err != nil {
		return spend.Errorf(spend.KindUnavailable, "restore the notes of counters", "%w", err)
	}
	of, err := notesIn(r.Journal)
	if err != nil {
		return err
	}
	return errors.Join(copyNotes(ctx, of, data), of.Close())
}

// goesOn sees that a journal holds the very tail of the backup.
func (r *Restoration) goesOn(ctx context.Context, j *journal.Journal, m *backup.Manifest) error {
	tail, err := tailOf(m.Booked, m.Synced, func(f func(journal.Position, journal.Record) error) error {
		return j.Replay(ctx, journal.Position(m.Booked), f)
	})
	if err != nil {
		return err
	}
	if tail != m.Tail || uint64(j.Stats().Synced) < m.Synced {
		return spend.Errorf(spend.KindConflict, "restore", "the journal of %s is not the one that this backup was made of", r.Journal).
			WithHint("restore without it: everything up to the backup is in the backup")
	}
	return nil
}
