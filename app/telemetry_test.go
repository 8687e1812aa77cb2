package app_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/otlp"
)

// traceID is that of all spans here; in JSON, ids are hexadecimal.
const traceID = "4bf92f3577b34da6a3ce929d0e0e4736"

// spanned is one span in OTLP's JSON. Ids are of 16 digits, numbers are numbers.
func spanned(id, parent string, attributes map[string]any) map[string]any {
	var list []any
	for name, v := range attributes {
		held := map[string]any{"stringValue": v}
		if n, whole := v.(int); whole {
			held = map[string]any{"intValue": n}
		}
		list = append(list, map[string]any{"key": name, "value": held})
	}
	return map[string]any{
		"traceId": traceID, "spanId": id, "parentSpanId": parent, "name": "chat", "kind": 3,
		"startTimeUnixNano": "1795600000000000000", "endTimeUnixNano": "1795600001000000000", "attributes": list,
	}
}

func spansOf(scope string, spans ...map[string]any) string {
	b, _ := json.Marshal(map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   map[string]any{"attributes": []any{map[string]any{"key": "service.name", "value": map[string]any{"stringValue": "triage"}}}},
		"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": scope}, "spans": spans}},
	}}})
	return string(b)
}

// damaged is the call that counts eight times too much where its cached tokens are
// counted inside the input and beside it: 5, 128955 read, 1253 written, 800 out.
func damaged() map[string]any {
	return map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.response.model": "claude-sonnet-4-5", "gen_ai.response.id": "msg_damage",
		"gen_ai.usage.input_tokens": 130213, "gen_ai.usage.cache_read.input_tokens": 128955, "gen_ai.usage.cache_write.input_tokens": 1253, "gen_ai.usage.output_tokens": 800,
		"gen_ai.input.messages": "CANARY in a prompt", "output.value": `{"id":"CANARY","text":"CANARY"}`,
	}
}

func (r *running) cost(t *testing.T, admin *running) string {
	t.Helper()
	r.settled(t)
	_, text := admin.ask(t, http.MethodGet, "/api/v1/spend?since=2026-11-01&until=2026-12-31&measures=cost,calls,unpriced_calls,prompt_tokens,completion_tokens&format=csv", "")
	return text
}

// TestTelemetryInEveryForm sends one call in JSON, in protobuf, packed, and over gRPC,
// each twice: one charge, of 5·3 + 128955·0.30 + 1253·3.75 + 800·15 = 55400.25
// millionths of a dollar.
func TestTelemetryInEveryForm(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{Telemetry: &otlp.Config{}}, nil)
	r := admin.as(t, "telemetry")
	text := spansOf("", spanned("00f067aa0ba902b7", "", damaged()))
	binaryForm := inBinary(t, text)
	for name, send := range map[string]func() (int, string){
		"json": func() (int, string) { return r.ask(t, http.MethodPost, "/otlp/v1/traces", text) },
		"protobuf": func() (int, string) {
			return r.ask(t, http.MethodPost, "/otlp/v1/traces", string(binaryForm), "Content-Type", "application/x-protobuf")
		},
		"gzip": func() (int, string) {
			return r.ask(t, http.MethodPost, "/otlp/v1/traces", zipped(t, binaryForm), "Content-Type", "application/x-protobuf", "Content-Encoding", "gzip")
		},
		"grpc": func() (int, string) {
			frame := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(binaryForm))), binaryForm...)
			return r.ask(t, http.MethodPost, "/otlp/opentelemetry.proto.collector.trace.v1.TraceService/Export", string(frame), "Content-Type", "application/grpc")
		},
	} {
		for range 2 {
			if status, body := send(); status != http.StatusOK || strings.Contains(body, "rejected") {
				t.Fatalf("%s: %d %s", name, status, body)
			}
		}
	}
	if got := r.cost(t, admin); !strings.Contains(got, "0.05540025,1,0,130213,800") {
		t.Errorf("one call of 0.0554 USD, got\n%s", got)
	}
}

// inBinary makes protobuf of OTLP's JSON.
func inBinary(t *testing.T, text string) []byte {
	t.Helper()
	var m collector.ExportTraceServiceRequest
	if err := protojson.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	otlp.HexIDs(&m)
	b, err := proto.Marshal(&m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zipped(t *testing.T, b []byte) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// TestTelemetryIsRefused says why, and what to do.
func TestTelemetryIsRefused(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{Telemetry: &otlp.Config{Body: 1 << 11, Memory: 1 << 14}}, nil)
	r, events := admin.as(t, "telemetry"), admin.as(t, "events")
	nobody := *r
	nobody.token = "x"
	contradicting := damaged()
	contradicting["gen_ai.usage.input_tokens"] = 5
	for _, c := range []struct {
		who        *running
		path, body string
		header     []string
		status     int
		want       string
	}{
		{&nobody, "/otlp/v1/traces", "{}", nil, 401, "bursar key create telemetry"},
		{events, "/otlp/v1/traces", "{}", nil, 401, "telemetry"},
		{r, "/otlp/v1/profiles", "{}", nil, 404, "/v1/traces, /v1/metrics or /v1/logs"},
		{r, "/otlp/v1/traces", "{", nil, 400, "no message of OTLP"},
		{r, "/otlp/v1/traces", "{}", []string{"Content-Type", "text/plain"}, 415, "application/x-protobuf"},
		{r, "/otlp/v1/traces", "{}", []string{"Content-Encoding", "br"}, 415, "gzip, or none"},
		{r, "/otlp/v1/traces", strings.Repeat(" ", 1<<12), nil, 413, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"},
		{r, "/otlp/v1/traces", zipped(t, make([]byte, 1<<20)), []string{"Content-Encoding", "gzip"}, 429, "in a moment"},
		{r, "/otlp/v1/logs", `{"resourceLogs":[]}`, nil, 200, "{}"},
	} {
		status, body := c.who.ask(t, http.MethodPost, c.path, c.body, c.header...)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s, want %d with %s", c.path, status, body, c.status, c.want)
		}
	}
	large := serve(t, app.Door{Telemetry: &otlp.Config{}}, nil).as(t, "telemetry")
	status, body := large.ask(t, http.MethodPost, "/otlp/v1/traces", spansOf("", spanned("00f067aa0ba902b7", "", contradicting)))
	if status != http.StatusOK || !strings.Contains(body, `"rejectedSpans":"1"`) || !strings.Contains(body, "counts inside") || strings.Contains(body, "CANARY") {
		t.Errorf("%d %s", status, body)
	}
}

// TestTelemetryAndGatewayMeet sends calls through the gateway, and tells of them by
// telemetry: by the id of the answer before the gateway is asked, and by the span of the
// request behind it. What they have is the gateway's cost and telemetry's names, and the
// sum of the agent that made both adds nothing.
func TestTelemetryAndGatewayMeet(t *testing.T) {
	t.Parallel()
	n := 0
	routes := routesTo(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		n++
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"id":"c-%d","model":"gpt-5","choices":[],"usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000}}`, n)
	})
	admin := serve(t, app.Door{Calls: &gateway.Config{}, Routes: routes, Telemetry: &otlp.Config{}}, nil)
	caller, sender := admin.as(t, "gateway"), admin.as(t, "telemetry")
	tell := func(span, response string) {
		told := map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-5", "gen_ai.agent.name": "router",
			"gen_ai.usage.input_tokens": 900_000, "gen_ai.usage.output_tokens": 0,
		}
		if response != "" {
			told["gen_ai.response.id"] = response
		}
		if status, text := sender.ask(t, http.MethodPost, "/otlp/v1/traces", spansOf("", spanned(span, "", told))); status != http.StatusOK || text != "{}" {
			t.Fatalf("%d %s", status, text)
		}
	}
	tell("00000000000000a1", "c-1")
	for _, span := range []string{"00000000000000f1", "00000000000000a2"} {
		status, text := caller.ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":10,"messages":[]}`, "Traceparent", "00-"+traceID+"-"+span+"-01")
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, text)
		}
	}
	tell("00000000000000a2", "")
	agent := map[string]any{"gen_ai.operation.name": "invoke_agent", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": 2_000_000}
	if status, text := sender.ask(t, http.MethodPost, "/otlp/v1/traces", spansOf("", spanned("00000000000000aa", "", agent))); status != http.StatusOK || text != "{}" {
		t.Fatalf("%d %s", status, text)
	}
	admin.settled(t)
	_, bill := admin.ask(t, http.MethodGet, "/api/v1/spend?since=2026-01-01&until=2027-12-31&by=agent&measures=cost,calls,runs,exposure&format=csv", "")
	if !strings.Contains(bill, "router,2.5") || !strings.Contains(bill, ",2,1,0") {
		t.Errorf("two calls at the gateway's 1.25 each, of one agent's run, got\n%s", bill)
	}
}

// TestMeteredServices charges nothing for a service whose calls pass the gateway, even
// where nothing joins the two.
func TestMeteredServices(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{Telemetry: &otlp.Config{Metered: []string{"triage"}}}, nil)
	r := admin.as(t, "telemetry")
	agent := damaged()
	agent["gen_ai.operation.name"] = "invoke_agent"
	text := spansOf("", spanned("00f067aa0ba902b7", "00f067aa0ba902b8", damaged()), spanned("00f067aa0ba902b9", "", agent))
	if status, body := r.ask(t, http.MethodPost, "/otlp/v1/traces", text); status != http.StatusOK || body != "{}" {
		t.Fatalf("%d %s", status, body)
	}
	if got := r.cost(t, admin); !strings.Contains(got, "TOTAL,,0,0,0,0") {
		t.Errorf("want nothing, got\n%s", got)
	}
}

// TestTelemetryLeavesNoText looks for the marker of every field with text in every file.
func TestTelemetryLeavesNoText(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{Telemetry: &otlp.Config{}}, nil)
	r := admin.as(t, "telemetry")
	call := spanned("00f067aa0ba902b7", "", damaged())
	call["name"], call["status"] = "CANARY", map[string]any{"code": 2, "message": "CANARY"}
	call["events"] = []any{map[string]any{"name": "CANARY", "attributes": []any{map[string]any{"key": "gen_ai.output.messages", "value": map[string]any{"stringValue": "CANARY"}}}}}
	broken := damaged()
	broken["gen_ai.usage.output_tokens"] = "CANARY in a count"
	other := spanned("00f067aa0ba902b8", "", broken)
	event := `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"claude-code"}}]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1795600000000000000","body":{"stringValue":"CANARY"},"attributes":[` +
		`{"key":"event.name","value":{"stringValue":"api_request"}},{"key":"model","value":{"stringValue":"claude-opus-4-6"}},{"key":"prompt","value":{"stringValue":"CANARY"}},{"key":"request_id","value":{"stringValue":"req_1"}},{"key":"input_tokens","value":{"stringValue":"12"}},{"key":"user.email","value":{"stringValue":"canary@example.test"}}]}]}]}]}`
	for path, body := range map[string]string{"/otlp/v1/traces": spansOf("CANARY", call, other), "/otlp/v1/logs": event} {
		if status, text := r.ask(t, http.MethodPost, path, body); status != http.StatusOK || strings.Contains(text, "CANARY") {
			t.Errorf("%d %s", status, text)
		}
	}
	admin.settled(t)
	if err := admin.Lake.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(admin.Data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if text := string(b); strings.Contains(text, "CANARY") || strings.Contains(text, "canary@example.test") && !strings.HasPrefix(filepath.Base(path), "state.db") {
			t.Errorf("%s holds text, or who a person is", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if _, bill := admin.ask(t, http.MethodGet, "/api/v1/spend?since=2026-01-01&until=2027-12-31&measures=calls&format=csv", ""); !strings.Contains(bill, "2") {
		t.Errorf("two calls are booked, got %s", bill)
	}
}
