package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/bursarhq/bursar/spend"
)

// Restoration makes a data folder of a backup.
type Restoration struct {
	From   string // folder of the backup
	To     string // data folder: missing or empty
	Reader Reader
	// Journal writes another journal than the backup's tail into the folder, one that
	// goes on where the tail ends; nil keeps the tail.
	Journal func(ctx context.Context, m *Manifest, data string) error
	// Open opens the folder and books the journal, before it gets its name.
	Open func(ctx context.Context, data string) error
}

// Restore verifies the backup, copies it, opens the copy and books the journal's
// tail. The folder gets its name when all of it is done: after an error there is
// none. It fails with conflict when the folder holds something.
func (r *Restoration) Restore(ctx context.Context) (Manifest, error) {
	if err := vacant(r.To); err != nil {
		return Manifest{}, err
	}
	m, err := Verify(ctx, r.From, r.Reader)
	if err != nil {
		return m, err
	}
	to, err := filepath.Abs(r.To)
	if err != nil {
		return m, diskError("restore", err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return m, diskError("restore", err)
	}
	draft, err := os.MkdirTemp(filepath.Dir(to), filepath.Base(to)+".restoring-")
	if err != nil {
		return m, diskError("restore", err)
	}
	err = r.fill(ctx, &m, draft)
	if err == nil {
		err = r.publish(draft, to)
	}
	if err != nil {
		return m, diskError("restore", errors.Join(err, os.RemoveAll(draft)))
	}
	return m, nil
}

// vacant refuses a folder that holds something.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return diskError("restore", err)
	case len(entries) > 0:
		return spend.Errorf(spend.KindConflict, "restore", "%s is not empty", dir).
			WithHint("name a new folder; the old one may still hold what the backup does not")
	}
	return nil
}

func (r *Restoration) fill(ctx context.Context, m *Manifest, dir string) error {
	for _, f := range m.Files {
		if r.Journal != nil && filepath.Dir(filepath.FromSlash(f.Name)) == journalName {
			continue
		}
		if err := f.copyTo(ctx, r.From, dir); err != nil {
			return err
		}
	}
	if r.Journal != nil {
		if err := r.Journal(ctx, m, dir); err != nil {
			return err
		}
	}
	if err := syncFolders(dir); err != nil {
		return err
	}
	return r.Open(ctx, dir)
}

// copyTo copies a file and sees that the copy is what was written once.
func (f File) copyTo(ctx context.Context, from, to string) error {
	target := filepath.Join(to, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	copied, err := copyFile(ctx, filepath.Join(from, filepath.FromSlash(f.Name)), target)
	if err != nil {
		return err
	}
	return f.same(copied)
}

func (r *Restoration) publish(draft, to string) error {
	if err := os.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) { // it may be there, empty
		return err
	}
	return publish(draft, to)
}
