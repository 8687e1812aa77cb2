package connect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// shape is one source's way to write down one and the same usage.
type shape struct {
	name string
	blob string
	read func(t *testing.T, blob string) spend.Usage
	more bool // it tells reasoning apart
}

// vendor reads the blob as a vendor's own.
func vendor(flavour string) func(*testing.T, string) spend.Usage {
	return func(t *testing.T, blob string) spend.Usage {
		t.Helper()
		usage, flags, problems := wire.Usage(flavour, []byte(blob))
		if flags != 0 || len(problems) > 0 {
			t.Errorf("flags %q, problems %v", flags, problems)
		}
		return usage
	}
}

// declared reads the blob as a line of a file whose mapping says how it counts.
func declared(convention string, fields ...string) func(*testing.T, string) spend.Usage {
	return func(t *testing.T, blob string) spend.Usage {
		t.Helper()
		var counts strings.Builder
		for i := 0; i < len(fields); i += 2 {
			fmt.Fprintf(&counts, "  %s: %q\n", fields[i], fields[i+1])
		}
		m := mapping(t, "mapping: bursar/1\nname: x\nformat: jsonl\nrank: span\nkey: [id]\ntime: {field: at, format: unix_s}\nfields: {seller: {value: s}}\nusage:\n  convention: "+convention+"\n"+counts.String())
		line := `{"id":1,"at":1772359200,` + strings.TrimPrefix(blob, "{") + "\n"
		return only(t, "a mapping", connect.Open(strings.NewReader(line), m, connect.Options{}).Next)
	}
}

// logged reads the blob as a line of a coding agent's log.
func logged(p agentlog.Program, path string) func(*testing.T, string) spend.Usage {
	return func(t *testing.T, blob string) spend.Usage {
		t.Helper()
		return only(t, p.Name, agentlog.Open(strings.NewReader(blob+"\n"), &p, agentlog.Options{Path: path}).Next)
	}
}

// told reads the blob as a record that a product wrote down.
func told(p history.Product) func(*testing.T, string) spend.Usage {
	return func(t *testing.T, blob string) spend.Usage {
		t.Helper()
		return only(t, p.Name, history.Open(strings.NewReader(blob+"\n"), &p, history.Options{}).Next)
	}
}

// only gives the usage of the one record that a reader has.
func only(t *testing.T, of string, next func() (connect.Record, error)) spend.Usage {
	t.Helper()
	rec, err := next()
	if err != nil || len(rec.Problems) > 0 || rec.Event.Flags != 0 {
		t.Errorf("%s: %v %v, flags %q", of, err, rec.Problems, rec.Event.Flags)
	}
	return rec.Event.Usage
}

// TestEveryConventionGivesTheSameMeters has 1,000 tokens in, of which 900 were read
// from a cache, and 100 out, of which 60 were reasoning, as each source tells them.
// Read by another's convention they
// cost several times as much: cached tokens at the price of fresh ones, and then again.
func TestEveryConventionGivesTheSameMeters(t *testing.T) {
	t.Parallel()
	const semconv, older = "gen_ai.usage.", "llm.token_count."
	for _, s := range []shape{
		{"Anthropic", `{"input_tokens":100,"cache_read_input_tokens":900,"cache_creation_input_tokens":0,"output_tokens":100}`, vendor("anthropic.messages"), false},
		{"OpenAI", `{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":900},"completion_tokens_details":{"reasoning_tokens":60}}`, vendor("openai.chat"), true},
		{"OpenAI responses", `{"input_tokens":1000,"output_tokens":100,"total_tokens":1100,"input_tokens_details":{"cached_tokens":900},"output_tokens_details":{"reasoning_tokens":60}}`, vendor("openai.responses"), true},
		{"Gemini", `{"promptTokenCount":1000,"cachedContentTokenCount":900,"candidatesTokenCount":40,"thoughtsTokenCount":60,"totalTokenCount":1100}`, vendor("google.generateContent"), true},
		{"Bedrock", `{"inputTokens":100,"cacheReadInputTokens":900,"cacheWriteInputTokens":0,"outputTokens":100,"totalTokens":1100}`, vendor("bedrock.converse"), false},
		{"AI SDK", `{"inputTokens":1000,"outputTokens":100,"totalTokens":1100,"cachedInputTokens":900,"reasoningTokens":60}`, vendor("vercel.ai-sdk"), true},
		{
			"LangChain on Bedrock, whose total alone has the cached tokens", `{"usage_metadata":{"input_tokens":100,"output_tokens":100,"total_tokens":1100,"input_token_details":{"cache_read":900,"cache_creation":0}}}`,
			declared("cache_apart", "input", "usage_metadata.input_tokens", "output", "usage_metadata.output_tokens", "cache_read", "usage_metadata.input_token_details.cache_read"), false,
		},
		{
			"Pydantic AI", `{"gen_ai.usage.input_tokens":1000,"gen_ai.usage.output_tokens":100,"gen_ai.usage.details.cache_read_tokens":900,"gen_ai.usage.details.reasoning_tokens":60}`,
			declared("inclusive", "input", semconv+"input_tokens", "output", semconv+"output_tokens", "cache_read", semconv+"details.cache_read_tokens", "output_reasoning", semconv+"details.reasoning_tokens"), true,
		},
		{
			"OpenInference", `{"llm.token_count.prompt":1000,"llm.token_count.completion":100,"llm.token_count.total":1100,"llm.token_count.prompt_details.cache_read":900,"llm.token_count.completion_details.reasoning":60}`,
			declared("inclusive", "input", older+"prompt", "output", older+"completion", "total", older+"total", "cache_read", older+"prompt_details.cache_read", "output_reasoning", older+"completion_details.reasoning"), true,
		},
		{
			"OpenLLMetry before", `{"gen_ai.usage.prompt_tokens":1000,"gen_ai.usage.completion_tokens":100,"llm.usage.total_tokens":1100,"gen_ai.usage.cache_read_input_tokens":900,"gen_ai.usage.reasoning_tokens":60}`,
			declared("inclusive", "input", semconv+"prompt_tokens", "output", semconv+"completion_tokens", "total", "llm.usage.total_tokens", "cache_read", semconv+"cache_read_input_tokens", "output_reasoning", semconv+"reasoning_tokens"), true,
		},
		{
			"OpenLLMetry now", `{"gen_ai.usage.input_tokens":1000,"gen_ai.usage.output_tokens":100,"gen_ai.usage.cache_read.input_tokens":900,"gen_ai.usage.reasoning.output_tokens":60}`,
			declared("inclusive", "input", semconv+"input_tokens", "output", semconv+"output_tokens", "cache_read", semconv+"cache_read.input_tokens", "output_reasoning", semconv+"reasoning.output_tokens"), true,
		},
		{
			"Langfuse, whose keys are disjoint", `{"usageDetails":{"input":100,"input_cache_read":900,"output":40,"output_reasoning":60,"total":1100}}`,
			declared("exclusive", "input", "usageDetails.input", "cache_read", "usageDetails.input_cache_read", "output", "usageDetails.output", "output_reasoning", "usageDetails.output_reasoning"), true,
		},
		{
			"Claude Code", `{"type":"assistant","sessionId":"s","timestamp":"2026-11-23T09:00:01Z","message":{"id":"m","model":"x","usage":{"input_tokens":100,"cache_read_input_tokens":900,"cache_creation_input_tokens":0,"output_tokens":100}}}`,
			logged(agentlog.ClaudeCode(), "p/s.jsonl"), false,
		},
		{
			"Codex", `{"type":"event_msg","timestamp":"2026-11-23T09:00:01Z","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":1000,"cached_input_tokens":900,"output_tokens":100,"reasoning_output_tokens":60,"total_tokens":1100}}}}`,
			logged(agentlog.Codex(), "rollout-x.jsonl"), true,
		},
		{
			"Gemini CLI", `{"id":"m","type":"gemini","timestamp":"2026-11-23T09:00:01Z","tokens":{"input":1000,"output":40,"cached":900,"thoughts":60,"tool":0,"total":1100}}`,
			logged(agentlog.Gemini(), "p/chats/session-x.jsonl"), true,
		},
		{
			"Copilot CLI", `{"type":"span","name":"chat x","traceId":"t","endTime":[1772359200,0],"attributes":{"gen_ai.provider.name":"openai","gen_ai.usage.input_tokens":1000,"gen_ai.usage.output_tokens":100,"gen_ai.usage.cache_read.input_tokens":900,"gen_ai.usage.reasoning.output_tokens":60}}`,
			logged(agentlog.Copilot(), "x.jsonl"), true,
		},
		{
			"LiteLLM", `{"request_id":"a","startTime":"2026-11-23T09:00:01Z","model":"m","prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"metadata":{"usage_object":{"prompt_tokens_details":{"cached_tokens":900},"completion_tokens_details":{"reasoning_tokens":60}}}}`,
			told(history.LiteLLM()), true,
		},
		{
			"Langfuse's export", `{"id":"a","type":"GENERATION","start_time":"2026-11-23 09:00:01","usage_details":{"input":100,"input_cached_tokens":900,"output":40,"output_reasoning_tokens":60,"total":1100}}`,
			told(history.Langfuse()), true,
		},
		{
			"Langfuse's export, logged by hand", `{"id":"a","type":"GENERATION","start_time":"2026-11-23 09:00:01","usage_details":{"input":1000,"input_cached_tokens":900,"output":100,"output_reasoning_tokens":60,"total":1100}}`,
			told(history.Langfuse()), true,
		},
		{
			"Helicone of OpenAI", `{"request_id":"a","request_created_at":"2026-11-23T09:00:01Z","provider":"OPENAI","prompt_tokens":1000,"prompt_cache_read_tokens":900,"completion_tokens":100}`,
			told(history.Helicone()), false,
		},
		{
			"Helicone of Anthropic", `{"request_id":"a","request_created_at":"2026-11-23T09:00:01Z","provider":"ANTHROPIC","prompt_tokens":100,"prompt_cache_read_tokens":900,"completion_tokens":100}`,
			told(history.Helicone()), false,
		},
		{
			"OpenRouter", `{"generation_id":"a","created_at":"2026-11-23 09:00:01","model_permaslug":"m","tokens_prompt":1000,"tokens_cached":900,"tokens_completion":100,"tokens_reasoning":60}`,
			told(history.OpenRouter()), true,
		},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var want spend.Usage
			want.Tokens[spend.InText], want.Tokens[spend.CacheRead], want.Tokens[spend.OutText] = 100, 900, 100
			if s.more {
				want.Tokens[spend.OutText], want.Tokens[spend.OutReasoning] = 40, 60
			}
			if got := s.read(t, s.blob); !got.Equal(&want) {
				t.Errorf("%v, want %v", got.Tokens, want.Tokens)
			}
		})
	}
}

// TestCacheWritesInEveryConvention has 50 tokens written to a cache beside 100 fresh
// and 900 read ones, in the sources that tell writes.
func TestCacheWritesInEveryConvention(t *testing.T) {
	t.Parallel()
	for _, s := range []shape{
		{"Anthropic", `{"input_tokens":100,"cache_read_input_tokens":900,"cache_creation_input_tokens":50,"output_tokens":100}`, vendor("anthropic.messages"), false},
		{"OpenAI", `{"prompt_tokens":1050,"completion_tokens":100,"prompt_tokens_details":{"cached_tokens":900,"cache_write_tokens":50}}`, vendor("openai.chat"), false},
		{"Bedrock", `{"inputTokens":100,"cacheReadInputTokens":900,"cacheWriteInputTokens":50,"outputTokens":100,"totalTokens":1150}`, vendor("bedrock.converse"), false},
		{"AI SDK", `{"inputTokens":1050,"outputTokens":100,"inputTokenDetails":{"noCacheTokens":100,"cacheReadTokens":900,"cacheWriteTokens":50}}`, vendor("vercel.ai-sdk"), false},
		{
			"OpenTelemetry", `{"gen_ai.usage.input_tokens":1050,"gen_ai.usage.output_tokens":100,"gen_ai.usage.cache_read.input_tokens":900,"gen_ai.usage.cache_creation.input_tokens":50}`,
			declared("inclusive", "input", "gen_ai.usage.input_tokens", "output", "gen_ai.usage.output_tokens", "cache_read", "gen_ai.usage.cache_read.input_tokens", "cache_write", "gen_ai.usage.cache_creation.input_tokens"), false,
		},
		{
			"Langfuse", `{"usageDetails":{"input":100,"input_cache_read":900,"input_cache_creation":50,"output":100}}`,
			declared("exclusive", "input", "usageDetails.input", "cache_read", "usageDetails.input_cache_read", "cache_write", "usageDetails.input_cache_creation", "output", "usageDetails.output"), false,
		},
		{
			"Codex", `{"type":"event_msg","timestamp":"2026-11-23T09:00:01Z","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":1050,"cached_input_tokens":900,"cache_write_input_tokens":50,"output_tokens":100,"total_tokens":1150}}}}`,
			logged(agentlog.Codex(), "rollout-x.jsonl"), false,
		},
		{
			"Copilot CLI", `{"type":"span","name":"chat x","traceId":"t","endTime":[1772359200,0],"attributes":{"gen_ai.provider.name":"openai","gen_ai.usage.input_tokens":1050,"gen_ai.usage.output_tokens":100,"gen_ai.usage.cache_read.input_tokens":900,"gen_ai.usage.cache_write.input_tokens":50}}`,
			logged(agentlog.Copilot(), "x.jsonl"), false,
		},
		{
			"LiteLLM", `{"request_id":"a","startTime":"2026-11-23T09:00:01Z","model":"m","prompt_tokens":1050,"completion_tokens":100,"metadata":{"usage_object":{"cache_read_input_tokens":900,"cache_creation_input_tokens":50}}}`,
			told(history.LiteLLM()), false,
		},
		{
			"Langfuse's export", `{"id":"a","type":"GENERATION","start_time":"2026-11-23 09:00:01","usage_details":{"input":100,"cache_read_input_tokens":900,"cache_creation_input_tokens":50,"output":100,"total":1150}}`,
			told(history.Langfuse()), false,
		},
		{
			"Helicone of Anthropic", `{"request_id":"a","request_created_at":"2026-11-23T09:00:01Z","provider":"ANTHROPIC","prompt_tokens":100,"prompt_cache_read_tokens":900,"prompt_cache_write_tokens":50,"completion_tokens":100}`,
			told(history.Helicone()), false,
		},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var want spend.Usage
			want.Tokens[spend.InText], want.Tokens[spend.CacheRead], want.Tokens[spend.CacheWriteOther], want.Tokens[spend.OutText] = 100, 900, 50, 100
			if got := s.read(t, s.blob); !got.Equal(&want) {
				t.Errorf("%v, want %v", got.Tokens, want.Tokens)
			}
		})
	}
}
