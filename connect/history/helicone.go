package history

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// Helicone reads requests: files of its export (CSV, JSON, JSON Lines) and pages of its
// interface.
//
//	cached tokens in prompt_tokens?   no for Anthropic and Bedrock, yes for all others
//	-1                                it could not count
//	cost_usd, costUSD                 US dollars
//	cost                              not read: its unit changed between versions
//	cache_reference_id                its own answers, not the vendor's cache
//
// Its CSV has no provider and no cached tokens: Options.Seller says who sold, and the
// difference between their cost and ours shows what is missing.
func Helicone() Product {
	return Product{
		Name: "helicone", Title: "Helicone", Rank: spend.RankSpan,
		columns: []column{
			heliKey: also("request_id"), heliResponse: also("response_id"), heliStart: needed("request_created_at"), heliEnd: also("response_created_at"),
			heliModel: also("response_model", "model"), heliAsked: also("request_model"), heliOverride: also("model_override"),
			heliProvider: also("provider"), heliTarget: also("target_url"), heliStatus: also("response_status"),
			heliPrompt: also("prompt_tokens"), heliCompletion: also("completion_tokens"), heliRead: also("prompt_cache_read_tokens"),
			heliWrite: also("prompt_cache_write_tokens"), heliAudioIn: also("prompt_audio_tokens"), heliAudioOut: also("completion_audio_tokens"),
			heliCost: also("cost_usd"), heliUser: also("request_user_id", "user_id"), heliProperties: also("request_properties", "properties"),
			heliHit: also("cache_reference_id"), heliPath: also("request_path"),
		},
		read: (*reading).helicone,
	}
}

const (
	heliKey = iota
	heliResponse
	heliStart
	heliEnd
	heliModel
	heliAsked
	heliOverride
	heliProvider
	heliTarget
	heliStatus
	heliPrompt
	heliCompletion
	heliRead
	heliWrite
	heliAudioIn
	heliAudioOut
	heliCost
	heliUser
	heliProperties
	heliHit
	heliPath
)

func (r *reading) helicone() {
	e := &r.Event
	if r.said(heliKey) { // its CSV names answers alone
		e.SourceKey = r.key(heliKey)
	} else {
		e.SourceKey = r.key(heliResponse)
	}
	e.UsedAt, e.Kind = r.used(heliStart), heliKind(string(r.raw(heliPath)))
	if e.EndedAt = r.at(heliEnd); !e.EndedAt.IsZero() {
		e.StartedAt = e.UsedAt
	}
	e.ServedModel, e.RequestedModel = cmp.Or(r.word(heliOverride), r.word(heliModel)), r.word(heliAsked)
	e.Host = host(string(r.raw(heliTarget)))
	provider := string(r.raw(heliProvider))
	if provider == "CUSTOM" {
		provider = ""
	}
	r.seller(provider)
	r.reported(heliCost)
	used := r.heliUsage()
	r.heliStatus(used)
	e.Revision = r.told(e.EndedAt)
	r.heliScope()
	r.emit()
}

func heliKind(path string) string {
	switch {
	case strings.HasSuffix(path, "/embeddings"):
		return "embeddings"
	case strings.Contains(path, "/images/"):
		return "image"
	case strings.Contains(path, "/audio/"):
		return "transcription"
	}
	return "chat"
}

// heliUsage reads the counts; false when it has none, or says that it could not count.
func (r *reading) heliUsage() bool {
	var t wire.Totals
	uncounted := false
	for slot, to := range map[int]*int64{
		heliPrompt: &t.Input, heliCompletion: &t.Output, heliRead: &t.CacheRead, heliWrite: &t.CacheWrite,
		heliAudioIn: &t.InputAudio, heliAudioOut: &t.OutputAudio,
	} {
		*to, _ = r.count(slot)
		uncounted = uncounted || *to == -1
	}
	if uncounted || len(r.Problems) > 0 {
		return false
	}
	if seller := pricebook.Seller(r.Event.Seller); seller == "anthropic" || seller == "bedrock" {
		t = t.IncludeCache()
	}
	r.measure(&t)
	return !r.Event.Usage.IsZero()
}

// nobody is how Helicone writes that there is no id.
const nobody = "00000000-0000-0000-0000-000000000000"

func (r *reading) heliStatus(used bool) {
	status, given := r.count(heliStatus)
	hit := string(r.raw(heliHit))
	switch {
	case hit != "" && hit != nobody:
		r.answeredFromCache()
		return
	case status < 0: // it did not see the end: -3 a client that left, -2 pending
		r.Event.Status = spend.StatusInterrupted
	case given && (status < 200 || status > 299) && status != 0:
		r.Event.Status = spend.StatusError
	}
	switch {
	case used && r.Event.Status != spend.StatusOK:
		r.Event.UsageSource = spend.UsageProviderPartial
	case used:
	case r.Event.Status == spend.StatusError:
		r.Event.UsageSource = spend.UsageNone
	default:
		r.Event.UsageSource = spend.UsageUnobserved
	}
}

func (r *reading) heliScope() {
	r.person(string(r.raw(heliUser)))
	if !r.said(heliProperties) {
		return
	}
	c := &r.row.cells[heliProperties]
	if bytes.HasPrefix(c.text, []byte(`{""`)) && !bytes.HasPrefix(c.text, []byte(`{"":`)) { // its CSV doubles quotes twice
		c.text = bytes.ReplaceAll(c.text, []byte(`""`), []byte(`"`))
	}
	var said map[string]text
	if !r.decode(heliProperties, &said) {
		return
	}
	names := map[string]text{}
	for name, value := range said {
		names[strings.ReplaceAll(strings.ToLower(name), "-", "_")] = value
	}
	s := &r.Event.Scope
	s.Run = title(string(names["helicone_session_id"]))
	s.Workflow = title(string(names["helicone_session_name"]))
	r.claims(names)
}
