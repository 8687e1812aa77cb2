package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// TestTheAccessFileIsOpenedAnew moves the file away, as a rotation does, and opens the
// door again, as SIGHUP does.
func TestTheAccessFileIsOpenedAnew(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	now, before := filepath.Join(folder, "access"), filepath.Join(folder, "access.1")
	vendors := app.NewMadeUp()
	door := vendors.Behind(app.Door{Calls: &gateway.Config{Access: gateway.AccessRefused}, Access: now})
	admin := serve(t, door, nil)
	ask := func() {
		t.Helper()
		if status, text := admin.ask(t, http.MethodPost, "/openai/v1/chat/completions", "{}"); status != http.StatusUnauthorized {
			t.Fatalf("%d %s", status, text)
		}
	}
	ask()
	ask()
	records(t, now, 2)
	if err := os.Rename(now, before); err != nil {
		t.Fatal(err)
	}
	if err := admin.Open(t.Context(), door); err != nil {
		t.Fatal(err)
	}
	ask()
	records(t, now, 1)
	records(t, before, 2)
	if info, err := os.Stat(now); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: only its owner reads it", info, err)
	}
	door.Access = filepath.Join(folder, "none", "access")
	if err := admin.Open(t.Context(), door); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(spend.HintOf(err), "gateway.access_file") {
		t.Errorf("a file in no folder: %v", err)
	}
	ask()
	records(t, now, 2) // a mistake changes nothing
}

// records waits for so many lines of a file: a record comes behind its answer.
func records(t *testing.T, path string, want int) {
	t.Helper()
	for t.Context().Err() == nil {
		text, err := os.ReadFile(path)
		n := strings.Count(string(text), `"reason":"unknown_key"`)
		if err != nil || n > want {
			t.Fatalf("%d records in %s, want %d, %v", n, filepath.Base(path), want, err)
		}
		if n == want {
			return
		}
	}
}
