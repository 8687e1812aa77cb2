package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

// aborts is how many clients leave: 1,000 in make test, more with BURSAR_ABORTS
// (make chaos).
func aborts() int {
	if n, err := strconv.Atoi(os.Getenv("BURSAR_ABORTS")); err == nil {
		return n
	}
	return 1000
}

// TestClientsThatLeaveAnywhere lets clients go before, in the midst of or behind their
// calls. Each request that the vendor saw has one line with its usage source; where
// answers are read on it is what the vendor told; a call that did not come whole has
// none; and five budgets count what the ledger holds.
func TestClientsThatLeaveAnywhere(t *testing.T) {
	t.Parallel()
	v := openVendor(t)
	v.slow.Store(true)
	data, file := v.configured(t, "")
	server := startServerWith(t, io.Discard, "serve", "--config", file)
	applyBudgets(t, data)
	l := newLoad(t, server, data)
	l.leaveAnywhere(t, server.url)
	server.checkDoctor(t, data) // while answers are read on
	server.rest(t, data)
	server.checkBudgets(t, data)
	stop(t, server)
	server = startServerWith(t, io.Discard, "serve", "--config", file) // books what was left in the journal
	server.checkBudgets(t, data)
	server.kill(t)
	lines := linesIn(t, data)
	left := map[string]int{}
	for marker, all := range lines {
		for i := range all {
			checkLeft(t, marker, &all[i])
			left[string(all[i].Status)+" by "+string(all[i].UsageSource)]++
		}
	}
	for marker := range l.began {
		if v.met[marker] || len(lines[marker]) > 0 {
			t.Errorf("%s did not come whole, and has %d lines", marker, len(lines[marker]))
		}
	}
	t.Logf("%d seen: %+v; %v", v.count(), v.audit(t, lines), left)
	if left["aborted by provider"] == 0 {
		t.Error("no answer was read on")
	}
}

// leaveAnywhere makes calls of which each second one goes to the route that reads on.
func (l *load) leaveAnywhere(t *testing.T, address string) {
	for range clients {
		l.all.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			for n := l.next.Add(1) - 1; n < int64(aborts()); n = l.next.Add(1) - 1 {
				l.leaveOnce(t, transport, address, n)
			}
		})
	}
	l.all.Wait()
}

func (l *load) leaveOnce(t *testing.T, via http.RoundTripper, address string, n int64) {
	marker := fmt.Sprint("call-", n)
	path := []string{"/openai", "/hasty"}[n%2] + "/v1/chat/completions"
	body := fmt.Sprintf(`{"user":%q,"model":"gpt-5","stream":%t,"max_tokens":9,"messages":[]}`, marker, n%5 > 0)
	trip, leave := context.WithCancel(t.Context())
	point := rand.Int64N(1000)
	if point < 250 { // within the time that an answer takes
		trip, leave = context.WithTimeout(t.Context(), time.Duration(rand.Int64N(int64(10*time.Millisecond))))
	}
	defer leave()
	r, err := http.NewRequestWithContext(trip, http.MethodPost, address+path, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return
	}
	l.sign(r, n)
	if point >= 950 {
		l.half(t, r, body)
		return
	}
	answer, err := via.RoundTrip(r)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, point) // the answer has about 700 bytes
}

// half sends a part of a request.
func (l *load) half(t *testing.T, r *http.Request, body string) {
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.URL.Host)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	var all strings.Builder
	if err := r.Write(&all); err != nil {
		t.Error(err)
	}
	_, _ = io.WriteString(conn, all.String()[:all.Len()-1-rand.IntN(len(body))])
	l.mu.Lock()
	defer l.mu.Unlock()
	l.began[r.Header.Get("X-Bursar-Run")] = true
}

// checkLeft looks at the usage source of one line.
func checkLeft(t *testing.T, marker string, c *spend.Charge) {
	t.Helper()
	reads := c.Scope.Workflow == "w0" // the route reads on
	switch c.UsageSource {
	case spend.UsageProvider, spend.UsageNone:
	case spend.UsageProviderPartial, spend.UsageEstimate, spend.UsageUnobserved:
		if reads || c.Status != spend.StatusAborted {
			t.Errorf("%s settled as %s by %s", marker, c.Status, c.UsageSource)
		}
	default:
		t.Errorf("%s settled as %s by %q", marker, c.Status, c.UsageSource)
	}
}

// rest waits until nothing is under way, and everything is booked.
func (s *server) rest(t *testing.T, data string) {
	t.Helper()
	var list api.BudgetList
	for range 600 {
		s.settled(t, data)
		s.read(t, data, "/api/v1/budgets", &list)
		quiet := len(list.Items) > 0
		for i := range list.Items {
			quiet = quiet && list.Items[i].Held.IsZero() && list.Items[i].Settled.IsZero()
		}
		if quiet {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("something is held for ever: %+v", list.Items)
}
