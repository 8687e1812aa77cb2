//go:build data

package connect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
)

// The public files read whole, to the row and to the token.
func TestDataFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mapping, file string
		want          sums
	}{
		{"azure-llm-trace", "traces/AzureLLMInferenceTrace_conv.csv",
			sums{Rows: 19366, Calls: 19366, Keys: 19366, Prompt: 22361870, Completion: 4088665, Unreported: 19366}},
		{"azure-llm-trace", "traces/AzureLLMInferenceTrace_code.csv",
			sums{Rows: 8819, Calls: 8819, Keys: 8819, Prompt: 18059974, Completion: 245896, Unreported: 8819}},
		{"mooncake", "traces/mooncake_conversation_trace.jsonl",
			sums{Rows: 12031, Calls: 12031, Keys: 12031, Prompt: 144793823, Completion: 4122048, Unreported: 12031}},
		{"mooncake", "traces/mooncake_synthetic_trace.jsonl",
			sums{Rows: 3993, Calls: 3993, Keys: 3993, Prompt: 61194628, Completion: 595432, Unreported: 3993}},
		// 279,065,308 of 333,047,929 prompt tokens came from a cache: 83.79 %.
		{"mini-swe-agent", "outcomes/minisweagent_gemini3pro_calls.csv",
			sums{Rows: 20163, Calls: 20163, Keys: 20163, Prompt: 333047929, Cached: 279065308, Completion: 5556752,
				Unreported: 579, Contradictory: 20, Reported: money.Must("224.4892046")}},
		{"servegen-hourly", "traces/servegen_hourly.csv",
			sums{Rows: 1047, Calls: 3824907796, Keys: 1047, Prompt: 681458151902, Completion: 112163415798, Unreported: 1047}},
		{"servegen-tokens", "traces/servegen_tokens_6h.csv",
			sums{Rows: 7575, Calls: 7575, Keys: 7575, Prompt: 10014172, Completion: 1561547, Unreported: 7575}},
	} {
		if diff := cmp.Diff(c.want, sumFile(t, c.mapping, c.file)); diff != "" {
			t.Errorf("%s: %s", c.file, diff)
		}
	}
}
