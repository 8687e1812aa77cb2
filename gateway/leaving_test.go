package gateway_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// aborts is how many clients leave here, where the race detector looks; cmd/bursar has
// the whole server and its ledger.
const aborts = 300

// TestClientsThatLeaveAnywhere lets clients go at any point of their calls. Each
// request that the upstream saw has one line with its usage source, and where
// answers are read on it is exact.
func TestClientsThatLeaveAnywhere(t *testing.T) {
	t.Parallel()
	for _, policy := range []gateway.Gone{gateway.Drain, gateway.Cancel} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int64
			r := enter(t, func(w http.ResponseWriter, req *http.Request) {
				seen.Add(1)
				streamed(w, req)
			}, func(c *gateway.Config) { c.Routes[0].Gone = policy })
			r.leaveAnywhere(aborts / 2)
			r.server.Close() // when every request has ended
			r.upstream.Close()
			if int64(len(r.ledger.open)) != seen.Load() && policy == gateway.Drain {
				t.Errorf("the upstream saw %d requests, %d began", seen.Load(), len(r.ledger.open))
			}
			ended := r.settled(len(r.ledger.open))
			if len(ended) < int(seen.Load()) {
				t.Errorf("the upstream saw %d requests, %d are settled", seen.Load(), len(ended))
			}
			for i := range ended {
				checkLeft(t, policy, &ended[i])
			}
		})
	}
}

// leaveAnywhere makes calls that are left before, in the midst of or behind their
// answers.
func (r *room) leaveAnywhere(calls int) {
	work := make(chan int)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			for range work {
				r.leaveOnce(transport)
			}
		})
	}
	for i := range calls {
		work <- i
	}
	close(work)
	all.Wait()
}

func (r *room) leaveOnce(via http.RoundTripper) {
	trip, leave := context.WithCancel(r.t.Context())
	defer leave()
	body := strings.NewReader(chat)
	req, err := http.NewRequestWithContext(trip, http.MethodPost, r.server.URL+"/openai/v1/chat/completions", body)
	if err != nil {
		r.t.Error(err)
		return
	}
	req.Header.Set("Authorization", "Bearer bursar-key")
	point := rand.N(500) // bytes of the answer, which has about 400
	if point < 50 {
		go leave() // while it is on its way
	}
	answer, err := via.RoundTrip(req)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, int64(point)) // it may be left, or have ended
}

func checkLeft(t *testing.T, policy gateway.Gone, r *ingest.Record) {
	t.Helper()
	e := &r.Event
	exact := e.UsageSource == spend.UsageProvider
	if exact && (e.Usage.Tokens[spend.InText] != 10 || e.Usage.Tokens[spend.OutText] != 3) {
		t.Errorf("exact, and booked %v", e.Usage.Tokens)
	}
	if policy == gateway.Drain && !exact {
		t.Errorf("settled as %s by %s although it was read on", e.Status, e.UsageSource)
	}
	if e.UsageSource == "" || e.UsageSource == spend.UsageUnobserved && !r.Hold.Valid {
		t.Errorf("settled as %s by %q, held %v", e.Status, e.UsageSource, r.Hold.Valid)
	}
}
