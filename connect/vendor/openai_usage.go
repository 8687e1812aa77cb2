package vendor

import (
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// openaiUsage is what the usage page of platform.openai.com exports, one file a product.
//
// Traps: the cached tokens are within input_tokens; input_audio_tokens holds the cached
// ones in files without input_uncached_tokens, and leaves them out in files with it;
// counts come as 10.0; a span without usage is a row of its own.
func openaiUsage() kind {
	return kind{
		vendor: "openai", name: "openai usage", source: "openai.usage",
		marks: []string{"num_model_requests"}, needed: []string{"start_time", "end_time"},
		known: []string{
			"start_time_iso", "end_time_iso", "project_name", "user_email", "api_key_name", "organization_id", "organization_name", "input_tokens", "output_tokens",
			"input_cached_tokens", "input_uncached_tokens", "input_cache_write_tokens", "input_text_tokens", "output_text_tokens", "input_cached_text_tokens",
			"input_audio_tokens", "input_cached_audio_tokens", "output_audio_tokens", "input_image_tokens", "input_cached_image_tokens",
			"output_image_tokens", "images", "characters", "seconds",
		},
		groups: []string{"project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "size", "source", "api_source"},
		read:   readOpenAIUsage,
	}
}

func readOpenAIUsage(r *row) {
	at, day := r.bucket("start_time", "end_time")
	if r.text("num_model_requests") == "" {
		r.empty = r.text("input_tokens") == "" && r.text("images") == "" && len(r.found) == 0
		if !r.empty {
			r.bad("num_model_requests", "is empty where usage is told")
		}
		return
	}
	l := r.line(at, day)
	openaiNames(r, l)
	e := &l.Event
	e.CallCount, e.Kind = r.count("num_model_requests"), openaiProduct(r)
	e.RequestedModel, e.ServedTier = r.label("model"), strings.ToLower(r.label("service_tier"))
	if strings.EqualFold(r.text("batch"), "true") {
		e.ServedTier = "batch"
	}
	var problems []spend.Problem
	e.Usage, e.Flags, problems = openaiTotals(r).Disjoint()
	r.found = append(r.found, problems...)
	for _, m := range [...]struct {
		column string
		meter  spend.Meter
	}{{"characters", spend.Character}, {"seconds", spend.Second}} {
		if q, given := r.decimal(m.column, r.text(m.column)); given {
			r.meter(m.column, &e.Usage, m.meter, q)
		}
	}
}

func (r *row) meter(column string, u *spend.Usage, m spend.Meter, q money.Amount) {
	if q.Sign() < 0 {
		r.bad(column, "is negative")
	}
	if err := u.Set(m, q); err != nil {
		r.bad(column, "must be whole")
	}
}

// openaiNames takes who used it.
func openaiNames(r *row, l *Line) {
	l.Event.Seller, l.Event.Account = "openai", r.label("organization_id")
	l.Event.Scope.Principal = r.label("user_email")
	if l.Event.Scope.Principal == "" {
		l.Event.Scope.Principal = r.label("user_id")
	}
	l.tag("project", r.label("project_id"))
	l.tag("project_name", r.label("project_name"))
	l.tag("api_key", r.label("api_key_id"))
}

// openaiProduct tells by its columns which product a file is of. Those of embeddings
// and of moderations are the same: there the model tells.
func openaiProduct(r *row) string {
	switch {
	case r.has("images"):
		return "images"
	case r.has("characters"):
		return "audio_speeches"
	case r.has("seconds"):
		return "audio_transcriptions"
	case r.has("output_tokens"):
		return "completions"
	case strings.Contains(r.text("model"), "moderation"):
		return "moderations"
	}
	return "embeddings"
}

// openaiTotals gives the counts of a row, whose prompt must be what its parts come to.
func openaiTotals(r *row) wire.Totals {
	t := wire.Totals{
		Input: r.tokens("input_tokens"), Output: r.tokens("output_tokens"), Images: r.count("images"),
		CacheRead: r.tokens("input_cached_tokens"), CacheAudioRead: r.tokens("input_cached_audio_tokens"), CacheImageRead: r.tokens("input_cached_image_tokens"),
		CacheWrite: r.tokens("input_cache_write_tokens"), InputAudio: r.tokens("input_audio_tokens"), InputImage: r.tokens("input_image_tokens"),
		OutputAudio: r.tokens("output_audio_tokens"), OutputImage: r.tokens("output_image_tokens"),
	}
	if r.text("input_uncached_tokens") == "" {
		return t
	}
	t.InputAudio += t.CacheAudioRead
	t.InputImage += t.CacheImageRead
	fresh := r.tokens("input_uncached_tokens")
	switch {
	case len(r.found) > 0: // a count that could not be read says nothing of the sum
	case t.Input == fresh+t.CacheRead, t.Input == fresh+t.CacheRead+t.CacheWrite:
	case t.Input == fresh:
		r.bad("input_tokens", "leaves the cached tokens out, which this export counts within it; the columns contradict each other")
	default:
		r.bad("input_tokens", "is %d, and its cached and uncached parts come to %d", t.Input, fresh+t.CacheRead+t.CacheWrite)
	}
	return t
}
