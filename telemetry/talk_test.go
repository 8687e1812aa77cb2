package telemetry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	tracev1 "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/telemetry"
)

// run is a run of Pydantic AI in a conversation: an agent whose sum is told, over a call.
func run(trace, sum, used int) []*tracev1.Span {
	at := uint64(1_795_000_000_000_000_000 + 10_000_000_000*trace)
	agent := span(trace, 1, 0, told{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "a", "gen_ai.conversation.id": "c", "gen_ai.request.model": "gpt-5", "gen_ai.aggregated_usage.input_tokens": sum, "gen_ai.aggregated_usage.output_tokens": 0})
	call := span(trace, 2, 1, told{"gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": used, "gen_ai.usage.output_tokens": 0})
	for _, s := range []*tracev1.Span{agent, call} {
		s.StartTimeUnixNano, s.EndTimeUnixNano = at, at+1_000_000_000
	}
	return []*tracev1.Span{call, agent}
}

// TestCarriedSums has three runs of 1000 tokens each in one conversation, whose agents sum
// up their own, or all so far: either way it is 3000, in whatever order they come. What
// one has beyond both is not known to be of it, and no cost.
func TestCarriedSums(t *testing.T) {
	t.Parallel()
	for want, runs := range map[string][3][2]int{
		"3000/0 in 3 calls":                   {{1000, 1000}, {2000, 1000}, {3000, 1000}},
		"3100/0 in 3 calls":                   {{1000, 1000}, {1100, 1100}, {1000, 1000}},
		"3000/0 in 3 calls, provider 400/0":   {{1000, 1000}, {1000, 600}, {1000, 1000}},
		"2600/0 in 3 calls, unobserved 400/0": {{1000, 1000}, {2000, 600}, {3000, 1000}},
		"3500/0 in 3 calls":                   {{1000, 1000}, {2500, 1500}, {1000, 1000}},
	} {
		all := [][]*tracev1.Span{run(1, runs[0][0], runs[0][1]), run(2, runs[1][0], runs[1][1]), run(3, runs[2][0], runs[2][1])}
		r := reader("pydantic-ai", nil)
		rapid.Check(t, func(t *rapid.T) {
			b, f := book{}, forest()
			spans := rapid.Permutation([]*tracev1.Span{all[0][0], all[0][1], all[1][0], all[1][1], all[2][0], all[2][1]}).Draw(t, "order")
			for _, s := range spans {
				c, _ := r.Span(s)
				out, keep := f.Add("a", []telemetry.Call{c})
				b.take(out)
				keep()
			}
			if diff := cmp.Diff(want, b.total()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
