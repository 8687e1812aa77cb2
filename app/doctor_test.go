package app_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
)

// findings gives the checks of a server by name.
func findings(t *testing.T, s *app.Server, now time.Time) map[string]api.Finding {
	t.Helper()
	checks, err := s.Doctor(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]api.Finding{}
	for _, c := range checks {
		if (c.State == api.Healthy) != (c.Mend == "") {
			t.Errorf("%+v: what is not well says how to mend it, and nothing else does", c)
		}
		found[c.Name] = c
	}
	return found
}

func wantState(t *testing.T, found map[string]api.Finding, state api.Condition, names ...string) {
	t.Helper()
	for _, name := range names {
		if found[name].State != state {
			t.Errorf("%s is %+v, want %s", name, found[name], state)
		}
	}
}

func TestDoctorSaysHowToMend(t *testing.T) {
	t.Parallel()
	s := serverAt(t, filepath.Join(t.TempDir(), "data"))
	post(t, s, 0, 10)
	now := s.Now()
	found := findings(t, s, now)
	wantState(t, found, api.Healthy, "state", "audit trail", "clock", "disk", "journal", "intake", "open calls")
	wantState(t, found, api.Attention, "backup")
	if err := s.Ingest.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	backedUp(t, s)
	wantState(t, findings(t, s, now), api.Healthy, "backup", "journal")
	wantState(t, findings(t, s, now), api.Attention, "unpriced", "quarantine")
	wantState(t, findings(t, s, now.Add(8*24*time.Hour)), api.Attention, "backup")
	wantState(t, findings(t, s, now.Add(-time.Hour)), api.Attention, "clock")
	if (&api.Report{Findings: []api.Finding{found["backup"]}}).Broken() {
		t.Error("a folder without a backup is broken")
	}
	wantState(t, findings(t, s, now), api.Healthy, "audit trail")
	tamper(t, s)
	wantState(t, findings(t, s, now), api.Broken, "audit trail")
	if err := s.Journal.Close(); err != nil {
		t.Fatal(err)
	}
	wantState(t, findings(t, s, now), api.Broken, "intake")
	stop(t, s)
}

// tamper gives the trail an entry that nobody wrote.
func tamper(t *testing.T, s *app.Server) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.Data, "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`INSERT INTO audit (seq, entry, hash) SELECT coalesce(max(seq), 0) + 1, '{}', 'x' FROM audit`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
