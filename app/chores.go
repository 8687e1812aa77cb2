package app

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// chore is work that comes back.
type chore struct {
	name  string
	every time.Duration
	do    func(context.Context) error
}

// chores are done by a running server, each at its start and then at its pace.
func (s *Server) chores() []chore {
	all := []chore{
		{"forget answered requests", time.Hour, s.forgetAnswers},
		{"drop old sessions", time.Hour, s.dropSessions},
		{"drop old rejected records", time.Hour, s.dropQuarantine},
		{"retire old charges", 24 * time.Hour, s.retireCharges},
		{"convert what had no exchange rate", 24 * time.Hour, s.convertLeft},
		{"fold the lake's log into its file", time.Minute, s.checkpoint},
		{"roll up days", 10 * time.Second, s.rollDays},
		{"ask ahead what pages open with", 15 * time.Second, s.AskAhead},
		{"audit what is booked", time.Minute, s.auditBooked},
		{"make a backup", 10 * time.Minute, s.backupWhenDue},
		{"remove old segments of the journal", time.Hour, s.dropJournal},
		{"let outcomes mature", time.Hour, s.mature},
		{"compare costs that sources say", 10 * time.Minute, s.compareAll},
		{"learn names", 10 * time.Minute, s.learn},
		{"book what counters alone tell", 5 * time.Minute, s.BookUntold},
		{"forget what counters told", time.Hour, s.dropNotes},
		{"forget old windows of budgets", time.Minute, s.keepBudgets},
		{"publish the last second", time.Second, s.beat},
		{"tell thresholds", 5 * time.Second, s.tell},
		{"forecast budgets", time.Hour, s.foresee},
		{"forget notices", 24 * time.Hour, s.forgetNotices},
	}
	if s.Polls.Accounts != "" {
		all = append(all, chore{"ask vendors", cmp.Or(s.Polls.Every, time.Hour), s.pollVendors})
	}
	return all
}

// keepHouse does the chores until the context ends or stop is called, which
// waits for those that run.
func (s *Server) keepHouse(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, c := range s.chores() {
		running.Go(func() { s.repeat(ctx, c) })
	}
	return func() {
		cancel()
		running.Wait()
	}
}

// repeat logs what went wrong; the chore comes again. One of each second comes at its
// beginning: the pulse is of full seconds, and from the middle of one it would be told
// half a second late.
func (s *Server) repeat(ctx context.Context, c chore) {
	if c.every == time.Second {
		select {
		case <-time.After(time.Until(time.Now().Truncate(c.every).Add(c.every))):
		case <-ctx.Done():
			return
		}
	}
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for {
		if err := c.do(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("a chore failed", "chore", c.name, "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) mature(ctx context.Context) error {
	_, err := s.Ingest.Mature(ctx, s.Now())
	return err
}
