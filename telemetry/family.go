package telemetry

// Side is the part of a call's tokens that a counter counts: a whole, a part of one that
// another counter tells, or both, where a part stands beside the rest of its whole.
type Side uint8

// The sides. Zero is what is not read.
const (
	Prompt     Side = 1 << iota // cached tokens included
	Completion                  // reasoning included
	Read                        // of the prompt, out of a cache
	Written                     // of the prompt, into a cache
	Reasoned                    // of the completion
)

// shape is the type of a metric's points. One name has had two, with two meanings.
type shape int

const (
	rising shape = iota // a sum that never falls
	spread              // a histogram, of which the sum is read
)

// instrument is one metric that counts tokens. Those of two families tell the same tokens
// in two ways, and are never added.
type instrument struct {
	family string
	metric string
	shape  shape
	side   Side            // of all its points, where no attribute says it
	kind   string          // the attribute that does
	sides  map[string]Side // by its values
}

// families are in the order in which they are believed, where a service writes several.
func families() []string {
	return []string{"genai-counters", "genai-draft-a", "genai-draft-b", "genai-histogram", "claude-code", "gemini-cli", "codex"}
}

// OfCodingAgent says that a family is a coding agent's, whose events and logs tell each
// call as well.
func OfCodingAgent(family string) bool {
	return family == "claude-code" || family == "gemini-cli" || family == "codex"
}

// instruments is the table of all metrics that are read. Cached tokens and reasoning are
// inside input and output, but where a row says that they stand beside them.
func instruments() []instrument {
	inOut := map[string]Side{"input": Prompt, "output": Completion, "completion": Completion}
	cache := map[string]Side{"read": Read, "creation": Written, "write": Written}
	return []instrument{
		{family: "genai-counters", metric: "gen_ai.client.inference.usage.input_tokens", shape: rising, side: Prompt},
		{family: "genai-counters", metric: "gen_ai.client.inference.usage.output_tokens", shape: rising, side: Completion},
		{family: "genai-counters", metric: "gen_ai.client.inference.usage.cache_read.input_tokens", shape: rising, side: Read},
		{family: "genai-counters", metric: "gen_ai.client.inference.usage.cache_write.input_tokens", shape: rising, side: Written},
		{family: "genai-counters", metric: "gen_ai.client.inference.usage.reasoning.output_tokens", shape: rising, side: Reasoned},
		{family: "genai-draft-a", metric: "gen_ai.client.inference.tokens", shape: rising, kind: "gen_ai.token.type", sides: inOut},
		{family: "genai-draft-a", metric: "gen_ai.client.inference.input_tokens_by_cache", shape: rising, kind: "gen_ai.token.cache", sides: cache},
		{family: "genai-draft-b", metric: "gen_ai.client.inference.usage.input_tokens", shape: spread, side: Prompt},
		{family: "genai-draft-b", metric: "gen_ai.client.inference.usage.output_tokens", shape: spread, side: Completion},
		{family: "genai-histogram", metric: "gen_ai.client.token.usage", shape: spread, kind: "gen_ai.token.type", sides: inOut},
		{
			family: "claude-code", metric: "claude_code.token.usage", shape: rising, kind: "type",
			sides: map[string]Side{"input": Prompt, "cacheRead": Prompt | Read, "cacheCreation": Prompt | Written, "output": Completion},
		},
		{
			family: "gemini-cli", metric: "gemini_cli.token.usage", shape: rising, kind: "type",
			sides: map[string]Side{"input": Prompt, "tool": Prompt, "output": Completion, "thought": Completion | Reasoned},
		},
		{family: "codex", metric: "codex.turn.token_usage", shape: spread, kind: "token_type", sides: inOut},
	}
}

// modelNames are the attributes that name the model of a point, the preferred ones first.
func modelNames() []string { return []string{"gen_ai.response.model", "gen_ai.request.model", "model"} }
