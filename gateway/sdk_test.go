//go:build sdks

package gateway_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// library is a program that drives one vendor's library in one language. make sdks
// installs it.
type library struct {
	name    string
	command []string
}

func libraries() []library {
	return []library{
		{"go", []string{"../bin/sdks/go/drive"}},
		{"python", []string{"../bin/sdks/python/bin/python", "testdata/sdks/python/drive.py"}},
		{"javascript", []string{"node", "../bin/sdks/javascript/drive.mjs"}},
	}
}

// errand is a list of cases that one route answers.
type errand struct {
	vendor, route, path string // the path is what a library's base URL has behind the route
	cases               []string
}

func errands() []errand {
	return []errand{
		{"openai", "openai", "/v1", []string{
			"chat", "chat_tools", "chat_stream", "chat_stream_usage", "chat_stream_tools", "chat_stream_error", "responses", "responses_stream",
			"embeddings", "models", "error_400", "error_401", "error_429", "error_500", "chat_stream_abort", "responses_stream_abort",
		}},
		{"openai", "openai-cancel", "/v1", []string{"chat_stream_cancel_abort", "responses_stream_cancel_abort"}},
		{"anthropic", "anthropic", "", []string{
			"messages", "messages_tools", "messages_thinking", "messages_cache", "messages_stream", "messages_stream_tools", "messages_stream_thinking",
			"messages_stream_cache", "messages_stream_error", "count_tokens", "error_400", "error_401", "error_429", "error_500", "error_529", "messages_stream_abort",
		}},
		{"anthropic", "anthropic-cancel", "", []string{"messages_stream_cancel_abort"}},
	}
}

// answered is what a library made of the answer of a case.
type answered struct {
	Case   string
	Values json.RawMessage
	Error  json.RawMessage
}

// run makes the calls of an errand.
func (l *library) run(t *testing.T, e *errand, base, key string) map[string]answered {
	t.Helper()
	args := append(append(l.command[1:len(l.command):len(l.command)], e.vendor, base, key), e.cases...)
	cmd := exec.CommandContext(t.Context(), l.command[0], args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", l.name, err, stderr.String())
	}
	all := map[string]answered{}
	for line := range bytes.Lines(out) {
		var one answered
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		all[one.Case] = one
	}
	return all
}

// TestSDK makes each call twice, at the vendor directly and through the server, and
// only base URL and key differ. What differs beyond them is an error.
func TestSDK(t *testing.T) {
	t.Parallel()
	for _, l := range libraries() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			direct, through := newVendor(t), newVendor(t)
			s := serve(t, through.server.URL)
			key := s.key()
			var gone atomic.Int64
			before := newTee(t, direct.server.URL, func(string) {})
			behind := newTee(t, s.url, func(name string) {
				for known := gone.Add(1); s.aborted() < known; { // until the gateway knows
					if t.Context().Err() != nil {
						return
					}
				}
				close(through.gate(name))
			})
			for _, e := range errands() {
				want := l.run(t, &e, before.URL+e.path, "direct-secret")
				got := l.run(t, &e, behind.URL+"/"+e.route+e.path, key)
				for _, name := range e.cases {
					compareTold(t, name, got[name], want[name])
					compareAnswers(t, name, behind.of(name), before.of(name))
				}
			}
			compareAsked(t, through.asked, direct.asked, key)
			s.stop()
			compareLedger(t, s, through.asked)
		})
	}
}

func compareTold(t *testing.T, name string, got, want answered) {
	t.Helper()
	if diff := cmp.Diff(string(want.Values)+string(want.Error), string(got.Values)+string(got.Error)); diff != "" {
		t.Errorf("%s: the library sees something else (-direct +through):\n%s", name, diff)
	}
	wrong := name == "error_400" || name == "error_401" || strings.HasSuffix(name, "_error")
	if failed := len(want.Error) > 0 && string(want.Error) != "null"; failed != wrong || !failed && len(want.Values) < 4 {
		t.Errorf("%s: the library got %s %s", name, want.Values, want.Error)
	}
}

// compareAnswers wants the same answers, byte for byte. Of one that the client left
// it got what had come by then.
func compareAnswers(t *testing.T, name string, got, want []exchanged) {
	t.Helper()
	for _, all := range [][]exchanged{got, want} {
		for i := range all {
			for _, field := range []string{"Date", "Set-Cookie", "X-Bursar-Attempt", "X-Bursar-Operation"} {
				all[i].Header.Del(field)
			}
			if all[i].Header.Get("Content-Type") == "text/event-stream; charset=utf-8" {
				all[i].Header.Del("Content-Length")
			}
			if strings.HasSuffix(name, "_abort") {
				all[i].Body = all[i].Body[:min(len(all[i].Body), 200)]
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: the client gets something else (-direct +through):\n%s", name, diff)
	}
}

// compareAsked wants the same requests at the vendor, but for the key, for the usage
// that is asked for, and for a vendor's cookie, which is not for our address.
func compareAsked(t *testing.T, got, want []asked, key string) {
	t.Helper()
	for i := range got {
		for field, values := range got[i].Header {
			if strings.HasPrefix(field, "X-Bursar-") || strings.Contains(strings.Join(values, " "), key) {
				t.Errorf("%s: the vendor sees %s", got[i].Case, field)
			}
		}
		if who := got[i].Header.Get("Authorization") + got[i].Header.Get("X-Api-Key"); !strings.HasSuffix(who, "vendor-secret") {
			t.Errorf("%s: the vendor does not see its key", got[i].Case)
		}
		if streams := strings.HasPrefix(got[i].Case, "chat_stream"); streams && got[i].Case != "chat_stream_usage" {
			got[i].Body = withoutAsking(t, got[i].Body)
		}
	}
	for _, all := range [][]asked{got, want} {
		for i := range all {
			for _, field := range []string{"Authorization", "X-Api-Key", "Accept-Encoding", "Content-Length", "Cookie"} {
				all[i].Header.Del(field)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the vendor sees something else (-direct +through):\n%s", diff)
	}
}

// withoutAsking takes out what the gateway puts into a body to be told the usage.
func withoutAsking(t *testing.T, body string) string {
	t.Helper()
	const asking = `"stream_options":{"include_usage":true}`
	for _, added := range []string{"," + asking, asking + ","} {
		if before, after, found := strings.Cut(body, added); found {
			return before + after
		}
	}
	t.Errorf("the vendor was not asked for usage: %s", body)
	return body
}

// compareLedger wants a line for each request of a metered operation, with usage and
// money as the vendor's answers have them.
func compareLedger(t *testing.T, s *served, seen []asked) {
	t.Helper()
	got := s.command("spend", "--by", "seller,tag:header."+strings.ToLower(caseHeader)+",usage_source,status",
		"--measures", "calls,prompt_tokens,completion_tokens,cached_tokens,cost,exposure", "--output", "csv", "--top", "500")
	want, err := os.ReadFile("testdata/sdks/ledger.csv")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the ledger (-want +got):\n%s", diff)
	}
	metered := 0
	for i := range seen {
		if seen[i].Method == http.MethodPost && !strings.HasSuffix(seen[i].Path, "/count_tokens") {
			metered++
		}
	}
	if total := fmt.Sprintf("\nTOTAL,,,,,%d,", metered); !strings.Contains(got, total) {
		t.Errorf("the vendor saw %d metered requests; the ledger says\n%s", metered, got)
	}
	t.Logf("%d requests at the vendor, %d of them metered", len(seen), metered)
}
