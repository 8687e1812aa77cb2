package app

import (
	"context"
	"errors"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// KeepHouse does every chore once.
func (s *Server) KeepHouse(ctx context.Context) error {
	var errs []error
	for _, c := range s.chores() {
		errs = append(errs, c.do(ctx))
	}
	return errors.Join(errs...)
}

// AuditLarge takes the ledger for a large one.
func (s *Server) AuditLarge() { s.audits.few = -1 }

// AskAheadOfLarge asks what pages open with, as of a large ledger.
func (s *Server) AskAheadOfLarge(ctx context.Context) error {
	s.asked.few, s.asked.next = -1, time.Time{}
	return s.AskAhead(ctx)
}

// Alone does something while nobody is asking.
func Alone(ctx context.Context, asking func() bool, do func(context.Context) error) error {
	return alone(ctx, asking, do)
}

// CompareAll has the answer about costs that sources say ready, and writes it down.
func (s *Server) CompareAll(ctx context.Context) error { return s.compareAll(ctx) }

// ComparedNote is under what it is written down.
const ComparedNote = comparedNote

// AuditBooked looks at what was booked.
func (s *Server) AuditBooked(ctx context.Context) error { return s.auditBooked(ctx) }

// Tell keeps and sends what is due.
func (s *Server) Tell(ctx context.Context) error { return s.tell(ctx) }

// Foresee forecasts the budgets.
func (s *Server) Foresee(ctx context.Context) error { return s.foresee(ctx) }

// Recount counts the budgets anew.
func (s *Server) Recount(ctx context.Context) error { return s.recount(ctx) }

// Heralds answers questions about notices.
func Heralds(s *Server) api.Notices { return heralds{s} }

// Pulse sums what is booked of calls that have just been made.
type Pulse struct{ p *pulse }

// NewPulse has counted nothing.
func NewPulse() Pulse { return Pulse{newPulse()} }

// Add counts a batch.
func (p Pulse) Add(now time.Time, charges []spend.Charge) { p.p.add(now, charges) }

// Take gives the last full second.
func (p Pulse) Take(now time.Time) *api.Pulse { return p.p.take(now, "USD") }

// Keys counts what is kept.
func (p Pulse) Keys() int { return len(p.p.keys) }

// Beat publishes the last second.
func (s *Server) Beat(ctx context.Context) error { return s.beat(ctx) }

// Part is where days of a list are booked.
type Part = part

// Emptied are the days of which a vendor says nothing any more.
func Emptied(lines []vendor.Line, parts []Part, from, to time.Time) []ingest.Part {
	return emptied(lines, parts, span{from, to})
}
