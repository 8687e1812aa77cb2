package wire_test

import (
	"testing"

	"github.com/bursarhq/bursar/spend"
)

func TestAnthropicMessages(t *testing.T) {
	t.Parallel()
	check(t, "anthropic.messages", []reading{
		{
			name: "cached tokens stand beside the input",
			body: `{"id":"msg_1","content":[{"text":"hello"}],"usage":{"input_tokens":5,"cache_read_input_tokens":128955,
				"cache_creation_input_tokens":1253,"output_tokens":800,"service_tier":"standard"}}`,
			meters: "in_text 5, cache_read 128955, cache_write_other 1253, out_text 800",
		},
		{
			name: "creation by lifetime, not all of it",
			body: `{"input_tokens":10,"cache_creation_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":300},
				"cache_read_input_tokens":0,"output_tokens":4}`,
			meters: "in_text 10, cache_write_5m 600, cache_write_1h 300, cache_write_other 100, out_text 4",
		},
		{
			name: "iterations of a server's tool are in the creation, and not in its lifetimes",
			body: `{"usage":{"input_tokens":3,"cache_creation_input_tokens":184457,"cache_creation":{"ephemeral_5m_input_tokens":31490,"ephemeral_1h_input_tokens":0},
				"output_tokens":4,"server_tool_use":{"web_search_requests":2}}}`,
			meters: "in_text 3, cache_write_5m 31490, cache_write_other 152967, out_text 4, web_search 2",
		},
		{
			name:   "creation by lifetime without a total",
			body:   `{"input_tokens":10,"cache_creation_input_tokens":null,"cache_creation":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":300},"output_tokens":4}`,
			meters: "in_text 10, cache_write_5m 600, cache_write_1h 300, out_text 4",
		},
		{
			name:     "lifetimes above the creation",
			body:     `{"usage":{"input_tokens":10,"cache_creation_input_tokens":500,"cache_creation":{"ephemeral_5m_input_tokens":600},"output_tokens":4}}`,
			problems: "usage.cache_creation_input_tokens: is 500, below the 600 of its lifetimes",
		},
		{
			name:     "lifetimes above no creation",
			body:     `{"input_tokens":10,"cache_creation_input_tokens":0,"cache_creation":{"ephemeral_1h_input_tokens":1},"output_tokens":4}`,
			problems: "cache_creation_input_tokens: is 0, below the 1",
		},
		{
			name:   "thinking is in the output",
			body:   `{"input_tokens":10,"output_tokens":900,"output_tokens_details":{"thinking_tokens":700}}`,
			meters: "in_text 10, out_text 200, out_reasoning 700",
		},
		{name: "thinking above the output", body: `{"input_tokens":10,"output_tokens":9,"output_tokens_details":{"thinking_tokens":10}}`, problems: "output_reasoning_tokens: is 10"},
		{
			name:   "searches",
			body:   `{"input_tokens":10,"output_tokens":9,"server_tool_use":{"web_search_requests":3,"web_fetch_requests":2}}`,
			meters: "in_text 10, out_text 9, web_search 3",
		},
		{name: "the start of a stream", body: `{"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1}}}`, meters: "in_text 25, out_text 1"},
		{name: "a delta of a stream", body: `{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}`, meters: "out_text 15"},
		{name: "an error", body: `{"type":"error","message":"overloaded"}`, problems: "usage: has neither input_tokens nor output_tokens"},
	})
}

func TestBedrockConverse(t *testing.T) {
	t.Parallel()
	check(t, "bedrock.converse", []reading{
		{
			name: "cached tokens stand beside the input",
			body: `{"output":{"message":{}},"usage":{"inputTokens":3,"outputTokens":500,"totalTokens":13719,"cacheReadInputTokens":13216,"cacheWriteInputTokens":0},
				"metrics":{"latencyMs":7}}`,
			meters: "in_text 3, cache_read 13216, out_text 500",
		},
		{
			name: "the last event of a stream, writes by lifetime",
			body: `{"metadata":{"usage":{"inputTokens":3,"outputTokens":5,"totalTokens":1008,"cacheWriteInputTokens":1000,
				"cacheDetails":[{"ttl":"1h","inputTokens":600},{"ttl":"5m","inputTokens":300}]}}}`,
			meters: "in_text 3, cache_write_5m 300, cache_write_1h 600, cache_write_other 100, out_text 5",
		},
		{
			name:   "a lifetime that nobody knows",
			body:   `{"inputTokens":3,"cacheDetails":[{"ttl":"24h","inputTokens":600},{"ttl":"5m","inputTokens":300},{"ttl":"5m","inputTokens":1}]}`,
			meters: "in_text 3, cache_write_5m 301, cache_write_other 600",
		},
		{name: "lifetimes above the writes", body: `{"inputTokens":3,"cacheWriteInputTokens":8,"cacheDetails":[{"ttl":"5m","inputTokens":9}]}`, problems: "cacheWriteInputTokens: is 8, below the 9"},
		{name: "a total without the cached tokens", body: `{"inputTokens":3,"outputTokens":5,"totalTokens":8,"cacheReadInputTokens":4}`, meters: "in_text 3, cache_read 4, out_text 5", flags: spend.UsageInconsistent},
		{name: "details that are no list", body: `{"inputTokens":3,"cacheDetails":{"ttl":"5m"}}`, problems: "cacheDetails: is not a list of objects"},
	})
}
