package vendor

import (
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// anthropicUsage is what the usage page of the Claude Console exports.
//
// Traps: the four counts of the prompt are disjoint, so that none holds another; days
// and hours are in UTC; there is no count of calls.
func anthropicUsage() kind {
	return kind{
		vendor: "anthropic", name: "anthropic usage", source: "anthropic.usage",
		marks: []string{"usage_input_tokens_no_cache", "usage_output_tokens"}, needed: []string{"usage_date_utc", "model_version"},
		known: []string{
			"usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h", "usage_input_tokens_cache_write", "usage_input_tokens_cache_read",
			"web_search_count", "api_key_status",
		},
		groups: []string{"model_version", "api_key", "api_key_id", "workspace", "usage_type", "context_window", "inference_geo", "speed"},
		read:   readAnthropicUsage,
	}
}

func readAnthropicUsage(r *row) {
	l := r.anthropicLine("model_version")
	e := &l.Event
	t := wire.Totals{
		Input: r.tokens("usage_input_tokens_no_cache"), Output: r.tokens("usage_output_tokens"), CacheRead: r.tokens("usage_input_tokens_cache_read"),
		CacheWrite: r.tokens("usage_input_tokens_cache_write"), CacheWrite5m: r.tokens("usage_input_tokens_cache_write_5m"),
		CacheWrite1h: r.tokens("usage_input_tokens_cache_write_1h"), WebSearches: r.count("web_search_count"),
	}
	var problems []spend.Problem
	e.Usage, e.Flags, problems = t.IncludeCache().Disjoint()
	r.found = append(r.found, problems...)
}

// anthropicLine begins a line with who used which model. A day may come with an hour.
func (r *row) anthropicLine(model string) *Line {
	at, day := r.utc("usage_date_utc")
	l := r.line(at, day)
	e := &l.Event
	e.Seller, e.RequestedModel = "anthropic", r.label(model)
	if r.text("usage_type") == "batch" {
		e.ServedTier = "batch"
	}
	if geo := r.label("inference_geo"); geo != "not_available" && geo != "global" {
		e.Region = geo
	}
	l.tag("workspace", r.label("workspace"))
	l.tag("api_key", r.label("api_key"))
	l.tag("usage_type", r.label("usage_type"))
	return l
}
