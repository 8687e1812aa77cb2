package gateway_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// overHTTP2 puts a vendor that speaks HTTP/2 behind a gateway, and counts the connections
// that it is called on.
func overHTTP2(t *testing.T, answer http.HandlerFunc) (r *room, connections *atomic.Int64) {
	t.Helper()
	connections = &atomic.Int64{}
	vendor := httptest.NewUnstartedServer(answer)
	vendor.EnableHTTP2 = true
	vendor.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	vendor.StartTLS()
	t.Cleanup(vendor.Close)
	base, err := url.Parse(vendor.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := gateway.NewTransport()
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	transport.TLSClientConfig.RootCAs.AddCert(vendor.Certificate())
	return enter(t, nil, func(c *gateway.Config) { c.Transport, c.Routes[0].Upstreams[0].Base = transport, base }), connections
}

// TestAnUpstreamThatSpeaksHTTP2 answers many calls on few connections, whole and as
// streams.
func TestAnUpstreamThatSpeaksHTTP2(t *testing.T) {
	t.Parallel()
	var seen, other atomic.Int64
	r, connections := overHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		if seen.Add(1); r.ProtoMajor != 2 {
			other.Add(1)
		}
		streamed(w, r)
	})
	for range 10 {
		if answer, text := r.ask("/openai/v1/chat/completions", chat); answer.StatusCode != 200 || !strings.HasSuffix(text, "data: [DONE]\n\n") || strings.Contains(text, "usage") {
			t.Errorf("%d %s", answer.StatusCode, text)
		}
	}
	if seen.Load() != 10 || other.Load() != 0 || connections.Load() != 1 {
		t.Errorf("%d requests, %d of them not HTTP/2, on %d connections", seen.Load(), other.Load(), connections.Load())
	}
	for _, got := range r.settled(10) {
		if got.Event.UsageSource != spend.UsageProvider || got.Event.Usage.CompletionTokens() != 3 {
			t.Errorf("settled as %+v", got.Event)
		}
	}
}

// TestTimesOfAnUpstream are its own where it has some: each ends a call that would wait
// for an hour by those of the gateway.
func TestTimesOfAnUpstream(t *testing.T) {
	t.Parallel()
	const soon = 100 * time.Millisecond
	frame := `data: {"id":"c","choices":[{"delta":{"content":"a"}}]}` + "\n\n"
	for name, c := range map[string]struct {
		times    gateway.Times
		upstream func(net.Conn)
		end      spend.Status
	}{
		"connect": {gateway.Times{Connect: soon}, nil, spend.StatusError},
		"head":    {gateway.Times{Head: soon}, silent(""), spend.StatusInterrupted},
		"idle":    {gateway.Times{Idle: soon}, silent(streamHead + frame), spend.StatusInterrupted},
		"call":    {gateway.Times{Call: soon}, forever(streamHead, frame), spend.StatusInterrupted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := enter(t, raw(c.upstream), func(cfg *gateway.Config) {
				cfg.Times = gateway.Times{Connect: time.Hour, Head: time.Hour, Idle: time.Hour, Call: time.Hour}
				cfg.Routes[0].Upstreams[0].Times = c.times
				if c.upstream == nil {
					cfg.Routes[0].Upstreams[0].Base = deaf(t)
				}
			})
			r.take(chat)
			if got := r.settled(1)[0].Event; got.Status != c.end {
				t.Errorf("settled as %s by %s, want %s", got.Status, got.UsageSource, c.end)
			}
		})
	}
}

// TestTimesOfWhatIsNotMetered bound it as well: an upstream that says nothing keeps no
// client, and one that falls silent or never ends neither.
func TestTimesOfWhatIsNotMetered(t *testing.T) {
	t.Parallel()
	const soon = 100 * time.Millisecond
	for name, c := range map[string]struct {
		times    gateway.Times
		upstream func(net.Conn)
		status   int
	}{
		"head": {gateway.Times{Head: soon}, silent(""), 503},
		"idle": {gateway.Times{Idle: soon}, silent(streamHead + ": a\n\n"), 200},
		"call": {gateway.Times{Call: soon}, forever(streamHead, ": a\n\n"), 200},
	} {
		r := enter(t, raw(c.upstream), func(cfg *gateway.Config) {
			cfg.Times = gateway.Times{Connect: time.Hour, Head: time.Hour, Idle: time.Hour, Call: time.Hour}
			cfg.Routes[0].Upstreams[0].Times = c.times
		})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.URL+"/openai/v1/files", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer bursar-key")
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != c.status || (err == nil) != (c.status == 503) {
			t.Errorf("%s: %d, %v", name, answer.StatusCode, err)
		}
	}
}

// deaf is an upstream that takes connections and answers no handshake.
func deaf(t *testing.T) *url.URL {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, conn) }()
		}
	}()
	return &url.URL{Scheme: "https", Host: l.Addr().String()}
}

// TestTimesInAFileOfRoutes are read, and refused where they are none.
func TestTimesInAFileOfRoutes(t *testing.T) {
	t.Parallel()
	const head = "gateway: bursar/1\nroutes: [{name: a, api: openai, upstreams: [{base: http://127.0.0.1:1, seller: own, "
	routes, err := gateway.ReadRoutes(strings.NewReader(head+"connect_time: 1s, head_time: 30m, idle_time: 2m, call_time: 2h}]}]\n"), gateway.System())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := routes[0].Upstreams[0].Times, (gateway.Times{Connect: time.Second, Head: 30 * time.Minute, Idle: 2 * time.Minute, Call: 2 * time.Hour}); got != want {
		t.Errorf("read %+v, want %+v", got, want)
	}
	for _, wrong := range []string{"head_time: 5", "head_time: -1s", "call_time: soon"} {
		if _, err := gateway.ReadRoutes(strings.NewReader(head+wrong+"}]}]\n"), gateway.System()); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestRetryAfterIsKept asks an upstream again that says when, and tells the client where
// that is too far away.
func TestRetryAfterIsKept(t *testing.T) {
	t.Parallel()
	for after, want := range map[string]int64{"1": 2, "60": 1} {
		var asked atomic.Int64
		r := enter(t, func(w http.ResponseWriter, q *http.Request) {
			if asked.Add(1) == 1 {
				w.Header().Set("Retry-After", after)
				say(429, "application/json", `{"error":{"message":"slow down","code":"rate_limit_exceeded"}}`)(w, q)
				return
			}
			say(200, "application/json", whole)(w, q)
		}, func(c *gateway.Config) { c.Routes[0].Upstreams[0].Tries = 2 })
		answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
		r.settled(int(want))
		if asked.Load() != want || (answer.StatusCode == 200) != (want == 2) || want == 1 && answer.Header.Get("Retry-After") != after {
			t.Errorf("Retry-After %s: asked %d times, answered with %d", after, asked.Load(), answer.StatusCode)
		}
	}
}

// TestWhatTheUpstreamSaidLast is the answer of a call that cannot be tried again, since its
// upstream is left alone meanwhile.
func TestWhatTheUpstreamSaidLast(t *testing.T) {
	t.Parallel()
	const slow = `{"error":{"message":"slow down","code":"rate_limit_exceeded"}}`
	var asked atomic.Int64
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Retry-After", "60") // too long to be waited for
		if asked.Add(1) == 20 {
			w.Header().Set("Retry-After-Ms", "10")
		}
		say(429, "application/json", slow)(w, q)
	}, func(c *gateway.Config) { c.Routes[0].Upstreams[0].Tries = 2 })
	for range 20 {
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
		if answer.StatusCode != 429 || text != slow || answer.Header.Get("Retry-After") != "60" || answer.Header.Get("X-Bursar-Attempt") == "" {
			t.Fatalf("call %d: %d %s, %v", asked.Load(), answer.StatusCode, text, answer.Header)
		}
	}
	if r.settled(20); !r.ledger.synced[20] {
		t.Error("the client was answered before the attempt was safe")
	}
	if answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 503 || asked.Load() != 20 {
		t.Errorf("%d after the upstream was asked %d times: it is not left alone", answer.StatusCode, asked.Load())
	}
}

// TestRetryAfterIsOfItsUpstream alone: another of the route is asked at once.
func TestRetryAfterIsOfItsUpstream(t *testing.T) {
	t.Parallel()
	for _, tries := range []int{1, 2} {
		var asked atomic.Int64
		r := behind(t, func(w http.ResponseWriter, q *http.Request) {
			asked.Add(1)
			w.Header().Set("Retry-After", "60")
			say(429, "application/json", `{"error":{"message":"slow down","code":"rate_limit_exceeded"}}`)(w, q)
		}, say(200, "application/json", whole), tries)
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
		if r.settled(2); answer.StatusCode != 200 || asked.Load() != 1 {
			t.Errorf("%d tries: %d %s, and the first was asked %d times", tries, answer.StatusCode, text, asked.Load())
		}
	}
}

// TestTheNextUpstreamIsNoRetry: with the first one down, each call is answered by the next,
// also before the first is left alone; and where the next is left alone, the first has the word.
func TestTheNextUpstreamIsNoRetry(t *testing.T) {
	t.Parallel()
	var first, second atomic.Int64
	answers := func(status *atomic.Int64) http.HandlerFunc {
		return func(w http.ResponseWriter, q *http.Request) {
			if status.Load() == 429 {
				w.Header().Set("Retry-After", "60")
			}
			say(int(status.Load()), "application/json", whole)(w, q)
		}
	}
	r := behind(t, answers(&first), answers(&second), 1)
	for _, c := range []struct{ calls, first, second, status int }{
		{19, 503, 200, 200}, {60, 200, 200, 200}, {20, 503, 503, 503}, {1, 429, 200, 429},
	} {
		first.Store(int64(c.first))
		second.Store(int64(c.second))
		for i := range c.calls {
			if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != c.status {
				t.Fatalf("call %d with %d and %d: %d %s", i, c.first, c.second, answer.StatusCode, text)
			}
		}
	}
}

// behind puts a second upstream behind a first, at which a call may be tried some times.
func behind(t *testing.T, first, second http.HandlerFunc, tries int) *room {
	t.Helper()
	before := httptest.NewServer(first)
	t.Cleanup(before.Close)
	base, err := url.Parse(before.URL)
	if err != nil {
		t.Fatal(err)
	}
	return enter(t, second, func(c *gateway.Config) {
		up := c.Routes[0].Upstreams[0]
		up.Base, up.Account, up.Tries = base, "first", tries
		c.Routes[0].Upstreams = []gateway.Upstream{up, c.Routes[0].Upstreams[0]}
	})
}
