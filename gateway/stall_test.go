package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// slow is a ledger of which some steps do not come back while their gate is shut.
type slow struct {
	*ledger
	writes, syncs sync.RWMutex
}

func (s *slow) Begin(r *ingest.Record) (uint64, error) {
	s.writes.RLock()
	defer s.writes.RUnlock()
	return s.ledger.Begin(r)
}

func (s *slow) Synced(ctx context.Context, behind uint64) error {
	s.syncs.RLock()
	defer s.syncs.RUnlock()
	return s.ledger.Synced(ctx, behind)
}

func (s *slow) End(r *ingest.Record) error {
	s.writes.RLock()
	defer s.writes.RUnlock()
	return s.ledger.End(r)
}

// TestAStalledJournal makes three calls while nothing is written, or nothing synced, and
// one when it is over. Each request that the upstream saw is told, in a line of its own
// or in one that counts it.
func TestAStalledJournal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy   gateway.Stalled
		writes   bool
		status   int
		seen     int64 // by the upstream, of the three
		lines    int   // of them
		statuses map[spend.Status]int64
	}{
		"refused, nothing is written": {gateway.Refuse, true, 503, 0, 1, map[spend.Status]int64{spend.StatusRefused: 1}},
		"refused, nothing is synced":  {gateway.Refuse, false, 503, 1, 1, map[spend.Status]int64{spend.StatusInterrupted: 1}},
		"passed, nothing is written":  {gateway.Pass, true, 200, 3, 2, map[spend.Status]int64{spend.StatusOK: 1, spend.StatusInterrupted: 2}},
		"passed, nothing is synced":   {gateway.Pass, false, 200, 3, 3, map[spend.Status]int64{spend.StatusOK: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int64
			book, stalls := &slow{}, &gateway.Stalls{}
			r := enter(t, func(w http.ResponseWriter, q *http.Request) {
				seen.Add(1)
				say(200, "application/json", whole)(w, q)
			}, func(cfg *gateway.Config) {
				book.ledger, _ = cfg.Ledger.(*ledger)
				cfg.Ledger, cfg.Stalled, cfg.Stalls, cfg.Stall = book, c.policy, stalls, 30*time.Millisecond
			})
			gate := &book.syncs
			if c.writes {
				gate = &book.writes
			}
			gate.Lock()
			for range 3 {
				answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
				if answer.StatusCode != c.status || c.status == 503 && answer.Header.Get("Retry-After") == "" || strings.Contains(text, "panic") {
					t.Errorf("%d %s", answer.StatusCode, text)
				}
			}
			if stalls.Since().IsZero() || stalls.Writes() != c.writes || seen.Load() != c.seen {
				t.Errorf("stalls since %s, writes %v, and the upstream saw %d", stalls.Since(), stalls.Writes(), seen.Load())
			}
			gate.Unlock()
			if err := r.gateway.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 200 || !stalls.Since().IsZero() {
				t.Errorf("when it is over: %d %s", answer.StatusCode, text)
			}
			c.statuses[spend.StatusOK]++
			r.told(c.lines+1, c.statuses)
		})
	}
}

// TestWhatIsKeptIsNotWaitedFor answers while no sync comes back, since the beginning of the
// call is synced already.
func TestWhatIsKeptIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	book, stalls := &slow{}, &gateway.Stalls{}
	r := enter(t, say(200, "application/json", whole), func(c *gateway.Config) {
		book.ledger, _ = c.Ledger.(*ledger)
		c.Ledger, c.Stalls, c.Stall = book, stalls, 30*time.Millisecond
	})
	r.ledger.kept = 1
	book.syncs.Lock()
	defer book.syncs.Unlock()
	if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 200 || !stalls.Since().IsZero() {
		t.Errorf("what is kept: %d %s", answer.StatusCode, text)
	}
	if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 503 || len(r.ledger.synced) != 0 {
		t.Errorf("what is not: %d %s, synced %v", answer.StatusCode, text, r.ledger.synced)
	}
}

// told checks the lines of the ledger, and how many calls of each status they tell of.
func (r *room) told(lines int, want map[spend.Status]int64) {
	r.t.Helper()
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	got := map[spend.Status]int64{}
	for i := range r.ledger.ended {
		e := &r.ledger.ended[i].Event
		got[e.Status] += e.Calls()
		if e.Bucket && (r.ledger.ended[i].Hold != money.Known(money.Must("1")) || e.Scope.Application != "triage" || !strings.HasPrefix(e.SourceKey, "unrecorded/")) {
			r.t.Errorf("what passed is told as %+v", r.ledger.ended[i])
		}
	}
	if len(r.ledger.ended) != lines {
		r.t.Errorf("%d lines, want %d", len(r.ledger.ended), lines)
	}
	for status, n := range want {
		if got[status] != n {
			r.t.Errorf("calls by status %v, want %v", got, want)
		}
	}
}

// TestALedgerThatFails is no stall: calls are refused, or pass and are told of when it
// takes something again.
func TestALedgerThatFails(t *testing.T) {
	t.Parallel()
	r := enter(t, say(200, "application/json", whole), func(c *gateway.Config) { c.Stalled = gateway.Pass })
	r.ledger.full = true
	for range 2 {
		if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 200 {
			t.Errorf("%d %s", answer.StatusCode, text)
		}
	}
	r.ledger.full = false
	if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 200 || r.counts.Unrecorded.Load() != 2 {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	r.told(2, map[spend.Status]int64{spend.StatusInterrupted: 2, spend.StatusOK: 1})
}
