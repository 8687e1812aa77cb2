package history

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// Langfuse reads observations: files of its export to blob storage (CSV, JSON, JSON
// Lines), of its page, and pages of its interface. Generations and embeddings are calls;
// spans, events, traces and scores are passed over.
//
//	usage_details    every count beside every other, and total their sum; who logged by
//	                 hand may have left the parts inside: total says which
//	cost             US dollars, computed, or as the logging program gave it
//	instants         UTC, without a zone
//
// It names models and not who sold them. A name in the metadata (gen_ai.system,
// ls_provider) or before the model's says it; Options.Seller says it for the rest.
func Langfuse() Product {
	return Product{
		Name: "langfuse", Title: "Langfuse", Rank: spend.RankSpan,
		columns: []column{
			fuseKey: needed("id", "span_id"), fuseTrace: also("trace_id"), fuseType: also("type"), fuseStart: needed("start_time"), fuseEnd: also("end_time"),
			fuseFirst: also("completion_start_time"), fuseModel: also("provided_model_name", "model"), fuseLevel: also("level"),
			fuseUsage: also("usage_details"), fuseOld: also("usage"), fusePrompt: also("prompt_tokens", "input_tokens", "input_usage"),
			fuseCompletion: also("completion_tokens", "output_tokens", "output_usage"), fuseTotal: also("total_tokens", "total_usage"),
			fuseCosts: also("cost_details"), fuseCost: also("total_cost", "calculated_total_cost"), fuseUpdated: also("updated_at"),
			fuseEnvironment: also("environment"), fuseUser: also("user_id"), fuseSession: also("session_id"), fuseTraceName: also("trace_name"),
			fuseName: also("name"), fuseTags: also("tags", "trace_tags"), fuseProject: also("project_id"), fuseMetadata: also("metadata"),
		},
		read: (*reading).langfuse,
	}
}

const (
	fuseKey = iota
	fuseTrace
	fuseType
	fuseStart
	fuseEnd
	fuseFirst
	fuseModel
	fuseLevel
	fuseUsage
	fuseOld
	fusePrompt
	fuseCompletion
	fuseTotal
	fuseCosts
	fuseCost
	fuseUpdated
	fuseEnvironment
	fuseUser
	fuseSession
	fuseTraceName
	fuseName
	fuseTags
	fuseProject
	fuseMetadata
)

func (r *reading) langfuse() {
	switch strings.ToUpper(string(r.raw(fuseType))) {
	case "GENERATION", "EMBEDDING":
	case "":
		if !r.said(fuseModel) {
			return
		}
	default:
		return
	}
	e := &r.Event
	e.SourceKey, e.UsedAt, e.Kind = r.key(fuseKey), r.used(fuseStart), "chat"
	if trace := r.word(fuseTrace); trace != "" { // OpenTelemetry's span ids are those of their trace
		e.SourceKey = trace + "/" + e.SourceKey
	}
	if strings.EqualFold(string(r.raw(fuseType)), "EMBEDDING") {
		e.Kind = "embeddings"
	}
	r.lasted(fuseFirst, fuseEnd)
	e.RequestedModel = r.word(fuseModel)
	r.fuseSeller()
	r.fuseCost()
	used := r.fuseUsage()
	if strings.EqualFold(string(r.raw(fuseLevel)), "ERROR") {
		e.Status = spend.StatusError
	}
	switch {
	case used:
	case e.Status == spend.StatusError:
		e.UsageSource = spend.UsageNone
	default:
		e.UsageSource = spend.UsageUnobserved
	}
	e.Revision = r.told(r.at(fuseUpdated))
	r.fuseScope()
	r.emit()
}

// fuseSeller finds who sold the tokens where the record says it.
func (r *reading) fuseSeller() {
	e := &r.Event
	said := r.fuseAttributes()
	e.Response = word(cmp.Or(said["gen_ai.response.id"], said["response_id"]))
	seller := cmp.Or(said["gen_ai.provider.name"], said["gen_ai.system"], said["ls_provider"], said["provider"])
	if before, model, found := strings.Cut(e.RequestedModel, "/"); found && seller == "" && r.options.Seller == "" && !strings.Contains(model, "/") {
		seller = before
	}
	if r.seller(seller); e.Seller == "" {
		e.Response = "" // an id is the vendor's, and nobody knows whose
	}
}

// fuseAttributes are the texts of the metadata, which may nest them, also as JSON in a text.
func (r *reading) fuseAttributes() map[string]string {
	said := map[string]string{}
	if !r.said(fuseMetadata) {
		return said
	}
	var outer map[string]json.RawMessage
	if text := r.raw(fuseMetadata); text[0] != '{' && text[0] != '"' || !r.decode(fuseMetadata, &outer) {
		return said
	}
	r.texts(outer, said)
	if inner := outer["attributes"]; len(inner) > 0 {
		var text string
		if json.Unmarshal(inner, &text) == nil {
			inner = []byte(text)
		}
		var attributes map[string]json.RawMessage
		_ = json.Unmarshal(inner, &attributes) // what is no object says nothing
		r.texts(attributes, said)
	}
	return said
}

func (r *reading) texts(from map[string]json.RawMessage, into map[string]string) {
	for _, name := range []string{"gen_ai.response.id", "response_id", "gen_ai.provider.name", "gen_ai.system", "ls_provider", "provider"} {
		var t text
		if raw := from[name]; len(raw) > 0 && t.UnmarshalJSON(raw) == nil && t != "" {
			into[name] = word(string(t))
		}
	}
}

func (r *reading) fuseCost() {
	if r.said(fuseCost) {
		r.reported(fuseCost)
		return
	}
	var costs map[string]json.Number
	if r.said(fuseCosts) && r.decode(fuseCosts, &costs) && costs["total"] != "" {
		r.row.cells[fuseCost] = cell{text: []byte(costs["total"]), given: true}
		r.reported(fuseCost)
	}
}

// fuseMeters says which part of usage_details a name tells. Several names tell one part.
func fuseMeters() map[string]func(*wire.Totals) *int64 {
	read := func(t *wire.Totals) *int64 { return &t.CacheRead }
	write := func(t *wire.Totals) *int64 { return &t.CacheWrite }
	reasoning := func(t *wire.Totals) *int64 { return &t.OutputReasoning }
	return map[string]func(*wire.Totals) *int64{
		"input": nil, "output": nil, "total": nil,
		"input_cached_tokens": read, "cache_read_input_tokens": read, "input_cache_read": read, "input_cached": read,
		"cache_creation_input_tokens": write, "input_cache_creation": write, "input_cache_write": write,
		"input_cache_creation_5m": func(t *wire.Totals) *int64 { return &t.CacheWrite5m },
		"input_cache_creation_1h": func(t *wire.Totals) *int64 { return &t.CacheWrite1h },
		"input_audio_tokens":      func(t *wire.Totals) *int64 { return &t.InputAudio },
		"input_audio":             func(t *wire.Totals) *int64 { return &t.InputAudio },
		"input_image":             func(t *wire.Totals) *int64 { return &t.InputImage },
		"input_image_tokens":      func(t *wire.Totals) *int64 { return &t.InputImage },
		"output_reasoning_tokens": reasoning, "output_reasoning": reasoning, "thoughts_token_count": reasoning,
		"output_audio_tokens":               func(t *wire.Totals) *int64 { return &t.OutputAudio },
		"output_audio":                      func(t *wire.Totals) *int64 { return &t.OutputAudio },
		"output_rejected_prediction_tokens": func(t *wire.Totals) *int64 { return &t.OutputPredictionRejected },
		"output_accepted_prediction_tokens": func(t *wire.Totals) *int64 { return &t.OutputCitation },
	}
}

// fuseUsage reads the counts; false when the record has none.
func (r *reading) fuseUsage() bool {
	var details map[string]tally
	if r.said(fuseUsage) {
		r.decode(fuseUsage, &details)
	}
	if len(details) == 0 {
		return r.fuseTotals()
	}
	parts := r.fuseParts(details)
	if len(r.Problems) > 0 {
		return false
	}
	t, ok := whole(&parts, details["total"])
	if !ok {
		r.bad("usage.total_tokens", "is %d, which is neither the sum of all counts nor that of input and output alone", details["total"].n)
		return false
	}
	r.measure(&t)
	return !r.Event.Usage.IsZero()
}

// fuseTotals reads the totals that older versions and tables of the page have alone.
func (r *reading) fuseTotals() bool {
	var old struct {
		Input  tally `json:"input"`
		Output tally `json:"output"`
		Total  tally `json:"total"`
		Unit   text  `json:"unit"`
	}
	if r.said(fuseOld) && r.raw(fuseOld)[0] == '{' {
		r.decode(fuseOld, &old)
	}
	if old.Unit != "" && old.Unit != "TOKENS" {
		r.bad("usage", "is counted in a unit that is no token")
	}
	var counts [3]tally
	for i, slot := range [3]int{fusePrompt, fuseCompletion, fuseTotal} {
		counts[i].n, counts[i].given = r.count(slot)
	}
	t := wire.Totals{
		Input: r.agreed("input_tokens", old.Input, counts[0]), Output: r.agreed("output_tokens", old.Output, counts[1]),
		Total: r.agreed("total_tokens", old.Total, counts[2]),
	}
	if len(r.Problems) == 0 {
		r.measure(&t)
	}
	return !r.Event.Usage.IsZero()
}

// fuseParts reads counts by their names. What has a count and a name that is not known
// is a problem: it may be priced.
func (r *reading) fuseParts(details map[string]tally) (t wire.Totals) {
	known, strange := fuseMeters(), 0
	told := map[*int64]tally{}
	for _, name := range slices.Sorted(maps.Keys(details)) {
		n := details[name]
		part, found := known[spelt(name)]
		switch {
		case n.bad:
			r.bad("usage_details", "has a count that is not a whole number")
		case !found && n.n != 0:
			strange++
		case part == nil:
		default:
			place := part(&t)
			told[place] = tally{n: r.agreed("usage_details", told[place], n), given: true}
			*place = told[place].n
		}
	}
	t.Input = r.agreed("input_tokens", details["input"], details["input_tokens"], details["prompt_tokens"])
	t.Output = r.agreed("output_tokens", details["output"], details["output_tokens"], details["completion_tokens"])
	if strange > 0 {
		r.bad("usage_details", "has %d counts under names that no meter has", strange)
	}
	return t
}

// spelt brings the names that stand for input, output and total to these.
func spelt(name string) string {
	switch name {
	case "input_tokens", "prompt_tokens":
		return "input"
	case "output_tokens", "completion_tokens":
		return "output"
	case "total_tokens":
		return "total"
	}
	return name
}

// whole makes totals that contain their parts of counts that stand beside each other or
// not: the sum that was told says which. Without parts there is nothing to tell apart.
//
//	input 70, cached 30, output 20, total 120   the 30 stand beside the 70
//	input 100, cached 30, output 20, total 120  the 30 are inside of the 100
func whole(parts *wire.Totals, total tally) (wire.Totals, bool) {
	writes := max(parts.CacheWrite, parts.CacheWrite5m+parts.CacheWrite1h)
	in := parts.CacheRead + writes + parts.InputAudio + parts.InputImage
	out := parts.OutputReasoning + parts.OutputAudio + parts.OutputPredictionRejected + parts.OutputCitation
	t := *parts
	t.OutputCitation = 0 // accepted predictions are text
	if !total.given {
		t.Input, t.Output = t.Input+in, t.Output+out
		return t, true
	}
	t.Total = total.n
	var found []wire.Totals
	for _, beside := range [4][2]bool{{true, true}, {false, false}, {true, false}, {false, true}} {
		one := t
		if beside[0] {
			one.Input += in
		}
		if beside[1] {
			one.Output += out
		}
		if one.Input+one.Output == total.n && !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	return append(found, t)[0], len(found) == 1
}

func (r *reading) fuseScope() {
	s := &r.Event.Scope
	s.Run, s.Step, s.Workflow = r.title(fuseTrace), r.title(fuseName), r.title(fuseTraceName)
	if s.Environment = r.title(fuseEnvironment); s.Environment == "default" {
		s.Environment = ""
	}
	r.person(string(r.raw(fuseUser)))
	r.tag("session", r.word(fuseSession))
	r.tag("project", r.word(fuseProject))
	for _, tag := range r.list(fuseTags) {
		r.label(string(tag))
	}
}
