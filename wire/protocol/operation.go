package protocol

import (
	"slices"
	"strings"
)

// API is a family of calls that shares its errors.
type API string

// The families.
const (
	OpenAI    API = "openai"
	Anthropic API = "anthropic"
)

// Operation is what a request asks for, in the words of OpenTelemetry where it
// has one.
type Operation string

// The operations. Only the first five are read and metered.
const (
	Chat        Operation = "chat"            // POST …/chat/completions
	Completions Operation = "text_completion" // POST …/completions
	Responses   Operation = "responses"       // POST …/responses
	Embeddings  Operation = "embeddings"      // POST …/embeddings
	Messages    Operation = "messages"        // POST …/messages
	CountTokens Operation = "count_tokens"    // counts a prompt, free of charge
	Other       Operation = "other"           // passes through, visible as unmetered
)

// Target is where a request goes. The API is the one that the route serves; a
// path that belongs to one API alone says more.
type Target struct {
	API    API
	Method string
	Path   string // without the query
}

// route is what a path says by itself.
type route struct {
	api       API
	operation Operation
	reread    bool // an answer that was metered when it was made
	deployed  bool // the model is that of a deployment in the path
	model     string
}

// read knows a path by how it ends, whatever stands before: upstreams put the
// same calls under /v1, /api/v1, /openai/v1 and the like.
func (t Target) read() route {
	var last [3]string                                      // the last segments, the very last first
	rest := strings.ToLower(strings.TrimRight(t.Path, "/")) // some upstreams do not tell cases apart
	for i := range last {
		cut := strings.LastIndexByte(rest, '/')
		last[i] = rest[cut+1:]
		rest = rest[:max(cut, 0)]
	}
	api, operation, reread := known(t.Method, last)
	if api == "" {
		api = t.API
	}
	model, deployed := deployment(t.Path)
	return route{api, operation, reread, deployed, model}
}

func known(method string, last [3]string) (api API, operation Operation, reread bool) {
	post, get := strings.EqualFold(method, "POST"), strings.EqualFold(method, "GET") // nor of these
	switch {
	case post && last[0] == "completions" && last[1] == "chat":
		return OpenAI, Chat, false
	case post && last[0] == "completions":
		return OpenAI, Completions, false
	case post && last[0] == "embeddings":
		return OpenAI, Embeddings, false
	case post && (last[0] == "responses" || last[0] == "compact" && last[1] == "responses"):
		return OpenAI, Responses, false
	case post && last[0] == "messages" && last[2] != "threads": // those of assistants are none
		return Anthropic, Messages, false
	case post && last[0] == "count_tokens" && last[1] == "messages":
		return Anthropic, CountTokens, false
	case post && last[0] == "input_tokens" && last[1] == "responses":
		return OpenAI, CountTokens, false
	case get && last[1] == "responses", post && last[0] == "cancel" && last[2] == "responses":
		return OpenAI, Responses, true
	case get && last[1] == "completions" && last[2] == "chat":
		return OpenAI, Chat, true
	}
	return "", Other, false
}

// deployment is the model in a path like /openai/deployments/MODEL/chat/completions,
// where the body's own says nothing. Its own letters count, those of the word before it
// do not.
func deployment(path string) (model string, found bool) {
	steps := strings.Split(path, "/")
	at := slices.IndexFunc(steps, func(step string) bool { return strings.EqualFold(step, "deployments") })
	if at < 1 || at+1 == len(steps) {
		return "", false
	}
	return label([]byte(steps[at+1])), true
}

// streamsUsage says that a stream of the operation tells its usage only when the
// request asks for it.
func (o Operation) streamsUsage() bool { return o == Chat || o == Completions }

// flavour is the form of the operation's usage, one of wire.Flavours.
func (o Operation) flavour() string {
	switch o {
	case Chat, Completions, Embeddings:
		return "openai.chat"
	case Responses:
		return "openai.responses"
	case Messages:
		return "anthropic.messages"
	}
	return ""
}

// fields are the tables of what is wanted of a request and of its answer, nil for
// what is not looked into.
func (o Operation) fields() (request, answer *node) {
	switch o {
	case Chat, Completions:
		return &chatRequest, &chatAnswer
	case Embeddings:
		return &embeddingsRequest, &embeddingsAnswer
	case Responses:
		return &responsesRequest, &responsesAnswer
	case Messages:
		return &messagesRequest, &messagesAnswer
	}
	return nil, nil
}
