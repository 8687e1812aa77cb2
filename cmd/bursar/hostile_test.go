package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	mega   = 1 << 20
	okay   = "HTTP/1.1 200 OK\r\n"
	plain  = okay + "Content-Type: application/json\r\n"
	events = okay + "Content-Type: text/event-stream\r\n\r\n"
	frame  = `data: {"id":"c","choices":[{"delta":{"content":"a"}}]}` + "\n\n"
	large  = `{"id":"c-0","model":"gpt-5","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}}`
)

// attacks are upstreams that do everything wrong, by the user that a call names, and the
// status that its client sees.
func attacks() map[string]struct {
	status int
	answer func(net.Conn)
} {
	x := strings.Repeat("x", mega)
	return map[string]struct {
		status int
		answer func(net.Conn)
	}{
		"drips":        {200, func(c net.Conn) { drip(c, events) }},
		"never ends":   {200, func(c net.Conn) { flood(c, events, frame, 1<<40) }},
		"one frame":    {200, func(c net.Conn) { flood(c, events+`data: {"choices":[{"delta":{"content":"`, x, 64) }},
		"one answer":   {200, func(c net.Conn) { flood(c, plain+"\r\n"+`{"choices":[{"message":{"content":"`, x, 64) }},
		"one field":    {200, func(c net.Conn) { flood(c, events+"data", x, 64) }},
		"one failure":  {500, func(c net.Conn) { flood(c, "HTTP/1.1 500 No\r\n\r\n", x, 64) }},
		"gzip bomb":    {200, bomb},
		"header bomb":  {503, func(c net.Conn) { flood(c, okay, "X-Field: "+x[:1000]+"\r\n", 1<<20) }},
		"no HTTP":      {503, func(c net.Conn) { flood(c, "", x, 64) }},
		"says nothing": {503, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		"falls silent": {200, func(c net.Conn) { flood(c, events, frame, 1); _, _ = io.Copy(io.Discard, c) }},
		"tells more":   {200, func(c net.Conn) { flood(c, plain+"Content-Length: 5000\r\n\r\n", large, 1) }},
		"tells less":   {200, func(c net.Conn) { flood(c, plain+"Content-Length: 40\r\n\r\n", large, 1) }},
		"dies":         {200, func(c net.Conn) { flood(c, events, frame+frame[:20], 1) }},
		"garbage":      {200, func(c net.Conn) { flood(c, events, "data: }{\x00\xff\n\n:\n\nevent\n", 1000) }},
	}
}

func flood(to io.Writer, head, part string, times int) {
	_, err := io.WriteString(to, head)
	for i := 0; i < times && err == nil; i++ {
		_, err = io.WriteString(to, part)
	}
}

// drip sends a byte at a time, and never all of it.
func drip(to io.Writer, head string) {
	_, err := io.WriteString(to, head)
	for i := 0; err == nil; i++ {
		_, err = io.WriteString(to, frame[i%len(frame):i%len(frame)+1])
		time.Sleep(20 * time.Millisecond) // it is a pace, nothing is awaited
	}
}

// bomb is small, and 100 MB when it is unpacked, though nobody asked for that.
func bomb(to net.Conn) {
	_, _ = io.WriteString(to, plain+"Content-Encoding: gzip\r\n\r\n")
	packed := gzip.NewWriter(to)
	flood(packed, "", strings.Repeat(" ", mega), 100)
	_ = packed.Close()
}

// TestHostilePeers sets a server between clients and upstreams that do everything wrong,
// all at the same time: its memory is bounded, each of them is told what it did, and
// another call always comes through.
func TestHostilePeers(t *testing.T) {
	t.Parallel()
	user := regexp.MustCompile(`"user":"([a-zA-Z ]+)"`)
	v := &vendor{Server: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if who := user.FindSubmatch(body); who != nil && attacks()[string(who[1])].answer != nil {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			attacks()[string(who[1])].answer(conn)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, large)
	}))}
	t.Cleanup(v.Close)
	data, file := v.configured(t, "  body_bytes: 8388608\n  memory_bytes: 33554432\n  client_time: 1s\n  head_time: 3s\n  idle_time: 3s\n  call_time: 5s\n  drain_time: 1s\nlake: {memory: 128MB, threads: 1}\n")
	server := startServerWith(t, io.Discard, "serve", "--config", file)
	l := newLoad(t, server, data)
	applyBudgets(t, data)
	over := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() { l.others(t, server.url, over) })
	for range 20 {
		others.Go(func() { l.slowHead(t, server.url, over) })
	}
	before := server.resident(t)
	var all sync.WaitGroup
	for name, attack := range attacks() {
		all.Go(func() { l.suffer(t, server.url, name, attack.status) })
	}
	for _, length := range []int64{-1, 100 * mega, -1, 100 * mega} {
		all.Go(func() { l.large(t, server.url, length) })
	}
	all.Go(func() { l.bombFields(t, server.url) })
	all.Go(func() { l.slowBody(t, server.url) })
	all.Go(func() { l.slowReader(t, server.url) })
	all.Wait()
	close(over)
	others.Wait()
	peak := server.peak(t)
	t.Logf("%d MB before, %d MB at most", before, peak)
	if most := before + 128; peak > most {
		t.Errorf("it took %d MB, want at most %d", peak, most)
	}
	server.rest(t, data)
	server.checkBudgets(t, data)
	stop(t, server)
}

// others makes calls that are well made, one after another.
func (l *load) others(t *testing.T, address string, over <-chan struct{}) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	for n := 0; ; n++ {
		select {
		case <-over:
			if n == 0 {
				t.Error("no other call was made")
			}
			return
		default:
		}
		if status, text := l.tell(t, transport, address, strings.NewReader(`{"model":"gpt-5","max_tokens":9,"messages":[]}`)); status != http.StatusOK || text != large {
			t.Errorf("another call: %d %.200s", status, text)
			return
		}
	}
}

// tell makes a call and gives the beginning of what came of it.
func (l *load) tell(t *testing.T, via http.RoundTripper, address string, body io.Reader) (int, string) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/openai/v1/chat/completions", body)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	l.sign(r, 0)
	answer, err := via.RoundTrip(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10)) // it may end early
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, string(text)
}

// suffer calls an upstream that does something wrong.
func (l *load) suffer(t *testing.T, address, name string, want int) {
	status, text := l.tell(t, &http.Transport{DisableKeepAlives: true}, address,
		strings.NewReader(fmt.Sprintf(`{"user":%q,"model":"gpt-5","stream":true,"max_tokens":9,"messages":[]}`, name)))
	if status != want {
		t.Errorf("an upstream that %s: %d %.200s", name, status, text)
	}
	if status == http.StatusServiceUnavailable {
		saysWhy(t, name, text)
	}
}

// saysWhy looks for an error in the caller's dialect.
func saysWhy(t *testing.T, name, text string) {
	var fault struct {
		Error struct{ Message, Type string }
	}
	if err := json.Unmarshal([]byte(text), &fault); err != nil || fault.Error.Message == "" || fault.Error.Type == "" {
		t.Errorf("%s: the client is told %.200s", name, text)
	}
}

// large sends 100 MB, with or without saying so.
func (l *load) large(t *testing.T, address string, length int64) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/openai/v1/chat/completions", io.LimitReader(blank{}, 100*mega))
	if err != nil {
		t.Error(err)
		return
	}
	r.ContentLength = length
	l.sign(r, 0)
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return // the refusal came before the rest was sent, and was lost with the connection
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusRequestEntityTooLarge && answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("100 MB of length %d: %d %s", length, answer.StatusCode, text)
	}
	saysWhy(t, "100 MB", string(text))
}

// blank is white space without end.
type blank struct{}

func (blank) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// slowBody sends a body a byte at a time, and never all of it.
func (l *load) slowBody(t *testing.T, address string) {
	conn := l.dial(t, address, `{"model":"gpt-5","max_tokens":9,"messages":[]}`, 20)
	if conn == nil {
		return
	}
	defer conn.Close()
	told := make(chan struct{})
	go func() {
		defer close(told)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("a slow body: %v", err)
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "in time") {
			t.Errorf("a slow body: %d %s", answer.StatusCode, text)
		}
		saysWhy(t, "a slow body", string(text))
	}()
	for {
		select {
		case <-told:
			return
		case <-time.After(100 * time.Millisecond): // it is a pace
			_, _ = io.WriteString(conn, " ")
		}
	}
}

// dial sends a call but for its last bytes on a connection of its own.
func (l *load) dial(t *testing.T, address, body string, but int) net.Conn {
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Error(err)
		return nil
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/openai/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return nil
	}
	l.sign(r, 0)
	var all strings.Builder
	if err := r.Write(&all); err != nil {
		t.Error(err)
	}
	if _, err := io.WriteString(conn, all.String()[:all.Len()-but]); err != nil {
		t.Error(err)
	}
	return conn
}

// slowReader takes a byte at a time of an answer without end, and the rest when the server
// has given it up.
func (l *load) slowReader(t *testing.T, address string) {
	conn := l.dial(t, address, `{"user":"never ends","model":"gpt-5","stream":true,"max_tokens":9,"messages":[]}`, 0)
	if conn == nil {
		return
	}
	defer conn.Close()
	for range 150 {
		_, _ = io.ReadFull(conn, make([]byte, 1))
		time.Sleep(10 * time.Millisecond) // it is a pace, nothing is awaited
	}
	_, _ = io.Copy(io.Discard, conn)
}

// slowHead sends its fields a byte at a time until it is over.
func (l *load) slowHead(t *testing.T, address string, over <-chan struct{}) {
	conn := l.dial(t, address, "", 2)
	if conn == nil {
		return
	}
	defer conn.Close()
	for {
		select {
		case <-over:
			return
		case <-time.After(50 * time.Millisecond): // it is a pace
			_, _ = io.WriteString(conn, "x")
		}
	}
}

// bombFields sends more fields than a server should take.
func (l *load) bombFields(t *testing.T, address string) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/openai/v1/chat/completions", strings.NewReader("{}"))
	if err != nil {
		t.Error(err)
		return
	}
	l.sign(r, 0)
	for i := range 20_000 {
		r.Header.Set(fmt.Sprint("X-Field-", i), "x")
	}
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return // the refusal came before the rest was sent, and was lost with the connection
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a bomb of fields: %d", answer.StatusCode)
	}
}

// resident forgets the peak of the server's memory, and gives what it holds now, in MB.
func (s *server) resident(t *testing.T) int {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.cmd.Process.Pid), []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	return s.peak(t)
}

// peak is the most memory that the server held since, in MB.
func (s *server) peak(t *testing.T) (megabytes int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(regexp.MustCompile(`VmHWM:\s+\d+`).FindString(string(text)), "VmHWM: %d", &megabytes); err != nil {
		t.Fatal(err)
	}
	return megabytes / 1024
}
