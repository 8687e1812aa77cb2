//go:build sdks

package gateway_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// abortAfter is how many events the programs read before they leave a stream.
const abortAfter = 2

// caseHeader says which answer a call wants of the vendor.
const caseHeader = "X-Sdk-Case"

// asked is a request as the vendor saw it.
type asked struct {
	Case, Method, Path string
	Header             http.Header
	Body               string
}

// vendor answers as OpenAI and Anthropic do, with what stands in testdata/sdks/answers,
// and keeps what it was asked.
type vendor struct {
	t      *testing.T
	server *httptest.Server

	distinct bool // each answer has an id of its own

	mu    sync.Mutex
	asked []asked
	gates map[string]chan struct{}
}

// answerIDs are the ids in testdata/sdks/answers.
const answerIDs = `"id":"(chatcmpl-|msg_|resp_)[0-9]+"`

// distinguish gives each answer an id of its own, as vendors do.
func (v *vendor) distinguish(text []byte) []byte {
	if !v.distinct {
		return text
	}
	return regexp.MustCompile(answerIDs).ReplaceAll(text, fmt.Appendf(nil, `"id":"${1}%d"`, v.seen()))
}

func newVendor(t *testing.T) *vendor {
	v := &vendor{t: t, gates: map[string]chan struct{}{}}
	v.server = httptest.NewServer(v)
	t.Cleanup(v.server.Close)
	return v
}

// ServeHTTP gives the answer of the case that the request names.
func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Errorf("read a request: %v", err)
	}
	name := r.Header.Get(caseHeader)
	before := v.keep(asked{name, r.Method, r.URL.Path, r.Header.Clone(), string(body)})
	brand, whole := "openai", "chat"
	if strings.HasPrefix(r.URL.Path, "/v1/messages") {
		brand, whole = "anthropic", "messages"
	}
	v.head(w.Header(), brand)
	code, isError := strings.CutPrefix(name, "error_")
	switch {
	case isError && (before == 0 || code == "400" || code == "401"):
		v.fail(w, code, answer(v.t, brand+"_"+code+".json"))
	case isError:
		v.whole(w, body, answer(v.t, whole+".json"))
	case strings.Contains(name, "stream"):
		v.stream(w, r, string(body))
	default:
		v.whole(w, body, answer(v.t, strings.TrimSuffix(name, "_header")+".json"))
	}
}

// keep notes a request, and says how many of its case came before on this path.
func (v *vendor) keep(a asked) (before int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, other := range v.asked {
		if other.Case == a.Case && other.Path == a.Path {
			before++
		}
	}
	v.asked = append(v.asked, a)
	return before
}

// seen is how many requests there were.
func (v *vendor) seen() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.asked)
}

// head is what vendors put into the head of each answer.
func (v *vendor) head(h http.Header, brand string) {
	id := "req_1"
	if v.distinct {
		id = fmt.Sprintf("req_%d", v.seen())
	}
	h.Set("X-Request-Id", id)
	h.Set("Set-Cookie", "__cf_bm=made-up; path=/")
	h.Set("Cf-Cache-Status", "DYNAMIC")
	if brand == "anthropic" {
		h.Set("Request-Id", id)
		h.Set("Anthropic-Ratelimit-Requests-Remaining", "49")
		return
	}
	h.Set("Openai-Processing-Ms", "12")
	h.Set("X-Ratelimit-Remaining-Requests", "59")
}

func (v *vendor) fail(w http.ResponseWriter, code string, text []byte) {
	status := map[string]int{"400": 400, "401": 401, "429": 429, "500": 500, "529": 529}[code]
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func (v *vendor) whole(w http.ResponseWriter, body, text []byte) {
	if strings.Contains(string(body), `"encoding_format":"base64"`) {
		text = bytes.Replace(text, []byte("[0.5,-0.25]"), []byte(`"AAAAPwAAgL4="`), 1)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(v.distinguish(text))
}

// stream sends frame by frame, without usage where nobody asked for it. In the midst
// of one that is to be aborted it waits until the client is gone.
func (v *vendor) stream(w http.ResponseWriter, r *http.Request, body string) {
	name := r.Header.Get(caseHeader)
	file := strings.NewReplacer("_abort", "", "_cancel", "", "_usage", "").Replace(name)
	text := string(v.distinguish(answer(v.t, file+".sse")))
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	asks := strings.Contains(body, `"include_usage":true`)
	for i, frame := range strings.SplitAfter(text, "\n\n") {
		if !asks && strings.Contains(frame, `"choices":[]`) {
			continue
		}
		if !asks {
			frame = strings.Replace(frame, `,"usage":null,"obfuscation"`, `,"obfuscation"`, 1)
		}
		if i == abortAfter && strings.HasSuffix(name, "_abort") {
			select {
			case <-r.Context().Done():
				return
			case <-v.gate(name):
			}
		}
		_, _ = io.WriteString(w, frame)
		_ = http.NewResponseController(w).Flush()
	}
}

// gate is closed when the client of a case is known to be gone.
func (v *vendor) gate(name string) chan struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.gates[name] == nil {
		v.gates[name] = make(chan struct{})
	}
	return v.gates[name]
}

// answer reads what a vendor answers.
func answer(t *testing.T, name string) []byte {
	text, err := os.ReadFile(filepath.Join("testdata", "sdks", "answers", name))
	if err != nil {
		t.Errorf("there is no answer: %v", err)
	}
	return text
}
