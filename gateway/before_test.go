package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/gateway"
)

// reread puts another gateway in the place of the room's, as a configuration does that
// is read again. Its clients come to the new one from then on.
func (r *room) reread(change func(*gateway.Config)) {
	r.t.Helper()
	c := r.gateway.Config
	c.Before, c.Routes = r.gateway, slices.Clone(c.Routes)
	for i := range c.Routes {
		c.Routes[i].Upstreams = slices.Clone(c.Routes[i].Upstreams)
	}
	if change != nil {
		change(&c)
	}
	var err error
	if r.gateway, err = gateway.New(c); err != nil {
		r.t.Fatal(err)
	}
	r.server = httptest.NewServer(r.gateway)
	r.t.Cleanup(r.server.Close)
}

// TestPlacesOutliveAConfiguration reads it again while calls are under way, with as many
// places, with more and with fewer.
func TestPlacesOutliveAConfiguration(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		places int
		waits  int64 // of three calls that come after two are under way
		change func(*gateway.Config)
	}{
		"the same":         {2, 3, nil},
		"more places":      {4, 1, nil},
		"fewer":            {1, 3, nil},
		"another upstream": {2, 1, func(c *gateway.Config) { c.Routes[0].Upstreams[0].Account = "other" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := gather(t, func(cfg *gateway.Config) { cfg.Routes[0].Upstreams[0].AtOnce = 2 })
			statuses := make(chan int, 5)
			at.come(t.Context(), "a", 2, statuses)
			at.until(func() bool { return len(at.saw()) == 2 })
			at.reread(func(cfg *gateway.Config) {
				if cfg.Routes[0].Upstreams[0].AtOnce = c.places; c.change != nil {
					c.change(cfg)
				}
			})
			at.come(t.Context(), "a", 3, statuses)
			at.until(at.waits(c.waits))
			at.until(func() bool { return len(at.saw()) == 5-int(c.waits) })
			close(at.goOn)
			for range 5 {
				if status := <-statuses; status != http.StatusOK {
					t.Errorf("answered with %d", status)
				}
			}
			at.settled(5)
		})
	}
}

// TestAnAnswerMadeLaterOutlivesAConfiguration asks for it before, and reads it after.
func TestAnAnswerMadeLaterOutlivesAConfiguration(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		status, usage := "queued", "null"
		if q.Method == http.MethodGet {
			status, usage = "completed", `{"input_tokens":10,"output_tokens":3,"total_tokens":13}`
		}
		w.Header().Set("Content-Type", "application/json")
		tell(w, `{"id":"resp_1","object":"response","model":"gpt-5-2026","status":%q,"output":[],"usage":%s}`, status, usage)
	}, nil)
	r.ask("/openai/v1/responses", `{"model":"gpt-5","background":true,"input":"CANARY"}`)
	r.reread(nil)
	r.reread(nil)
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.server.URL+"/openai/v1/responses/resp_1", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer bursar-key")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.ReadAll(answer.Body); err != nil {
		t.Fatal(err)
	}
	if e := r.settled(1)[0].Event; e.Response != "resp_1" || e.Usage.CompletionTokens() != 3 {
		t.Errorf("settled as %+v", e)
	}
}

// TestABreakerOutlivesAConfiguration: an upstream that fails is left alone also after it.
func TestABreakerOutlivesAConfiguration(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		asked.Add(1)
		say(500, "application/json", `{"error":{"message":"no"}}`)(w, q)
	}, nil)
	for range 25 {
		r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
	}
	before := asked.Load()
	r.reread(nil)
	if answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 503 || asked.Load() != before {
		t.Errorf("%d, and the upstream was asked %d times more", answer.StatusCode, asked.Load()-before)
	}
}
