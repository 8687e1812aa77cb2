package wire_test

import (
	"testing"

	"github.com/bursarhq/bursar/spend"
)

func TestDeepSeekChat(t *testing.T) {
	t.Parallel()
	check(t, "deepseek.chat", []reading{
		{
			name: "hits and misses make up the prompt",
			body: `{"usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200,"prompt_cache_hit_tokens":960,"prompt_cache_miss_tokens":40,
				"prompt_tokens_details":{"cached_tokens":960},"completion_tokens_details":{"reasoning_tokens":150}}}`,
			meters: "in_text 40, cache_read 960, out_text 50, out_reasoning 150",
		},
		{name: "hits alone", body: `{"prompt_tokens":10,"completion_tokens":2,"prompt_cache_hit_tokens":4}`, meters: "in_text 6, cache_read 4, out_text 2"},
		{name: "only OpenAI's field", body: `{"prompt_tokens":10,"prompt_tokens_details":{"cached_tokens":4}}`, meters: "in_text 6, cache_read 4"},
		{name: "no prompt", body: `{"completion_tokens":2,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":3}`, meters: "in_text 3, cache_read 4, out_text 2"},
		{name: "below the prompt", body: `{"prompt_tokens":10,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":5}`, meters: "in_text 6, cache_read 4", flags: spend.UsageInconsistent},
		{name: "above the prompt", body: `{"prompt_tokens":10,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":7}`, problems: "prompt_tokens: is 10, below the sum of its parts, 11"},
		{name: "hits told twice, differently", body: `{"prompt_tokens":10,"prompt_cache_hit_tokens":4,"prompt_tokens_details":{"cached_tokens":5}}`, meters: "in_text 6, cache_read 4", flags: spend.UsageInconsistent},
		{name: "a broken prompt is told once", body: `{"prompt_tokens":"10","prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":0,"prompt_tokens_details":{"cached_tokens":"5"}}`, problems: "prompt_tokens: is a string\nprompt_tokens_details.cached_tokens: is a string"},
	})
}

func TestVercelAISDK(t *testing.T) {
	t.Parallel()
	check(t, "vercel.ai-sdk", []reading{
		{
			name: "details",
			body: `{"usage":{"inputTokens":130213,"outputTokens":800,"totalTokens":131013,"cachedInputTokens":128955,"reasoningTokens":300,
				"inputTokenDetails":{"noCacheTokens":5,"cacheReadTokens":128955,"cacheWriteTokens":1253},"outputTokenDetails":{"textTokens":500,"reasoningTokens":300}}}`,
			meters: "in_text 5, cache_read 128955, cache_write_other 1253, out_text 500, out_reasoning 300",
		},
		{
			// Vendors whose own counts leave cached tokens or reasoning out come
			// here with them inside; adding them again would double them.
			name:   "no vendor's rule is applied again",
			body:   `{"inputTokens":1000,"outputTokens":500,"totalTokens":1500,"cachedInputTokens":900,"reasoningTokens":400}`,
			meters: "in_text 100, cache_read 900, out_text 100, out_reasoning 400",
		},
		{name: "before version 5", body: `{"promptTokens":7,"completionTokens":3,"totalTokens":10}`, meters: "in_text 7, out_text 3"},
		{name: "both namings", body: `{"inputTokens":8,"promptTokens":7,"completionTokens":3}`, meters: "in_text 8"},
		{name: "unknown counts are null", body: `{"inputTokens":8,"outputTokens":null,"totalTokens":null,"reasoningTokens":null}`, meters: "in_text 8"},
		{name: "a result of two steps", body: `{"usage":{"inputTokens":8,"outputTokens":1},"totalUsage":{"inputTokens":20,"outputTokens":3}}`, meters: "in_text 20, out_text 3"},
		{name: "the vendor's own body is left alone", body: `{"inputTokens":8,"raw":{"input_tokens":1,"cache_read_input_tokens":"x"}}`, meters: "in_text 8"},
		{name: "exclusive input slipped through", body: `{"inputTokens":3,"outputTokens":5,"cachedInputTokens":13216}`, problems: "cache_read_tokens: is 13216, above the 3 of input_tokens"},
		{name: "reasoning beside output slipped through", body: `{"inputTokens":3,"outputTokens":5,"reasoningTokens":9}`, flags: 0, problems: "output_reasoning_tokens: is 9"},
		{name: "details above the input", body: `{"inputTokens":10,"inputTokenDetails":{"noCacheTokens":6,"cacheReadTokens":5}}`, problems: "inputTokens: is 10, below the sum of its parts, 11"},
		{name: "details below the input", body: `{"inputTokens":10,"inputTokenDetails":{"noCacheTokens":4,"cacheReadTokens":5}}`, meters: "in_text 5, cache_read 5", flags: spend.UsageInconsistent},
		{name: "cached told twice, differently", body: `{"inputTokens":10,"cachedInputTokens":4,"inputTokenDetails":{"cacheReadTokens":5}}`, meters: "in_text 5, cache_read 5", flags: spend.UsageInconsistent},
		{name: "text above the output", body: `{"outputTokens":10,"outputTokenDetails":{"textTokens":8,"reasoningTokens":5}}`, meters: "out_text 5, out_reasoning 5", flags: spend.UsageInconsistent},
		{name: "nothing", body: `{"usage":{}}`, problems: "usage: has neither inputTokens nor outputTokens"},
	})
}
