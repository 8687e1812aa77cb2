package gateway_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// traced is a trace of a client's own.
const traced = "4bf92f3577b34da6a3ce929d0e0e4736"

// TestATracePassesUntouched wants what the client sent at the upstream, the trace on
// the line of the call, and nothing of either where the client sent none.
func TestATracePassesUntouched(t *testing.T) {
	t.Parallel()
	const odd = "00-" + traced + "-00f067aa0ba902b7-01"
	for name, c := range map[string]struct{ parent, want string }{
		"a trace":         {odd, traced},
		"none":            {"", ""},
		"no trace at all": {"Not-A-Trace", ""},
		"capital letters": {strings.ToUpper(odd), ""},
		"zeros":           {"00-" + strings.Repeat("0", 32) + "-00f067aa0ba902b7-01", ""},
		"of version ff":   {"ff" + odd[2:], ""},
		"of one to come":  {"cc" + odd[2:] + "-what-else", traced},
		"too long for 00": {odd + "-more", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen http.Header
			r := enter(t, func(w http.ResponseWriter, q *http.Request) {
				seen = q.Header.Clone()
				_, _ = io.Copy(io.Discard, q.Body)
				w.Header().Set("Content-Type", "application/json")
				tell(w, `{"id":"c-1","model":"gpt-5","choices":[],"usage":`+usage+`}`)
			}, nil)
			var header []string
			if c.parent != "" {
				header = []string{"Traceparent", c.parent, "Tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}
			}
			r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`, header...)
			e := r.settled(1)[0].Event
			if got := e.Scope.Tags["trace_id"]; got != c.want {
				t.Errorf("the line is of trace %q, want %q", got, c.want)
			}
			if span := e.Scope.Tags["span_id"]; (span == "00f067aa0ba902b7") != (c.want != "") {
				t.Errorf("the line is of span %q", span)
			}
			if got := seen.Get("Traceparent"); got != c.parent {
				t.Errorf("the upstream got %q, want %q", got, c.parent)
			}
			if state := seen.Values("Tracestate"); len(header) > 0 && !slices.Equal(state, []string{header[3]}) || len(header) == 0 && state != nil {
				t.Errorf("the upstream got the state %q", state)
			}
		})
	}
}
