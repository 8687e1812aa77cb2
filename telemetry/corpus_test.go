package telemetry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	logsv1 "go.opentelemetry.io/proto/slim/otlp/logs/v1"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// vendors tell the call of TestCorpus in their own answers.
func vendors() map[string]string {
	return map[string]string{
		"anthropic.messages": `{"usage":{"input_tokens":5,"cache_read_input_tokens":128955,"cache_creation_input_tokens":1253,"output_tokens":800}}`,
		"openai.chat": `{"usage":{"prompt_tokens":130213,"completion_tokens":800,"total_tokens":131013,
			"prompt_tokens_details":{"cached_tokens":128955,"cache_write_tokens":1253}}}`,
		"gemini":           `{"usageMetadata":{"promptTokenCount":130213,"cachedContentTokenCount":128955,"candidatesTokenCount":800,"totalTokenCount":131013}}`,
		"bedrock.converse": `{"usage":{"inputTokens":5,"outputTokens":800,"totalTokens":131013,"cacheReadInputTokens":128955,"cacheWriteInputTokens":1253}}`,
	}
}

// libraries tell it in spans, by the scope of who instruments.
func libraries() map[string]told {
	return map[string]told{
		"openinference.instrumentation.langchain": {"openinference.span.kind": "LLM", "llm.provider": "amazon-bedrock", "llm.token_count.prompt": 5, "llm.token_count.completion": 800, "llm.token_count.total": 131013, "llm.token_count.prompt_details.cache_read": 128955, "llm.token_count.prompt_details.cache_write": 1253},
		"openinference.instrumentation.anthropic": {"openinference.span.kind": "LLM", "llm.token_count.prompt": 130213, "llm.token_count.completion": 800, "llm.token_count.prompt_details.cache_read": 128955, "llm.token_count.prompt_details.cache_write": 1253},
		"pydantic-ai": {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 130213, "gen_ai.usage.output_tokens": 800, "gen_ai.usage.details.cache_read_tokens": 128955, "gen_ai.usage.details.cache_write_tokens": 1253},
		"opentelemetry.instrumentation.anthropic": {"llm.request.type": "chat", "gen_ai.system": "Anthropic", "gen_ai.usage.prompt_tokens": 130213, "gen_ai.usage.completion_tokens": 800, "llm.usage.total_tokens": 131013, "gen_ai.usage.cache_read_input_tokens": 128955, "gen_ai.usage.cache_creation_input_tokens": 1253},
		"opentelemetry.instrumentation.bedrock":   {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.usage.input_tokens": 130213, "gen_ai.usage.output_tokens": 800, "gen_ai.usage.total_tokens": 131013, "gen_ai.usage.cache_read.input_tokens": 128955, "gen_ai.usage.cache_creation.input_tokens": 1253},
		"ai":                                      {"ai.operationId": "ai.generateText.doGenerate", "ai.usage.inputTokens": 5, "ai.usage.outputTokens": 800, "ai.usage.cachedInputTokens": 128955, "ai.usage.inputTokenDetails.cacheWriteTokens": 1253},
		"langfuse-sdk":                            {"langfuse.observation.type": "generation", "langfuse.observation.usage_details": `{"input":5,"output":800,"input_cache_read":128955,"input_cache_creation":1253,"total":131013}`},
	}
}

// agents tell it in log records, by the name of the service.
func agents() map[string]told {
	return map[string]told{
		"codex_cli_rs": {"event.name": "codex.sse_event", "event.kind": "response.completed", "model": "gpt-5", "input_token_count": 130213, "output_token_count": 800, "cached_token_count": 128955, "reasoning_token_count": 0},
		"claude-code":  {"event.name": "api_request", "model": "claude-opus-5", "input_tokens": "5", "output_tokens": 800, "cache_read_tokens": 128955, "cache_creation_tokens": 1253},
	}
}

// TestCorpus reads one call as thirteen conventions tell it: 131,013 tokens in the same
// meters, none lost and none twice. Two of them know no writes to a cache, which are
// plain input there.
func TestCorpus(t *testing.T) {
	t.Parallel()
	got := map[string]spend.Usage{}
	for flavour, body := range vendors() {
		u, _, problems := wire.Usage(flavour, []byte(body))
		if got[flavour] = u; len(problems) > 0 {
			t.Errorf("%s: %v", flavour, problems)
		}
	}
	for scope, attributes := range libraries() {
		call, known := reader(scope, nil).Span(span(1, 2, 0, attributes))
		if got[scope] = call.Event.Usage; !known || len(call.Problems) > 0 {
			t.Errorf("%s is known: %v, with %v", scope, known, call.Problems)
		}
	}
	for service, record := range agents() {
		call, known := reader("", told{"service.name": service}).Log(&logsv1.LogRecord{TimeUnixNano: 1_795_000_000_000_000_000, Attributes: attributes(record)})
		if got[service] = call.Event.Usage; !known || len(call.Problems) > 0 {
			t.Errorf("%s is known: %v, with %v", service, known, call.Problems)
		}
	}
	for name, u := range got {
		var want spend.Usage
		want.Tokens[spend.InText], want.Tokens[spend.CacheRead], want.Tokens[spend.CacheWriteOther], want.Tokens[spend.OutText] = 5, 128_955, 1253, 800
		if name == "gemini" || name == "codex_cli_rs" {
			want.Tokens[spend.InText], want.Tokens[spend.CacheWriteOther] = 1258, 0
		}
		if diff := cmp.Diff(want, u); diff != "" || u.PromptTokens()+u.CompletionTokens() != 131_013 {
			t.Errorf("%s has %d tokens (-want +got):\n%s", name, u.PromptTokens()+u.CompletionTokens(), diff)
		}
	}
}
