package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const clients = 16

// load is clients that call one after another until their server is gone.
type load struct {
	keys [2]string
	next atomic.Int64 // number of the next call
	all  sync.WaitGroup

	leaving bool // some clients leave their answers
	later   bool // some answers are made in the background

	mu    sync.Mutex
	whole map[string]bool // calls whose answers came whole
	began map[string]bool // in the background, and were not read to their end
}

func newLoad(t *testing.T, s *server, data string) *load {
	t.Helper()
	l := &load{whole: map[string]bool{}, began: map[string]bool{}}
	for i := range l.keys {
		status, text := s.ask(t, http.MethodPost, "/api/v1/tokens", adminToken(t, data),
			fmt.Sprintf(`{"kind":"gateway","name":"load-%d","scope":{"application":"a","team":"t","business_unit":"u"}}`, i))
		var made struct{ Secret string }
		if err := json.Unmarshal([]byte(text), &made); err != nil || status != http.StatusCreated {
			t.Fatalf("%d %s", status, text)
		}
		l.keys[i] = made.Secret
	}
	return l
}

func (l *load) start(address string) {
	for range clients {
		l.all.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			for l.call(transport, address, l.next.Add(1)-1) {
			}
		})
	}
}

// call makes a call of one kind or another, and says whether the server is there.
func (l *load) call(via http.RoundTripper, address string, n int64) bool {
	marker, path, body := kindOf(n, l.later)
	body = strings.Replace(body, "{", fmt.Sprintf(`{"user":%q,`, marker), 1)
	trip, leave := context.WithCancel(context.Background())
	defer leave()
	r, err := http.NewRequestWithContext(trip, http.MethodPost, address+path, strings.NewReader(body))
	if err != nil {
		return false
	}
	l.sign(r, n)
	answer, err := via.RoundTrip(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	if l.leaving && n%11 == 5 && !strings.HasSuffix(path, "/responses") {
		_, _ = io.CopyN(io.Discard, answer.Body, rand.Int64N(300))
		return true
	}
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return false
	case answer.StatusCode != http.StatusOK || path == uncounted:
		return true // the server lives
	case strings.HasSuffix(path, "/responses"):
		return l.read(via, address, n, string(text))
	}
	l.has(marker)
	return true
}

// read asks for an answer that was made in the background.
func (l *load) read(via http.RoundTripper, address string, n int64, text string) bool {
	marker := fmt.Sprint("call-", n)
	l.mu.Lock()
	l.began[marker] = true
	l.mu.Unlock()
	id := regexp.MustCompile(`c-\d+`).FindString(text)
	r, err := http.NewRequest(http.MethodGet, address+"/openai/v1/responses/"+id, http.NoBody)
	if err != nil {
		return false
	}
	l.sign(r, n)
	answer, err := via.RoundTrip(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return !errors.Is(err, io.ErrUnexpectedEOF)
	}
	l.has(marker)
	return true
}

// sign gives a request the key, the workflow and the run of a call. The run is the call's
// own name, so that its lines can be found.
func (l *load) sign(r *http.Request, n int64) {
	r.Header.Set("Authorization", "Bearer "+l.keys[n/2%2])
	r.Header.Set("X-Bursar-Workflow", fmt.Sprint("w", n%2))
	r.Header.Set("X-Bursar-Run", fmt.Sprint("call-", n))
}

func (l *load) has(marker string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.whole[marker] = true
	delete(l.began, marker)
}

const uncounted = "/anthropic/v1/messages/count_tokens"

// kindOf mixes streams, plain answers, embeddings, answers that are made in the
// background, and what is not metered.
func kindOf(n int64, later bool) (marker, path, body string) {
	marker, path = fmt.Sprint("call-", n), "/openai/v1/chat/completions"
	switch n % 8 {
	case 0, 2, 5:
		return marker, path, `{"model":"gpt-5","stream":true,"max_tokens":9,"messages":[]}`
	case 6:
		return marker, "/openai/v1/embeddings", `{"model":"text-embedding-3-small","input":"a"}`
	case 7:
		if later && n%16 == 7 {
			return marker, "/openai/v1/responses", `{"model":"gpt-5","background":true,"max_output_tokens":9,"input":"a"}`
		}
		return marker, uncounted, `{"model":"claude-sonnet-5","messages":[]}`
	}
	return marker, path, `{"model":"gpt-5","max_tokens":9,"messages":[]}`
}
