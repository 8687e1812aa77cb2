package wire_test

import (
	"math"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

func TestDisjoint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		totals wire.Totals
		meters string
		flags  spend.Flags
	}{
		{name: "nothing"},
		{"text", wire.Totals{Input: 10, Output: 5, Total: 15}, "in_text 10, out_text 5", 0},
		{
			"the example of the documentation",
			wire.Totals{Input: 1000, CacheRead: 300, InputAudio: 200, CacheAudioRead: 50, Output: 80, OutputReasoning: 60},
			"in_text 550, in_audio 150, cache_read 250, out_text 20, out_reasoning 60, cache_read_audio 50", 0,
		},
		{
			"every prompt meter",
			wire.Totals{
				Input: 1000, CacheRead: 100, CacheAudioRead: 10, CacheImageRead: 20, CacheVideoRead: 30,
				CacheWrite: 200, CacheWrite5m: 50, CacheWrite1h: 60, CacheWrite30m: 70,
				InputAudio: 110, InputImage: 120, InputVideo: 130, InputTool: 40,
			},
			"in_text 360, in_audio 100, in_image 100, in_video 100, in_tool 40, cache_read 70, cache_write_5m 50, " +
				"cache_write_1h 60, cache_write_other 20, cache_read_audio 10, cache_read_image 20, cache_write_30m 70", 0,
		},
		{
			"every completion meter",
			wire.Totals{
				Output: 100, OutputReasoning: 10, OutputAudio: 11, OutputImage: 12, OutputVideo: 13,
				OutputCitation: 14, OutputPredictionRejected: 15,
			},
			"out_text 25, out_reasoning 10, out_audio 11, out_image 12, out_video 13, out_citation 14, out_prediction_rejected 15", 0,
		},
		{
			"beside tokens",
			wire.Totals{Requests: 1, WebSearches: 2, FileSearches: 3, RerankSearches: 4, ToolCalls: 5, Images: 6, Seconds: money.Must("7.5")},
			"request 1, web_search 2, file_search 3, rerank_search 4, tool_call 5, second 7.5, image 6", 0,
		},
		{
			"lifetimes without a total",
			wire.Totals{Input: 100, CacheWrite5m: 60, CacheWrite1h: 40},
			"cache_write_5m 60, cache_write_1h 40", 0,
		},
		{"a total that is no sum", wire.Totals{Input: 10, Output: 5, Total: 14}, "in_text 10, out_text 5", spend.UsageInconsistent},
		{
			"the largest counts",
			wire.Totals{Input: 1e15, Output: 1e15, CacheRead: 1e15, OutputReasoning: 1e15, Total: 1e15},
			"cache_read 1000000000000000, out_reasoning 1000000000000000", spend.UsageInconsistent,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			usage, flags, problems := c.totals.Disjoint()
			if got := meters(usage); got != c.meters {
				t.Errorf("got  %s\nwant %s", got, c.meters)
			}
			if flags != c.flags || len(problems) > 0 {
				t.Errorf("flags %q, problems %v; want %q and none", flags, problems, c.flags)
			}
			if usage.PromptTokens() != c.totals.Input || usage.CompletionTokens() != c.totals.Output {
				t.Errorf("prompt %d, completion %d: not the totals", usage.PromptTokens(), usage.CompletionTokens())
			}
		})
	}
}

func TestDisjointRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		totals   wire.Totals
		problems string
	}{
		{"a part above the prompt", wire.Totals{Input: 100, CacheRead: 120}, "cache_read_tokens: is 120, above the 100 of input_tokens"},
		{"a part of an absent prompt", wire.Totals{CacheRead: 1}, "cache_read_tokens: is 1, above the 0 of input_tokens"},
		{
			"parts that overlap", wire.Totals{Input: 100, CacheRead: 60, InputAudio: 50},
			"input_tokens: is 100, below the sum of its parts (cache_read_tokens 60 + fresh input_audio_tokens 50 = 110)",
		},
		{"cached audio above the audio", wire.Totals{Input: 100, CacheRead: 60, CacheAudioRead: 5, InputAudio: 4}, "cache_audio_read_tokens: is 5, above the 4 of input_audio_tokens"},
		{"cached images above the cached", wire.Totals{Input: 100, CacheRead: 3, CacheImageRead: 4, InputImage: 10}, "cache_image_read_tokens: is 4, above the 3 of cache_read_tokens"},
		{"cached modalities above the cached", wire.Totals{Input: 100, CacheRead: 6, CacheImageRead: 4, InputImage: 10, CacheAudioRead: 4, InputAudio: 10}, "cache_read_tokens: is 6, below"},
		{"lifetimes above the writes", wire.Totals{Input: 100, CacheWrite: 10, CacheWrite5m: 6, CacheWrite1h: 6}, "cache_write_tokens: is 10, below"},
		{"writes above the prompt", wire.Totals{Input: 10, CacheWrite5m: 6, CacheWrite1h: 6}, "cache_write_tokens: is 12, above the 10 of input_tokens"},
		{"reasoning above the completion", wire.Totals{Output: 10, OutputReasoning: 11}, "output_reasoning_tokens: is 11, above the 10 of output_tokens"},
		{"all at once", wire.Totals{Input: 1, InputTool: 2, Output: 1, OutputAudio: 2}, "input_tool_tokens: is 2\noutput_audio_tokens: is 2"},
		{"negative counts", wire.Totals{Input: -1, WebSearches: -2}, "input_tokens: is -1; want 0 to 10^15\nweb_searches: is -2"},
		{"counts that would overflow", wire.Totals{Input: math.MaxInt64, CacheRead: math.MaxInt64}, "input_tokens: is 9223372036854775807\ncache_read_tokens"},
		{"negative seconds", wire.Totals{Seconds: money.Must("-0.5")}, "audio_seconds: is -0.5"},
		{"too many seconds", wire.Totals{Seconds: money.Must("1000000000000000.5")}, "audio_seconds: is 1000000000000000.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			usage, flags, problems := c.totals.Disjoint()
			checkProblems(t, problems, c.problems)
			if !usage.IsZero() || flags != 0 {
				t.Errorf("a refused usage is %s with flags %q; want nothing", meters(usage), flags)
			}
		})
	}
}

func TestIncludeCache(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		totals wire.Totals
		input  int64
	}{
		{wire.Totals{Input: 5, CacheRead: 128955, CacheWrite: 1253}, 130213},
		{wire.Totals{Input: 5, CacheWrite5m: 10, CacheWrite1h: 20, CacheWrite30m: 30}, 65},
		{wire.Totals{Input: 5, CacheWrite: 40, CacheWrite5m: 10}, 45},
	} {
		if got := c.totals.IncludeCache().Input; got != c.input {
			t.Errorf("%+v: input %d, want %d", c.totals, got, c.input)
		}
	}
}
