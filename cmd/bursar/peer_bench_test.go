package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// asPeer makes the test binary run as what the gateway is measured beside: "upstream", or
// a plain reverse proxy to the address that it gives.
const asPeer = "BURSAR_RUN_AS_PEER"

// peer serves until the process is killed, and prints where.
func peer(to string) int {
	var handler http.Handler = &upstream{seen: map[string]map[string]tally{}}
	if to != "upstream" {
		target, err := url.Parse(to)
		if err != nil {
			return 1
		}
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.Transport = &http.Transport{MaxIdleConns: 4096, MaxIdleConnsPerHost: 1024, DisableCompression: true}
		proxy.FlushInterval = -1
		handler = proxy
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	fmt.Println("http://" + l.Addr().String())
	_ = http.Serve(l, handler) //nolint:gosec // clients are those of the benchmark
	return 1
}

// startPeer starts a peer in a process of its own.
func startPeer(b *testing.B, to string) *server {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asPeer+"="+to)
	return startProcess(b, io.Discard, cmd)
}

// tally is what an upstream has answered.
type tally struct{ Calls, Prompt, Completion int64 }

func (t tally) plus(u tally) tally {
	return tally{t.Calls + u.Calls, t.Prompt + u.Prompt, t.Completion + u.Completion}
}

// upstream is a model's vendor that counts what it is asked, by the key and by the caller
// that a request names.
type upstream struct {
	mu   sync.Mutex
	n    int64
	seen map[string]map[string]tally // by key and caller
}

// The fields of a request to the upstream that pass through whatever stands before it.
const (
	waitField   = "X-Test-Wait"   // before the first byte
	callerField = "X-Test-Caller" // whose call it is
)

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		u.mu.Lock()
		defer u.mu.Unlock()
		_ = json.NewEncoder(w).Encode(u.seen)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	usage := u.count(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), r.Header.Get(callerField))
	if wait, err := time.ParseDuration(r.Header.Get(waitField)); err == nil && wait > 0 {
		<-time.After(wait)
	}
	if strings.Contains(string(body), `"stream":true`) {
		flow(w, usage)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":%s,"model":"gpt-5","choices":[{"message":{"content":"hello"}}],%s}`, usage.id, usage.text)
}

type answerUsage struct{ id, text string }

// count notes a call, of which each uses other quantities.
func (u *upstream) count(key, caller string) answerUsage {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.n++
	t := tally{1, 1000 + u.n%97, 200 + u.n%13}
	if u.seen[key] == nil {
		u.seen[key] = map[string]tally{}
	}
	u.seen[key][caller] = u.seen[key][caller].plus(t)
	return answerUsage{
		fmt.Sprintf(`"c-%d"`, u.n),
		fmt.Sprintf(`"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}`, t.Prompt, t.Completion, t.Prompt+t.Completion),
	}
}

// flow answers in 20 pieces that come 10 ms apart.
func flow(w http.ResponseWriter, usage answerUsage) {
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	next := time.NewTicker(10 * time.Millisecond)
	defer next.Stop()
	for range 20 {
		_, _ = fmt.Fprintf(w, "data: {\"id\":%s,\"model\":\"gpt-5\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n", usage.id)
		_ = control.Flush()
		<-next.C
	}
	_, _ = fmt.Fprintf(w, "data: {\"id\":%s,\"model\":\"gpt-5\",\"choices\":[],%s}\n\ndata: [DONE]\n\n", usage.id, usage.text)
}
