package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Shelf is a folder in which backups lie side by side, each in a folder that is
// named by the instant of its making.
type Shelf string

// nameForm is how a backup is named: bursar-20261126T034500.123Z. Names sort by age.
const nameForm = "bursar-20060102T150405.000Z"

// Name gives the folder of a backup that is made at an instant.
func (s Shelf) Name(at time.Time) string {
	return filepath.Join(string(s), at.UTC().Format(nameForm))
}

// Backups lists the folders of finished backups, oldest first; whether they are
// sound is for Verify to say.
func (s Shelf) Backups() ([]string, error) {
	names, err := s.named("")
	return slices.DeleteFunc(names, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, manifestName))
		return err != nil
	}), err
}

// Trim removes all but the newest backups, and what a process that was killed left
// half done. It gives what it removed.
func (s Shelf) Trim(keep int) (removed []string, err error) {
	left, err := s.named(partial)
	if err != nil {
		return nil, err
	}
	all, err := s.Backups()
	if err != nil {
		return nil, err
	}
	for _, dir := range append(left, all[:max(0, len(all)-keep)]...) {
		if err := os.RemoveAll(dir); err != nil {
			return removed, diskError("remove old backup", err)
		}
		removed = append(removed, dir)
	}
	return removed, nil
}

// named lists the folders with a name of ours and an end, oldest first.
func (s Shelf) named(end string) (found []string, err error) {
	entries, err := os.ReadDir(string(s))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, diskError("list backups", err)
	}
	for _, e := range entries {
		name, ours := strings.CutSuffix(e.Name(), end)
		if _, err := time.Parse(nameForm, name); ours && err == nil && e.IsDir() {
			found = append(found, filepath.Join(string(s), e.Name()))
		}
	}
	return found, nil
}
