package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/spend"
)

func TestABackupIsOneCut(t *testing.T) {
	t.Parallel()
	f := &folder{lake: "lines", state: "people", tail: "waiting"}
	dir := filepath.Join(t.TempDir(), "new", "backup")
	m, err := f.maker(filepath.Join(t.TempDir(), "no prices")).Make(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	// Lake and state while nothing is booked, the journal after the state.
	if diff := cmp.Diff([]string{"lake paused", "state paused", "journal"}, f.steps); diff != "" {
		t.Error(diff)
	}
	if m.Booked != 7 || m.Synced != 14 || m.Tail.Records != 7 || m.Bytes() != 18 || !m.MadeAt.Equal(noon()) {
		t.Errorf("%+v", m)
	}
	got, err := backup.Verify(t.Context(), dir, reader{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.Files, got.Files); diff != "" {
		t.Error(diff)
	}
	for name := range files(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is open to others", name)
		}
	}
	_, err = f.maker("").Make(t.Context(), dir)
	wantKind(t, err, spend.KindConflict)
}

// TestAFullDiskLeavesNothing fills the disk at every step.
func TestAFullDiskLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"lake paused", "state paused", "journal"} {
		f := &folder{lake: "lines", fail: step}
		shelf := t.TempDir()
		_, err := f.maker("").Make(t.Context(), filepath.Join(shelf, "backup"))
		wantKind(t, err, spend.KindExhausted)
		if left, _ := os.ReadDir(shelf); len(left) > 0 {
			t.Errorf("full at %s: %v is left", step, left)
		}
		if f.paused {
			t.Errorf("full at %s: still paused", step)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	shelf := t.TempDir()
	_, err := (&folder{lake: "lines"}).maker("").Make(ctx, filepath.Join(shelf, "backup"))
	if left, _ := os.ReadDir(shelf); !errors.Is(err, context.Canceled) || len(left) > 0 {
		t.Errorf("cancelled: %v, left %v", err, left)
	}
}

// TestEveryDamageIsFound changes, removes and shortens each byte of each file.
func TestEveryDamageIsFound(t *testing.T) {
	t.Parallel()
	dir := made(t)
	for name, whole := range files(t, dir) {
		path := filepath.Join(dir, name)
		for i := range whole {
			changed := []byte(whole)
			changed[i] ^= 1
			write(t, path, string(changed))
			wantDamage(t, dir, name)
			write(t, path, whole[:i])
			wantDamage(t, dir, name)
		}
		write(t, path, whole+"x")
		wantDamage(t, dir, name)
		refusesToRestore(t, dir)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Verify(t.Context(), dir, reader{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is missing: %v", name, err)
		}
		write(t, path, whole)
	}
	if _, err := backup.Verify(t.Context(), dir, reader{}); err != nil {
		t.Fatal(err)
	}
}

// wantDamage sees that a changed file is named.
func wantDamage(t *testing.T, dir, name string) {
	t.Helper()
	_, err := backup.Verify(t.Context(), dir, reader{})
	if err == nil || name != "manifest.json" && !strings.Contains(err.Error(), name) {
		t.Fatalf("damage in %s: %v", name, err)
	}
}

func refusesToRestore(t *testing.T, dir string) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	r := backup.Restoration{From: dir, To: to, Reader: reader{}, Open: func(context.Context, string) error { return nil }}
	if _, err := r.Restore(t.Context()); err == nil {
		t.Fatal("a damaged backup was restored")
	}
	if left, _ := os.ReadDir(filepath.Dir(to)); len(left) > 0 {
		t.Fatalf("a damaged backup leaves %v", left)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestManifestRefuses writes manifests whose sum is right.
func TestManifestRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change func(*backup.Manifest)
		kind   spend.Kind
	}{
		{func(m *backup.Manifest) { m.Format = "bursar-backup/9" }, spend.KindConflict},
		{func(m *backup.Manifest) { m.Files[0].Name = "../../etc/passwd" }, spend.KindInvalid},
		{func(m *backup.Manifest) { m.Files[0].Name = "/etc/passwd" }, spend.KindInvalid},
		{func(m *backup.Manifest) { m.Lake["rows"] = "4" }, spend.KindInvalid},
		{func(m *backup.Manifest) { m.State["more"] = "1" }, spend.KindInvalid},
		{func(m *backup.Manifest) { m.Booked = 8 }, spend.KindInvalid},
		{func(m *backup.Manifest) { m.Tail.Records++ }, spend.KindInvalid},
	} {
		dir := made(t)
		m, err := backup.ReadManifest(dir)
		if err != nil {
			t.Fatal(err)
		}
		c.change(&m)
		text, err := backup.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "manifest.json"), string(text))
		_, err = backup.Verify(t.Context(), dir, reader{})
		wantKind(t, err, c.kind)
	}
	_, err := backup.ReadManifest(t.TempDir())
	wantKind(t, err, spend.KindNotFound)
}

func TestRestore(t *testing.T) {
	t.Parallel()
	dir := made(t)
	to := filepath.Join(t.TempDir(), "new", "data")
	r := backup.Restoration{From: dir, To: to, Reader: reader{}, Open: func(_ context.Context, data string) error {
		return os.WriteFile(filepath.Join(data, "opened"), nil, 0o600)
	}}
	if _, err := r.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := files(t, dir)
	delete(want, "manifest.json")
	want["opened"] = ""
	if diff := cmp.Diff(want, files(t, to)); diff != "" {
		t.Error(diff)
	}
	_, err := r.Restore(t.Context())
	wantKind(t, err, spend.KindConflict)
	r.To = t.TempDir() // empty
	r.Journal = func(_ context.Context, m *backup.Manifest, data string) error {
		return os.WriteFile(filepath.Join(data, "longer"), []byte(m.Format), 0o600)
	}
	if _, err := r.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := files(t, r.To); got["longer"] == "" || got["journal/1.seg"] != "" {
		t.Errorf("with another journal: %v", got)
	}
	r.To, r.Open = filepath.Join(t.TempDir(), "data"), func(context.Context, string) error { return errors.New("does not open") }
	if _, err := r.Restore(t.Context()); err == nil {
		t.Error("a folder that does not open was restored")
	}
	if left, _ := os.ReadDir(filepath.Dir(r.To)); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestNotesOutliveEachOther(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if _, found, err := backup.Newest(data); found || err != nil {
		t.Errorf("a new folder remembers a backup: %v", err)
	}
	for n := range uint64(120) {
		if err := backup.Remember(data, backup.Note{Folder: "a", Booked: n}); err != nil {
			t.Fatal(err)
		}
	}
	newest, found, err := backup.Newest(data)
	notes, _ := backup.Notes(data)
	if !found || err != nil || newest.Booked != 119 || len(notes) != 100 || notes[0].Booked != 20 {
		t.Errorf("%+v of %d, %v", newest, len(notes), err)
	}
	write(t, filepath.Join(data, "backups.json"), "[")
	_, err = backup.Notes(data)
	wantKind(t, err, spend.KindInternal)
}

func TestShelfKeepsTheNewest(t *testing.T) {
	t.Parallel()
	shelf := backup.Shelf(filepath.Join(t.TempDir(), "shelf"))
	if all, err := shelf.Backups(); len(all) > 0 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
	var names []string
	for n := range 4 {
		dir := shelf.Name(noon().AddDate(0, 0, n))
		if _, err := (&folder{}).maker("").Make(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		names = append(names, dir)
	}
	other, torn := filepath.Join(string(shelf), "photos"), shelf.Name(noon().AddDate(1, 0, 0))
	for _, dir := range []string{other, torn, torn + ".partial"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	all, err := shelf.Backups()
	if diff := cmp.Diff(names, all); diff != "" || err != nil {
		t.Error(diff, err)
	}
	removed, err := shelf.Trim(3)
	if want := []string{torn + ".partial", names[0]}; !slices.Equal(removed, want) || err != nil {
		t.Errorf("removed %v, %v; want %v", removed, err, want)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("something that is no backup was removed")
	}
}
