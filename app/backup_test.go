package app_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

func serverAt(t *testing.T, data string) *app.Server {
	t.Helper()
	c := app.Config{Data: data, Create: true, Now: func() time.Time { return noon().Add(time.Hour) }}
	s, err := app.OpenServer(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func event(kind, id, data string) string {
	return fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.%s.v1","source":"till","id":%q,"time":"2026-03-01T10:00:00Z","data":%s}`, kind, id, data)
}

const called = `{"seller":"openai","requested_model":"gpt-5","usage":{"input_tokens":1000000,"output_tokens":0},"scope":{"principal":"ada","run":"r"}}`

// post accepts calls, of which the third is one of an unknown model, the fourth
// stays open, and the fifth is rejected.
func post(t *testing.T, s *app.Server, first, last int) {
	t.Helper()
	who := auth.Identity{Token: "till", Grants: []auth.Grant{{Role: auth.Ingest, Scope: spend.Scope{Application: "shop", Team: "sales"}}}}
	var events []string
	for n := first; n < last; n++ {
		id, kind, data := fmt.Sprint(n), "usage", called
		switch n % 5 {
		case 2:
			data = strings.Replace(called, "gpt-5", "nobody-knows", 1)
		case 3:
			kind = "call.opened"
		case 4:
			data = `{"usage":{"input_tokens":-1}}`
		}
		events = append(events, event(kind, id, data))
	}
	if _, err := s.Accept(t.Context(), who, []byte("["+strings.Join(events, ",")+"]")); err != nil {
		t.Fatal(err)
	}
}

// content is everything that a ledger holds, in an order.
type content struct {
	Lines, Opens []spend.Charge
	Rejected     []lake.Rejected
	Totals       spend.Totals
}

func contentOf(t *testing.T, s *app.Server) (c content) {
	t.Helper()
	if err := s.Ingest.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := errors.Join(
		s.Lake.EachLine(t.Context(), func(l *spend.Charge) error { c.Lines = append(c.Lines, *l); return nil }),
		s.Lake.EachOpened(t.Context(), func(l *spend.Charge) { c.Opens = append(c.Opens, *l) }))
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range [][]spend.Charge{c.Lines, c.Opens} {
		slices.SortFunc(lines, func(a, b spend.Charge) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	}
	if c.Rejected, err = s.Lake.Quarantined(t.Context(), lake.Listing{Limit: 1000}); err != nil {
		t.Fatal(err)
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost, spend.Calls, spend.Runs}, Zone: time.UTC}
	table, err := s.Answer(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	c.Totals = table.Totals
	return c
}

func backedUp(t *testing.T, s *app.Server) backup.Note {
	t.Helper()
	note, err := s.Backup(t.Context(), backup.Shelf(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	return note
}

func restore(t *testing.T, from, journal string) *app.Server {
	t.Helper()
	to := filepath.Join(t.TempDir(), "new", "data")
	c := app.Config{Data: to, Now: func() time.Time { return noon().Add(time.Hour) }}
	if _, err := app.Restore(t.Context(), app.Restoration{From: from, Journal: journal, Config: c}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	s := serverAt(t, to)
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *app.Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestRestoreGivesTheSameLinesAndOpens backs up a folder of which a part is booked,
// a part accepted and a part accepted after the backup. The backup alone brings back
// what was there when it was made; with the journal that outlived the lake it brings
// back everything.
func TestRestoreGivesTheSameLinesAndOpens(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	s := serverAt(t, data)
	own := filepath.Join(data, "prices", "own.yaml")
	if err := errors.Join(os.MkdirAll(filepath.Dir(own), 0o700), os.WriteFile(own, []byte("schema: pricebook/1\nfacts: []\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	post(t, s, 0, 50)
	if err := s.Ingest.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	post(t, s, 50, 73)
	note := backedUp(t, s)
	want := contentOf(t, s)
	if len(want.Lines) != 45 || len(want.Opens) != 14 || len(want.Rejected) != 14 {
		t.Errorf("%d lines, %d open calls, %d rejected", len(want.Lines), len(want.Opens), len(want.Rejected))
	}
	if diff := cmp.Diff(want, contentOf(t, restore(t, note.Folder, ""))); diff != "" {
		t.Errorf("the backup alone (-was +restored):\n%.3000s", diff)
	}
	post(t, s, 73, 90)
	everything := contentOf(t, s)
	stop(t, s)
	again := restore(t, note.Folder, data)
	if diff := cmp.Diff(everything, contentOf(t, again)); diff != "" {
		t.Errorf("with the journal (-was +restored):\n%.3000s", diff)
	}
	post(t, again, 80, 100) // half of it was accepted before
	if got := contentOf(t, again); got.Totals.Calls != 60 {
		t.Errorf("%d calls after going on, want 60", got.Totals.Calls)
	}
	if _, err := os.Stat(filepath.Join(again.Data, "prices", "own.yaml")); err != nil {
		t.Errorf("the folder's own prices: %v", err)
	}
	for _, secret := range []string{"admin-token", "LOCK", "address"} {
		if _, err := os.Stat(filepath.Join(note.Folder, secret)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is in a backup", secret)
		}
	}
}

// TestBackupWhileEventsArrive accepts and books without a pause; each backup holds
// what was accepted before it began.
func TestBackupWhileEventsArrive(t *testing.T) {
	t.Parallel()
	s := serverAt(t, filepath.Join(t.TempDir(), "data"))
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Ingest.Run(ctx) }()
	posted, accepted := make(chan int), 0
	go func() {
		defer close(posted)
		for n := range 60 {
			post(t, s, 5*n, 5*n+5)
			posted <- n
		}
	}()
	for n := range posted {
		accepted += 5
		if n != 20 {
			continue
		}
		made := make(chan backup.Note, 1)
		go func() { made <- backedUp(t, s) }()
		for range 5 { // accepting goes on meanwhile
			if _, more := <-posted; more {
				accepted += 5
			}
		}
		note := <-made
		c := contentOf(t, restore(t, note.Folder, ""))
		if got := len(c.Lines) + len(c.Opens) + len(c.Rejected); got < 5*(n+1) || got > 300 || got%5 != 0 {
			t.Errorf("%d records in a backup that began after %d", got, 5*(n+1))
		}
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	stop(t, s)
}
