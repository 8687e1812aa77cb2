package history

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// OpenRouter reads activity: the CSV of single calls that its page writes, the daily rows
// of /activity, and what /generation tells of a call.
//
//	cached tokens in the prompt?     yes; the daily rows do not tell them
//	reasoning in the completion?     yes
//	cost_total, usage, total_cost    credits, which are US dollars
//	byok_usage_inference             what a provider bills for calls under one's own key
//
// A call under one's own key is sold by its provider, at the provider's price; what
// OpenRouter takes for passing it on is a purchase of its own. The two are never added
// into one cost.
func OpenRouter() Product {
	return Product{
		Name: "openrouter", Title: "OpenRouter", Rank: spend.RankVendorUsage,
		columns: []column{
			routerKey: also("generation_id", "id"), routerAt: needed("created_at", "date"), routerModel: needed("model", "model_permaslug"),
			routerVariant: also("variant"), routerProvider: also("provider_name"), routerEndpoint: also("endpoint_id"), routerCalls: also("requests"),
			routerNativePrompt: also("native_tokens_prompt"), routerPrompt: also("tokens_prompt", "prompt_tokens"),
			routerNativeCompletion: also("native_tokens_completion"), routerCompletion: also("tokens_completion", "completion_tokens"),
			routerReasoning: also("native_tokens_reasoning", "tokens_reasoning", "reasoning_tokens"), routerCached: also("native_tokens_cached", "tokens_cached"),
			routerCost: also("cost_total", "total_cost", "usage"), routerOwn: also("byok_usage_inference", "upstream_inference_cost"), routerByok: also("is_byok"),
			routerCancelled: also("cancelled"), routerReason: also("finish_reason_normalized", "finish_reason"), routerUser: also("user", "external_user"),
			routerKeyName: also("api_key_name"), routerApp: also("app_name"), routerTier: also("service_tier"),
		},
		read: (*reading).openRouter,
	}
}

const (
	routerKey = iota
	routerAt
	routerModel
	routerVariant
	routerProvider
	routerEndpoint
	routerCalls
	routerNativePrompt
	routerPrompt
	routerNativeCompletion
	routerCompletion
	routerReasoning
	routerCached
	routerCost
	routerOwn
	routerByok
	routerCancelled
	routerReason
	routerUser
	routerKeyName
	routerApp
	routerTier
)

func (r *reading) openRouter() {
	e := &r.Event
	e.UsedAt, e.Kind, e.Seller = r.used(routerAt), "chat", "openrouter"
	e.RequestedModel, e.ServedTier = r.word(routerModel), r.word(routerTier)
	if variant := r.word(routerVariant); variant != "" && variant != "standard" && !strings.Contains(e.RequestedModel, ":") {
		e.RequestedModel += ":" + variant
	}
	r.routerIdentity()
	r.reported(routerCost)
	used := r.routerUsage()
	switch {
	case string(r.raw(routerReason)) == "error":
		e.Status = spend.StatusError
	case strings.EqualFold(string(r.raw(routerCancelled)), "true"):
		e.Status = spend.StatusAborted
	}
	if !used {
		e.UsageSource = spend.UsageUnobserved
		if e.Status == spend.StatusError && e.Reported.Amount.IsZero() {
			e.UsageSource = spend.UsageNone
		}
	}
	s := &e.Scope
	s.Application, s.Credential = r.title(routerApp), r.title(routerKeyName)
	r.person(string(r.raw(routerUser)))
	r.tag("provider", r.title(routerProvider))
	r.ownKey()
}

// routerIdentity names a call by its id, which its answer had too, and the sum of a day
// by what it sums.
func (r *reading) routerIdentity() {
	e := &r.Event
	calls, given := r.count(routerCalls)
	if r.said(routerKey) || !given {
		e.SourceKey, e.Revision = r.key(routerKey), r.told(time.Time{})
		e.Response = e.SourceKey
		return
	}
	e.Bucket, e.CallCount = true, calls
	e.SourceKey = strings.Join([]string{e.UsedAt.Format("2006-01-02"), e.RequestedModel, r.word(routerEndpoint), r.word(routerProvider)}, "/")
	e.Revision = max(calls, 0) // a day grows until it is over
}

// routerUsage reads the counts, the provider's own before those of OpenRouter's tokenizer;
// false when there are none.
func (r *reading) routerUsage() bool {
	var t wire.Totals
	for _, c := range []struct {
		to    *int64
		slots [2]int
	}{
		{&t.Input, [2]int{routerNativePrompt, routerPrompt}}, {&t.Output, [2]int{routerNativeCompletion, routerCompletion}},
		{&t.OutputReasoning, [2]int{routerReasoning, routerReasoning}}, {&t.CacheRead, [2]int{routerCached, routerCached}},
	} {
		for _, slot := range c.slots {
			if n, given := r.count(slot); given {
				*c.to = n
				break
			}
		}
	}
	if len(r.Problems) > 0 {
		return false
	}
	r.measure(&t)
	return !r.Event.Usage.IsZero()
}

// ownKey emits the call and, when it was made under one's own key, what OpenRouter took
// for it beside what the provider bills.
func (r *reading) ownKey() {
	fee, feeCurrency := r.Event.Reported, r.Event.ReportedCurrency
	byok := strings.EqualFold(string(r.raw(routerByok)), "true")
	if !byok && r.said(routerByok) || !r.said(routerOwn) {
		r.emit()
		return
	}
	r.reported(routerOwn)
	own := r.Event.Reported
	if !byok && own.Amount.IsZero() {
		r.Event.Reported, r.Event.ReportedCurrency = fee, feeCurrency
		r.emit()
		return
	}
	r.Event.Seller, r.Event.Response = strings.ToLower(r.title(routerProvider)), ""
	r.Event.RequestedModel, _, _ = strings.Cut(r.Event.RequestedModel, ":") // variants are OpenRouter's own
	r.emit()
	if len(r.Problems) > 0 || fee.Amount.IsZero() {
		return
	}
	e := &r.Event
	e.SourceKey += "/fee"
	e.Category, e.Seller, e.Kind = spend.CategoryPurchase, "openrouter", "routing"
	e.Usage, e.UsageSource, e.Flags, e.Bucket, e.CallCount = spend.Usage{}, spend.UsageNone, 0, false, 0
	e.Status, e.Reported, e.ReportedCurrency = spend.StatusOK, fee, feeCurrency
	r.emit()
}
