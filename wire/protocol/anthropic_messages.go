package protocol

import "encoding/json"

// Messages of Anthropic.
//
//	limit on the output    max_tokens; max_uses for each tool that the vendor runs
//	usage of a stream      unasked and cumulative: message_start has the input, each
//	                       message_delta the output so far and corrections of the input
//	end of a stream        message_stop
//	error in a stream      an event error
//	price                  service_tier, speed and inference_geo in the usage
var messagesRequest = requestOf(
	node{name: "system", kids: []node{{name: element, kids: cacheFields}}},
	node{name: "messages", kids: []node{turnFields}},
	node{name: "max_tokens", is: inMaxTokens, take: takeText},
	node{name: "speed", is: inSpeed, take: takeText},
	node{name: "inference_geo", is: inRegion, take: takeText},
	node{name: "tools", kids: []node{toolFields}},
	node{name: "fallbacks", is: inFallback, take: takeText, kids: []node{{name: element, kids: []node{
		{name: "model", is: inFallback, take: takeText},
	}}}},
	node{name: "context_management", kids: []node{{name: "edits", kids: []node{compactField}}}},
	node{name: "mcp_servers", kids: []node{{name: element, is: inServer, take: takeMark}}},
	cacheFields[0],
)

var messagesAnswer = node{kids: append([]node{
	{name: "type", is: outType, take: takeText},
	{name: "message", kids: messageFields},
	{name: "delta", kids: append([]node{
		{name: "partial_json", is: outText, take: takeMark},
		{name: "stop_reason", is: outStop, take: takeText},
	}, shownFields...)},
	errorFields,
}, messageFields...)}

// messageFields are those of a message as a whole: at the top of an answer that
// does not stream, and in message of message_start.
var messageFields = []node{
	{name: "id", is: outID, take: takeText},
	{name: "model", is: outModel, take: takeText},
	{name: "stop_reason", is: outStop, take: takeText},
	{name: "usage", is: outUsage, take: takeRaw},
	{name: "content", kids: []node{{name: element, kids: shownFields}}},
}

// shownFields are the text and the thought of a part or of its delta.
var shownFields = []node{
	{name: "text", is: outText, take: takeMark},
	{name: "thinking", is: outText, take: takeMark},
}

// merge makes one object of the two that messages have told: of each field the
// last word that is not null. A later total of cache writes without its split
// drops an earlier split that it contradicts.
//
//	{"input_tokens":9,"output_tokens":1} and {"output_tokens":5} are
//	{"input_tokens":9,"output_tokens":5}
func (u *usage) merge() {
	if len(u.last) == 0 {
		return
	}
	var first, then map[string]json.RawMessage
	if json.Unmarshal(u.raw, &first) != nil || json.Unmarshal(u.last, &then) != nil || first == nil {
		u.raw, u.last = append(u.raw[:0], u.last...), u.last[:0]
		return
	}
	const total, split = "cache_creation_input_tokens", "cache_creation"
	if said, corrected := then[total]; corrected && isNull(then[split]) && !isNull(said) && string(said) != string(first[total]) {
		delete(first, split)
	}
	for name, v := range then {
		if !isNull(v) {
			first[name] = v
		}
	}
	u.last = u.last[:0]
	if merged, err := json.Marshal(first); err == nil && len(merged) <= 2*maxRaw {
		u.raw = merged
		return
	}
	u.long = true
}

func isNull(v json.RawMessage) bool { return len(v) == 0 || v[0] == 'n' }

// settlePrice reads what messages say of the price beside the counts.
func (a *Answer) settlePrice() {
	if a.operation != Messages || a.usage.told == 0 {
		return
	}
	var said struct {
		Tier   string `json:"service_tier"`
		Region string `json:"inference_geo"`
		Speed  string `json:"speed"`
	}
	if json.Unmarshal(a.usage.raw, &said) != nil {
		return
	}
	latest(&a.facts.Tier, label([]byte(said.Tier)))
	latest(&a.facts.Region, label([]byte(said.Region)))
	if said.Speed == "fast" {
		a.facts.Tier = said.Speed
	}
}
