package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestAnIncident walks through docs/incident.md: the way of calls is closed and opened
// again, what went past is booked from the application's own events, and what the gateway
// had told already is booked once.
func TestAnIncident(t *testing.T) {
	t.Parallel()
	v := openVendor(t)
	data, file := v.configured(t, "  enabled: true\n")
	k := &keyed{t, startServerWith(t, io.Discard, "serve", "--config", file), v, data}
	key := k.key("--workflow", "refunds")
	k.wants(key, http.StatusOK, "c-0")
	k.turn(file, "true", "false", key, http.StatusNotFound)
	past := filepath.Join(filepath.Dir(file), "past.jsonl")
	event := `{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"triage","id":"ID","time":"2026-03-01T10:00:00Z",` +
		`"data":{"seller":"openai","requested_model":"gpt-5","response":"RESPONSE","usage":{"input_tokens":1000,"output_tokens":0},` +
		`"scope":{"team":"t","application":"a","workflow":"refunds"}}}` + "\n"
	told := func(id, response string) string {
		return strings.NewReplacer("ID", id, "RESPONSE", response).Replace(event)
	}
	if err := os.WriteFile(past, []byte(told("1", "c-0")+told("2", "went-past")), 0o600); err != nil {
		t.Fatal(err)
	}
	k.run("import", "events", past)
	k.turn(file, "false", "true", key, http.StatusOK)
	stop(t, k.server)
	seen := v.count()
	if got := k.run("spend", "--by", "status,seller", "--where", "source=gateway", "--measures", "calls,exposure", "--output", "csv"); !strings.Contains(got, ",ok,openai,") {
		t.Errorf("of the gateway:\n%s", got)
	}
	settled := 0
	for _, lines := range linesIn(t, data) {
		for i := range lines {
			if lines[i].Usage.PromptTokens() > 0 {
				settled++
			}
		}
	}
	if settled != seen+1 {
		t.Errorf("%d lines have usage; the vendor saw %d calls, and another went past", settled, seen)
	}
}

// turn opens or closes the way of calls, and waits until the next call is answered so.
func (k *keyed) turn(file, from, to, key string, until int) {
	k.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		k.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "enabled: "+from, "enabled: "+to, 1)), 0o600); err != nil {
		k.Fatal(err)
	}
	if err := k.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		k.Fatal(err)
	}
	for status := 0; status != until; {
		if k.Context().Err() != nil {
			k.Fatalf("the way of calls is answered with %d, want %d", status, until)
		}
		status, _ = k.asks(key, "chat/completions", plainCall)
	}
}
