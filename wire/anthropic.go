package wire

// anthropicMessages reads the usage of messages, also on Bedrock and Vertex.
//
//	cached tokens in input_tokens?       no
//	cache writes in input_tokens?        no
//	reasoning in output_tokens?          yes, output_tokens_details.thinking_tokens
//	cache_creation                       splits cache_creation_input_tokens by lifetime, perhaps not all of it
//	searches                             beside tokens, server_tool_use.web_search_requests
//	in a stream                          cumulative: message_start, then message_delta; never add them
func anthropicMessages(usage, _ object) Totals {
	input, output := usage.totals("input_tokens", "output_tokens")
	t := Totals{
		Input:           input.n,
		Output:          output.n,
		CacheRead:       usage.number("cache_read_input_tokens"),
		OutputReasoning: usage.child("output_tokens_details").number("thinking_tokens"),
		WebSearches:     usage.child("server_tool_use").number("web_search_requests"),
	}
	usage.cacheWrites(&t, "cache_creation_input_tokens", usage.child("cache_creation").lifetimes(&t))
	return t.IncludeCache()
}
