package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// partial is how the name of a backup ends while it is being made.
const partial = ".partial"

// Maker makes backups.
type Maker struct {
	Ledger  Ledger
	Reader  Reader
	Prices  string         // folder of the data folder's own prices; one that is missing is empty
	Schemas map[string]int // of lake and state, for people
	Now     func() time.Time
}

// Made is a backup that was just made.
type Made struct {
	Manifest
	Held time.Duration // for which nothing was booked
}

// Make makes a backup in a folder that is not there yet. Its cut lies between two
// batches. The error is of kind conflict when the folder exists, and exhausted when
// the disk is full; then nothing is left of it, and the ledger goes on.
func (m *Maker) Make(ctx context.Context, dir string) (Made, error) {
	if _, err := os.Lstat(dir); err == nil {
		return Made{}, spend.Errorf(spend.KindConflict, "make backup", "%s exists", dir).WithHint("every backup is a new folder")
	}
	draft := dir + partial
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return Made{}, diskError("make backup", err)
	}
	if err := os.Mkdir(draft, 0o700); err != nil {
		return Made{}, diskError("make backup", err)
	}
	made, err := m.fill(ctx, draft)
	if err == nil {
		err = publish(draft, dir)
	}
	if err != nil {
		return Made{}, diskError("make backup", errors.Join(err, os.RemoveAll(draft)))
	}
	return made, nil
}

// fill writes everything and, when all of it is on disk, the manifest.
func (m *Maker) fill(ctx context.Context, dir string) (made Made, err error) {
	made.Format, made.MadeAt, made.Schemas = format, m.Now().UTC(), m.Schemas
	if made.Held, err = m.cut(ctx, dir, &made.Manifest); err != nil {
		return made, err
	}
	// What was accepted and not booked, after the state: an answer that the state
	// remembers is of something that is here.
	if made.Synced, err = m.Ledger.CopyJournal(ctx, made.Booked, dir); err != nil {
		return made, err
	}
	if made.Tail, err = m.Reader.Tail(ctx, dir, made.Booked, made.Synced); err != nil {
		return made, err
	}
	if made.State, err = m.Reader.State(ctx, filepath.Join(dir, stateName)); err != nil {
		return made, err
	}
	if err := m.prices(ctx, filepath.Join(dir, pricesName)); err != nil {
		return made, err
	}
	if made.Files, err = harden(ctx, dir); err != nil {
		return made, err
	}
	return made, made.write(dir)
}

// cut copies lake and state while nothing is booked, and says for how long that was.
func (m *Maker) cut(ctx context.Context, dir string, into *Manifest) (held time.Duration, err error) {
	err = m.Ledger.Pause(ctx, func() error {
		start := time.Now()
		defer func() { held = time.Since(start) }()
		copied, err := m.Ledger.CopyLake(ctx, filepath.Join(dir, lakeName))
		if err != nil {
			return err
		}
		into.Lake, into.Booked = copied.Figures, copied.Booked
		return m.Ledger.CopyState(ctx, filepath.Join(dir, stateName))
	})
	return held, err
}

func (m *Maker) prices(ctx context.Context, to string) error {
	names, err := filesIn(m.Prices)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, name := range names {
		target := filepath.Join(to, filepath.FromSlash(name))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(target), 0o700)
		}
		if err == nil {
			_, err = copyFile(ctx, filepath.Join(m.Prices, filepath.FromSlash(name)), target)
		}
	}
	return err
}

// harden syncs every file and folder and gives the digests.
func harden(ctx context.Context, dir string) (files []File, err error) {
	names, err := filesIn(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := syncFile(path); err != nil {
			return nil, err
		}
		f, err := copyFile(ctx, path, "")
		if err != nil {
			return nil, err
		}
		f.Name = name
		files = append(files, f)
	}
	return files, syncFolders(dir)
}

func (m *Manifest) write(dir string) error {
	text, err := m.encode()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestName)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return err
	}
	return errors.Join(syncFile(path), syncFile(dir))
}

// publish gives a finished folder its name.
func publish(draft, dir string) error {
	if err := os.Rename(draft, dir); err != nil {
		return err
	}
	return syncFile(filepath.Dir(dir))
}
