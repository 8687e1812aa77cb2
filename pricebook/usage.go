package pricebook

import (
	"fmt"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Inclusive is usage as totals and subsets, the form in which callers of the
// rating command give it. Input is the whole prompt and output the whole
// completion; every other token count is a part of one of them.
type Inclusive struct {
	InputTokens           Count `json:"input_tokens"`
	OutputTokens          Count `json:"output_tokens"`
	CacheReadTokens       Count `json:"cache_read_tokens"`  // cached audio and image tokens included
	CacheWriteTokens      Count `json:"cache_write_tokens"` // of any lifetime
	CacheWrite5mTokens    Count `json:"cache_write_5m_tokens"`
	CacheWrite1hTokens    Count `json:"cache_write_1h_tokens"`
	CacheAudioReadTokens  Count `json:"cache_audio_read_tokens"` // part of cached and of audio tokens
	CacheImageReadTokens  Count `json:"cache_image_read_tokens"` // part of cached and of image tokens
	InputAudioTokens      Count `json:"input_audio_tokens"`
	InputImageTokens      Count `json:"input_image_tokens"`
	InputVideoTokens      Count `json:"input_video_tokens"`
	InputToolTokens       Count `json:"input_tool_tokens"`
	OutputReasoningTokens Count `json:"output_reasoning_tokens"`
	OutputAudioTokens     Count `json:"output_audio_tokens"`
	OutputImageTokens     Count `json:"output_image_tokens"`
	OutputVideoTokens     Count `json:"output_video_tokens"`
	OutputCitationTokens  Count `json:"output_citation_tokens"`
	Requests              Count `json:"requests"`
	WebSearches           Count `json:"web_searches"`
	FileSearchCalls       Count `json:"file_search_calls"`
	RerankSearches        Count `json:"rerank_searches"`
	AudioSeconds          Count `json:"audio_seconds"` // may have a fraction
	Images                Count `json:"images"`
}

// Disjoint carves the parts out of the totals. Nothing is clamped: a part that
// is larger than its total, a negative or fractional token, and parts without
// their total are problems, and then the usage is zero.
//
// Example: 1,000 input tokens, 600 of them cached of which 50 audio, 80 audio in
// all, 100 written to a cache for an hour: 550 cache_read, 50 cache_read_audio,
// 30 in_audio, 100 cache_write_1h, and 1,000 − 600 − 30 − 100 = 270 in_text.
func (in *Inclusive) Disjoint() (spend.Usage, []spend.Problem) {
	if *in == (Inclusive{}) {
		return spend.Usage{}, []spend.Problem{{Field: "usage", Msg: "says nothing; give input_tokens and output_tokens, or what else is billed"}}
	}
	var c carver
	c.prompt(in)
	c.completion(in)
	c.fees(in)
	if len(c.problems) > 0 {
		return spend.Usage{}, c.problems
	}
	return c.out, nil
}

// carver takes parts off totals.
type carver struct {
	counter
	out spend.Usage
}

func (c *carver) set(m spend.Meter, q money.Amount) {
	if err := c.out.Set(m, q); err != nil {
		c.complain(m.String(), err.Error())
	}
}

func (c *carver) tokens(m spend.Meter, n int64) { c.set(m, money.FromInt(n)) }

// part takes off one part of a total.
func (c *carver) part(rest *int64, m spend.Meter, n int64) {
	*rest -= n
	c.tokens(m, n)
}

// left stores what the parts leave of a total.
func (c *carver) left(m spend.Meter, total Count, field string, rest int64) {
	switch {
	case rest >= 0:
		c.tokens(m, rest)
	case total == "":
		c.complain(field, "is missing, though parts of it are given")
	default:
		c.complain(field, fmt.Sprintf("is %s, but its parts sum to %d more", total, -rest))
	}
}

func (c *carver) prompt(in *Inclusive) {
	rest := c.whole("input_tokens", in.InputTokens)
	cached := c.whole("cache_read_tokens", in.CacheReadTokens)
	rest -= cached
	cachedAudio := c.whole("cache_audio_read_tokens", in.CacheAudioReadTokens)
	cachedImage := c.whole("cache_image_read_tokens", in.CacheImageReadTokens)
	c.part(&cached, spend.CacheReadAudio, cachedAudio)
	c.part(&cached, spend.CacheReadImage, cachedImage)
	c.left(spend.CacheRead, in.CacheReadTokens, "cache_read_tokens", cached)
	c.part(&rest, spend.InAudio, c.fresh("input_audio_tokens", in.InputAudioTokens, cachedAudio))
	c.part(&rest, spend.InImage, c.fresh("input_image_tokens", in.InputImageTokens, cachedImage))
	c.part(&rest, spend.InVideo, c.whole("input_video_tokens", in.InputVideoTokens))
	c.part(&rest, spend.InTool, c.whole("input_tool_tokens", in.InputToolTokens))
	rest -= c.writes(in)
	c.left(spend.InText, in.InputTokens, "input_tokens", rest)
}

// fresh is what of a modality was not cached. An absent total says that there
// was nothing beside the cached tokens.
func (c *carver) fresh(field string, total Count, cached int64) int64 {
	n := c.whole(field, total)
	switch {
	case total == "":
		return 0
	case n < cached:
		c.complain(field, fmt.Sprintf("is %d, less than the %d cached ones, which are a part of it", n, cached))
		return 0
	}
	return n - cached
}

// writes splits cache writes by lifetime and gives their total. Without a total
// they are the sum of the lifetimes.
func (c *carver) writes(in *Inclusive) int64 {
	brief := c.whole("cache_write_5m_tokens", in.CacheWrite5mTokens)
	long := c.whole("cache_write_1h_tokens", in.CacheWrite1hTokens)
	total := brief + long
	if in.CacheWriteTokens != "" {
		total = c.whole("cache_write_tokens", in.CacheWriteTokens)
	}
	unsaid := total
	c.part(&unsaid, spend.CacheWrite5m, brief)
	c.part(&unsaid, spend.CacheWrite1h, long)
	c.left(spend.CacheWriteOther, in.CacheWriteTokens, "cache_write_tokens", unsaid)
	return total
}

func (c *carver) completion(in *Inclusive) {
	rest := c.whole("output_tokens", in.OutputTokens)
	c.part(&rest, spend.OutReasoning, c.whole("output_reasoning_tokens", in.OutputReasoningTokens))
	c.part(&rest, spend.OutAudio, c.whole("output_audio_tokens", in.OutputAudioTokens))
	c.part(&rest, spend.OutImage, c.whole("output_image_tokens", in.OutputImageTokens))
	c.part(&rest, spend.OutVideo, c.whole("output_video_tokens", in.OutputVideoTokens))
	c.part(&rest, spend.OutCitation, c.whole("output_citation_tokens", in.OutputCitationTokens))
	c.left(spend.OutText, in.OutputTokens, "output_tokens", rest)
}

func (c *carver) fees(in *Inclusive) {
	c.tokens(spend.Request, c.whole("requests", in.Requests))
	c.tokens(spend.WebSearch, c.whole("web_searches", in.WebSearches))
	c.tokens(spend.FileSearch, c.whole("file_search_calls", in.FileSearchCalls))
	c.tokens(spend.RerankSearch, c.whole("rerank_searches", in.RerankSearches))
	c.set(spend.Second, c.measured("audio_seconds", in.AudioSeconds))
	c.tokens(spend.Image, c.whole("images", in.Images))
}
