package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// Verify reads all of a backup: every file is as it was written, lake and state
// open and hold what the manifest counted, the journal's tail reads to its end.
// Nothing in the folder changes. An error of kind invalid names the file that is
// damaged, or the figures that differ.
func Verify(ctx context.Context, dir string, r Reader) (Manifest, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return m, err
	}
	for _, f := range m.Files {
		if err := f.check(ctx, filepath.Join(dir, filepath.FromSlash(f.Name))); err != nil {
			return m, err
		}
	}
	return m, m.recount(ctx, dir, r)
}

// check compares a file with what was written.
func (f File) check(ctx context.Context, path string) error {
	found, err := copyFile(ctx, path, "")
	if errors.Is(err, fs.ErrNotExist) {
		return damaged(f.Name, "the file is missing")
	}
	if err != nil {
		return diskError("check backup, "+f.Name, err)
	}
	return f.same(found)
}

func (f File) same(found File) error {
	switch {
	case found.Bytes != f.Bytes:
		return damaged(f.Name, "it has %d bytes, %d were written", found.Bytes, f.Bytes)
	case found.SHA256 != f.SHA256:
		return damaged(f.Name, "its bytes are not those that were written")
	}
	return nil
}

// recount opens the parts and counts them again.
func (m *Manifest) recount(ctx context.Context, dir string, r Reader) error {
	copied, err := r.Lake(ctx, filepath.Join(dir, lakeName))
	if err != nil {
		return spend.Errorf(spend.KindOf(err), "check backup, "+lakeName, "%w", err)
	}
	if copied.Booked != m.Booked {
		return damaged(lakeName, "it is booked up to %d, the manifest says %d", copied.Booked, m.Booked)
	}
	if err := sameFigures(lakeName, m.Lake, copied.Figures); err != nil {
		return err
	}
	figures, err := r.State(ctx, filepath.Join(dir, stateName))
	if err != nil {
		return spend.Errorf(spend.KindOf(err), "check backup, "+stateName, "%w", err)
	}
	if err := sameFigures(stateName, m.State, figures); err != nil {
		return err
	}
	tail, err := r.Tail(ctx, dir, m.Booked, m.Synced)
	if err != nil {
		return spend.Errorf(spend.KindOf(err), "check backup, "+journalName, "%w", err)
	}
	if tail != m.Tail {
		return damaged(journalName, "its tail has %d records up to %d, the manifest says %d up to %d", tail.Records, tail.End, m.Tail.Records, m.Tail.End)
	}
	return nil
}

// sameFigures compares what the manifest counted; what a later version counts
// besides is none of its business.
func sameFigures(file string, want, got Figures) error {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if found, counted := got[name]; found != want[name] {
			return damaged(file, "%s is %s, the manifest says %s", name, orMissing(found, counted), want[name])
		}
	}
	return nil
}

func orMissing(figure string, counted bool) string {
	if !counted {
		return "missing"
	}
	return fmt.Sprint(figure)
}
