package wire

// bedrockConverse reads the usage of Bedrock's converse, for every model.
//
//	cached tokens in inputTokens?        no
//	cache writes in inputTokens?         no
//	reasoning in outputTokens?           yes, not told apart
//	totalTokens                          inputTokens + cached reads + cache writes + outputTokens
//	cacheDetails                         splits cacheWriteInputTokens by lifetime
//	in a stream                          metadata.usage, the last event
func bedrockConverse(usage, _ object) Totals {
	input, output := usage.totals("inputTokens", "outputTokens")
	t := Totals{
		Input:     input.n,
		Output:    output.n,
		Total:     usage.number("totalTokens"),
		CacheRead: usage.number("cacheReadInputTokens"),
	}
	var itemised int64
	for _, detail := range usage.list("cacheDetails") {
		n := detail.number("inputTokens")
		itemised += n
		if into := t.lifetime(detail.word("ttl")); into != nil {
			*into += n
		}
	}
	usage.cacheWrites(&t, "cacheWriteInputTokens", itemised)
	return t.IncludeCache()
}
