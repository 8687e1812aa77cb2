package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// keyed is a server of the real binary before a vendor, and the keys that it gives out.
type keyed struct {
	*testing.T
	*server
	vendor *vendor
	data   string
}

func openKeyed(t *testing.T) *keyed {
	t.Helper()
	v := openVendor(t)
	data, file := v.configured(t, "")
	return &keyed{t, startServerWith(t, io.Discard, "serve", "--config", file), v, data}
}

// run runs a command beside the server and gives what it prints.
func (k *keyed) run(args ...string) string {
	k.Helper()
	out, err := bursar(append(args, "--data", k.data)...).Output()
	if err != nil {
		k.Fatalf("%v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

// key creates a key of one application, bound as the flags say.
func (k *keyed) key(flags ...string) string {
	k.Helper()
	return k.run(append([]string{"key", "create", "--name", "test", "--team", "t", "--application", "a"}, flags...)...)
}

// prefix is a key's name in public.
func prefix(key string) string { return strings.TrimPrefix(key, "bursar_gateway_")[:8] }

// asks makes a call and gives its status and answer.
func (k *keyed) asks(key, path, body string) (status int, text string) {
	r, err := http.NewRequest(http.MethodPost, k.url+"/openai/v1/"+path, strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	raw, _ := io.ReadAll(answer.Body) // what came of it is compared
	return answer.StatusCode, string(raw)
}

const plainCall = `{"user":"call-1","model":"gpt-5","max_tokens":9,"messages":[]}`

// wants sees that a call is answered with a status and a text.
func (k *keyed) wants(key string, status int, says string) {
	k.Helper()
	if got, text := k.asks(key, "chat/completions", plainCall); got != status || !strings.Contains(text, says) {
		k.Errorf("%d %s, want %d with %q", got, text, status, says)
	}
}

// TestKeysEnd lets keys expire, be replaced and be revoked on the real server.
func TestKeysEnd(t *testing.T) {
	t.Parallel()
	k := openKeyed(t)
	short := k.key("--expires", "1d")
	k.run("key", "rotate", prefix(short), "--overlap", "1s") // the server counts from its own now
	for status := http.StatusOK; status == http.StatusOK; {
		status, _ = k.asks(short, "chat/completions", plainCall)
	}
	k.wants(short, http.StatusUnauthorized, "this token expired on")
	old := k.key("--expires", "90d")
	first := k.run("key", "rotate", prefix(old), "--overlap", "7d")
	k.wants(old, http.StatusOK, "c-")
	second := k.run("key", "rotate", prefix(first))
	k.wants(first, http.StatusUnauthorized, "this token expired on")
	k.wants(second, http.StatusOK, "c-")
	k.run("key", "revoke", prefix(old))
	k.wants(old, http.StatusUnauthorized, "this token was revoked on")
	k.wants(second, http.StatusOK, "c-")
}

// TestRevocationIsAtOnce revokes a key under many clients: no call that begins after the
// command has ended reaches the vendor.
func TestRevocationIsAtOnce(t *testing.T) {
	t.Parallel()
	k := openKeyed(t)
	key := k.key()
	var revoked atomic.Bool
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				after := revoked.Load() // before the call begins
				status, text := k.asks(key, "chat/completions", plainCall)
				if after && status != http.StatusUnauthorized {
					k.Errorf("after the revocation: %d %s", status, text)
				}
				if after || status == 0 {
					return
				}
			}
		})
	}
	k.vendor.until(t, 100)
	k.run("key", "revoke", prefix(key))
	revoked.Store(true)
	all.Wait()
	seen := k.vendor.count()
	k.wants(key, http.StatusUnauthorized, "this token was revoked on")
	if more := k.vendor.count() - seen; more != 0 {
		t.Errorf("the vendor saw %d calls of a key that is revoked", more)
	}
}

// TestAStreamOutlivesItsKey revokes the key of a stream in the midst of it, and closes the
// way of calls behind it: the stream ends as it would have, and is booked.
func TestAStreamOutlivesItsKey(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, `data: {"id":"c","model":"gpt-5","choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}`+"\n\n")
		_ = http.NewResponseController(w).Flush()
		<-goOn
		_, _ = io.WriteString(w, `data: {"id":"c","model":"gpt-5","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":7,"total_tokens":1007}}`+"\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(vendor.Close)
	data, file := configure(t, t.TempDir(), vendor.URL, "  enabled: true\n")
	k := &keyed{t, startServerWith(t, io.Discard, "serve", "--config", file), nil, data}
	key := k.key()
	r, err := http.NewRequest(http.MethodPost, k.url+"/openai/v1/chat/completions", strings.NewReader(`{"model":"gpt-5","stream":true,"messages":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.ReadFull(answer.Body, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	k.run("key", "revoke", prefix(key))
	k.wants(key, http.StatusUnauthorized, "this token was revoked on")
	k.turn(file, "true", "false", key, http.StatusNotFound)
	close(goOn)
	rest, err := io.ReadAll(answer.Body)
	if err != nil || !strings.HasSuffix(string(rest), "data: [DONE]\n\n") || strings.Contains(string(rest), "usage") {
		t.Errorf("%v, the rest is %s", err, rest)
	}
	stop(t, k.server)
	if got := k.run("spend", "--by", "credential,status", "--measures", "calls,prompt_tokens,completion_tokens", "--output", "csv"); !strings.Contains(got, prefix(key)+",ok,1,1000,7") {
		t.Errorf("booked:\n%s", got)
	}
}

// TestKeysAreBound asks with a bound key for what it may, and for what it may not.
func TestKeysAreBound(t *testing.T) {
	t.Parallel()
	k := openKeyed(t)
	bound := k.key("--workflow", "refunds", "--environment", "production", "--model", "gpt-5*", "--endpoint", "chat")
	for _, c := range []struct {
		path, body string
		status     int
		says       string
	}{
		{"chat/completions", plainCall, http.StatusOK, "c-0"},
		{"chat/completions", strings.Replace(plainCall, "gpt-5", "gpt-5-mini", 1), http.StatusOK, "c-1"},
		{"chat/completions", strings.Replace(plainCall, "gpt-5", "gpt-4o", 1), http.StatusForbidden, `may not ask for the model \"gpt-4o\"`},
		{"chat/completions", `{"model":"gpt-5","model":"gpt-4o"}`, http.StatusBadRequest, "does not say clearly"},
		{"responses", `{"model":"gpt-5","input":"x"}`, http.StatusForbidden, "may not use responses"},
		{"files", "", http.StatusForbidden, "may not use other"},
	} {
		if status, text := k.asks(bound, c.path, c.body); status != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s %s: %d %s, want %d with %q", c.path, c.body, status, text, c.status, c.says)
		}
	}
	if seen := k.vendor.count(); seen != 2 {
		t.Errorf("the vendor saw %d calls", seen)
	}
	stop(t, k.server)
	if got := k.run("spend", "--by", "workflow,environment", "--measures", "calls", "--output", "csv"); !strings.Contains(got, "refunds,production,2") {
		t.Errorf("booked:\n%s", got)
	}
}
