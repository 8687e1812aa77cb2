package gateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// TestARequestGoesOutOnce although its connection ends, and although the client says
// that it may be repeated: the upstream has seen it, and a repetition is an attempt.
func TestARequestGoesOutOnce(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Idempotency-Key", "X-Idempotency-Key"} {
		var seen atomic.Int64
		var told atomic.Value
		r := enter(t, func(w http.ResponseWriter, q *http.Request) {
			told.Store(q.Header.Get(name))
			if seen.Add(1) == 1 { // its connection is kept for the next one
				say(200, "application/json", whole)(w, q)
				return
			}
			_, _ = io.Copy(io.Discard, q.Body)
			panic(http.ErrAbortHandler)
		}, nil)
		header := []string{name, "once"}
		if name == "" {
			header = nil
		}
		r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`, header...)
		answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`, header...)
		got := r.settled(2)[1].Event
		if answer.StatusCode != http.StatusServiceUnavailable || got.Status != spend.StatusInterrupted {
			t.Errorf("%q: %d, settled as %s", name, answer.StatusCode, got.Status)
		}
		if seen.Load() != 2 {
			t.Errorf("%q: the upstream saw %d requests, and two are in the ledger", name, seen.Load())
		}
		if name != "" && told.Load() != "once" {
			t.Errorf("%s came as %q", name, told.Load())
		}
	}
}

// TestNobodyIsThere makes no attempt for a client that is gone before it.
func TestNobodyIsThere(t *testing.T) {
	t.Parallel()
	called := false
	r := enter(t, func(http.ResponseWriter, *http.Request) { called = true }, nil)
	gone, leave := context.WithCancel(t.Context())
	leave()
	q := httptest.NewRequestWithContext(gone, http.MethodPost, "/openai/v1/chat/completions", strings.NewReader(chat))
	q.Header.Set("Authorization", "Bearer bursar-key")
	r.gateway.ServeHTTP(httptest.NewRecorder(), q)
	if called || len(r.ledger.open) != 0 {
		t.Errorf("%d attempts began", len(r.ledger.open))
	}
}

// TestALaterAnswerIsReadBehindAnotherConfiguration than the one under which it was
// asked for.
func TestALaterAnswerIsReadBehindAnotherConfiguration(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodGet {
			say(200, "application/json", `{"id":"resp_1","object":"response","status":"completed","output":[],"usage":{"input_tokens":10,"output_tokens":3,"total_tokens":13}}`)(w, q)
			return
		}
		say(200, "application/json", `{"id":"resp_1","object":"response","status":"queued","output":[],"usage":null}`)(w, q)
	}, nil)
	r.ask("/openai/v1/responses", `{"model":"gpt-5","background":true,"input":"CANARY"}`)
	other, err := gateway.New(r.gateway.Config)
	if err != nil {
		t.Fatal(err)
	}
	q := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/openai/v1/responses/resp_1", http.NoBody)
	q.Header.Set("Authorization", "Bearer bursar-key")
	other.ServeHTTP(httptest.NewRecorder(), q)
	if len(r.ledger.ended) != 1 || r.ledger.ended[0].Event.UsageSource != spend.UsageProvider {
		t.Errorf("settled %+v", r.ledger.ended)
	}
}

// TestALaterAnswerIsReadInPart by a client that reads it whole after that.
func TestALaterAnswerIsReadInPart(t *testing.T) {
	t.Parallel()
	const made = `{"id":"resp_1","object":"response","status":"completed","output":[],"usage":{"input_tokens":10,"output_tokens":3,"total_tokens":13}}`
	reads := 0
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodPost {
			say(200, "application/json", `{"id":"resp_1","object":"response","status":"queued","output":[],"usage":null}`)(w, q)
			return
		}
		if reads++; reads == 1 {
			tell(w, made[:60])
			panic(http.ErrAbortHandler)
		}
		say(200, "application/json", made)(w, q)
	}, nil)
	r.ask("/openai/v1/responses", `{"model":"gpt-5","background":true,"input":"CANARY"}`)
	for range 2 {
		q := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/openai/v1/responses/resp_1", http.NoBody)
		q.Header.Set("Authorization", "Bearer bursar-key")
		r.gateway.ServeHTTP(httptest.NewRecorder(), q)
	}
	if got := r.settled(1)[0].Event; got.UsageSource != spend.UsageProvider || got.Usage.Tokens[spend.OutText] != 3 {
		t.Errorf("settled as %s by %s", got.Status, got.UsageSource)
	}
}
