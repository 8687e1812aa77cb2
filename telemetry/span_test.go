package telemetry_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	commonv1 "go.opentelemetry.io/proto/slim/otlp/common/v1"
	logsv1 "go.opentelemetry.io/proto/slim/otlp/logs/v1"
	tracev1 "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// told is a set of attributes by name; whole numbers, texts and decimals.
type told map[string]any

func attributes(t told) (all []*commonv1.KeyValue) {
	for name, v := range t {
		value := &commonv1.AnyValue{}
		switch v := v.(type) {
		case int:
			value.Value = &commonv1.AnyValue_IntValue{IntValue: int64(v)}
		case float64:
			value.Value = &commonv1.AnyValue_DoubleValue{DoubleValue: v}
		case string:
			value.Value = &commonv1.AnyValue_StringValue{StringValue: v}
		}
		all = append(all, &commonv1.KeyValue{Key: name, Value: value})
	}
	return all
}

// span makes one of numbers: trace 1, span 2, below span 3.
func span(trace, id, parent int, t told) *tracev1.Span {
	s := &tracev1.Span{
		TraceId: bytesOf(trace, 16), SpanId: bytesOf(id, 8), StartTimeUnixNano: 1_795_000_000_000_000_000, EndTimeUnixNano: 1_795_000_001_000_000_000,
		Attributes: attributes(t),
	}
	if parent != 0 {
		s.ParentSpanId = bytesOf(parent, 8)
	}
	return s
}

func bytesOf(n, size int) []byte {
	b, _ := hex.DecodeString(fmt.Sprintf("%0*x", 2*size, n))
	return b
}

func reader(scope string, resource told) *telemetry.Reader {
	r := telemetry.NewTable(telemetry.Dialects()).NewReader()
	r.Resource(attributes(resource))
	r.Scope(scope)
	return r
}

// shown is a call as tests write it: dialect, meters, and what is wrong.
func shown(c telemetry.Call) string {
	parts := []string{}
	if c.Dialect != nil {
		parts = append(parts, c.Dialect.Name)
	}
	c.Event.Usage.Each(func(m spend.Meter, q spend.Quantity) { parts = append(parts, m.String()+" "+q.String()) })
	for _, p := range c.Problems {
		parts = append(parts, p.String())
	}
	return strings.Join(parts, ", ")
}

// TestConventions reads one call in every dialect: 130,213 tokens in, of which 128,955
// come from a cache and 1,253 go into one, and 800 out.
func TestConventions(t *testing.T) {
	t.Parallel()
	const same = "in_text 5, cache_read 128955, cache_write_other 1253, out_text 800"
	for name, c := range map[string]struct {
		scope string
		t     told
	}{
		"genai-2026":           {"", told{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.usage.input_tokens": 130213, "gen_ai.usage.cache_read.input_tokens": 128955, "gen_ai.usage.cache_write.input_tokens": 1253, "gen_ai.usage.output_tokens": 800}},
		"genai-1.41":           {"", told{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.usage.input_tokens": 130213, "gen_ai.usage.cache_read.input_tokens": 128955, "gen_ai.usage.cache_creation.input_tokens": 1253, "gen_ai.usage.output_tokens": 800}},
		"genai-1.36":           {"", told{"gen_ai.operation.name": "chat", "gen_ai.system": "anthropic", "gen_ai.usage.input_tokens": 5, "gen_ai.usage.cache_read_input_tokens": 128955, "gen_ai.usage.cache_creation_input_tokens": 1253, "gen_ai.usage.output_tokens": 800}},
		"openllmetry":          {"opentelemetry.instrumentation.anthropic", told{"llm.request.type": "chat", "gen_ai.system": "Anthropic", "gen_ai.usage.prompt_tokens": 130213, "gen_ai.usage.completion_tokens": 800, "llm.usage.total_tokens": 131013, "gen_ai.usage.cache_read_input_tokens": 128955, "gen_ai.usage.cache_creation_input_tokens": 1253}},
		"openinference-others": {"openinference.instrumentation.langchain", told{"openinference.span.kind": "LLM", "llm.token_count.prompt": 5, "llm.token_count.completion": 800, "llm.token_count.total": 131013, "llm.token_count.prompt_details.cache_read": 128955, "llm.token_count.prompt_details.cache_write": 1253}},
		"openlit":              {"openlit.otel.tracing", told{"gen_ai.operation.name": "chat", "gen_ai.usage.cost": 0.0554, "gen_ai.usage.input_tokens": 130213, "gen_ai.usage.output_tokens": 800, "gen_ai.usage.cache.read_input_tokens": 128955, "gen_ai.usage.cache_creation.input_tokens": 1253}},
		"vercel-ai-sdk":        {"ai", told{"ai.operationId": "ai.generateText.doGenerate", "ai.usage.inputTokens": 5, "ai.usage.outputTokens": 800, "ai.usage.cachedInputTokens": 128955, "ai.usage.inputTokenDetails.cacheWriteTokens": 1253}},
		"pydantic-ai":          {"pydantic-ai", told{"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 130213, "gen_ai.usage.output_tokens": 800, "gen_ai.usage.details.cache_read_tokens": 128955, "gen_ai.usage.details.cache_write_tokens": 1253}},
		"langsmith":            {"langsmith", told{"langsmith.span.kind": "llm", "gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 800, "gen_ai.usage.total_tokens": 131013, "gen_ai.usage.input_token_details": `{"cache_read":128955,"cache_creation":1253}`}},
		"langfuse":             {"langfuse-sdk", told{"langfuse.observation.type": "generation", "langfuse.observation.usage_details": `{"input":5,"output":800,"input_cache_read":128955,"input_cache_creation":1253,"total":131013}`}},
		"copilot-cli":          {"github.copilot", told{"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 130213, "gen_ai.usage.output_tokens": 800, "gen_ai.usage.cache_read_input_tokens": 128955, "gen_ai.usage.cache_write_input_tokens": 1253}},
	} {
		call, known := reader(c.scope, nil).Span(span(1, 2, 0, c.t))
		if diff := cmp.Diff(name+", "+same, shown(call)); diff != "" || !known || call.Class != telemetry.Inference || !call.Told {
			t.Errorf("%s, class %v (-want +got):\n%s", name, call.Class, diff)
		}
	}
}

// TestEvents reads the same of the log records of coding agents; Gemini counts thoughts
// and the tools' prompt beside the others.
func TestEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		service string
		t       told
		want    string
		tags    map[string]string
	}{
		{"claude-code", told{"event.name": "api_request", "model": "claude-opus-5", "request_id": "req_1", "session.id": "s", "input_tokens": "5", "output_tokens": 800, "cache_read_tokens": 128955, "cache_creation_tokens": 1253, "cost_usd": 0.0861}, "claude-code, in_text 5, cache_read 128955, cache_write_other 1253, out_text 800", map[string]string{"request_id": "req_1", "service": "claude-code"}},
		{"codex_cli_rs", told{"event.name": "codex.sse_event", "event.kind": "response.completed", "model": "gpt-5", "conversation.id": "c", "input_token_count": 100, "output_token_count": 30, "cached_token_count": 40, "reasoning_token_count": 10}, "codex, in_text 60, cache_read 40, out_text 20, out_reasoning 10", map[string]string{"service": "codex_cli_rs"}},
		{"gemini-cli", told{"event.name": "gemini_cli.api_response", "model": "gemini-3", "input_token_count": 100, "output_token_count": 30, "cached_content_token_count": 40, "thoughts_token_count": 10, "tool_token_count": 7, "total_token_count": 147}, "gemini-cli, in_text 60, in_tool 7, cache_read 40, out_text 30, out_reasoning 10", map[string]string{"service": "gemini-cli"}},
		{"codex_cli_rs", told{"event.name": "codex.sse_event", "event.kind": "response.output_item.done", "output_token_count": 30}, "", nil},
		{"gemini-cli", told{"event.name": "gen_ai.client.inference.operation.details", "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 9}, "", nil},
		{"claude-code", told{"event.name": "user_prompt", "prompt": "secret"}, "", nil},
	} {
		call, _ := reader("", told{"service.name": c.service}).Log(&logsv1.LogRecord{TimeUnixNano: 1_795_000_000_000_000_000, Attributes: attributes(c.t)})
		if diff := cmp.Diff(c.want, shown(call)) + cmp.Diff(c.tags, call.Event.Scope.Tags); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.service, diff)
		}
	}
}

// TestRename reads cache writes under both names of the conventions, each and neither.
func TestRename(t *testing.T) {
	t.Parallel()
	const write, creation = "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"
	for want, t1 := range map[string]told{
		"in_text 93, cache_write_other 7":                  {write: 7, creation: 7},
		"in_text 94, cache_write_other 6":                  {write: 6},
		"in_text 95, cache_write_other 5":                  {creation: 5, write: 0},
		"in_text 100":                                      {},
		"cache_write_tokens: is told twice, as 7 and as 8": {write: 7, creation: 8},
		"input_tokens: is 100, below the 101 cached tokens that genai-2026 counts inside": {write: 101},
		"cache_write_tokens: is not a whole number from 0 to 10^15":                       {write: -1},
	} {
		all := told{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.usage.input_tokens": 100, "gen_ai.caller.name": "x"}
		for name, n := range t1 {
			all[name] = n
		}
		call, _ := reader("", nil).Span(span(1, 2, 0, all))
		if diff := cmp.Diff("genai-2026, "+want, shown(call)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestUndeclared quarantines a total that fits neither convention.
func TestUndeclared(t *testing.T) {
	t.Parallel()
	call, _ := reader("", nil).Span(span(1, 2, 0, told{"openinference.span.kind": "LLM", "llm.token_count.prompt": 100, "llm.token_count.completion": 10, "llm.token_count.total": 130, "llm.token_count.prompt_details.cache_read": 40}))
	if got := shown(call); !strings.Contains(got, "nobody knows whether the input counts them") || !call.Event.Usage.IsZero() {
		t.Error(got)
	}
}

// TestUnobserved keeps a call whose usage never came: what it could give at most is
// known, and nothing is free.
func TestUnobserved(t *testing.T) {
	t.Parallel()
	call, _ := reader("", nil).Span(span(1, 2, 0, told{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5", "gen_ai.request.max_tokens": 500}))
	if e := call.Event; e.UsageSource != spend.UsageUnobserved || e.Usage.Tokens[spend.OutText] != 500 || call.Told {
		t.Errorf("%+v", call)
	}
	fetched, _ := reader("", nil).Span(span(1, 2, 0, told{"gen_ai.operation.name": "fetch_response", "gen_ai.provider.name": "openai", "gen_ai.usage.input_tokens": 50}))
	if fetched.Class != telemetry.Other {
		t.Errorf("an answer that is fetched again costs nothing again: class %v", fetched.Class)
	}
}

// TestOneReader reads one record after another: nothing of one is left in the next.
func TestOneReader(t *testing.T) {
	t.Parallel()
	r := reader("", told{"service.name": "triage", "deployment.environment": "production"})
	first, _ := r.Span(span(1, 2, 0, told{"gen_ai.system": "openai", "gen_ai.usage.input_tokens": 100, "gen_ai.agent.name": "router", "deployment.environment": "test"}))
	second, _ := r.Span(span(1, 3, 0, told{"gen_ai.system": "openai", "gen_ai.usage.output_tokens": 7}))
	want := spend.Scope{Run: strings.Repeat("0", 31) + "1", Environment: "production", Tags: map[string]string{
		"service": "triage", "trace_id": strings.Repeat("0", 31) + "1", "span_id": strings.Repeat("0", 15) + "3",
	}}
	if diff := cmp.Diff(want, second.Event.Scope); diff != "" || shown(second) != "genai-1.36, out_text 7" || first.Event.Scope.Environment != "test" {
		t.Errorf("%s (-want +got):\n%s", shown(second), diff)
	}
}

// TestCaptured reads spans of the shapes that the libraries themselves sent: 600 fresh
// tokens, 400 from a cache, 200 into it, and 30 out, of one answer.
func TestCaptured(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scope, want, response, request string
		t                              told
	}{
		{"com.anthropic.sdk.python", "anthropic-sdk, in_text 600, cache_read 400, cache_write_5m 150, cache_write_1h 50, out_text 30", "msg_01", "req_1", told{
			"gen_ai.provider.name": "anthropic", "gen_ai.operation.name": "chat", "gen_ai.response.id": "msg_01", "anthropic.request.id": "req_1", "http.response.status_code": 200,
			"gen_ai.usage.input_tokens": 1200, "gen_ai.usage.output_tokens": 30, "gen_ai.usage.cache_read.input_tokens": 400, "gen_ai.usage.cache_write.input_tokens": 200,
			"anthropic.usage.cache_creation.ephemeral_5m_input_tokens": 150, "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 50, "anthropic.response.service_tier": "standard",
		}},
		{"openinference.instrumentation.anthropic", "openinference, in_text 600, cache_read 400, cache_write_other 200, out_text 30", "msg_01", "", told{
			"openinference.span.kind": "LLM", "llm.system": "anthropic", "llm.provider": "anthropic", "llm.token_count.prompt": 1200, "llm.token_count.completion": 30, "llm.token_count.total": 1230,
			"llm.token_count.prompt_details.cache_read": 400, "llm.token_count.prompt_details.cache_write": 200,
			"output.mime_type": "application/json", "output.value": `{"content":[{"id":"no","text":"secret {\"id\":\"no\"}"}],"usage":{"id":"no"},"id":"msg_01","type":"message"}`,
		}},
		{"opentelemetry.instrumentation.openai.v1", "openllmetry, in_text 600, cache_read 400, out_text 20, out_reasoning 10", "chatcmpl-1", "", told{
			"gen_ai.provider.name": "openai", "gen_ai.operation.name": "chat", "gen_ai.response.id": "chatcmpl-1", "openai.response.service_tier": "default", "gen_ai.usage.input_tokens": 1000,
			"gen_ai.usage.output_tokens": 30, "gen_ai.usage.total_tokens": 1030, "gen_ai.usage.cache_read.input_tokens": 400, "gen_ai.usage.reasoning_tokens": 10,
		}},
		{"@traceloop/instrumentation-openai", "openllmetry-js-openai", "chatcmpl-2", "", told{"gen_ai.system": "OpenAI", "gen_ai.operation.name": "chat", "gen_ai.response.id": "chatcmpl-2", "gen_ai.request.model": "gpt-5"}},
	} {
		call, _ := reader(c.scope, nil).Span(span(1, 2, 0, c.t))
		if diff := cmp.Diff(c.want, shown(call)); diff != "" || call.Event.Response != c.response || call.Event.Scope.Tags["request_id"] != c.request || call.Event.ServedTier != "" {
			t.Errorf("%s: answer %q to request %q (-want +got):\n%s", c.scope, call.Event.Response, call.Event.Scope.Tags["request_id"], diff)
		}
	}
}
