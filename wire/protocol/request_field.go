package protocol

import "slices"

// The fields of a request.
const (
	inRoot field = iota + 1
	inModel
	inStream
	inOptions
	inAskUsage
	inMaxTokens
	inMaxCompletion
	inMaxOutput
	inN
	inBestOf
	inTier
	inSpeed
	inRegion
	inUser
	inMetadata
	inPrevious
	inBackground
	inStore
	inConversation
	inTemplate
	inMaxCalls
	inTool
	inUses
	inToolEnd
	inSearch
	inServer
	inPart
	inImage
	inSound
	inContent
	inFallback
	inCompact
	inCache
	inLifetime
	inModality
	inPrompt

	inEnd
)

// requestFields are the wanted fields of every operation, before its own.
var requestFields = []node{
	{name: "model", is: inModel, take: takeText},
	{name: "stream", is: inStream, take: takeText},
	{name: "service_tier", is: inTier, take: takeText},
	{name: "user", is: inUser, take: takeText},
	{name: "metadata", is: inMetadata, take: takeRaw},
	{name: "models", kids: []node{{name: element, is: inFallback, take: takeText}}}, // OpenRouter's
}

// requestOf is the table of an operation: the common fields and its own.
func requestOf(own ...node) node {
	return node{is: inRoot, take: takeMark, kids: slices.Concat(requestFields, own)}
}

// toolFields are those of one tool.
var toolFields = node{name: element, is: inToolEnd, take: takeMark, kids: append([]node{
	{name: "type", is: inTool, take: takeText},
	{name: "max_uses", is: inUses, take: takeText},
}, cacheFields...)}

// compactField is a rule that may have the vendor summarise the conversation on
// the way, which is another sampling.
var compactField = node{name: element, kids: []node{{name: "type", is: inCompact, take: takeText}}}

// turnFields are those of one turn of a conversation.
var turnFields = node{name: element, kids: append([]node{
	{name: "content", is: inContent, take: takeMark, kids: []node{partFields(partFields())}},
}, cacheFields...)}

var cacheFields = []node{
	{name: "cache_control", is: inCache, take: takeMark, kids: []node{{name: "ttl", is: inLifetime, take: takeText}}},
}

// imageFields are where images and sound stand in a part, whichever API it is of.
var imageFields = []node{
	{name: "image_url", is: inImage, take: takeMark, kids: []node{{name: "url", is: inImage, take: takeMark}}},
	{name: "source", kids: []node{{name: "data", is: inImage, take: takeMark}}},
	{name: "input_audio", kids: []node{{name: "data", is: inSound, take: takeMark}}},
}

// partFields are those of the parts of some content, which may have parts of
// their own.
func partFields(inner ...node) node {
	kids := append([]node{{name: "type", is: inPart, take: takeText}}, imageFields...)
	kids = append(kids, cacheFields...)
	if len(inner) > 0 {
		kids = append(kids, node{name: "content", kids: inner})
	}
	return node{name: element, kids: kids}
}

// once are the fields of which a second one makes the request ambiguous: readers
// differ in which they take.
func (f field) once() bool {
	return f >= inModel && f <= inMaxCalls
}

// fieldNames are the names in problems.
var fieldNames = [inEnd]string{
	inModel: "model", inStream: "stream", inOptions: "stream_options", inAskUsage: "stream_options.include_usage",
	inMaxTokens: "max_tokens", inMaxCompletion: "max_completion_tokens", inMaxOutput: "max_output_tokens",
	inN: "n", inBestOf: "best_of", inTier: "service_tier", inSpeed: "speed", inRegion: "inference_geo", inUser: "user", inMetadata: "metadata",
	inPrevious: "previous_response_id", inBackground: "background", inStore: "store",
	inConversation: "conversation", inTemplate: "prompt", inMaxCalls: "max_tool_calls",
	inUses: "tools.max_uses",
}
