package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Note is what a data folder remembers of a backup that was verified. The notes are
// a file beside the journal, which is kept by them: they are of this folder's
// positions, so that no backup holds them and no restored folder believes them; and
// they can be read when lake and state cannot.
type Note struct {
	Folder   string    `json:"folder"`
	MadeAt   time.Time `json:"made_at"`
	Verified time.Time `json:"verified_at"`
	Booked   uint64    `json:"booked"` // restoring it needs the journal from here on
	Synced   uint64    `json:"synced"`
	Bytes    int64     `json:"bytes"`
	Held     float64   `json:"held_seconds"` // for which nothing was booked
}

const (
	notesName = "backups.json"
	maxNotes  = 100
)

// Notes gives what a data folder remembers, oldest first.
func Notes(data string) ([]Note, error) {
	text, err := os.ReadFile(filepath.Join(data, notesName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, diskError("read the notes of backups", err)
	}
	var notes []Note
	if err := json.Unmarshal(text, &notes); err != nil {
		return nil, spend.Errorf(spend.KindInternal, "read the notes of backups", "%s: %w", notesName, err).
			WithHint("move the file away and make a backup: until then the journal is kept")
	}
	return notes, nil
}

// Newest gives the last note, false when there is none.
func Newest(data string) (Note, bool, error) {
	notes, err := Notes(data)
	if err != nil || len(notes) == 0 {
		return Note{}, false, err
	}
	return notes[len(notes)-1], true, nil
}

// Remember adds a note; the oldest of too many is forgotten. It is on disk when
// Remember returns, and a crash leaves the notes from before.
func Remember(data string, n Note) error {
	notes, err := Notes(data)
	if err != nil {
		return err
	}
	notes = append(notes, n)
	text, err := json.MarshalIndent(notes[max(0, len(notes)-maxNotes):], "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(data, notesName)
	draft := path + partial
	if err := os.WriteFile(draft, append(text, '\n'), 0o600); err != nil {
		return diskError("note a backup", errors.Join(err, os.Remove(draft)))
	}
	if err := errors.Join(syncFile(draft), os.Rename(draft, path), syncFile(data)); err != nil {
		return diskError("note a backup", err)
	}
	return nil
}
