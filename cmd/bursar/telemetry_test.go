package main

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKillUnderTelemetry sends spans to a server that is killed with SIGKILL again and
// again: what it acknowledged is in the ledger, once. A batch is an agent's run, whose
// sum is that of its calls: its last part comes to the next life of the server in some.
func TestKillUnderTelemetry(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	server := startServer(t, data)
	out, err := bursar("key", "create", "telemetry", "--name", "chaos", "--application", "a", "--team", "t", "--data", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(string(out))
	const perLife = 60 // requests of five calls between two kills
	sent := 0
	for life := range kills() + 1 {
		for range perLife {
			for !server.tell(token, sent) { // it died: the same spans go to its successor
				server = startServer(t, data)
			}
			sent += 5
			if sent == (life*perLife+perLife/2)*5 && life < kills() {
				server.kill(t)
			}
		}
	}
	server.kill(t)
	bill := strings.TrimSpace(bill(t, data))
	total := bill[strings.LastIndexByte(bill, '\n')+1:]
	if want := fmt.Sprintf(",%d,%d,%d,%d,", sent, sent/5, sent*100, sent*10); !strings.Contains(total, want) {
		t.Errorf("the ledger has %s, want %s", total, want)
	}
	if out, err := bursar("doctor", "--data", data).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// tell sends the spans of one run of an agent, and says whether they were acknowledged.
func (s *server) tell(token string, first int) bool {
	var spans []string
	for i := range 6 {
		name, usage, parent := "chat", `,{"key":"gen_ai.usage.input_tokens","value":{"intValue":100}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":10}}`, fmt.Sprintf("%016x", 9)
		if i == 5 {
			name, usage, parent = "invoke_agent", `,{"key":"gen_ai.usage.input_tokens","value":{"intValue":500}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":50}}`, ""
		}
		spans = append(spans, fmt.Sprintf(`{"traceId":"%032x","spanId":"%016x","parentSpanId":%q,"startTimeUnixNano":"1795600000000000000","endTimeUnixNano":"1795600001000000000","attributes":[`+
			`{"key":"gen_ai.operation.name","value":{"stringValue":%q}},{"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},{"key":"gen_ai.request.model","value":{"stringValue":"gpt-5"}}%s]}`,
			first+1, 9-5+i, parent, name, usage))
	}
	body := `{"resourceSpans":[{"scopeSpans":[{"spans":[` + strings.Join(spans, ",") + `]}]}]}`
	r, err := http.NewRequest(http.MethodPost, s.url+"/otlp/v1/traces", strings.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	if err != nil {
		return false
	}
	text, err := io.ReadAll(answer.Body)
	return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK && string(text) == "{}"
}
