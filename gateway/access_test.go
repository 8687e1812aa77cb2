package gateway_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/gateway"
)

// records is an access log in memory.
type records struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

// all gives n records when they are there: the last one may come after its answer.
func (r *records) all(t *testing.T, n int) (all []map[string]any) {
	t.Helper()
	for {
		r.mu.Lock()
		text := r.text.String()
		r.mu.Unlock()
		if strings.Count(text, "\n") < n {
			if t.Context().Err() != nil {
				t.Fatalf("%d records are there, want %d", strings.Count(text, "\n"), n)
			}
			continue
		}
		for line := range strings.Lines(text) {
			var one map[string]any
			if err := json.Unmarshal([]byte(line), &one); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			all = append(all, one)
		}
		return all
	}
}

// private is text of a client that no record repeats.
const private = "CANARY"

// leave makes a call, a refused one and an unmetered one, with private text wherever
// the client has room for some.
func leave(r *room) {
	body := `{"model":"gpt-5","stream":true,"user":"CANARY","metadata":{"a":"CANARY"},"messages":[{"role":"user","content":"CANARY"}]}`
	header := []string{"X-Bursar-Customer", private, "X-Bursar-Tags", "a=" + private, "User-Agent", private, "Cookie", private, "Traceparent", "00-" + traced + "-00f067aa0ba902b7-01"}
	r.ask("/openai/v1/chat/completions?q="+private, body, header...)
	r.ask("/openai/v1/chat/completions?q="+private, body, append(header, "Authorization", "Bearer "+private)...)
	r.ask("/openai/v1/files/"+private+"?q="+private, body, header...)
}

func TestTheAccessLogTellsWhatHappenedAndNothingThatWasSaid(t *testing.T) {
	t.Parallel()
	log := &records{}
	r := enter(t, streamed, func(c *gateway.Config) {
		c.Access, c.AccessLog = gateway.AccessAll, slog.New(slog.NewJSONHandler(log, nil))
	})
	leave(r)
	all := log.all(t, 3)
	if text := log.text.String(); strings.Contains(strings.ToUpper(text), private) || strings.Contains(text, "bursar-key") || strings.Contains(text, "vendor-secret") {
		t.Errorf("a record repeats what a client said: %s", text)
	}
	i := slices.IndexFunc(all, func(one map[string]any) bool { return one["status"] == "ok" })
	if i < 0 {
		t.Fatalf("no record of the call in %v", all)
	}
	call := all[i]
	for _, name := range []string{"time", "operation", "attempt", "seconds", "added_seconds", "first_token_seconds", "queue_seconds", "answer_bytes", "request_bytes"} {
		if call[name] == nil || call[name] == "" || name != "queue_seconds" && call[name] == 0.0 {
			t.Errorf("%s is missing in %v", name, call)
		}
		delete(call, name)
	}
	want := map[string]any{
		"level": "INFO", "msg": "call", "route": "openai", "upstream": "mock", "key": "aaaaaaaa", "kind": "chat", "model": "gpt-5", "served": "gpt-5-2026",
		"status": "ok", "verdict": "allow", "code": 200.0, "prompt_tokens": 10.0, "completion_tokens": 3.0, "usage": "provider", "gone": false, "trace": traced,
	}
	if diff := cmp.Diff(want, call); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	told := map[any]any{}
	for _, one := range all {
		told[one["status"]] = one["code"]
	}
	if diff := cmp.Diff(map[any]any{"ok": 200.0, "refused": 401.0, "unmetered": 200.0}, told); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTheAccessLogOfRefusedCallsAlone(t *testing.T) {
	t.Parallel()
	for access, want := range map[gateway.Access]int{gateway.AccessRefused: 1, gateway.AccessOff: 0, "": 0} {
		log := &records{}
		r := enter(t, streamed, func(c *gateway.Config) {
			c.Access, c.AccessLog = access, slog.New(slog.NewJSONHandler(log, nil))
		})
		leave(r)
		r.server.Close() // every handler has ended
		all := log.all(t, want)
		if len(all) != want || want == 1 && (all[0]["reason"] != "unknown_key" || all[0]["status"] != "refused") {
			t.Errorf("%q: %v", access, all)
		}
	}
}
