package backup_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/spend"
)

func noon() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) }

// folder is a data folder whose parts are texts.
type folder struct {
	lake, state, tail string
	steps             []string
	fail              string // the step at which the disk is full
	paused            bool
}

func (f *folder) step(name string) error {
	f.steps = append(f.steps, name)
	if name == f.fail {
		return &os.PathError{Op: "write", Path: name, Err: syscall.ENOSPC}
	}
	return nil
}

func (f *folder) Pause(_ context.Context, do func() error) error {
	f.paused = true
	defer func() { f.paused = false }()
	return do()
}

func (f *folder) CopyLake(_ context.Context, path string) (backup.LakeCopy, error) {
	if err := f.write("lake", path, f.lake); err != nil {
		return backup.LakeCopy{}, err
	}
	return backup.LakeCopy{Figures: count(f.lake), Booked: 7}, nil
}

func (f *folder) CopyState(_ context.Context, path string) error {
	return f.write("state", path, f.state)
}

func (f *folder) CopyJournal(_ context.Context, from uint64, data string) (uint64, error) {
	if err := os.Mkdir(filepath.Join(data, "journal"), 0o700); err != nil {
		return 0, err
	}
	return from + uint64(len(f.tail)), f.write("journal", filepath.Join(data, "journal", "1.seg"), f.tail)
}

func (f *folder) write(what, path, text string) error {
	if f.paused {
		what += " paused"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	return f.step(what)
}

func (f *folder) maker(prices string) *backup.Maker {
	return &backup.Maker{Ledger: f, Reader: reader{}, Prices: prices, Schemas: map[string]int{"lake": 2}, Now: noon}
}

func count(text string) backup.Figures {
	return backup.Figures{"rows": strconv.Itoa(len(text))}
}

// reader opens what a folder has written.
type reader struct{}

func (reader) Lake(_ context.Context, path string) (backup.LakeCopy, error) {
	text, err := os.ReadFile(path)
	return backup.LakeCopy{Figures: count(string(text)), Booked: 7}, err
}

func (reader) State(_ context.Context, path string) (backup.Figures, error) {
	text, err := os.ReadFile(path)
	return count(string(text)), err
}

func (reader) Tail(_ context.Context, data string, from, _ uint64) (backup.Tail, error) {
	text, err := os.ReadFile(filepath.Join(data, "journal", "1.seg"))
	sum := sha256.Sum256(text)
	return backup.Tail{Records: int64(len(text)), End: from + uint64(len(text)), Digest: hex.EncodeToString(sum[:])}, err
}

func wantKind(t *testing.T, err error, kind spend.Kind) {
	t.Helper()
	if err == nil || spend.KindOf(err) != kind || spend.HintOf(err) == "" {
		t.Errorf("want %s with a hint, got %v (%q)", kind, err, spend.HintOf(err))
	}
}

// made makes a backup and gives its folder.
func made(t *testing.T) string {
	t.Helper()
	prices := t.TempDir()
	if err := os.WriteFile(filepath.Join(prices, "own.csv"), []byte("prices"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &folder{lake: "lines", state: "people and tokens", tail: "waiting"}
	dir := filepath.Join(t.TempDir(), "shelf", "backup")
	if _, err := f.maker(prices).Make(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// files gives the files below a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
