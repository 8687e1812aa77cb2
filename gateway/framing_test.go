package gateway_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// TestAnswersInAnyFraming come whole, and the call after each as well.
func TestAnswersInAnyFraming(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.WriteString(w, whole); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		head, body string // as the upstream sends them
		want       string
		source     spend.UsageSource
	}{
		"until it hangs up": {wholeHead + "Connection: close\r\n\r\n", whole, whole, spend.UsageProvider},
		"of HTTP/1.0":       {"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n", whole, whole, spend.UsageProvider},
		"behind hints":      {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + wholeHead + "Connection: close\r\n\r\n", whole, whole, spend.UsageProvider},
		"before trailers":   {wholeHead + "Connection: close\r\nTrailer: X-Sum\r\n" + chunked, fmt.Sprintf("%x\r\n%s\r\n0\r\nX-Sum: 7\r\n\r\n", len(whole), whole), whole, spend.UsageProvider},
		"packed unasked":    {wholeHead + "Connection: close\r\nContent-Encoding: gzip\r\n" + fmt.Sprintf("Content-Length: %d\r\n\r\n", packed.Len()), packed.String(), packed.String(), spend.UsageProvider},
		"packed otherwise":  {wholeHead + "Connection: close\r\nContent-Encoding: br\r\n\r\n", "packed", "packed", spend.UsageUnobserved},
	} {
		r := enter(t, raw(bytesOf(c.head, c.body)), nil)
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`, "Accept-Encoding", "gzip")
		if answer.StatusCode != 200 || text != c.want {
			t.Errorf("%s: %d %q", name, answer.StatusCode, text)
		}
		if other, _ := r.ask("/anthropic/v1/messages", `{"model":"claude-x","max_tokens":9,"messages":[]}`); other.StatusCode != 200 {
			t.Errorf("%s: the call after it is answered with %d", name, other.StatusCode)
		}
		if got := r.settled(2)[0]; got.Event.UsageSource != c.source || got.Event.Status != spend.StatusOK && c.source == spend.UsageProvider || got.Hold.Valid != (c.source == spend.UsageUnobserved) {
			t.Errorf("%s: settled as %s by %s, held at %v", name, got.Event.Status, got.Event.UsageSource, got.Hold)
		}
	}
}

// TestHeadsArePassedAsTheyCame: a client that names no program of its own, and an upstream
// that does not say what its bytes are, go without; an error to a stream keeps its length.
func TestHeadsArePassedAsTheyCame(t *testing.T) {
	t.Parallel()
	long := `{"error":{"message":"` + strings.Repeat("no ", 2000) + `"}}`
	r := enter(t, func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		if program, said := req.Header["User-Agent"]; said {
			t.Errorf("%s: the upstream saw the program %s", req.URL.Path, program)
		}
		w.Header()["Content-Type"] = nil
		if strings.HasSuffix(req.URL.Path, "/chat/completions") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(long)))
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, long)
	}, nil)
	for path, kind := range map[string]string{
		"/openai/v1/chat/completions": "application/json", "/openai/v1/embeddings": "", "/openai/v1/files": "",
	} {
		answer, text := r.ask(path, chat, "User-Agent", "")
		if got := answer.Header.Get("Content-Type"); got != kind || text != long {
			t.Errorf("%s: is said to be %q, want %q: %.100s", path, got, kind, text)
		}
		if got := answer.Header.Get("Content-Length"); got != fmt.Sprint(len(long)) {
			t.Errorf("%s: is %q bytes long, want %d", path, got, len(long))
		}
	}
}

// TestWhatComesBehindAnAnswer goes on to the client, whether it was announced or not.
func TestWhatComesBehindAnAnswer(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		say(200, "application/json", whole)(w, req)
		w.Header().Set("X-Sum", "7")
		w.Header().Set(http.TrailerPrefix+"X-More", "8")
	}, nil)
	for _, path := range []string{"/openai/v1/chat/completions", "/openai/v1/files"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.URL+path, strings.NewReader(`{"model":"gpt-5"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer bursar-key")
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || string(text) != whole || answer.Trailer.Get("X-Sum") != "7" || answer.Trailer.Get("X-More") != "8" {
			t.Errorf("%s: %s and behind it %v, %v", path, text, answer.Trailer, err)
		}
	}
}

// TestAnAnswerBeforeItsRequestHasEnded passes at once, whatever the client still has to send,
// and is the last on its connection.
func TestAnAnswerBeforeItsRequestHasEnded(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex()
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		_, _ = io.WriteString(w, "no more")
	}, nil)
	for name, length := range map[string]string{"announced": "Content-Length: 100000\r\n\r\n", "in pieces": chunked + "5\r\n"} {
		conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.WriteString(conn, "POST /openai/v1/files HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer bursar-key\r\n"+length+"begun"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge || string(text) != "no more" || !answer.Close {
			t.Errorf("%s: %d %s, the last %v, %v", name, answer.StatusCode, text, answer.Close, err)
		}
	}
}

// TestCallsInOnePipe come back in their order, each whole and with a line of its own.
func TestCallsInOnePipe(t *testing.T) {
	t.Parallel()
	r := enter(t, streamed, nil)
	conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var pipe strings.Builder
	for i := range 3 {
		fmt.Fprintf(&pipe, "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer bursar-key\r\nX-Bursar-Step: %d\r\nContent-Length: %d\r\n\r\n%s", i, len(chat), chat)
	}
	if _, err := io.WriteString(conn, pipe.String()); err != nil {
		t.Fatal(err)
	}
	from := bufio.NewReader(conn)
	for i := range 3 {
		answer, err := http.ReadResponse(from, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || !strings.HasSuffix(string(text), "data: [DONE]\n\n") || strings.Contains(string(text), "usage") {
			t.Errorf("call %d: %v %s", i, err, text)
		}
	}
	for i, got := range r.settled(3) {
		if e := got.Event; e.Scope.Step != fmt.Sprint(i) || e.Usage.CompletionTokens() != 3 || e.Status != spend.StatusOK {
			t.Errorf("call %d settled as step %s, %s with %d tokens", i, e.Scope.Step, e.Status, e.Usage.CompletionTokens())
		}
	}
}

// TestAnUpstreamThatGoesAway ends its HTTP/2 connections under calls: each call is
// answered, by one request that it saw.
func TestAnUpstreamThatGoesAway(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	r, connections := overHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		if seen.Add(1)%3 == 0 {
			w.Header().Set("Connection", "close") // says GOAWAY
		}
		streamed(w, r)
	})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				if answer, text := r.ask("/openai/v1/chat/completions", chat); answer.StatusCode != 200 || !strings.HasSuffix(text, "data: [DONE]\n\n") {
					t.Errorf("%d %s", answer.StatusCode, text)
				}
			}
		})
	}
	all.Wait()
	if seen.Load() != 80 || connections.Load() < 2 {
		t.Errorf("the upstream saw %d requests on %d connections, want 80 on some", seen.Load(), connections.Load())
	}
	for _, got := range r.settled(80) {
		if got.Event.Status != spend.StatusOK || got.Event.UsageSource != spend.UsageProvider {
			t.Errorf("settled as %s by %s", got.Event.Status, got.Event.UsageSource)
		}
	}
}

// TestWhatHadNoAnswerIsTriedAgainSeldom: an upstream that hangs up gets a tenth more than
// the calls, and ten at first, as one that answers with failures does.
func TestWhatHadNoAnswerIsTriedAgainSeldom(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		if n := asked.Add(1); n%3 != 0 { // the breaker stays shut
			say(200, "application/json", whole)(w, q)
			return
		}
		panic(http.ErrAbortHandler)
	}, func(c *gateway.Config) { c.Routes[0].Upstreams[0].Tries = 5 })
	failed := 0
	for range 60 {
		if answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 200 {
			failed++
		}
	}
	r.settled(int(asked.Load()))
	if more := asked.Load() - 60; more < 10 || more > 16 || failed == 0 {
		t.Errorf("60 calls made %d requests more, and %d failed", more, failed)
	}
}

// TestAConnectionThatHasDied on the way, of HTTP/2, which many calls share, is noticed: what
// it had taken is interrupted, and the next call goes by another.
func TestAConnectionThatHasDied(t *testing.T) {
	t.Parallel()
	vendor := httptest.NewUnstartedServer(http.HandlerFunc(streamed))
	vendor.EnableHTTP2 = true
	vendor.StartTLS()
	t.Cleanup(vendor.Close)
	var deaf atomic.Bool
	way := wayTo(t, vendor.Listener.Addr().String(), &deaf)
	transport := gateway.NewTransport()
	transport.HTTP2.SendPingTimeout /= 100
	transport.HTTP2.PingTimeout /= 100
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	transport.TLSClientConfig.RootCAs.AddCert(vendor.Certificate())
	r := enter(t, nil, func(c *gateway.Config) {
		c.Transport, c.Routes[0].Upstreams[0].Base = transport, &url.URL{Scheme: "https", Host: way}
	})
	var got []int
	for i := range 3 {
		deaf.Store(i == 1)
		answer, _ := r.ask("/openai/v1/chat/completions", chat)
		got = append(got, answer.StatusCode)
	}
	if fmt.Sprint(got) != "[200 503 200]" || r.settled(3)[1].Event.Status != spend.StatusInterrupted {
		t.Errorf("answered with %v, the second settled as %s", got, r.settled(3)[1].Event.Status)
	}
}

// wayTo is an address that leads to another, and lets nothing through while it is deaf.
func wayTo(t *testing.T, to string, deaf *atomic.Bool) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	carry := func(from, to net.Conn) {
		defer to.Close()
		room := make([]byte, 32<<10)
		for {
			n, err := from.Read(room)
			if !deaf.Load() {
				_, _ = to.Write(room[:n])
			}
			if err != nil {
				return
			}
		}
	}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				_ = near.Close()
				continue
			}
			go carry(near, far)
			go carry(far, near)
		}
	}()
	return l.Addr().String()
}
