package protocol

// Chat completions and completions of OpenAI, and of the many that speak them.
//
//	limit on the output    max_tokens or max_completion_tokens, for each of n answers; of
//	                       completions for each prompt of a list, too
//	usage of a stream      only with stream_options.include_usage: then a last chunk
//	                       without choices has it, and every other chunk has usage: null;
//	                       Groq tells it in x_groq of the last chunk, whether asked or not
//	end of a stream        data: [DONE]
//	error in a stream      a chunk with error
var chatRequest = requestOf(
	node{name: "messages", kids: []node{turnFields}},
	node{name: "prompt", kids: []node{{name: element, is: inPrompt, take: takeMark}}},
	node{name: "stream_options", is: inOptions, take: takeMark, kids: []node{
		{name: "include_usage", is: inAskUsage, take: takeText},
	}},
	node{name: "max_tokens", is: inMaxTokens, take: takeText},
	node{name: "max_completion_tokens", is: inMaxCompletion, take: takeText},
	node{name: "n", is: inN, take: takeText},
	node{name: "best_of", is: inBestOf, take: takeText},
	node{name: "tools", kids: []node{toolFields}},
	node{name: "web_search_options", is: inSearch, take: takeMark},
	node{name: "plugins", kids: []node{{name: element, is: inServer, take: takeMark}}}, // OpenRouter's
	node{name: "modalities", kids: []node{{name: element, is: inModality, take: takeText}}},
	node{name: "store", is: inStore, take: takeText},
)

var chatAnswer = node{kids: []node{
	{name: "id", is: outID, take: takeText},
	{name: "model", is: outModel, take: takeText},
	{name: "service_tier", is: outTier, take: takeText},
	{name: "choices", kids: []node{{name: element, is: outChoice, take: takeMark, kids: []node{
		{name: "delta", kids: saidFields},
		{name: "message", kids: saidFields},
		{name: "text", is: outText, take: takeMark}, // of completions
		{name: "finish_reason", is: outStop, take: takeText},
	}}}},
	{name: "usage", is: outUsage, take: takeRaw},
	{name: "x_groq", kids: []node{{name: "usage", is: outAside, take: takeRaw}}},
	errorFields,
}}

// saidFields are those of what one choice says. Vendors that show thoughts use
// one of the two names.
var saidFields = []node{
	{name: "content", is: outText, take: takeMark},
	{name: "reasoning_content", is: outText, take: takeMark},
	{name: "reasoning", is: outText, take: takeMark},
	{name: "refusal", is: outText, take: takeMark},
	{name: "tool_calls", kids: []node{{name: element, is: outBegun, take: takeMark, kids: []node{
		{name: "function", kids: []node{{name: "arguments", is: outText, take: takeMark}}},
	}}}},
}

// Embeddings have a request with a model and an answer with usage; nothing of
// them streams or is limited. An input that is an object, or a conversation, is an
// extension that takes more than text.
var (
	embeddingsRequest = requestOf(
		node{name: "input", is: inContent, take: takeMark, kids: []node{{name: element, is: inContent, take: takeMark}}},
		node{name: "messages", is: inConversation, take: takeMark},
	)
	embeddingsAnswer = node{kids: []node{
		{name: "model", is: outModel, take: takeText},
		{name: "usage", is: outUsage, take: takeRaw},
		errorFields,
	}}
)
