package telemetry_test

import (
	"testing"

	"github.com/bursarhq/bursar/telemetry"
)

// TestSampling reads the share of traces that are kept, in millionths.
func TestSampling(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state      string
		attributes told
		want       int64
	}{
		{"ot=th:0", nil, 1_000_000},
		{"ot=th:8", nil, 500_000},
		{"other=1, ot=p:8;th:c;rv:6e6d1a75832a2f", nil, 250_000},
		{"ot=th:fd70a3d70a3d71", nil, 9_999},
		{"ot=th:", nil, 0},
		{"ot=th:xyz", nil, 0},
		{"ot=th:123456789abcdef", nil, 0},
		{"other=th:8", nil, 0},
		{"", told{"sampling.ratio": 0.1}, 100_000},
		{"", told{"sampling.ratio": 7}, 0},
		{"", told{"SampleRate": 20}, 50_000},
		{"", told{"SampleRate": -20}, 0},
		{"ot=th:8", told{"SampleRate": 20}, 500_000},
		{"", nil, 0},
	} {
		attributes := told{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai"}
		for name, v := range c.attributes {
			attributes[name] = v
		}
		s := span(1, 2, 0, attributes)
		s.TraceState = c.state
		if call, _ := reader("", nil).Span(s); call.Kept != c.want || call.Class != telemetry.Inference {
			t.Errorf("%q %v: %d, want %d", c.state, c.attributes, call.Kept, c.want)
		}
	}
}
