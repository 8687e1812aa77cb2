package pricebook_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// tokens makes usage from pairs of meter and quantity.
func tokens(t testing.TB, pairs map[spend.Meter]string) *spend.Usage {
	t.Helper()
	u := &spend.Usage{}
	for m, q := range pairs {
		if err := u.Set(m, money.Must(q)); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// The long-context tier is tested on the whole prompt, cached tokens included,
// and reprices the whole request. Billed twice, or with the tier forgotten, the
// first call would cost 0.76 or 0.18.
func TestContextTier(t *testing.T) {
	t.Parallel()
	book := compile(t, facts(t, `
		google gemini-2.5-pro in_text    1.25   - - -       2025-06-17
		google gemini-2.5-pro in_text    2.50   - - >200000 2025-06-17
		google gemini-2.5-pro cache_read 0.3125 - - -       2025-06-17
		google gemini-2.5-pro cache_read 0.625  - - >200000 2025-06-17
		google gemini-2.5-pro out_text   10     - - -       2025-06-17
		google gemini-2.5-pro out_text   15     - - >200000 2025-06-17
		xai    grok-4.3       in_text    1.25   - - -        2026-01-01
		xai    grok-4.3       in_text    2.5    - - >=200000 2026-01-01
		xai    grok-4.3       out_text   2.5    - - -        2026-01-01
		xai    grok-4.3       out_text   5      - - >=200000 2026-01-01`))
	for name, c := range map[string]struct {
		seller, model   string
		in, cached, out int64
		usd, context    string
	}{
		"cached decides":       {"google", "gemini-2.5-pro", 9706, 245_007, 1500, "0.199894375", ">200000"},
		"exclusive, at bound":  {"google", "gemini-2.5-pro", 100_000, 100_000, 0, "0.15625", ""},
		"exclusive, one above": {"google", "gemini-2.5-pro", 100_001, 100_000, 0, "0.3125025", ">200000"},
		"inclusive, one below": {"xai", "grok-4.3", 199_999, 0, 0, "0.24999875", ""},
		"inclusive, at bound":  {"xai", "grok-4.3", 200_000, 0, 0, "0.5", ">=200000"},
		"output alone":         {"xai", "grok-4.3", 1, 0, 1_000_000, "2.50000125", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flags := ""
			if c.seller == "xai" && c.cached > 0 {
				flags = "cache_read_rate_missing_used_input"
			}
			r := rated(book, pricebook.Call{Seller: c.seller, Model: c.model, At: at("2026-02-01"), Usage: usage(c.in, c.cached, c.out)})
			want(t, r, c.usd, flags)
			if r.Context != c.context {
				t.Errorf("context tier %q, want %q", r.Context, c.context)
			}
		})
	}
	sum := pricebook.Call{Seller: "google", Model: "gemini-2.5-pro", At: at("2026-02-01"), Usage: usage(1_000_000, 0, 0), Aggregated: true}
	want(t, rated(book, sum), "1.25", "tier_undeterminable_aggregate")
	sum.Usage = usage(100_000, 0, 0)
	want(t, rated(book, sum), "0.125", "")
}

func TestAudioPromptTokensDecideTheTier(t *testing.T) {
	t.Parallel()
	book := compile(t, facts(t, `
		google g in_text          1   - - -       2025-01-01
		google g in_text          2   - - >200000 2025-01-01
		google g in_audio         3   - - -       2025-01-01
		google g cache_read       0.1 - - -       2025-01-01
		google g cache_read_audio 0.3 - - -       2025-01-01`))
	u := tokens(t, map[spend.Meter]string{spend.InText: "1", spend.InAudio: "100000", spend.CacheReadAudio: "100000"})
	want(t, rated(book, pricebook.Call{Seller: "google", Model: "g", At: at("2026-01-01"), Usage: u}), "0.330002", "")
}

// One price per seller and instant: gpt-5.6-sol fell at different dates, and
// not everywhere.
func TestSellerAndInstant(t *testing.T) {
	t.Parallel()
	book := compile(t, facts(t, `
		openai  gpt-5.6-sol in_text  5   - - - 2026-07-09 2026-08-21
		openai  gpt-5.6-sol in_text  4   - - - 2026-08-21
		openai  gpt-5.6-sol out_text 30  - - - 2026-07-09 2026-08-21
		openai  gpt-5.6-sol out_text 20  - - - 2026-08-21
		azure   gpt-5.6-sol in_text  5   - - - 2026-07-09 2026-09-01
		azure   gpt-5.6-sol in_text  4   - - - 2026-09-01
		azure   gpt-5.6-sol out_text 30  - - - 2026-07-09 2026-09-01
		azure   gpt-5.6-sol out_text 20  - - - 2026-09-01
		bedrock openai.gpt-5.6-sol in_text  5.5 - regional - 2026-07-09
		bedrock openai.gpt-5.6-sol in_text  5   - global   - 2026-07-09
		bedrock openai.gpt-5.6-sol out_text 33  - regional - 2026-07-09
		bedrock openai.gpt-5.6-sol out_text 30  - global   - 2026-07-09`))
	for _, c := range []struct{ seller, model, at, usd string }{
		{"openai", "gpt-5.6-sol", "2026-07-08T23:59:59Z", "unpriced"},
		{"openai", "gpt-5.6-sol", "2026-07-09T00:00:00Z", "35"},
		{"openai", "gpt-5.6-sol", "2026-08-20T23:59:59Z", "35"},
		{"openai", "gpt-5.6-sol", "2026-08-21T00:00:00Z", "24"},
		{"openai", "gpt-5.6-sol", "2026-08-21T01:00:00+02:00", "35"},
		{"azure", "gpt-5.6-sol", "2026-08-31T23:59:59Z", "35"},
		{"azure_openai", "gpt-5.6-sol", "2026-09-01T00:00:00Z", "24"},
		{"bedrock", "openai.gpt-5.6-sol", "2026-09-01T00:00:00Z", "38.5"},
		{"aws.bedrock", "global.openai.gpt-5.6-sol", "2026-09-01T00:00:00Z", "35"},
		{"bedrock", "us.openai.gpt-5.6-sol", "2026-09-01T00:00:00Z", "38.5"},
		{"groq", "gpt-5.6-sol", "2026-09-01T00:00:00Z", "unpriced"},
	} {
		want(t, rated(book, pricebook.Call{Seller: c.seller, Model: c.model, At: at(c.at), Usage: usage(1_000_000, 0, 1_000_000)}), c.usd, "")
	}
}

// A scheduled rise that was revoked: the book as known in July has it.
func TestRevokedSchedule(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		anthropic claude-sonnet-5 in_text  2  - - - 2026-06-30 2026-09-01
		anthropic claude-sonnet-5 in_text  3  - - - 2026-09-01
		anthropic claude-sonnet-5 out_text 10 - - - 2026-06-30 2026-09-01
		anthropic claude-sonnet-5 out_text 15 - - - 2026-09-01
		anthropic claude-sonnet-5 in_text  2  - - - 2026-06-30
		anthropic claude-sonnet-5 out_text 10 - - - 2026-06-30`)
	revoked := at("2026-08-10")
	for i := range all {
		all[i].Known = pricebook.Span{From: at("2026-06-30"), To: revoked}
		if i >= 4 {
			all[i].Known = pricebook.Span{From: revoked}
		}
	}
	for _, c := range []struct{ known, usd string }{{"2026-07-15", "18"}, {"2026-08-10", "12"}, {"", "12"}} {
		known := pricebook.Span{}.From
		if c.known != "" {
			known = at(c.known)
		}
		book, err := pricebook.Compile(all, nil, nil, known)
		if err != nil {
			t.Fatal(err)
		}
		want(t, rated(book, pricebook.Call{Seller: "anthropic", Model: "claude-sonnet-5", At: at("2026-09-02"), Usage: usage(1_000_000, 0, 1_000_000)}), c.usd, "")
	}
}

func TestServiceTier(t *testing.T) {
	t.Parallel()
	book := compile(t, facts(t, `
		openai gpt-5.5 in_text    5    -        - -       2026-04-24
		openai gpt-5.5 in_text    10   -        - >272000 2026-04-24
		openai gpt-5.5 in_text    2.5  batch    - -       2026-04-24
		openai gpt-5.5 in_text    2.5  flex     - -       2026-04-24
		openai gpt-5.5 in_text    10   priority - -       2026-04-24
		openai gpt-5.5 cache_read 0.5  -        - -       2026-04-24
		openai gpt-5.5 out_text   30   standard - -       2026-04-24
		openai gpt-5.5 out_text   15   batch|flex - -     2026-04-24
		openai gpt-5.5 out_text   60   priority - -       2026-04-24
		openai gpt-5.5 web_search 0.01 -        - -       2026-04-24`))
	for _, c := range []struct {
		asked, served string
		in, cached    int64
		usd, flags    string
	}{
		{"", "", 100_000, 0, "3.5", ""},
		{"auto", "default", 100_000, 0, "3.5", ""},
		{"flex", "", 100_000, 0, "1.75", ""},
		{"Batch", "", 100_000, 0, "1.75", ""},
		{"priority", "default", 100_000, 0, "3.5", ""}, // served beats asked
		{"auto", "priority", 100_000, 0, "7", ""},
		{"scale", "", 100_000, 0, "3.5", "service_tier_missing_used_standard"},
		{"batch", "", 100_000, 100_000, "1.8", "service_tier_missing_used_standard"},
		{"", "", 300_000, 0, "6", ""},
		{"batch", "", 300_000, 0, "2.25", ""}, // the tier of service goes before that of context
	} {
		r := rated(book, pricebook.Call{Seller: "openai", Model: "gpt-5.5", At: at("2026-05-01"),
			ServiceTier: c.asked, ServedTier: c.served, Usage: usage(c.in, c.cached, 100_000)})
		want(t, r, c.usd, c.flags)
	}
	search := pricebook.Call{Seller: "openai", Model: "gpt-5.5", At: at("2026-05-01"), ServiceTier: "batch",
		Usage: tokens(t, map[spend.Meter]string{spend.InText: "1000000"})}
	want(t, rated(book, search), "2.5", "")
}

func TestMissingRates(t *testing.T) {
	t.Parallel()
	book := compile(t, facts(t, `
		openai    whole          in_text         2.5    - - - 2024-10-01
		openai    whole          in_audio        40     - - - 2024-10-01
		openai    whole          cache_read      1.25   - - - 2024-10-01
		openai    whole          cache_write_30m 3.125  - - - 2024-10-01
		openai    whole          out_text        10     - - - 2024-10-01
		openai    poor           in_text         2.5    - - - 2024-10-01
		openai    poor           out_text        10     - - - 2024-10-01
		openai    embed          in_text         0.02   - - - 2024-10-01
		anthropic claude         in_text         3      - - - 2024-10-01
		anthropic claude         cache_read      0.3    - - - 2024-10-01
		anthropic claude         cache_write_5m  3.75   - - - 2024-10-01
		anthropic claude         cache_write_1h  6      - - - 2024-10-01
		anthropic claude         out_text        15     - - - 2024-10-01
		mistral   any            in_text         2      - - - 2024-10-01
		mistral   any            cache_write_other 2.5  - - - 2024-10-01
		google    open           in_text         0      - - - 2024-10-01 - - true
		google    open           out_text        1      - - - 2024-10-01`))
	type usage = map[spend.Meter]string
	for _, c := range []struct {
		seller, model string
		usage         usage
		usd, flags    string
	}{
		{"openai", "whole", usage{spend.InAudio: "69", spend.OutText: "75"}, "0.00351", ""},
		{"openai", "poor", usage{spend.InAudio: "69", spend.OutText: "75"}, "0.0009225", "audio_rate_missing_used_parent"},
		{"openai", "embed", usage{spend.InText: "4"}, "0.00000008", ""},
		{"openai", "embed", usage{spend.InText: "4", spend.OutText: "1"}, "unpriced", ""},
		{"openai", "poor", usage{spend.CacheRead: "1000000"}, "2.5", "cache_read_rate_missing_used_input"},
		{"openai", "poor", usage{spend.CacheReadAudio: "1000000"}, "2.5", "audio_rate_missing_used_parent,cache_read_rate_missing_used_input"},
		{"openai", "whole", usage{spend.CacheReadAudio: "1000000"}, "1.25", "audio_rate_missing_used_parent"},
		{"openai", "poor", usage{spend.InImage: "1000000"}, "2.5", "image_rate_missing_used_parent"},
		{"openai", "poor", usage{spend.OutVideo: "1000000"}, "10", "video_rate_missing_used_parent"},
		{"openai", "poor", usage{spend.OutCitation: "1000000"}, "10", "rate_missing_used_parent"},
		{"openai", "poor", usage{spend.OutReasoning: "1000000"}, "10", ""},
		{"openai", "poor", usage{spend.InTool: "1000000"}, "2.5", ""},
		{"openai", "poor", usage{spend.OutPredictionRejected: "1000000"}, "10", ""},
		{"openai", "poor", usage{spend.Request: "3", spend.InText: "1000000"}, "2.5", ""},
		{"openai", "poor", usage{spend.WebSearch: "3"}, "unpriced", ""},
		{"openai", "poor", usage{spend.Second: "1.5"}, "unpriced", ""},
		{"openai", "whole", usage{spend.CacheWriteOther: "1000000"}, "3.125", "cache_write_unitemised_used_default_ttl"},
		{"openai", "whole", usage{spend.CacheWrite1h: "1000000"}, "3.125", "cache_write_rate_missing_used_parent"},
		{"openai", "poor", usage{spend.CacheWriteOther: "1000000"}, "2.5", "cache_write_rate_missing_used_parent"},
		{"anthropic", "claude", usage{spend.CacheWrite1h: "1000000"}, "6", ""},
		{"anthropic", "claude", usage{spend.CacheWrite5m: "1000000"}, "3.75", ""},
		{"anthropic", "claude", usage{spend.CacheWriteOther: "1000000"}, "3.75", "cache_write_unitemised_used_default_ttl"},
		{"anthropic", "claude", usage{spend.CacheWrite30m: "1000000"}, "3.75", "cache_write_rate_missing_used_parent"},
		{"mistral", "any", usage{spend.CacheWrite1h: "1000000"}, "2.5", "cache_write_rate_missing_used_parent"},
		{"mistral", "any", usage{spend.CacheWriteOther: "1000000"}, "2.5", ""},
		{"google", "open", usage{spend.InText: "1000000"}, "0", ""},
		{"openai", "poor", usage{}, "0", ""},
	} {
		r := rated(book, pricebook.Call{Seller: c.seller, Model: c.model, At: at("2025-01-01"), Usage: tokens(t, c.usage)})
		want(t, r, c.usd, c.flags)
	}
}

func TestRegion(t *testing.T) {
	t.Parallel()
	book := compile(t, facts(t, `
		bedrock anthropic.claude-sonnet-4-5 in_text 3    - global   - 2025-09-29
		bedrock anthropic.claude-sonnet-4-5 in_text 3.3  - regional - 2025-09-29
		bedrock anthropic.claude-sonnet-4-5 in_text 3.6  - eu       - 2025-09-29
		bedrock amazon.nova-pro             in_text 0.8  - -        - 2025-01-01
		bedrock amazon.nova-pro             in_text 0.9  - eu-west-2|eu-west-3 - 2025-01-01
		azure   gpt-4o                      in_text 2.5  - -        - 2025-01-01
		azure   gpt-4o                      in_text 2.75 - eu|us    - 2025-01-01
		azure   gpt-4o                      web_search 1 - -        - 2025-01-01`))
	for _, c := range []struct{ seller, model, region, usd, flags string }{
		{"bedrock", "anthropic.claude-sonnet-4-5", "", "3.3", ""},
		{"bedrock", "anthropic.claude-sonnet-4-5", "us-east-1", "3.3", ""},
		{"bedrock", "anthropic.claude-sonnet-4-5", "GLOBAL", "3", ""},
		{"bedrock", "global.anthropic.claude-sonnet-4-5", "us-east-1", "3", ""},
		{"bedrock", "us.anthropic.claude-sonnet-4-5", "", "3.3", ""},
		{"bedrock", "eu.anthropic.claude-sonnet-4-5", "eu-west-1", "3.6", ""},
		{"bedrock", "us.amazon.nova-pro", "", "0.8", "region_missing_used_global"},
		{"bedrock", "global.amazon.nova-pro", "eu-west-2", "0.8", ""},
		{"bedrock", "eu.amazon.nova-pro", "eu-west-2", "0.9", ""}, // a profile costs what its source region does
		{"bedrock", "amazon.nova-pro", "eu-west-3", "0.9", ""},
		{"azure", "gpt-4o", "", "2.5", ""},
		{"azure", "gpt-4o", "eu", "2.75", ""},
		{"azure", "gpt-4o", "jp", "2.5", "region_missing_used_global"},
	} {
		r := rated(book, pricebook.Call{Seller: c.seller, Model: c.model, Region: c.region, At: at("2026-01-01"), Usage: usage(1_000_000, 0, 0)})
		want(t, r, c.usd, c.flags)
	}
}

func TestImagesBySizeAndQuality(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		openai dall-e-3 image 0.04 - - - 2024-01-01
		openai dall-e-3 image 0.08 - - - 2024-01-01
		openai dall-e-3 image 0.12 - - - 2024-01-01
		openai dall-e-3 request 0.5 - - - 2024-01-01`)
	all[0].When.ImageSize, all[0].When.ImageQuality = "1024x1024", "standard"
	all[1].When.ImageSize, all[1].When.ImageQuality = "1024-x-1024", "hd"
	all[2].When.ImageSize, all[2].When.ImageQuality = "1024x1792", "hd"
	book := compile(t, all)
	for _, c := range []struct{ size, quality, usd string }{
		{"1024x1024", "standard", "0.58"}, {"1024-x-1024", "HD", "0.66"}, {"1024x1792", "hd", "0.74"}, {"512x512", "hd", "unpriced"},
	} {
		r := rated(book, pricebook.Call{Seller: "openai", Model: "dall-e-3", At: at("2025-01-01"), ImageSize: c.size, ImageQuality: c.quality,
			Usage: tokens(t, map[spend.Meter]string{spend.Image: "2", spend.Request: "1"})})
		want(t, r, c.usd, "")
	}
}

func TestPromotionAndConfidence(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		azure gpt-5.6-sol in_text 5 - - - 2026-07-09
		azure gpt-5.6-sol in_text 4 - - - 2026-09-01 - promo
		azure gpt-5.6-sol out_text 30 - - - 2026-07-09`)
	all[1].PromoUntilAtLeast = at("2026-11-30")
	all[2].Confidence = pricebook.Low
	book := compile(t, all)
	for _, c := range []struct{ at, usd, flags string }{
		{"2026-08-31T23:59:59Z", "5", ""}, {"2026-09-01T00:00:00Z", "4", ""},
		{"2026-11-30T23:59:59Z", "4", ""}, {"2026-12-01T00:00:00Z", "4", "promotion_end_uncertain"},
	} {
		want(t, rated(book, pricebook.Call{Seller: "azure", Model: "gpt-5.6-sol", At: at(c.at), Usage: usage(1_000_000, 0, 0)}), c.usd, c.flags)
	}
	want(t, rated(book, pricebook.Call{Seller: "azure", Model: "gpt-5.6-sol", At: at("2026-10-01"), Usage: usage(0, 0, 1_000_000)}), "30", "low_confidence_price")
}

func TestLinesExplainTheTotal(t *testing.T) {
	t.Parallel()
	book := compile(t, facts(t, `
		openai gpt-5 in_text 1.25 - - - 2025-08-07
		openai gpt-5 cache_read 0.125 - - - 2025-08-07
		openai gpt-5 out_text 10 - - - 2025-08-07`))
	r := rated(book, pricebook.Call{Seller: "openai", Model: "gpt-5", At: at("2026-01-01"), Usage: usage(1_234, 5_000, 77)})
	var got [][4]string
	for _, l := range r.Lines {
		got = append(got, [4]string{l.Meter.String(), l.Quantity.String(), l.Rate.String(), l.USD.String()})
	}
	if diff := cmp.Diff([][4]string{
		{"in_text", "1234", "1.25", "0.0015425"}, {"cache_read", "5000", "0.125", "0.000625"}, {"out_text", "77", "10", "0.00077"},
	}, got); diff != "" {
		t.Error(diff)
	}
	want(t, r, "0.0029375", "")
	if _, ok := book.Fact(r.Lines[0].FactID); !ok {
		t.Errorf("the book does not know its own fact %q", r.Lines[0].FactID)
	}
	if costs := r.Costs; costs[spend.CostIn].String() != "0.0015425" || costs[spend.CostCacheRead].String() != "0.000625" || costs[spend.CostOut].String() != "0.00077" {
		t.Errorf("costs %v", costs)
	}
}

func TestReusedRatingAllocatesNothing(t *testing.T) { // counts allocations, so not parallel
	book := compile(t, facts(t, `
		bedrock anthropic.claude in_text 3 - regional - 2025-01-01
		bedrock anthropic.claude out_text 15 batch|flex - >200000 2025-01-01
		bedrock anthropic.claude out_text 15 - - - 2025-01-01`))
	u := tokens(t, map[spend.Meter]string{spend.InText: "1000", spend.OutText: "10", spend.Request: "1"})
	var out pricebook.Rating
	for _, call := range []pricebook.Call{
		{Seller: "bedrock", Model: "anthropic.claude", At: at("2026-01-01"), Usage: u},
		{Seller: "aws.bedrock", Model: "us.anthropic.claude-20250101-v1:0", At: at("2026-01-01"), Usage: u, ServedTier: "batch", Region: "us-east-1"},
		{Seller: "bedrock", Model: "anthropic.other", At: at("2026-01-01"), Usage: u},
		{Seller: "nobody", Model: "anthropic.other", At: at("2026-01-01"), Usage: u},
	} {
		book.Rate(&call, &out)
		if n := testing.AllocsPerRun(100, func() { book.Rate(&call, &out) }); n != 0 {
			t.Errorf("%s/%s: %v allocations a call", call.Seller, call.Model, n)
		}
	}
}
