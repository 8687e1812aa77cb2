package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// backupNow asks a server for a backup and gives its folder.
func (s *server) backupNow(t *testing.T, data string) string {
	t.Helper()
	status, text := s.ask(t, http.MethodPost, "/api/v1/backups", adminToken(t, data), `{}`)
	_, folder, found := strings.Cut(text, `"folder":"`)
	if status != http.StatusCreated || !found {
		t.Fatalf("%d %s", status, text)
	}
	folder, _, _ = strings.Cut(folder, `"`)
	return folder
}

// TestALostLedger kills a server after it accepted more than its backup holds, and
// takes its ledger away: the backup and the journal give back every call, once.
func TestALostLedger(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, again := filepath.Join(dir, "data"), filepath.Join(dir, "again")
	s, token := fullServer(t, data, "backup: {folder: "+filepath.Join(dir, "backups")+", every: 0s}")
	posted, folder := 0, ""
	for post := range 4 {
		if status, text := s.postMany(t, token, posted); status != http.StatusAccepted {
			t.Fatalf("%d %s", status, text)
		}
		posted += perPost
		if post == 1 {
			folder = s.backupNow(t, data)
		}
	}
	s.kill(t)
	if err := os.Remove(filepath.Join(data, "lake.duckdb")); err != nil {
		t.Fatal(err)
	}
	if out, err := bursar("restore", folder, "--data", again, "--journal-of", data).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := callsIn(t, again); got != fmt.Sprint(posted) {
		t.Errorf("%s calls came back, %d were acknowledged", got, posted)
	}
}

// TestBackupOnAFullDisk asks for a backup when a file may not grow to the size of the
// ledger: it is refused, nothing is left of it, and the server goes on.
func TestBackupOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, shelf := filepath.Join(dir, "data"), filepath.Join(dir, "backups")
	s, token := fullServer(t, data, "backup: {folder: "+shelf+", every: 0s}")
	if status, text := s.postMany(t, token, 0); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, text)
	}
	s.settled(t, data)
	before := s.backupNow(t, data)
	s.limit(t, sizeOf(t, before, "state.db")-4096) // of the state's file nothing is written: its log is smaller
	if status, text := s.ask(t, http.MethodPost, "/api/v1/backups", adminToken(t, data), `{}`); status != http.StatusInsufficientStorage || !strings.Contains(text, `"hint":"`) {
		t.Errorf("%d %s when the disk is full", status, text)
	}
	s.limit(t, unlimited)
	if left, err := os.ReadDir(shelf); err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v; want the backup from before alone", left, err)
	}
	if status, text := s.postMany(t, token, perPost); status != http.StatusAccepted {
		t.Errorf("%d %s after a backup that failed", status, text)
	}
	s.settled(t, data)
	s.backupNow(t, data)
}
