package gateway_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

const (
	streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
	wholeHead  = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	chunked    = "Transfer-Encoding: chunked\r\n\r\n"
)

// raw answers calls on a connection as bytes, but for messages, which it answers well.
func raw(f func(conn net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/messages") {
			say(200, "application/json", message)(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		f(conn)
		_ = conn.Close()
	}
}

const message = `{"id":"m","type":"message","model":"claude-x","usage":{"input_tokens":5,"output_tokens":2},"stop_reason":"end_turn"}`

// bytesOf sends parts, as long as somebody takes them.
func bytesOf(parts ...string) func(net.Conn) {
	return func(conn net.Conn) {
		for _, part := range parts {
			if _, err := io.WriteString(conn, part); err != nil {
				return
			}
		}
	}
}

// forever sends a part again and again until nobody takes it.
func forever(head, part string) func(net.Conn) {
	return func(conn net.Conn) {
		_, err := io.WriteString(conn, head)
		for err == nil {
			_, err = io.WriteString(conn, part)
		}
	}
}

// dripping sends a byte at a time, as long as somebody takes it.
func dripping(head, part string) func(net.Conn) {
	return func(conn net.Conn) {
		_, err := io.WriteString(conn, head)
		for i := 0; err == nil; i = (i + 1) % len(part) {
			_, err = io.WriteString(conn, part[i:i+1])
			time.Sleep(10 * time.Millisecond) // it is a pace, nothing is awaited
		}
	}
}

// bomb has no end when it is unpacked, though nobody asked for it packed.
func bomb(conn net.Conn) {
	_, _ = io.WriteString(conn, wholeHead+"Content-Encoding: gzip\r\n\r\n")
	packed, room := gzip.NewWriter(conn), strings.Repeat(" ", 1<<20)
	for {
		if _, err := io.WriteString(packed, room); err != nil {
			return
		}
	}
}

// silent sends a head and then nothing until the gateway leaves.
func silent(head string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = io.WriteString(conn, head)
		_, _ = io.Copy(io.Discard, conn)
	}
}

// TestHostileUpstreams sets the gateway before upstreams that do everything wrong:
// each call ends, has one line that says what is known of it, and others go on.
func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	const frame = `data: {"id":"c","choices":[{"delta":{"content":"a"}}]}` + "\n\n"
	for name, c := range map[string]struct {
		upstream func(net.Conn)
		status   int // of the answer
		end      spend.Status
	}{
		"tells more than it sends": {bytesOf(wholeHead, "Content-Length: 5000\r\n\r\n", whole[:40]), 200, spend.StatusInterrupted},
		"tells less than it sends": {bytesOf(wholeHead, "Content-Length: 40\r\n\r\n", whole), 200, spend.StatusInterrupted},
		"dies in a frame":          {bytesOf(streamHead, frame, frame[:20]), 200, spend.StatusInterrupted},
		"sends garbage":            {bytesOf(streamHead, strings.Repeat("data: }{\x00\xff\n\n:\n\nevent\n", 1000)), 200, spend.StatusInterrupted},
		"chunks wrongly":           {bytesOf(wholeHead, chunked, "zz\r\n", whole), 200, spend.StatusInterrupted},
		"chunks without end":       {bytesOf(wholeHead, chunked, "ffffffff\r\n", whole), 200, spend.StatusOK},
		"bombs with fields":        {forever("HTTP/1.1 200 OK\r\n", "X-Field: "+strings.Repeat("x", 1000)+"\r\n"), 503, spend.StatusInterrupted},
		"storms with hints":        {forever("", "HTTP/1.1 103 Early Hints\r\n\r\n"), 503, spend.StatusInterrupted},
		"is no HTTP":               {bytesOf("SSH-2.0-OpenSSH_9.9\r\n"), 503, spend.StatusInterrupted},
		"says nothing":             {silent(""), 503, spend.StatusInterrupted},
		"falls silent":             {silent(streamHead + frame), 200, spend.StatusInterrupted},
		"never ends":               {forever(streamHead, frame), 200, spend.StatusInterrupted},
		"drips":                    {dripping(streamHead, frame), 200, spend.StatusInterrupted},
		"bombs with gzip":          {bomb, 200, spend.StatusInterrupted},
		"changes the protocol":     {bytesOf("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", frame), 101, spend.StatusInterrupted},
		"fails and never ends":     {forever("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n", " "), 400, spend.StatusError},
		"fails and falls silent":   {silent("HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"), 503, spend.StatusError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := enter(t, raw(c.upstream), func(cfg *gateway.Config) {
				cfg.Head, cfg.Idle, cfg.Call = 500*time.Millisecond, 300*time.Millisecond, 900*time.Millisecond
				cfg.Routes[0].Upstreams[0].Tries = 1
			})
			if status := r.take(chat); status != c.status {
				t.Errorf("answered with %d, want %d", status, c.status)
			}
			got := r.settled(1)[0]
			if got.Event.Status != c.end || got.Event.UsageSource == "" {
				t.Errorf("settled as %s by %s, want %s", got.Event.Status, got.Event.UsageSource, c.end)
			}
			if answer, text := r.ask("/anthropic/v1/messages", `{"model":"claude-x","max_tokens":5,"messages":[]}`); answer.StatusCode != 200 || text != message {
				t.Errorf("another call: %d %s", answer.StatusCode, text)
			}
		})
	}
}

// take makes a call, reads what comes of its answer, and gives its status.
func (r *room) take(body string) int {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.server.URL+"/openai/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer bursar-key")
	answer, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body) // it may end early
	return answer.StatusCode
}

// TestAFailureThatFallsSilent is followed by another attempt, not by a long wait.
func TestAFailureThatFallsSilent(t *testing.T) {
	t.Parallel()
	var once sync.Once
	r := enter(t, func(w http.ResponseWriter, req *http.Request) {
		answer := say(200, "application/json", whole)
		once.Do(func() { answer = raw(silent("HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\n{")) })
		answer(w, req)
	}, func(cfg *gateway.Config) {
		cfg.Idle, cfg.Routes[0].Upstreams[0].Tries = 100*time.Millisecond, 2
	})
	if status := r.take(`{"model":"gpt-5","messages":[]}`); status != 200 {
		t.Errorf("answered with %d", status)
	}
	if got := r.settled(2); got[0].Event.Status != spend.StatusError || got[1].Event.Status != spend.StatusOK {
		t.Errorf("settled as %s and %s", got[0].Event.Status, got[1].Event.Status)
	}
}

// heap is what is in use when the garbage is gone.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMemoryIsBounded is alone in its process while it measures.
func TestMemoryIsBounded(t *testing.T) { //nolint:paralleltest // others would be measured too
	const most = 24 << 20
	mega := strings.Repeat("x", 1<<20)
	for name, start := range map[string]string{
		"one frame":  streamHead + `data: {"choices":[{"delta":{"content":"`,
		"one answer": wholeHead + "\r\n" + `{"choices":[{"message":{"content":"`,
		"one field":  streamHead + "data",
	} {
		before := heap()
		var highest atomic.Int64
		r := enter(t, raw(func(conn net.Conn) {
			_, err := io.WriteString(conn, start)
			for i := 0; i < 100 && err == nil; i++ {
				_, err = io.WriteString(conn, mega)
				if i%25 == 24 {
					highest.Store(max(highest.Load(), heap()-before))
				}
			}
		}), nil)
		if status := r.take(chat); status != 200 {
			t.Errorf("%s: %d", name, status)
		}
		r.settled(1)
		if n := highest.Load(); n > most {
			t.Errorf("%s of 100 MB takes %d MB", name, n>>20)
		}
	}
}

// endless is a body that measures while it is read.
type endless struct {
	left, before int64
	highest      atomic.Int64 // the transport may read on behind the answer
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	if e.left%(25<<20) < int64(len(p)) {
		e.highest.Store(max(e.highest.Load(), heap()-e.before))
	}
	e.left -= int64(len(p))
	return copy(p, bytes.Repeat([]byte(" "), len(p))), nil
}

// TestABodyOf100MB is refused while it comes, or before where its length is told.
func TestABodyOf100MB(t *testing.T) { //nolint:paralleltest // it measures memory
	called := false
	r := enter(t, func(http.ResponseWriter, *http.Request) { called = true }, func(c *gateway.Config) { c.Body, c.Memory = 8<<20, 32<<20 })
	for _, length := range []int64{-1, 100 << 20} {
		body := &endless{left: 100 << 20, before: heap()}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.URL+"/openai/v1/chat/completions", body)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = length
		req.Header.Set("Authorization", "Bearer bursar-key")
		answer, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Errorf("length %d: %v", length, err) // the refusal comes before the rest is sent
			continue
		}
		if answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("length %d: %d", length, answer.StatusCode)
		}
		_ = answer.Body.Close()
		if n := body.highest.Load(); n > 40<<20 {
			t.Errorf("length %d takes %d MB", length, n>>20)
		}
	}
	if called {
		t.Error("the upstream was called")
	}
}

// TestAClientThatSendsAllFirst reads why it is refused, though nobody wants its body.
func TestAClientThatSendsAllFirst(t *testing.T) {
	t.Parallel()
	r := enter(t, say(200, "application/json", whole), func(c *gateway.Config) { c.Body = 16 << 20 })
	piece := strings.Repeat("a", 1<<20) // of 40: more than the buffers of the system hold
	for name, c := range map[string]struct {
		key, length string
		before      string // of each piece
		end         string
		status      int
	}{
		"too large":        {"bursar-key", "Content-Length: 41943040\r\n\r\n", "", "", 413},
		"without a length": {"bursar-key", chunked, "\r\n100000\r\n", "\r\n0\r\n\r\n", 413},
		"nobody's":         {"other", "Content-Length: 41943040\r\n\r\n", "", "", 401},
		"nobody's pieces":  {"other", chunked, "\r\n100000\r\n", "\r\n0\r\n\r\n", 401},
	} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		head := "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + c.key + "\r\n" + c.length
		_, err = io.WriteString(conn, head)
		for i := 0; i < 40 && err == nil; i++ {
			before := c.before
			if i == 0 {
				before = strings.TrimPrefix(before, "\r\n")
			}
			_, err = io.WriteString(conn, before+piece)
		}
		if err == nil {
			_, err = io.WriteString(conn, c.end)
		}
		if err != nil {
			t.Errorf("%s: it cannot send all: %v", name, err)
			continue
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode != c.status || !answer.Close {
			t.Errorf("%s: %v", name, answer)
		}
	}
}

// TestASlowClient takes less than it is sent: it is given up, its answer is read on,
// and others are not kept waiting.
func TestASlowClient(t *testing.T) {
	t.Parallel()
	r := enter(t, raw(func(conn net.Conn) {
		frame := `data: {"id":"c","choices":[{"delta":{"content":"` + strings.Repeat("a", 60_000) + `"}}]}` + "\n\n"
		_, _ = io.WriteString(conn, streamHead)
		for range 300 { // more than the buffers of the system hold
			_, _ = io.WriteString(conn, frame)
		}
		_, _ = io.WriteString(conn, `data: {"id":"c","choices":[],"usage":`+usage+"}\n\ndata: [DONE]\n\n")
	}), func(c *gateway.Config) { c.Client = 200 * time.Millisecond })
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(r.server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bursar-key\r\nContent-Length: %d\r\n\r\n%s", len(chat), chat)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 20)); err != nil {
		t.Fatal(err)
	}
	if answer, text := r.ask("/anthropic/v1/messages", `{"model":"claude-x","max_tokens":5,"messages":[]}`); answer.StatusCode != 200 || text != message {
		t.Errorf("another call: %d %s", answer.StatusCode, text)
	}
	for _, got := range r.settled(2) {
		if got.Event.UsageSource != spend.UsageProvider {
			t.Errorf("settled as %s by %s", got.Event.Status, got.Event.UsageSource)
		}
	}
}

// TestAnUploadThatFallsSilent ends, although it is not metered and not read here.
func TestAnUploadThatFallsSilent(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	r := enter(t, func(_ http.ResponseWriter, q *http.Request) {
		_, err := io.Copy(io.Discard, q.Body)
		ended <- err
	}, func(c *gateway.Config) { c.Client = 200 * time.Millisecond })
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(r.server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "POST /openai/v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bursar-key\r\nContent-Length: 100\r\n\r\nx")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "in time") {
		t.Errorf("%d %s %v", answer.StatusCode, text, err)
	}
	if err := <-ended; err == nil {
		t.Error("the upstream was told that the upload is whole")
	}
}
