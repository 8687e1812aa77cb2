package protocol

import "strings"

// take reads one field.
func (r *requestReader) take(told value) {
	v := &told
	if r.seen[v.is] && v.is.once() {
		r.unread(fieldNames[v.is], "is given twice")
		r.forget(v.is)
		return
	}
	if v.is != inRoot || v.kind == '{' {
		r.seen[v.is] = true
	}
	switch v.is {
	case inModel:
		r.Model = r.text("model", v)
		r.places.model = place{v.start, v.end}
	case inStream:
		r.Stream = r.truth("stream", v)
		r.places.stream = place{v.start, v.end}
	case inOptions:
		r.places.options, r.places.optionsKind = place{v.start, v.end}, v.kind
	case inAskUsage:
		r.AsksUsage = r.truth("stream_options.include_usage", v)
		r.places.askUsage = place{v.start, v.end}
	case inMaxTokens, inMaxCompletion, inMaxOutput:
		// Of two names for one limit the higher counts, since readers differ in which they take.
		r.MaxOutput = max(r.MaxOutput, r.count(fieldNames[v.is], v))
	case inN, inBestOf:
		r.Answers = max(r.Answers, r.count(fieldNames[v.is], v))
	case inTier:
		r.Tier = r.text("service_tier", v)
	case inSpeed:
		r.Speed = r.text("speed", v)
	case inRegion:
		r.Region = r.text("inference_geo", v)
	default:
		r.takeRest(v)
	}
}

func (r *requestReader) takeRest(v *value) {
	switch v.is {
	case inUser:
		r.User = r.text("user", v)
	case inMetadata:
		r.metadata(v)
	case inPrevious:
		r.Previous = r.text("previous_response_id", v)
		r.Prompt.Elsewhere = r.Prompt.Elsewhere || v.kind != 'n'
	case inBackground:
		r.Background = r.truth("background", v)
	case inStore:
		r.Stored = r.truth("store", v)
	case inConversation:
		r.Prompt.Elsewhere = r.Prompt.Elsewhere || v.kind != 'n'
	case inTemplate: // which may bring tools of its own
		if v.kind != 'n' {
			r.Prompt.Elsewhere = true
			r.unknownTools()
		}
	case inPrompt:
		if v.kind != '0' { // a list of numbers is one prompt, in tokens
			r.prompts++
		}
	case inModality:
		r.Prompt.SpeaksBack = r.Prompt.SpeaksBack || string(v.text) == "audio"
	case inCache:
		r.Prompt.Cached5m = r.Prompt.Cached5m || v.kind == '{'
	case inLifetime:
		r.Prompt.Cached1h = r.Prompt.Cached1h || string(v.text) != "5m"
	case inContent: // is text or a list
		r.Prompt.Elsewhere = r.Prompt.Elsewhere || v.kind == '{'
	case inFallback:
		r.fallback(v)
	case inCompact:
		r.Prompt.Compacts = r.Prompt.Compacts || !strings.HasPrefix(string(v.text), "clear_")
	case inPart:
		r.part(v)
	case inImage:
		r.image(v)
	case inSound:
		r.Prompt.SoundBytes += v.size()
		r.bytes += v.size()
	default:
		r.tool(v)
	}
}

// forget takes back what a field said that comes a second time.
func (r *requestReader) forget(f field) {
	switch f {
	case inModel:
		r.Model = ""
	case inStream:
		r.Stream = false
	case inAskUsage, inOptions:
		r.AsksUsage = false
	case inMaxTokens, inMaxCompletion, inMaxOutput:
		r.MaxOutput = 0
	case inTier:
		r.Tier = ""
	case inSpeed:
		r.Speed = ""
	case inRegion:
		r.Region = ""
	case inUser:
		r.User = ""
	case inPrevious:
		r.Previous = ""
	case inBackground:
		r.Background = false
	case inStore:
		r.Stored = false
	case inMetadata:
		r.Metadata = nil
	}
}

// maxFallbacks is far above the few that an upstream takes.
const maxFallbacks = 16

// fallback reads the name of one more model; a list is told too and has none.
func (r *requestReader) fallback(v *value) {
	if v.kind == '[' {
		return
	}
	if len(r.Fallbacks) == maxFallbacks {
		r.unread("models", "has more than %d models", maxFallbacks)
		return
	}
	if name := r.text("models", v); name != "" {
		r.Fallbacks = append(r.Fallbacks, name)
	}
}
