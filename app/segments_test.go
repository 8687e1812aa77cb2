package app_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/backup"
)

// TestTheJournalIsKeptForTheNewestVerifiedBackup does the chores of a server over
// some days, with and without backups.
func TestTheJournalIsKeptForTheNewestVerifiedBackup(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, c := range []struct {
		name    string
		backups time.Duration // between two
		bound   time.Duration
		kept    []int // segments after the first, third and fifth day
	}{
		{"no backup", 0, 0, []int{2, 4, 6}},
		{"no backup, and a bound", 0, 4 * day, []int{2, 4, 4}},
		{"a backup every day", day, 0, []int{2, 3, 3}},
		{"one backup on the first day", 99 * day, 0, []int{2, 3, 5}},
		{"one backup, and a bound", 99 * day, 4 * day, []int{2, 3, 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			days := time.Duration(0)
			config := app.Config{
				Data: filepath.Join(t.TempDir(), "data"), Create: true, Now: func() time.Time { return time.Now().Add(days) },
				KeepJournal: 3 * day, Privacy: app.Privacy{Retention: app.Retention{Journal: c.bound}},
			}
			if c.backups > 0 {
				config.Backups = app.Backups{Shelf: backup.Shelf(t.TempDir()), Every: c.backups, Keep: 2}
			}
			s, err := app.OpenServer(t.Context(), config, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			var kept []int
			for n := range 5 {
				post(t, s, 5*n, 5*n+5)
				if err := s.Ingest.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
				days += day + time.Hour
				age(t, s, config.Now().Add(-day))
				if err := s.KeepHouse(t.Context()); err != nil {
					t.Fatal(err)
				}
				if segments := s.Journal.Stats().Segments; n%2 == 0 {
					kept = append(kept, segments)
				}
			}
			if !slices.Equal(kept, c.kept) {
				t.Errorf("%v segments are kept, want %v", kept, c.kept)
			}
			if all, err := config.Backups.Shelf.Backups(); c.backups == day && (len(all) != 2 || err != nil) {
				t.Errorf("%d backups are kept, %v; want 2", len(all), err)
			}
			stop(t, s)
		})
	}
}

// age makes the segment being written look as if nothing was written since.
func age(t *testing.T, s *app.Server, at time.Time) {
	t.Helper()
	newest := s.Journal.Stats().Written.Segment()
	for ; newest <= s.Journal.Stats().Written.Segment()+1; newest++ {
		path := filepath.Join(s.Data, "journal", segmentName(newest))
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func segmentName(n uint32) string { return fmt.Sprintf("%010d.seg", n) }
