package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// vendor is an upstream that sees what any vendor sees: requests. Each of its answers
// tells 1,000 tokens.
type vendor struct {
	*httptest.Server
	seen  atomic.Int64
	hold  atomic.Bool   // streams do not end
	moved chan struct{} // a request was seen
}

func openVendor(t *testing.T) *vendor {
	t.Helper()
	v := &vendor{moved: make(chan struct{}, 1)}
	v.Server = httptest.NewServer(http.HandlerFunc(v.answer))
	t.Cleanup(v.Close)
	return v
}

const toldUsage = `"usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}`

func (v *vendor) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	n := v.seen.Add(1)
	select {
	case v.moved <- struct{}{}:
	default:
	}
	if !strings.Contains(string(body), `"stream":true`) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"id":"c-%d","model":"gpt-5","choices":[],%s}`, n, toldUsage)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for range 3 {
		_, _ = fmt.Fprintf(w, "data: {\"id\":\"c-%d\",\"model\":\"gpt-5\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n", n)
		_ = http.NewResponseController(w).Flush()
	}
	if v.hold.Load() {
		<-r.Context().Done()
		return
	}
	_, _ = fmt.Fprintf(w, "data: {\"id\":\"c-%d\",\"model\":\"gpt-5\",\"choices\":[],%s}\n\ndata: [DONE]\n\n", n, toldUsage)
}

// until waits for so many requests.
func (v *vendor) until(t *testing.T, seen int64) {
	t.Helper()
	for v.seen.Load() < seen {
		select {
		case <-v.moved:
		case <-t.Context().Done():
			t.Fatal("the upstream saw too little")
		}
	}
}

// configured writes a configuration whose route openai goes to the vendor.
func (v *vendor) configured(t *testing.T, more string) (data, file string) {
	t.Helper()
	folder := t.TempDir()
	data, file = filepath.Join(folder, "data"), filepath.Join(folder, "bursar.yaml")
	for name, text := range map[string]string{
		"key":         "vendor-secret\n",
		"routes.yaml": fmt.Sprintf("gateway: bursar/1\nroutes:\n  - name: openai\n    api: openai\n    upstreams: [{base: %s, seller: openai, key_file: %s}]\n", v.URL, filepath.Join(folder, "key")),
		"bursar.yaml": fmt.Sprintf("data: %s\nlisten: 127.0.0.1:0\ngateway:\n  routes: %s\n%s", data, filepath.Join(folder, "routes.yaml"), more),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return data, file
}

// load is clients that call one after another until their server is gone.
type load struct {
	answered atomic.Int64 // whole
	all      sync.WaitGroup
}

const clients = 16

func (l *load) start(address, key string) {
	for i := range clients {
		l.all.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			for n := 0; l.call(transport, address, key, (n+i)%2 == 0); n++ {
			}
		})
	}
}

// call makes one call and says whether it was answered whole.
func (l *load) call(via http.RoundTripper, address, key string, stream bool) bool {
	r, err := http.NewRequest(http.MethodPost, address+"/openai/v1/chat/completions", strings.NewReader(fmt.Sprintf(`{"model":"gpt-5","stream":%t,"max_tokens":9,"messages":[]}`, stream)))
	if err != nil {
		return false
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := via.RoundTrip(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return false
	}
	l.answered.Add(1)
	return true
}

func gatewayKey(t *testing.T, data string) string {
	t.Helper()
	out, err := bursar("key", "make", "gateway", "--name", "load", "--application", "a", "--team", "t", "--business-unit", "u", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// booked is what a closed ledger says of calls.
type booked struct{ lines, settled int64 }

func bookedIn(t *testing.T, data string) (b booked) {
	t.Helper()
	out, err := bursar("spend", "--data", data, "--measures", "calls,prompt_tokens", "--output", "csv").Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	rows, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%v\n%s", err, out)
	}
	total := rows[len(rows)-1]
	for i, name := range rows[0] {
		n, _ := strconv.ParseInt(total[i], 10, 64)
		switch name {
		case "calls":
			b.lines = n
		case "prompt_tokens":
			b.settled = n / 1000
		}
	}
	if out, err := bursar("doctor", "--data", data).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return b
}

// TestKillUnderCalls kills the server with SIGKILL at full load, again and again:
// every request that the upstream saw is settled or interrupted, once, and every
// answer that a client got is settled.
func TestKillUnderCalls(t *testing.T) {
	v := openVendor(t)
	data, file := v.configured(t, "")
	var l load
	key := ""
	for life := range kills() {
		server := startServerWith(t, io.Discard, "serve", "--config", file)
		if key == "" {
			key = gatewayKey(t, data)
		}
		before := v.seen.Load()
		l.start(server.url, key)
		v.until(t, before+300+int64(life%7)*13)
		server.kill(t)
		l.all.Wait()
	}
	server := startServerWith(t, io.Discard, "serve", "--config", file) // finds what was open
	server.kill(t)
	got, seen, answered := bookedIn(t, data), v.seen.Load(), l.answered.Load()
	t.Logf("%d answered, %d settled, %d seen, %d lines", answered, got.settled, seen, got.lines)
	inFlight := int64(kills() * clients)
	if answered > got.settled || got.settled > seen || seen > got.lines {
		t.Errorf("of %d answered calls %d are settled; of %d requests that the upstream saw there are %d lines", answered, got.settled, seen, got.lines)
	}
	if got.lines-answered > inFlight {
		t.Errorf("%d lines for %d answers: at most %d were under way", got.lines, answered, inFlight)
	}
}

// TestStopUnderCalls stops the server with SIGTERM at full load, again and again: what
// is under way ends well, and no line is there without an answer.
func TestStopUnderCalls(t *testing.T) {
	v := openVendor(t)
	data, file := v.configured(t, "")
	var l load
	key := ""
	for range kills() {
		server := startServerWith(t, io.Discard, "serve", "--config", file)
		if key == "" {
			key = gatewayKey(t, data)
		}
		before := v.seen.Load()
		l.start(server.url, key)
		v.until(t, before+300)
		stop(t, server)
		l.all.Wait()
	}
	got, seen := bookedIn(t, data), v.seen.Load()
	if answered := l.answered.Load(); got.lines != seen || got.settled != seen || answered != seen {
		t.Errorf("%d answered, %d settled, %d seen, %d lines", answered, got.settled, seen, got.lines)
	}
}

// TestStreamsBeyondTheGrace stops a server whose streams do not end.
func TestStreamsBeyondTheGrace(t *testing.T) {
	v := openVendor(t)
	v.hold.Store(true)
	data, file := v.configured(t, "  grace_time: 100ms\n")
	var log strings.Builder
	server := startServerWith(t, &log, "serve", "--config", file)
	key := gatewayKey(t, data)
	var l load
	for range clients {
		l.all.Go(func() { l.call(http.DefaultTransport, server.url, key, true) })
	}
	v.until(t, clients)
	stop(t, server)
	l.all.Wait()
	if got := bookedIn(t, data); got.lines != clients || l.answered.Load() != 0 {
		t.Errorf("%d lines, %d were answered whole", got.lines, l.answered.Load())
	}
	if !strings.Contains(log.String(), "are cut") || strings.Contains(log.String(), "left to the next start") {
		t.Errorf("the log says\n%s", log.String())
	}
}

// stop ends a server as an operator does.
func stop(t *testing.T, s *server) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
}
