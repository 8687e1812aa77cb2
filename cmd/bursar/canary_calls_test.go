package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canaryCalls are requests for models with content wherever a client has room for some.
func canaryCalls() map[string]string {
	const more = `,"user":"` + lookup + `","safety_identifier":"` + canary + `","prompt_cache_key":"` + canary + `","metadata":{"` + canary + `":"` + canary + `","who":"` + lookup + `"},` +
		`"stop":["` + canary + `"],"tools":[{"type":"function","function":{"name":"` + canary + `","description":"` + canary + `","parameters":{"x":"` + canary + `"}}}]`
	const said = `"messages":[{"role":"user","content":"` + canary + `"},{"role":"user","content":[{"type":"text","text":"` + canary + `"}]}]`
	return map[string]string{
		"/openai/v1/chat/completions?q=" + canary:                     `{"model":"gpt-5","max_tokens":9,` + said + more + `}`,
		"/openai/v1/chat/completions?stream=" + canary:                `{"model":"gpt-5","stream":true,` + said + more + `}`,
		"/openai/v1/chat/completions?fail=" + canary:                  `{"model":"gpt-5","n":7,` + said + more + `}`,
		"/openai/v1/chat/completions?more=" + canary:                  `{"model":"gpt-5","n":3,` + said + more + `}`,
		"/openai/v1/responses?q=" + canary:                            `{"model":"gpt-5","input":"` + canary + `","instructions":"` + canary + `"` + more + `}`,
		"/openai/v1/embeddings":                                       `{"model":"text-embedding-3-small","input":["` + canary + `"],"user":"` + lookup + `"}`,
		"/anthropic/v1/messages?beta=" + canary:                       `{"model":"claude-sonnet-4-5","max_tokens":9,"system":"` + canary + `",` + said + `,"metadata":{"user_id":"` + lookup + `"}}`,
		"/openai/v1/files/" + canary + "?after=" + canary:             `{"purpose":"` + canary + `"}`,
		"/openai/v1/chat/completions?broken=" + canary:                `{"model":"gpt-5","messages":[{"content":"` + canary,
		"/openai/v1/chat/completions?refused=" + canary:               `{"model":"` + strings.Repeat("x", 300) + `","max_tokens":9,"messages":[{"content":"` + canary + `"}]}`,
		"/openai/v1/" + canary + "/chat/completions?q=" + canary:      `{"prompt":"` + canary + `"}`,
		"/openai/v1/chat/completions?kept=" + canary + "&q=" + canary: `"` + canary + `"`,
	}
}

// wordy is a vendor that repeats what it was sent: in answers, streams, fields and errors,
// and behind the end of an answer.
func wordy(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Request-Id", canary)
	w.Header().Set("Content-Type", "application/json")
	const told = `"usage":{"prompt_tokens":1000,"completion_tokens":1,"total_tokens":1001}`
	switch text := string(body); {
	case strings.Contains(text, `"n":7`):
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"message":"`+canary+`","type":"invalid_request_error","code":"bad","param":"`+canary+`"}}`)
	case strings.Contains(text, `"n":3`):
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"+canary)
			_ = conn.Close()
		}
	case strings.Contains(text, `"stream":true`):
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, `data: {"id":"c-9","model":"gpt-5","choices":[{"index":0,"delta":{"content":"`+canary+`"}}]}`+"\n\ndata: {\"id\":\"c-9\",\"model\":\"gpt-5\",\"choices\":[],"+told+"}\n\ndata: [DONE]\n\n")
	default:
		_, _ = fmt.Fprintf(w, `{"id":"c-%d","model":"gpt-5","choices":[{"message":{"content":%q}}],%s}`, len(body), canary, told)
	}
}

// TestCanaryOfCalls sends content through the gateway with every log on, and looks for
// it in every byte that is left: data folder, logs, access log, metrics.
func TestCanaryOfCalls(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(wordy))
	t.Cleanup(upstream.Close)
	in, out := t.TempDir(), t.TempDir()
	data, access, file := filepath.Join(out, "data"), filepath.Join(out, "access"), filepath.Join(in, "bursar.yaml")
	for name, text := range map[string]string{
		"key": "vendor-secret\n",
		"routes.yaml": fmt.Sprintf("gateway: bursar/1\nroutes:\n"+
			"  - {name: openai, api: openai, upstreams: [{base: %[1]s, seller: openai, key_file: %[2]s}]}\n"+
			"  - {name: anthropic, api: anthropic, upstreams: [{base: %[1]s, seller: anthropic, key_file: %[2]s}]}\n", upstream.URL, filepath.Join(in, "key")),
		"bursar.yaml": fmt.Sprintf("data: %s\nlisten: 127.0.0.1:0\nlog: {level: debug}\ngateway: {routes: %s, access_log: all, access_file: %s}\n", data, filepath.Join(in, "routes.yaml"), access),
	} {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log := record(t, out, "log")
	server := startServerWith(t, log, "serve", "--config", file)
	key := (&keyed{T: t, server: server, data: data}).key("--business-unit", "u")
	for path, body := range canaryCalls() {
		for _, bearer := range []string{key, canary} {
			if status := server.send(t, request{"POST", path, body, []string{
				"Authorization", "Bearer " + bearer, "X-Bursar-Workflow", control, "Cookie", canary, "User-Agent", canary, "X-" + canary, canary,
				"Baggage", "k=" + canary, "Traceparent", canary, "Tracestate", "a=" + canary, "Openai-Organization", canary,
			}}); status == 0 || status >= 500 {
				t.Errorf("%s answered %d", path, status)
			}
		}
	}
	server.sendTo(t, request{"GET", "/metrics", "", []string{"Authorization", "Bearer " + adminToken(t, data)}}, record(t, out, "metrics"))
	server.kill(t)
	bill := bursar("spend", "--by", "workflow,model,status", "--data", data) // books what is left
	bill.Stdout, bill.Stderr = record(t, out, "bill"), log
	if err := bill.Run(); err != nil {
		t.Fatal(err)
	}
	dump(t, data, record(t, out, "rows"))
	for text, whose := range map[string]string{canary: "text of a call", "vendor-secret": "the vendor's key", strings.ToLower(key): "a key"} {
		if in := holding(t, out, text); len(in) > 0 {
			t.Errorf("%s is in %q", whose, in)
		}
	}
	if in := holding(t, out, lookup); len(in) > 0 {
		t.Errorf("what a client calls a person is in %q", in)
	}
	seen := strings.Join(holding(t, out, control), " ") + " "
	for _, file := range []string{"rows ", "metrics ", "bill "} {
		if !strings.Contains(seen, file) {
			t.Errorf("the search does not find the control in %s, only in %s", file, seen)
		}
	}
	if printed, err := os.ReadFile(log.Name()); err != nil || !strings.Contains(string(printed), "Unsolicited response") {
		t.Errorf("nothing came behind the end of an answer: %v", err)
	}
	written, err := os.ReadFile(access)
	if n := strings.Count(string(written), `"msg":"call"`); err != nil || n != 2*len(canaryCalls()) {
		t.Errorf("%d records for %d requests, %v", n, 2*len(canaryCalls()), err)
	}
	for _, want := range []string{`"status":"ok"`, `"status":"error"`, `"status":"unmetered"`, `"reason":"unknown_key"`, `"usage":"provider"`} {
		if !strings.Contains(string(written), want) {
			t.Errorf("the access log has no %s: %s", want, written)
		}
	}
}
