package gateway

import (
	"sync/atomic"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// missed are calls that have passed without a record of their own, summed until the
// ledger takes a line that tells of them.
type missed struct {
	some atomic.Bool // there are some
	sums map[missedOf]*ingest.Record
}

// missedOf is what a line tells of.
type missedOf struct{ seller, account, host, model, credential string }

// maxMissed bounds the lines of one stall; calls beyond are told under no model, for
// models are the clients' to name.
const maxMissed = 4096

// miss counts an attempt that passes without a record.
func (a *attempt) miss() {
	a.counts.Unrecorded.Add(1)
	s := a.Stalls
	s.mu.Lock()
	defer s.mu.Unlock()
	of := missedOf{a.door.Seller, a.door.Account, a.door.Base.Host, a.model, a.who.Credential}
	if s.missed.sums == nil {
		s.missed.sums = map[missedOf]*ingest.Record{}
	}
	if s.missed.sums[of] == nil && len(s.missed.sums) >= maxMissed {
		of.model = ""
	}
	r := s.missed.sums[of]
	if r == nil {
		r = a.missing(of)
		s.missed.sums[of] = r
	}
	r.Event.CallCount++
	r.Event.EndedAt = a.started
	if a.hold.Valid {
		r.Hold = plus(money.Known(r.Hold.Amount), a.hold)
	}
	s.missed.some.Store(true)
}

// missing is a line for calls of which nobody knows the usage: their holds are exposure.
func (a *attempt) missing(of missedOf) *ingest.Record {
	return told(spend.Event{
		Source: Source, SourceKey: "unrecorded/" + newID(), Rank: spend.RankGateway, Account: of.account, Bucket: true,
		UsedAt: a.started, StartedAt: a.started, Seller: of.seller, Host: of.host, RequestedModel: of.model,
		Status: spend.StatusInterrupted, UsageSource: spend.UsageUnobserved, Scope: a.caller.Scope,
	}, money.Null{})
}

// tellMissed writes what has passed without a record. What cannot be written waits for
// the next time.
func (g *Gateway) tellMissed() {
	s := g.Stalls
	if !s.missed.some.Load() {
		return
	}
	s.mu.Lock()
	sums := s.missed.sums
	s.missed.sums = nil
	s.missed.some.Store(false)
	s.mu.Unlock()
	for of, r := range sums {
		if err := g.Ledger.End(r); err != nil {
			g.Log.Error("tell of calls that passed without a record", "calls", r.Event.CallCount, "error", err)
			s.keep(of, r)
			continue
		}
		g.Log.Warn("calls passed without a record", "calls", r.Event.CallCount, "since", r.Event.StartedAt, "seller", r.Event.Seller)
	}
}

// keep puts a line back that could not be written.
func (s *Stalls) keep(of missedOf, r *ingest.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missed.sums == nil {
		s.missed.sums = map[missedOf]*ingest.Record{}
	}
	if more := s.missed.sums[of]; more != nil {
		r.Event.CallCount += more.Event.CallCount
		r.Event.EndedAt = more.Event.EndedAt
		r.Hold = plus(money.Known(r.Hold.Amount), money.Known(more.Hold.Amount))
	}
	s.missed.sums[of] = r
	s.missed.some.Store(true)
}
