package wire

import "github.com/bursarhq/bursar/spend"

// Totals is usage as most sources count it: whole prompts and completions with
// subsets inside. Counts are whole and not negative; zero stands for "not
// said" too.
//
//	Input
//	├ CacheRead        of which CacheAudioRead, CacheImageRead, CacheVideoRead
//	├ CacheWrite       of which CacheWrite5m, CacheWrite1h, CacheWrite30m
//	├ InputAudio       cached audio included; images and video likewise
//	├ InputTool
//	└ the rest is fresh text
//	Output
//	├ OutputReasoning, OutputAudio, OutputImage, OutputVideo,
//	│ OutputCitation, OutputPredictionRejected
//	└ the rest is text
type Totals struct {
	Input  int64 // the whole prompt
	Output int64 // the whole completion
	Total  int64 // the source's sum of both; another value sets the flag UsageInconsistent

	CacheRead      int64 // all cached tokens read
	CacheAudioRead int64 // a part of CacheRead and of InputAudio
	CacheImageRead int64 // a part of CacheRead and of InputImage
	CacheVideoRead int64 // a part of CacheRead and of InputVideo

	CacheWrite    int64 // all tokens written to a cache; when zero, the sum of the lifetimes
	CacheWrite5m  int64 // a part of CacheWrite
	CacheWrite1h  int64 // a part of CacheWrite
	CacheWrite30m int64 // a part of CacheWrite

	InputAudio int64 // a part of Input
	InputImage int64 // a part of Input
	InputVideo int64 // a part of Input
	InputTool  int64 // a part of Input, put in by tools

	OutputReasoning          int64 // a part of Output
	OutputAudio              int64 // a part of Output
	OutputImage              int64 // a part of Output
	OutputVideo              int64 // a part of Output
	OutputCitation           int64 // a part of Output
	OutputPredictionRejected int64 // a part of Output

	Requests       int64 // calls priced per request
	WebSearches    int64
	FileSearches   int64
	RerankSearches int64
	ToolCalls      int64 // other tool calls priced per call
	Images         int64 // images priced per image
	Seconds        spend.Quantity
}

// IncludeCache makes whole prompts of an Input that leaves cached reads and
// writes out, as Anthropic and Bedrock count.
//
//	Input 5, CacheRead 128955, CacheWrite 1253: Input becomes 130213
func (t Totals) IncludeCache() Totals {
	t.Input += t.CacheRead + t.cacheWrites()
	return t
}

// cacheWrites is the total of cache writes, said or summed.
func (t *Totals) cacheWrites() int64 {
	if t.CacheWrite != 0 {
		return t.CacheWrite
	}
	return t.CacheWrite5m + t.CacheWrite1h + t.CacheWrite30m
}

// counter is one count of a Totals with its name in JSON and in problems.
type counter struct {
	name string
	n    *int64
}

// counters are all counts, in the order in which problems name them. It is an
// array because every row of an import passes through here: it costs no memory.
func (t *Totals) counters() [27]counter {
	return [...]counter{
		{"input_tokens", &t.Input}, {"output_tokens", &t.Output}, {"total_tokens", &t.Total},
		{"cache_read_tokens", &t.CacheRead}, {"cache_audio_read_tokens", &t.CacheAudioRead},
		{"cache_image_read_tokens", &t.CacheImageRead}, {"cache_video_read_tokens", &t.CacheVideoRead},
		{"cache_write_tokens", &t.CacheWrite}, {"cache_write_5m_tokens", &t.CacheWrite5m},
		{"cache_write_1h_tokens", &t.CacheWrite1h}, {"cache_write_30m_tokens", &t.CacheWrite30m},
		{"input_audio_tokens", &t.InputAudio}, {"input_image_tokens", &t.InputImage},
		{"input_video_tokens", &t.InputVideo}, {"input_tool_tokens", &t.InputTool},
		{"output_reasoning_tokens", &t.OutputReasoning}, {"output_audio_tokens", &t.OutputAudio},
		{"output_image_tokens", &t.OutputImage}, {"output_video_tokens", &t.OutputVideo},
		{"output_citation_tokens", &t.OutputCitation},
		{"output_prediction_rejected_tokens", &t.OutputPredictionRejected},
		{"requests", &t.Requests}, {"web_searches", &t.WebSearches}, {"file_search_calls", &t.FileSearches},
		{"rerank_searches", &t.RerankSearches}, {"tool_calls", &t.ToolCalls}, {"images", &t.Images},
	}
}
