package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/otlp"
)

// twoCounted are counters of two calls like the one that is damaged.
const twoCounted = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"triage"}}]},"scopeMetrics":[{"metrics":[
{"name":"gen_ai.client.inference.usage.input_tokens","sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[{"attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"claude-sonnet-4-5"}}],"startTimeUnixNano":"1795599900000000000","timeUnixNano":"1795600060000000000","asInt":"260426"}]}},
{"name":"gen_ai.client.inference.usage.cache_read.input_tokens","sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[{"attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"claude-sonnet-4-5"}}],"startTimeUnixNano":"1795599900000000000","timeUnixNano":"1795600060000000000","asInt":"257910"}]}},
{"name":"gen_ai.client.inference.usage.output_tokens","sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[{"attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"claude-sonnet-4-5"}}],"startTimeUnixNano":"1795599900000000000","timeUnixNano":"1795600060000000000","asInt":"1600"}]}}]}]}]}`

// TestCounters has the spans of one call of two, and the counters of both, in either
// order and each twice: half of it is booked, once, and the doctor says so.
func TestCounters(t *testing.T) {
	t.Parallel()
	spans := spansOf("", spanned("00f067aa0ba902b7", "", damaged()))
	for name, order := range map[string][]string{"spans first": {"traces", "metrics"}, "metrics first": {"metrics", "traces"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var clock atomic.Int64
			clock.Store(1795600000 - 2*3600)
			c := app.Config{Now: func() time.Time { return time.Unix(clock.Load(), 0).UTC() }}
			admin := serveWith(t, c, app.Door{Telemetry: &otlp.Config{}}, nil)
			r := admin.as(t, "telemetry")
			clock.Store(1795600100)
			for range 2 {
				for _, signal := range order {
					body := map[string]string{"traces": spans, "metrics": twoCounted}[signal]
					if status, text := r.ask(t, http.MethodPost, "/otlp/v1/"+signal, body); status != http.StatusOK || strings.Contains(text, "rejected") {
						t.Fatalf("%s: %d %s", signal, status, text)
					}
				}
			}
			admin.settled(t)
			clock.Add(3 * 3600)
			_, text := admin.ask(t, http.MethodGet, "/api/v1/sources", "")
			var got api.SourceList
			if err := json.Unmarshal([]byte(text), &got); err != nil || len(got.Counters) != 1 {
				t.Fatalf("%v %s", err, text)
			}
			want := api.Counter{
				Application: got.Counters[0].Application, Service: "triage", Model: "claude-sonnet-4-5", Family: "genai-counters", Verdict: api.Short, Charged: api.ByCounters,
				Why:   "calls tell 50 % of it; the rest is charged by the counters when its hour is over, but for what calls of the application without a service may be",
				Share: money.Null{Amount: money.FromUnits(500_000_000_000), Valid: true}, Counted: 262026, Booked: 131013,
				Hours: []api.CountedHour{{
					Hour: time.Unix(1795600000, 0).UTC().Truncate(time.Hour), Whole: true,
					Counted: 262026, CountedPrompt: 260426, Booked: 131013, BookedPrompt: 130213,
				}},
			}
			if diff := cmp.Diff(want, got.Counters[0]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, text := admin.ask(t, http.MethodGet, "/api/v1/doctor", ""); !strings.Contains(text, "most is missing of triage, claude-sonnet-4-5: 131013 of 262026 tokens are booked") {
				t.Errorf("doctor: %s", text)
			}
			if got := r.cost(t, admin); !strings.Contains(got, "0.05540025,1,0,130213,800") {
				t.Errorf("one call, got\n%s", got)
			}
		})
	}
}
