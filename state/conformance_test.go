package state_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/bursarhq/bursar/state"
	"github.com/bursarhq/bursar/state/statetest"
)

func TestSQLiteConforms(t *testing.T) {
	t.Parallel()
	statetest.Run(t, func(t *testing.T) statetest.Open {
		path := filepath.Join(t.TempDir(), "state.db")
		return func(clock func() time.Time) *state.Store { return open(t, path, clock) }
	})
}

// open opens a store that is closed when the test ends.
func open(t *testing.T, path string, clock func() time.Time) *state.Store {
	s, err := state.OpenSQLite(t.Context(), path, clock)
	if err != nil {
		t.Error(err)
		return nil
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }
