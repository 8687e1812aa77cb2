package app_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// TestWhatIsTooOldIsRemoved imports calls and a bad record, and opens the folder
// as a server half a year later.
func TestWhatIsTooOldIsRemoved(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	path := users(t, "ada triage", "bo triage", " nobody")
	a := openFolder(t, data, app.Privacy{})
	if so := importUsers(t, a, path); so.Booked != 2 || so.Quarantined != 1 {
		t.Fatalf("%+v, want two booked and one rejected", so)
	}
	shut(t, a)
	for _, c := range []struct {
		name            string
		retention       app.Retention
		lines, rejected int
		trail           string
	}{
		{"for ever", app.Retention{}, 2, 1, ""},
		{"a year", app.Retention{Quarantine: 365 * 24 * time.Hour, Charges: 365 * 24 * time.Hour}, 2, 1, ""},
		{"up to the month of the calls", app.Retention{Charges: 175 * 24 * time.Hour}, 2, 1, ""},
		{"the quarantine", app.Retention{Quarantine: 90 * 24 * time.Hour}, 2, 0, ""},
		{"both", app.Retention{Quarantine: 90 * 24 * time.Hour, Charges: 90 * 24 * time.Hour}, 0, 0, "retention/charges/2027-01"},
	} {
		lines, rejected, trail := afterHalfAYear(t, data, c.retention)
		if lines != c.lines || rejected != c.rejected || !strings.Contains(trail, c.trail) || (trail == "") != (c.trail == "") {
			t.Errorf("%s: %d lines, %d rejected, trail %q; want %d, %d, %q", c.name, lines, rejected, trail, c.lines, c.rejected, c.trail)
		}
	}
	a = openFolder(t, data, app.Privacy{})
	if so := importUsers(t, a, path); so.Booked != 0 {
		t.Errorf("%+v: removed lines came back with their file", so)
	}
	shut(t, a)
}

// afterHalfAYear runs a server until its chores are done once.
func afterHalfAYear(t *testing.T, data string, r app.Retention) (lines, rejected int, trail string) {
	t.Helper()
	later := func() time.Time { return noon().AddDate(0, 6, 0) }
	s, err := app.OpenServer(t.Context(), app.Config{Data: data, Now: later, Privacy: app.Privacy{Retention: r}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.KeepHouse(t.Context()); err != nil {
		t.Fatal(err)
	}
	count := func(*spend.Charge) error { lines++; return nil }
	if err := s.Lake.EachLine(t.Context(), count); err != nil {
		t.Fatal(err)
	}
	kept, err := s.Lake.Quarantined(t.Context(), lake.Listing{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	err = s.State.Read(t.Context(), func(tx *state.Tx) error { trail, err = targets(t.Context(), tx); return err })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return lines, len(kept), trail
}

func targets(ctx context.Context, tx *state.Tx) (all string, err error) {
	rows, err := tx.AuditAfter(ctx, 0, 10)
	for _, r := range rows {
		all += r.Entry
	}
	return all, err
}
