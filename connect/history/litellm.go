package history

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/discrepancy"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// LiteLLM reads the spend logs of a LiteLLM proxy: a dump of its table, a CSV file of it,
// or pages of /spend/logs and /spend/logs/ui.
//
//	cached tokens in prompt_tokens?      yes, read and written
//	reasoning in completion_tokens?      yes
//	where the cache is told              metadata.usage_object, metadata.additional_usage_values
//	cache_hit                            its own answers, not the vendor's cache: no call was made
//	spend                                US dollars, 0 for a model that it has no price of
//
// A file without metadata says nothing of caches: all of the prompt is then fresh.
func LiteLLM() Product {
	return Product{
		Name: "litellm", Title: "LiteLLM", Table: "LiteLLM_SpendLogs", Rank: spend.RankSpan,
		columns: []column{
			liteKey: needed("request_id"), liteCall: also("call_type"), liteStart: needed("startTime"), liteEnd: also("endTime"),
			liteFirst: also("completionStartTime"), liteModel: needed("model"), liteGroup: also("model_group"),
			liteProvider: also("custom_llm_provider"), liteBase: also("api_base"), liteSpend: also("spend"),
			litePrompt: also("prompt_tokens"), liteCompletion: also("completion_tokens"), liteTotal: also("total_tokens"),
			liteAPIKey: also("api_key"), liteUser: also("user"), liteEndUser: also("end_user"), liteTeam: also("team_id"),
			liteOrganisation: also("organization_id"), liteAgent: also("agent_id"), liteSession: also("session_id"),
			liteTags: also("request_tags"), liteHit: also("cache_hit"), liteStatus: also("status"), liteMetadata: also("metadata"),
		},
		read: (*reading).litellm,
	}
}

const (
	liteKey = iota
	liteCall
	liteStart
	liteEnd
	liteFirst
	liteModel
	liteGroup
	liteProvider
	liteBase
	liteSpend
	litePrompt
	liteCompletion
	liteTotal
	liteAPIKey
	liteUser
	liteEndUser
	liteTeam
	liteOrganisation
	liteAgent
	liteSession
	liteTags
	liteHit
	liteStatus
	liteMetadata
)

// liteMeta is what is read of the metadata; all else in it is passed over.
type liteMeta struct {
	Usage        liteUsage       `json:"usage_object"`
	More         liteUsage       `json:"additional_usage_values"`
	KeyAlias     text            `json:"user_api_key_alias"`
	TeamAlias    text            `json:"user_api_key_team_alias"`
	Project      text            `json:"user_api_key_project_id"`
	Status       text            `json:"status"`
	SpendLogs    map[string]text `json:"spend_logs_metadata"`
	Organisation text            `json:"user_api_key_org_alias"`
}

type liteUsage struct {
	Prompt     tally     `json:"prompt_tokens"`
	Completion tally     `json:"completion_tokens"`
	CacheRead  tally     `json:"cache_read_input_tokens"`
	CacheWrite tally     `json:"cache_creation_input_tokens"`
	In         liteIn    `json:"prompt_tokens_details"`
	Out        liteOut   `json:"completion_tokens_details"`
	Tools      liteTools `json:"server_tool_use"`
	Tier       text      `json:"service_tier"`
	Pages      tally     `json:"pages_processed"`
}

type liteIn struct {
	Cached    tally        `json:"cached_tokens"`
	Written   tally        `json:"cache_creation_tokens"`
	Audio     tally        `json:"audio_tokens"`
	Image     tally        `json:"image_tokens"`
	Lifetimes liteLifetime `json:"cache_creation_token_details"`
}

type liteLifetime struct {
	Five tally `json:"ephemeral_5m_input_tokens"`
	Hour tally `json:"ephemeral_1h_input_tokens"`
}

type liteOut struct {
	Reasoning tally `json:"reasoning_tokens"`
	Audio     tally `json:"audio_tokens"`
	Image     tally `json:"image_tokens"`
	Rejected  tally `json:"rejected_prediction_tokens"`
}

type liteTools struct {
	Searches tally `json:"web_search_requests"`
}

func (r *reading) litellm() {
	kind, called := liteKind(string(r.raw(liteCall)))
	e := &r.Event
	e.SourceKey, e.UsedAt, e.Kind = r.key(liteKey), r.used(liteStart), kind
	r.lasted(liteFirst, liteEnd)
	e.Host = host(string(r.raw(liteBase)))
	r.seller(string(r.raw(liteProvider)))
	e.RequestedModel = word(strings.TrimPrefix(string(r.raw(liteModel)), string(r.raw(liteProvider))+"/"))
	r.reported(liteSpend)
	var meta liteMeta
	if r.said(liteMetadata) {
		r.decode(liteMetadata, &meta)
	}
	r.liteScope(&meta)
	used := r.liteUsage(&meta)
	if !used && !called && e.Reported.Amount.IsZero() {
		return // a file, a batch that is polled, a tool: no model was called
	}
	r.liteStatus(&meta, used)
	if kind == "batch" && used {
		e.RequestedTier, e.Bucket, e.CallCount = "batch", true, 1
	}
	e.Revision = r.told(e.EndedAt)
	e.Response = liteResponse(e.Seller, e.SourceKey)
	r.emit()
}

// liteKind is the operation of a call type in our words; false for what calls no model.
func liteKind(call string) (kind string, called bool) {
	if call != "anthropic_messages" {
		call = strings.TrimPrefix(call, "a") // of a function that does not block
	}
	switch call {
	case "", "completion", "text_completion", "anthropic_messages", "responses", "generate_content", "generate_content_stream", "completion_with_retries":
		return "chat", true
	case "embedding":
		return "embeddings", true
	case "image_generation", "image_edit", "image_variation":
		return "image", true
	case "transcription", "speech", "rerank", "moderation", "ocr", "realtime":
		return call, true
	case "retrieve_batch":
		return "batch", false
	}
	return "", false
}

// liteUsage reads the counts; false when the record has none.
func (r *reading) liteUsage(m *liteMeta) bool {
	prompt, _ := r.count(litePrompt)
	completion, _ := r.count(liteCompletion)
	total, _ := r.count(liteTotal)
	u, v := &m.Usage, &m.More
	t := wire.Totals{
		Input: prompt, Output: completion, Total: total,
		CacheRead:       r.agreed("cache_read_tokens", u.CacheRead, u.In.Cached, v.CacheRead, v.In.Cached),
		CacheWrite:      r.agreed("cache_write_tokens", u.CacheWrite, u.In.Written, v.CacheWrite, v.In.Written),
		CacheWrite5m:    r.agreed("cache_write_5m_tokens", u.In.Lifetimes.Five, v.In.Lifetimes.Five),
		CacheWrite1h:    r.agreed("cache_write_1h_tokens", u.In.Lifetimes.Hour, v.In.Lifetimes.Hour),
		InputAudio:      r.agreed("input_audio_tokens", u.In.Audio, v.In.Audio),
		InputImage:      r.agreed("input_image_tokens", u.In.Image, v.In.Image),
		OutputReasoning: r.agreed("output_reasoning_tokens", u.Out.Reasoning, v.Out.Reasoning),
		OutputAudio:     r.agreed("output_audio_tokens", u.Out.Audio, v.Out.Audio),
		OutputImage:     r.agreed("output_image_tokens", u.Out.Image, v.Out.Image),
		WebSearches:     r.agreed("web_searches", u.Tools.Searches, v.Tools.Searches),

		OutputPredictionRejected: r.agreed("output_prediction_rejected_tokens", u.Out.Rejected, v.Out.Rejected),
	}
	for i, columns := range [2]int64{prompt, completion} {
		if inside := [2]tally{u.Prompt, u.Completion}[i]; inside.given && inside.n != columns && !r.hit() {
			r.bad("usage."+[2]string{"input_tokens", "output_tokens"}[i], "is %d in its column and %d in the metadata", columns, inside.n)
		}
	}
	pages := r.agreed("page", u.Pages, v.Pages)
	if len(r.Problems) > 0 {
		return false
	}
	r.measure(&t)
	r.Event.ServedTier = word(string(cmp.Or(u.Tier, v.Tier)))
	if pages > 0 && r.Event.Kind == "ocr" {
		_ = r.Event.Usage.Set(spend.Page, money.FromInt(pages)) // a meter beside tokens takes any count
	}
	return !r.Event.Usage.IsZero()
}

// hit says that the proxy answered out of its own cache.
func (r *reading) hit() bool {
	return strings.EqualFold(string(r.raw(liteHit)), "true") || strings.Contains(string(r.raw(liteKey)), "_cache_hit")
}

// liteStatus says how the call ended, and who counted its usage.
func (r *reading) liteStatus(m *liteMeta, used bool) {
	failed := cmp.Or(string(r.raw(liteStatus)), string(m.Status)) == "failure"
	switch {
	case r.hit():
		r.answeredFromCache()
	case failed && !used:
		r.Event.Status, r.Event.UsageSource = spend.StatusError, spend.UsageNone
	case failed:
		r.Event.Status, r.Event.UsageSource = spend.StatusError, spend.UsageProviderPartial
	case !used:
		r.Event.UsageSource = spend.UsageUnobserved
	}
}

// answeredFromCache makes of a record what it is when a product answered out of its own
// cache: no call, and nothing that anybody sold.
func (r *reading) answeredFromCache() {
	e := &r.Event
	e.Usage, e.UsageSource, e.Flags = spend.Usage{}, spend.UsageNone, 0
	e.Bucket, e.CallCount = true, 0
	r.tag(discrepancy.CachedTag, "hit")
}

// liteScope claims what the proxy knows of who called.
func (r *reading) liteScope(m *liteMeta) {
	s := &r.Event.Scope
	s.BusinessUnit = cmp.Or(title(string(m.Organisation)), r.title(liteOrganisation))
	s.Team = cmp.Or(title(string(m.TeamAlias)), r.title(liteTeam))
	s.Agent, s.Run = r.title(liteAgent), r.title(liteSession)
	s.Credential = title(auth.Hashed(r.word(liteAPIKey))) // LiteLLM keeps digests, and some logs the keys
	if user := string(r.raw(liteUser)); user != "default_user_id" {
		r.person(user)
	}
	r.customer(string(r.raw(liteEndUser)))
	r.tag("key_alias", string(m.KeyAlias))
	r.tag("project", string(m.Project))
	r.tag("model_group", r.word(liteGroup))
	r.claims(m.SpendLogs)
	for _, tag := range r.list(liteTags) {
		if !strings.HasPrefix(string(tag), "User-Agent") {
			r.label(string(tag))
		}
	}
}

// list reads a column of texts, as JSON or as PostgreSQL writes an array.
func (r *reading) list(slot int) (all []text) {
	b := r.raw(slot)
	if len(b) > 1 && b[0] == '{' && json.Unmarshal(b, &map[string]any{}) != nil {
		for item := range strings.SplitSeq(string(b[1:len(b)-1]), ",") {
			all = append(all, text(strings.Trim(item, `"`)))
		}
		return all
	}
	r.decode(slot, &all)
	return all
}

// liteResponse is the vendor's id of the answer, where the request id is one: LiteLLM
// makes ids of its own for vendors whose answers it translates.
//
//	chatcmpl-CqL0Y3kQ…                              OpenAI's
//	chatcmpl-5f3c9a52-0c1e-4c1f-9a53-1c0ab0c7f0aa   LiteLLM's
//	resp_bGl0ZWxsbT…                                LiteLLM's, around the vendor's
func liteResponse(seller, id string) string {
	_, rest, _ := strings.Cut(id, "-")
	switch {
	case strings.Contains(id, "_cache_hit"), strings.Count(rest, "-") == 4:
		return ""
	case strings.HasPrefix(id, "chatcmpl-") && (seller == "openai" || seller == "azure"),
		strings.HasPrefix(id, "msg_") && seller == "anthropic",
		strings.HasPrefix(id, "gen-") && seller == "openrouter",
		strings.HasPrefix(id, "resp_") && !strings.HasPrefix(id, "resp_bGl0ZWxsb"):
		return id
	}
	return ""
}
