package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/app"
)

// TestAskedAheadIsWhatPagesAsk holds the questions against those that a browser was seen
// to ask.
func TestAskedAheadIsWhatPagesAsk(t *testing.T) {
	t.Parallel()
	seen, err := os.ReadFile(filepath.Join("testdata", "pages.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, ask := range app.AskedAhead() {
		if !strings.Contains(string(seen), " "+ask+"\n") {
			t.Errorf("no page asks %s", ask)
		}
	}
}

// TestPagesAreAskedAhead asks once for what is booked, and anew when something came of
// days gone by; what did not change is not asked of the lines again.
func TestPagesAreAskedAhead(t *testing.T) {
	t.Parallel()
	s := serverAt(t, filepath.Join(t.TempDir(), "data"))
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	recalls := func(first, last int) int64 {
		t.Helper()
		before := s.Lake.Recalls()
		if last > first {
			post(t, s, first, last)
		}
		if err := s.Ingest.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.AskAheadOfLarge(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s.Lake.Recalls() - before
	}
	first := recalls(0, 10)
	if again := recalls(10, 10); again != 0 {
		t.Errorf("%d answers were looked up though nothing came", again)
	}
	if late := recalls(10, 20); late <= first {
		t.Errorf("%d answers were looked up when something came, %d the first time", late, first)
	}
}

// TestAloneLetsOthersGoFirst is given up for whoever asks, and begun anew when they have
// their answer.
func TestAloneLetsOthersGoFirst(t *testing.T) {
	t.Parallel()
	var asking atomic.Bool
	begun := 0
	err := app.Alone(t.Context(), asking.Load, func(ctx context.Context) error {
		if begun++; begun == 1 {
			asking.Store(true)
			<-ctx.Done() // others have come
			asking.Store(false)
		}
		return nil
	})
	if err != nil || begun != 2 {
		t.Errorf("it was begun %d times, %v", begun, err)
	}
	asking.Store(true)
	ctx, end := context.WithCancel(t.Context())
	end()
	if err := app.Alone(ctx, asking.Load, func(context.Context) error { begun++; return nil }); err == nil || begun != 2 {
		t.Errorf("it was done although others never ended: %v", err)
	}
}
