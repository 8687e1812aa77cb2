package protocol

import "bytes"

// Responses of OpenAI.
//
//	limit on the output    max_output_tokens; max_tool_calls for all tools together
//	prompt                 perhaps elsewhere: previous_response_id, conversation, prompt
//	usage of a stream      unasked, in response.usage of the event that ends it
//	end of a stream        response.completed, .incomplete, .failed or .cancelled
//	error in a stream      an event error with code at its top
var responsesRequest = requestOf(
	node{name: "input", kids: []node{{name: element, kids: []node{
		{name: "type", is: inPart, take: takeText},
		{name: "content", is: inContent, take: takeMark, kids: []node{partFields()}},
		{name: "output", is: inContent, take: takeMark, kids: append([]node{partFields(), {name: "type", is: inPart, take: takeText}}, imageFields...)},
	}}}},
	node{name: "max_output_tokens", is: inMaxOutput, take: takeText},
	node{name: "previous_response_id", is: inPrevious, take: takeText},
	node{name: "conversation", is: inConversation, take: takeMark},
	node{name: "prompt", is: inTemplate, take: takeMark},
	node{name: "background", is: inBackground, take: takeText},
	node{name: "store", is: inStore, take: takeText},
	node{name: "context_management", kids: []node{compactField}},
	node{name: "tools", kids: []node{toolFields}},
	node{name: "max_tool_calls", is: inMaxCalls, take: takeText},
)

var responsesAnswer = node{kids: append([]node{
	{name: "type", is: outType, take: takeText},
	{name: "delta", is: outText, take: takeMark},
	{name: "response", kids: responseFields},
	{name: "code", is: outErrorCode, take: takeText},
}, responseFields...)}

// responseFields are those of a response as a whole: at the top of an answer
// that does not stream, and in the events that tell a state.
var responseFields = []node{
	{name: "id", is: outID, take: takeText},
	{name: "model", is: outModel, take: takeText},
	{name: "usage", is: outUsage, take: takeRaw},
	{name: "service_tier", is: outTier, take: takeText},
	{name: "status", is: outStatus, take: takeText},
	{name: "incomplete_details", kids: []node{{name: "reason", is: outReason, take: takeText}}},
	errorFields,
	{name: "output", kids: []node{{name: element, is: outItem, take: takeMark, kids: []node{
		{name: "type", is: outItemType, take: takeText},
		{name: "action", kids: []node{{name: "type", is: outAction, take: takeText}}},
		{name: "content", kids: []node{{name: element, kids: []node{{name: "text", is: outText, take: takeMark}}}}},
		{name: "arguments", is: outText, take: takeMark},
	}}}},
}

// applyEvent reads an event of a stream: most tell a delta, the last one a state,
// which repeats the text.
func (a *Answer) applyEvent() {
	f, all := &a.frame, &a.facts
	kind := f.kind[:f.kindLen]
	all.Began = all.Began || bytes.HasSuffix(kind, []byte(".delta"))
	switch string(kind) {
	case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
		all.Ended = true
		all.Text -= f.text
	}
}

// applyEnd reads why a response ended: its state, or the reason where it is
// incomplete.
func (a *Answer) applyEnd() {
	if !a.stream || a.facts.Ended {
		latest(&a.facts.Stop, a.frame.status)
		latest(&a.facts.Stop, a.frame.reason)
	}
}

// item is one item of the output of responses.
type item struct{ kind, action string }

// addItem adds a call of a tool to those of the frame, in the form that package
// wire counts.
func (f *frame) addItem() {
	it := f.item
	f.item = item{}
	if it.kind != "web_search_call" && it.kind != "file_search_call" || len(f.items) > maxRaw {
		return
	}
	f.items = append(f.items, `,{"type":"`+it.kind+`"`...)
	if it.action == "" || it.action == "search" {
		f.items = append(f.items, '}')
		return
	}
	f.items = append(f.items, `,"action":{"type":"other"}}`...)
}
