package otlp_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/slim/otlp/collector/metrics/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/telemetry"
)

// counted is a counter of 100 tokens at the time of the receivers here, and a point that
// is none.
const counted = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"claude-code"}}]},"scopeMetrics":[{"metrics":[
{"name":"claude_code.token.usage","sum":{"isMonotonic":true,"aggregationTemporality":1,"dataPoints":[
{"attributes":[{"key":"type","value":{"stringValue":"input"}},{"key":"model","value":{"stringValue":"claude-opus-5"}},{"key":"user.email","value":{"stringValue":"CANARY"}}],"startTimeUnixNano":"1000000000","timeUnixNano":"2000000000","asInt":"100"},
{"attributes":[{"key":"type","value":{"stringValue":"output"}}],"startTimeUnixNano":"1000000000","timeUnixNano":"2000000000","asInt":"-1"}]}}]}]}]}`

func inBinary(tb testing.TB, text string) []byte {
	tb.Helper()
	var m collector.ExportMetricsServiceRequest
	if err := protojson.Unmarshal([]byte(text), &m); err != nil {
		tb.Fatal(err)
	}
	b, err := proto.Marshal(&m)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestPoints counts what counters tell under the credential, once however often it comes,
// gives it to nobody to book, and says what it could not count.
func TestPoints(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	r := receiver(l, func(*otlp.Config) {})
	for range 2 {
		q := httptest.NewRequest(http.MethodPost, "/v1/metrics", strings.NewReader(counted))
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		r.ServeHTTP(w, q)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"rejectedDataPoints":"1"`) || strings.Contains(w.Body.String(), "CANARY") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	want := []telemetry.Counted{{
		Slot:   telemetry.Slot{Space: "a", Application: "a", Service: "claude-code", Model: "claude-opus-5", Hour: time.Unix(0, 0).UTC()},
		Tokens: telemetry.Tokens{Prompt: 100}, Family: "claude-code", From: time.Unix(-3600, 0).UTC(), Settled: true,
	}}
	if diff := cmp.Diff(want, r.Counted(time.Unix(9000, 0))); diff != "" || len(l.records) != 0 {
		t.Errorf("%d records (-want +got):\n%s", len(l.records), diff)
	}
	again := receiver(l, func(c *otlp.Config) { c.Before = r })
	if diff := cmp.Diff(want, again.Counted(time.Unix(9000, 0))); diff != "" {
		t.Errorf("after the configuration was read anew (-want +got):\n%s", diff)
	}
}
