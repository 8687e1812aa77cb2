package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// sighted is a request that a vendor saw, and what it bills for it.
type sighted struct {
	marker string // the client's name of the call, in the field user, which passes
	id     string // of the answer; "" where answers have none
	tokens int64  // of the prompt; 0 where it answered with an error
}

// vendor is an upstream that keeps what any vendor keeps: the requests that it saw. How
// it answers a call is in the call's number, so that each answer tells a usage of its own.
type vendor struct {
	*httptest.Server
	hold  atomic.Bool   // streams do not end
	slow  atomic.Bool   // frames of a stream come a millisecond apart
	moved chan struct{} // a request was seen

	mu   sync.Mutex      // guards what follows
	seen []sighted       // that it bills for, or failed at
	met  map[string]bool // their markers
}

func openVendor(t *testing.T) *vendor {
	t.Helper()
	v := &vendor{moved: make(chan struct{}, 1), met: map[string]bool{}}
	v.Server = httptest.NewServer(http.HandlerFunc(v.answer))
	t.Cleanup(v.Close)
	return v
}

// tokensOf is what the vendor tells for a call.
func tokensOf(n int64) int64 { return 1000 + n%997 }

// failing says that the vendor fails at a call the first time.
func failing(n int64) bool { return n%41 == 40 }

// see notes a request, and says whether the vendor is to fail at it.
func (v *vendor) see(marker string, n int64) (a sighted, fail bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	fail = failing(n) && !v.met[marker]
	v.met[marker] = true
	a = sighted{marker: marker, id: fmt.Sprintf("c-%d", len(v.seen)), tokens: tokensOf(n)}
	if fail {
		a.id, a.tokens = "", 0
	}
	v.seen = append(v.seen, a)
	select {
	case v.moved <- struct{}{}:
	default:
	}
	return a, fail
}

func (v *vendor) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	user := regexp.MustCompile(`"user":"call-(\d+)"`).FindSubmatch(body)
	switch {
	case r.Method == http.MethodGet:
		v.ready(w, r.URL.Path)
		return
	case strings.HasSuffix(r.URL.Path, "/count_tokens"):
		_, _ = io.WriteString(w, `{"input_tokens":5}`) // it bills nothing for it
		return
	case user == nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	n, _ := strconv.ParseInt(string(user[1]), 10, 64)
	a, fail := v.see("call-"+string(user[1]), n)
	if fail {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"error":{"message":"busy"}}`)
		return
	}
	switch usage := fmt.Sprintf(`"usage":{"prompt_tokens":%d,"completion_tokens":0,"total_tokens":%[1]d}`, a.tokens); {
	case strings.HasSuffix(r.URL.Path, "/embeddings"):
		v.forgetID(a.id)
		_, _ = fmt.Fprintf(w, `{"object":"list","data":[],"model":"text-embedding-3-small","usage":{"prompt_tokens":%d,"total_tokens":%[1]d}}`, a.tokens)
	case strings.HasSuffix(r.URL.Path, "/responses"):
		_, _ = fmt.Fprintf(w, `{"id":%q,"object":"response","model":"gpt-5","status":"queued","output":[],"usage":null}`, a.id)
	case strings.Contains(string(body), `"stream":true`):
		v.stream(w, r, a.id, usage)
	default:
		_, _ = fmt.Fprintf(w, `{"id":%q,"model":"gpt-5","choices":[],%s}`, a.id, usage)
	}
}

// forgetID makes a request one whose answer has no id.
func (v *vendor) forgetID(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.seen {
		if v.seen[i].id == id {
			v.seen[i].id = ""
		}
	}
}

// ready gives an answer that was made in the background.
func (v *vendor) ready(w io.Writer, path string) {
	id := filepath.Base(path)
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, a := range v.seen {
		if a.id == id {
			_, _ = fmt.Fprintf(w, `{"id":%q,"object":"response","model":"gpt-5","status":"completed","output":[],"usage":{"input_tokens":%d,"output_tokens":0,"total_tokens":%[2]d}}`, id, a.tokens)
		}
	}
}

func (v *vendor) stream(w http.ResponseWriter, r *http.Request, id, usage string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for range 5 {
		_, _ = fmt.Fprintf(w, "data: {\"id\":%q,\"model\":\"gpt-5\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n", id)
		_ = http.NewResponseController(w).Flush()
		if v.slow.Load() {
			time.Sleep(time.Millisecond) // it is a pace, nothing is awaited
		}
	}
	if v.hold.Load() {
		<-r.Context().Done()
		return
	}
	_, _ = fmt.Fprintf(w, "data: {\"id\":%q,\"model\":\"gpt-5\",\"choices\":[],%s}\n\ndata: [DONE]\n\n", id, usage)
}

// count is how many requests it saw that are metered.
func (v *vendor) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.seen)
}

// until waits for so many requests.
func (v *vendor) until(t *testing.T, seen int) {
	t.Helper()
	for v.count() < seen {
		select {
		case <-v.moved:
		case <-t.Context().Done():
			t.Fatal("the upstream saw too little")
		}
	}
}

// configured writes a configuration whose routes go to the vendor: openai and anthropic
// read on when a client leaves, hasty does not.
func (v *vendor) configured(t *testing.T, more string) (data, file string) {
	t.Helper()
	return configure(t, t.TempDir(), v.URL, more)
}

// configure writes a configuration into a folder, whose routes go to an upstream that
// knows the server by the folder's name.
func configure(t testing.TB, folder, upstream, more string) (data, file string) {
	t.Helper()
	data, file = filepath.Join(folder, "data"), filepath.Join(folder, "bursar.yaml")
	to := fmt.Sprintf("upstreams: [{base: %s, seller: openai, key_file: %s, tries: 2}]", upstream, filepath.Join(folder, "key"))
	for name, text := range map[string]string{
		"key": filepath.Base(folder) + "\n",
		"routes.yaml": "gateway: bursar/1\nroutes:\n  - {name: openai, api: openai, " + to + "}\n  - {name: anthropic, api: anthropic, " + to + "}\n" +
			"  - {name: hasty, api: openai, client_gone: cancel, " + to + "}\n",
		"bursar.yaml": fmt.Sprintf("data: %s\nlisten: 127.0.0.1:0\ngateway:\n  routes: %s\n%s", data, filepath.Join(folder, "routes.yaml"), more),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return data, file
}
