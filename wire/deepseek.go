package wire

// deepSeekChat reads the usage of DeepSeek's chat: OpenAI's form, with the
// prompt split into cache hits and misses.
//
//	cached tokens in prompt_tokens?      yes, prompt_cache_hit_tokens
//	cache writes                         none
//	reasoning in completion_tokens?      yes
//	prompt_tokens                        prompt_cache_hit_tokens + prompt_cache_miss_tokens
func deepSeekChat(usage, response object) Totals {
	t := openAIChat(usage, response)
	hit, miss := usage.count("prompt_cache_hit_tokens"), usage.count("prompt_cache_miss_tokens")
	cached := usage.child("prompt_tokens_details").count("cached_tokens")
	t.CacheRead = usage.told(hit, cached)
	if !usage.has("prompt_tokens") {
		t.Input = hit.n + miss.n
	}
	if hit.given && miss.given {
		usage.partition("prompt_tokens", t.Input, hit.n, miss.n)
	}
	return t
}
