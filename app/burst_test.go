package app_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
)

// crowd is 300 clients that ask at once, and a vendor whose answers cost 0.0016.
type crowd struct {
	admin, caller         *running
	seen, passed, refused atomic.Int64
	burst                 chan struct{} // closed when each call of the first burst is refused or at the vendor
	once                  sync.Once
}

const (
	clients = 300
	cap5    = "kind: budget\nbudgets: [{id: a/month, scope: {application: a}, amount: 0.05, currency: USD, period: month, at_limit: stop, " +
		"override: {reason: a test, until: 2099-01-01}}]\n"
)

// answer keeps the first burst waiting until all of it was decided, so that nothing
// has settled by then.
func (c *crowd) answer(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	n := c.seen.Add(1)
	c.decided()
	<-c.burst
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":"c-%d","model":"gpt-5","choices":[],"usage":{"prompt_tokens":0,"completion_tokens":160,"total_tokens":160}}`, n)
}

func (c *crowd) decided() {
	if c.seen.Load()+c.refused.Load() == clients {
		c.once.Do(func() { close(c.burst) })
	}
}

// ask sends a call of each client, and gives how many went through.
func (c *crowd) ask(t *testing.T) int64 {
	t.Helper()
	before := c.passed.Load()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			status, text := c.caller.ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":160,"messages":[]}`)
			switch {
			case status == http.StatusOK:
				c.passed.Add(1)
			case status == http.StatusPaymentRequired && strings.Contains(text, "budget a/month has"):
				c.refused.Add(1)
				c.decided()
			default:
				t.Errorf("%d %s", status, text)
			}
			c.within(t)
		})
	}
	all.Wait()
	return c.passed.Load() - before
}

// within fails when the budget is used beyond its limit at any moment.
func (c *crowd) within(t *testing.T) {
	t.Helper()
	for _, s := range c.admin.Budgets.Current(c.admin.Now()) {
		if used := s.Used(); used.Cmp(money.Must("0.05")) > 0 {
			t.Errorf("%s of %s are used", used, s.Amount)
		}
	}
}

// TestABurstAtTheDoor has 300 clients at a budget of 0.05: as many go through at first
// as their holds fit, and when those who were refused ask again until nothing changes
// exactly 31 have been let through, since 32 times 0.0016 is more.
func TestABurstAtTheDoor(t *testing.T) {
	t.Parallel()
	c := &crowd{burst: make(chan struct{})}
	c.admin = passing(t, c.answer)
	if _, err := c.admin.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, cap5)}); err != nil {
		t.Fatal(err)
	}
	c.caller = c.admin.as(t, "gateway")
	// A hold is 160 tokens of the answer at 10 USD a million, and 112 of the prompt at
	// 1.25: 0.00174, of which 28 are 0.04872.
	if first := c.ask(t); first != 28 {
		t.Errorf("%d go through at first, want as many as fit at their holds: 28", first)
	}
	for c.ask(t) > 0 {
	}
	c.admin.settled(t)
	if c.passed.Load() != 31 || c.seen.Load() != 31 {
		t.Errorf("%d went through, of which the vendor saw %d; want 31", c.passed.Load(), c.seen.Load())
	}
	status, bill := c.admin.ask(t, http.MethodGet, "/api/v1/spend?by=application&measures=cost,calls,exposure&format=csv", "")
	if status != http.StatusOK || !strings.Contains(bill, "a,0.0496,31,0") {
		t.Errorf("%d %s", status, bill)
	}
	for _, s := range c.admin.Budgets.Current(c.admin.Now()) {
		if s.Booked != money.Must("0.0496") || !s.Held.IsZero() || !s.Settled.IsZero() {
			t.Errorf("standing %+v", s)
		}
	}
}
