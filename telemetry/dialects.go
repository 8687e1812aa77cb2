package telemetry

import "slices"

// Dialects is the table of all that is read, in the order in which rows are tried.
func Dialects() []Dialect {
	return slices.Concat(vendors(), openInference(), openLLMetry(), frameworks(), tracers(), genAI(), logDialects())
}

// vendors are the rows of the vendors' own libraries. Where another library tells of the
// same answer too, theirs counts: they sort before all others (spend.Merge).
func vendors() []Dialect {
	return []Dialect{{
		Name: "anthropic-sdk", Title: "Anthropic's own SDK", Versions: "2 on", Signal: Spans, Grade: Captured, Convention: Inclusive,
		Link: "https://platform.claude.com/docs/en/api/opentelemetry/spans", Scopes: []string{"com.anthropic.sdk"}, Seller: "anthropic",
		Names: map[Field][]string{
			Request: {"anthropic.request.id"}, Tier: {"anthropic.response.service_tier"},
			CacheWrite5m: {"anthropic.usage.cache_creation.ephemeral_5m_input_tokens"}, CacheWrite1h: {"anthropic.usage.cache_creation.ephemeral_1h_input_tokens"},
		},
	}}
}

// openInference are its rows. Of an answer it says no id; where it says the whole
// answer, that is looked up there (inside).
func openInference() []Dialect {
	row := Dialect{
		Name: "openinference", Title: "OpenInference for OpenAI and Anthropic", Versions: "Python 0.1.66 and 3.1, JavaScript 4.2 and 0.2", Signal: Spans, Grade: Captured, Convention: Inclusive,
		Link: "https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md",
		Scopes: []string{
			"openinference.instrumentation.openai", "openinference.instrumentation.anthropic",
			"@arizeai/openinference-instrumentation-openai", "@arizeai/openinference-instrumentation-anthropic",
		},
		Names: map[Field][]string{
			Operation: {"openinference.span.kind"}, Provider: {"llm.provider", "llm.system"}, Served: {"llm.model_name", "embedding.model_name"},
			Agent: {"agent.name"}, Run: {"session.id"}, Cost: {"llm.cost.total"}, Response: {inside("output.value", "id")},
			Input: {"llm.token_count.prompt"}, Output: {"llm.token_count.completion"}, Total: {"llm.token_count.total"},
			CacheRead: {"llm.token_count.prompt_details.cache_read"}, CacheWrite: {"llm.token_count.prompt_details.cache_write"},
			InputAudio: {"llm.token_count.prompt_details.audio"}, OutputAudio: {"llm.token_count.completion_details.audio"},
			Reasoning: {"llm.token_count.completion_details.reasoning"},
		},
	}
	others := row
	others.Name, others.Title, others.Versions = "openinference-others", "OpenInference for LangChain, Bedrock and others", "all"
	others.Grade, others.Convention, others.Marks = Documented, Undeclared, []string{"openinference.span.kind"}
	others.Scopes = []string{"openinference.instrumentation", "@arizeai/openinference"}
	return []Dialect{row, others}
}

// openLLMetry are its rows. One project counts in two ways under the same names: the
// name of the instrumentation tells them apart, and numbers could not.
func openLLMetry() []Dialect {
	row := Dialect{
		Name: "openllmetry", Title: "OpenLLMetry in Python, for OpenAI and Anthropic", Versions: "0.62", Signal: Spans, Grade: Captured, Convention: Inclusive,
		Link:   "https://www.traceloop.com/docs/openllmetry",
		Scopes: []string{"opentelemetry.instrumentation.openai.v", "opentelemetry.instrumentation.anthropic"},
		Names: map[Field][]string{
			Operation: {"gen_ai.operation.name", "traceloop.span.kind", "llm.request.type"}, Total: {"llm.usage.total_tokens", "gen_ai.usage.total_tokens"},
			Step: {"traceloop.entity.name"},
		},
	}
	openai, anthropic, others := row, row, row
	openai.Name, openai.Title, openai.Versions, openai.Scopes = "openllmetry-js-openai", "OpenLLMetry in JavaScript, for OpenAI; it tells no cached tokens", "0.27", []string{"@traceloop/instrumentation-openai"}
	anthropic.Name, anthropic.Title, anthropic.Versions, anthropic.Scopes = "openllmetry-js-anthropic", "OpenLLMetry in JavaScript, for Anthropic", "0.27", []string{"@traceloop/instrumentation-anthropic"}
	anthropic.Convention = Exclusive
	others.Name, others.Title, others.Versions, others.Grade, others.Convention = "openllmetry-others", "OpenLLMetry for others", "all", Documented, Undeclared
	others.Scopes = []string{"@traceloop", "opentelemetry.instrumentation.bedrock", "opentelemetry.instrumentation.langchain", "traceloop.tracer"}
	others.Marks = []string{"traceloop.span.kind", "llm.request.type", "llm.usage.total_tokens"}
	return []Dialect{row, openai, anthropic, others}
}

// frameworks are the rows of what applications are built with, whose spans say so.
func frameworks() []Dialect {
	return []Dialect{
		{
			Name: "vercel-ai-sdk", Title: "Vercel AI SDK", Versions: "4 to 6", Signal: Spans, Grade: Documented, Convention: Undeclared,
			Link: "https://ai-sdk.dev/docs/ai-sdk-core/telemetry", Scopes: []string{"ai"}, Marks: []string{"ai.operationId"},
			Names: map[Field][]string{
				Operation: {"ai.operationId"}, Provider: {"ai.model.provider"}, Requested: {"ai.model.id"}, Served: {"ai.response.model"},
				Response: {"ai.response.id"}, Workflow: {"ai.telemetry.functionId"},
				Input: {"ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"}, Output: {"ai.usage.outputTokens", "ai.usage.completionTokens"},
				Total: {"ai.usage.totalTokens"}, CacheRead: {"ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens"},
				CacheWrite: {"ai.usage.inputTokenDetails.cacheWriteTokens"}, Reasoning: {"ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens"},
			},
		},
		{
			Name: "langsmith", Title: "LangChain, by LangSmith's exporter", Versions: "all", Signal: Spans, Grade: Documented, Convention: Undeclared,
			Link:   "https://docs.langchain.com/langsmith/trace-with-opentelemetry",
			Scopes: []string{"langsmith"}, Marks: []string{"langsmith.span.kind", "langsmith.trace.id"},
			Names: map[Field][]string{
				Operation: {"langsmith.span.kind"}, Run: {"langsmith.trace.session_id"},
				CacheRead: {"gen_ai.usage.input_token_details.cache_read"}, CacheWrite: {"gen_ai.usage.input_token_details.cache_creation"},
				InputAudio: {"gen_ai.usage.input_token_details.audio"}, Reasoning: {"gen_ai.usage.output_token_details.reasoning"},
				OutputAudio: {"gen_ai.usage.output_token_details.audio"},
			},
		},
	}
}

// tracers are the rows of libraries that watch other libraries, and of agents.
func tracers() []Dialect {
	return []Dialect{
		{
			Name: "langfuse", Title: "Langfuse", Versions: "3 on", Signal: Spans, Grade: Documented, Convention: Exclusive,
			Link: "https://langfuse.com/integrations/native/opentelemetry", Scopes: []string{"langfuse-sdk"}, Marks: []string{"langfuse.observation.type"},
			Beside: []Field{Reasoning, InputAudio, OutputAudio},
			Names: map[Field][]string{
				Operation: {"langfuse.observation.type"}, Served: {"langfuse.observation.model.name"}, Run: {"langfuse.session.id"}, Environment: {"langfuse.environment"},
				Input:     {"langfuse.observation.usage_details.input", "langfuse.observation.usage_details.input_tokens"},
				Output:    {"langfuse.observation.usage_details.output", "langfuse.observation.usage_details.output_tokens"},
				Total:     {"langfuse.observation.usage_details.total"},
				CacheRead: {"langfuse.observation.usage_details.input_cache_read", "langfuse.observation.usage_details.input_cached_tokens", "langfuse.observation.usage_details.cache_read_input_tokens"},
				CacheWrite: {
					"langfuse.observation.usage_details.input_cache_creation", "langfuse.observation.usage_details.cache_creation_input_tokens",
				},
				CacheWrite5m: {"langfuse.observation.usage_details.input_cache_creation_5m"}, CacheWrite1h: {"langfuse.observation.usage_details.input_cache_creation_1h"},
				Reasoning:  {"langfuse.observation.usage_details.output_reasoning_tokens", "langfuse.observation.usage_details.output_reasoning"},
				InputAudio: {"langfuse.observation.usage_details.input_audio_tokens"}, OutputAudio: {"langfuse.observation.usage_details.output_audio_tokens"},
			},
		},
		{
			Name: "pydantic-ai", Title: "Pydantic AI and Logfire", Versions: "1 on", Signal: Spans, Grade: Documented, Convention: Inclusive,
			Link: "https://ai.pydantic.dev/logfire/", Scopes: []string{"pydantic-ai", "logfire"}, Marks: []string{"gen_ai.aggregated_usage.input_tokens", "pydantic_ai.all_messages"},
			Carries: true,
			Names: map[Field][]string{
				Agent: {"agent_name"}, Requested: {"model_name"}, Cost: {"operation.cost"},
				Input: {"gen_ai.aggregated_usage.input_tokens"}, Output: {"gen_ai.aggregated_usage.output_tokens"},
				CacheRead:  {"gen_ai.aggregated_usage.details.cache_read_tokens", "gen_ai.usage.details.cache_read_tokens", "gen_ai.aggregated_usage.cache_read.input_tokens"},
				CacheWrite: {"gen_ai.aggregated_usage.details.cache_write_tokens", "gen_ai.usage.details.cache_write_tokens", "gen_ai.aggregated_usage.cache_creation.input_tokens"},
				Reasoning:  {"gen_ai.usage.details.reasoning_tokens", "gen_ai.aggregated_usage.details.reasoning_tokens"},
			},
		},
		{
			Name: "openlit", Title: "OpenLIT", Versions: "1 on", Signal: Spans, Grade: Documented, Convention: Inclusive,
			Link: "https://docs.openlit.io", Scopes: []string{"openlit"}, Marks: []string{"gen_ai.usage.cost", "gen_ai.sdk.version"},
			Names: map[Field][]string{
				Cost:      {"gen_ai.usage.cost"},
				CacheRead: {"gen_ai.usage.prompt_tokens_details.cached_tokens", "gen_ai.usage.cache.read_input_tokens"},
				Reasoning: {"gen_ai.usage.completion_tokens_details.reasoning_tokens"},
			},
		},
		{
			Name: "copilot-cli", Title: "GitHub Copilot CLI", Versions: "1 on", Signal: Spans, Grade: Documented, Convention: Inclusive,
			Link:   "https://docs.github.com/copilot/how-tos/copilot-cli",
			Scopes: []string{"github.copilot"}, Services: []string{"github-copilot", "copilot-cli"}, Marks: []string{"github.copilot.interaction_id"},
			Agent: "copilot-cli", Seller: "github-copilot", Seat: true, Names: map[Field][]string{Run: {"copilot_chat.session_id", "github.copilot.interaction_id"}},
		},
	}
}

// genAI are the rows of the conventions themselves, which hold for whoever writes no
// dialect of its own.
func genAI() []Dialect {
	const link = "https://github.com/open-telemetry/semantic-conventions-genai"
	return []Dialect{
		{
			Name: "genai-2026", Title: "GenAI conventions, repository of their own", Versions: "2026 on", Signal: Spans, Grade: Documented,
			Convention: Inclusive, Link: link, Marks: []string{"gen_ai.usage.cache_write.input_tokens", "gen_ai.caller.name", "gen_ai.usage.text.input_tokens"},
		},
		{
			Name: "genai-1.41", Title: "GenAI conventions", Versions: "1.37 to 1.41", Signal: Spans, Grade: Documented,
			Convention: Inclusive, Link: "https://opentelemetry.io/docs/specs/semconv/gen-ai/", Marks: []string{"gen_ai.provider.name", "gen_ai.usage.cache_creation.input_tokens"},
		},
		{
			Name: "genai-1.36", Title: "GenAI conventions", Versions: "up to 1.36", Signal: Spans, Grade: Documented,
			Convention: Undeclared, Link: "https://opentelemetry.io/docs/specs/semconv/gen-ai/", Marks: []string{"gen_ai.system", "gen_ai.operation.name", "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"},
		},
	}
}

// logDialects are the rows of log records.
func logDialects() []Dialect {
	return []Dialect{
		{
			Name: "claude-code", Title: "Claude Code", Versions: "1 on", Signal: Logs, Grade: Documented, Convention: Exclusive,
			Link: "https://code.claude.com/docs/en/monitoring-usage", Services: []string{"claude-code"}, Scopes: []string{"com.anthropic.claude_code"},
			Events: []string{"api_request", "claude_code.api_request"}, Rank: CodingAgent, Seller: "anthropic", Agent: "claude-code",
			Names: map[Field][]string{
				Served: {"model"}, Request: {"request_id"}, Run: {"session.id"}, Agent: {"agent.name"}, Person: {"user.email"}, Tier: {"speed"},
				Input: {"input_tokens"}, Output: {"output_tokens"}, CacheRead: {"cache_read_tokens"}, CacheWrite: {"cache_creation_tokens"}, Cost: {"cost_usd"},
			},
		},
		{
			Name: "codex", Title: "Codex CLI", Versions: "0.30 on", Signal: Logs, Grade: Documented, Convention: Inclusive,
			Link:     "https://developers.openai.com/codex/config-advanced",
			Services: []string{"codex_cli_rs", "codex-cli", "codex_exec", "codex"}, Scopes: []string{"codex_otel"},
			Events: []string{"codex.sse_event", "codex.websocket_event"}, Rank: CodingAgent, Seller: "openai", Agent: "codex",
			Names: map[Field][]string{
				Served: {"model"}, Response: {"response.id"}, Run: {"conversation.id"}, Person: {"user.email"}, Plan: {"auth_mode"}, Tier: {"service_tier"},
				Input: {"input_token_count"}, Output: {"output_token_count"}, CacheRead: {"cached_token_count"}, CacheWrite: {"cache_write_token_count"}, Reasoning: {"reasoning_token_count"},
			},
		},
		{
			Name: "gemini-cli", Title: "Gemini CLI", Versions: "0.2 on", Signal: Logs, Grade: Documented, Convention: Inclusive,
			Link:     "https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/telemetry.md",
			Services: []string{"gemini-cli"}, Scopes: []string{"gemini-cli"}, Events: []string{"gemini_cli.api_response"},
			Rank: CodingAgent, Seller: "google", Agent: "gemini-cli", Beside: []Field{Reasoning, Tool},
			Names: map[Field][]string{
				Served: {"model"}, Run: {"session.id"}, Step: {"prompt_id"}, Person: {"user.email"}, Plan: {"auth_type"},
				Input: {"input_token_count"}, Output: {"output_token_count"}, CacheRead: {"cached_content_token_count"}, Reasoning: {"thoughts_token_count"},
				Tool: {"tool_token_count"}, Total: {"total_token_count"},
			},
		},
		{
			Name: "genai-event", Title: "GenAI conventions, as events", Versions: "1.37 on", Signal: Logs, Grade: Documented, Convention: Inclusive,
			Link:  "https://github.com/open-telemetry/semantic-conventions-genai",
			Marks: []string{"gen_ai.operation.name"}, Events: []string{"gen_ai.client.inference.operation.details"},
		},
	}
}

// common are the attributes that hold in every dialect, behind its own. Where somebody
// says a scope for Bursar, that stands before all others (saidForUs).
func common() map[Field][]string {
	return map[Field][]string{
		Operation: {"gen_ai.operation.name", "gen_ai.span.kind"},
		Provider:  {"gen_ai.provider.name", "gen_ai.system"},
		Requested: {"gen_ai.request.model"}, Served: {"gen_ai.response.model"}, Response: {"gen_ai.response.id"},
		Tier:     {"openai.response.service_tier", "gen_ai.openai.response.service_tier", "gen_ai.response.service_tier"},
		Agent:    {"gen_ai.agent.name"},
		Workflow: {"gen_ai.workflow.name", "traceloop.workflow.name"},
		Run:      {"gen_ai.conversation.id", "session.id"}, Environment: {"deployment.environment.name", "deployment.environment"},
		Service: {"service.name"}, CallerType: {"gen_ai.caller.type"}, Caller: {"gen_ai.caller.name"}, EventName: {"event.name"}, EventKind: {"event.kind"},
		EventTime: {"event.timestamp"}, Sequence: {"event.sequence"},
		HTTPMethod: {"http.request.method", "http.method"}, Most: {"gen_ai.request.max_tokens"},

		Input: {"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"}, Output: {"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"},
		Total:      {"gen_ai.usage.total_tokens"},
		CacheRead:  {"gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"},
		CacheWrite: {"gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens"},
		Reasoning:  {"gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"},
		InputAudio: {"gen_ai.usage.audio.input_tokens"}, InputImage: {"gen_ai.usage.image.input_tokens"},
		OutputAudio: {"gen_ai.usage.audio.output_tokens"}, OutputImage: {"gen_ai.usage.image.output_tokens"},
		CacheReadAudio: {"gen_ai.usage.audio.cache_read.input_tokens"},
	}
}

// saidForUs are the attributes by which an application says a scope for Bursar.
func saidForUs() map[Field][]string {
	return map[Field][]string{
		Workflow: {"bursar.workflow"}, Agent: {"bursar.agent"}, Run: {"bursar.run"}, ParentRun: {"bursar.parent_run"}, Step: {"bursar.step"},
		Feature: {"bursar.feature"}, Customer: {"bursar.customer"}, Environment: {"bursar.environment"}, Plan: {"bursar.plan"},
	}
}

// objects are the attributes that hold a JSON object of counts. Its members are read as
// attributes of their own, behind a point.
func objects() []string {
	return []string{"gen_ai.usage.input_token_details", "gen_ai.usage.output_token_details", "langfuse.observation.usage_details"}
}

// inside names a member of the JSON object that an attribute holds: nothing else of it
// is looked at.
func inside(attribute, member string) string { return attribute + "\x00" + member }
