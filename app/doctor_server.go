package app

import (
	"context"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/spend"
)

// Doctor checks what App.Doctor checks, and the way from the journal into the ledger.
func (s *Server) Doctor(ctx context.Context, now time.Time) ([]api.Finding, error) {
	checks, err := s.examine(ctx, now, s.audited)
	if err != nil {
		return checks, err
	}
	checks = append(checks, s.stalled())
	if s.stalls.Writes() {
		return checks, nil // the journal answers nothing
	}
	oldest := s.Journal.Stats().Oldest // before: it goes on, and behind it the ledger
	booked, err := s.bookedUpTo(ctx)
	if err != nil {
		return checks, err
	}
	checks = append(checks, s.offsets(oldest, booked), s.intake())
	for _, check := range []func(context.Context) (api.Finding, error){s.recountBudgets, s.overrides, s.idle, s.sealed, s.undelivered, s.counted} {
		found, err := check(ctx)
		if err != nil {
			return checks, err
		}
		checks = append(checks, found)
	}
	return checks, nil
}

// offsets compares how far the ledger is booked with how far the journal goes.
func (s *Server) offsets(oldest, booked journal.Position) api.Finding {
	j := s.Journal.Stats()
	if booked > j.Synced || booked < oldest {
		return unwell("journal", api.Broken, fmt.Sprintf("it goes from %s to %s, and the ledger is booked up to %s", oldest, j.Synced, booked),
			"journal and ledger are not of one folder: restore both from one backup (bursar restore)")
	}
	msg := fmt.Sprintf("%d segments up to %s, booked up to %s", j.Segments, j.Synced, booked)
	if j.Torn > 0 {
		msg += fmt.Sprintf("; %d bytes that nobody was promised were cut off when it was opened", j.Torn)
	}
	return api.Finding{Name: "journal", State: api.Healthy, Msg: msg}
}

// intake says whether events are accepted and booked.
func (s *Server) intake() api.Finding {
	if err := s.Ready(); err != nil {
		return unwell("intake", api.Broken, "nothing is accepted: "+err.Error(), spend.HintOf(err))
	}
	waiting := s.Ingest.Waiting()
	return look("intake", when(2*waiting > s.backlog(), "the ledger does not keep up: look at the disk and at long queries; at the limit (ingest.queue) clients are told to come again"),
		fmt.Sprintf("%d records wait to be booked", waiting))
}

// backlog is how many records may wait.
func (s *Server) backlog() int64 {
	if s.Config.Backlog > 0 {
		return s.Config.Backlog
	}
	return 1_000_000
}
