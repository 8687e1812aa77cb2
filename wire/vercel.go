package wire

import "github.com/bursarhq/bursar/spend"

// vercelAISDK reads the usage of Vercel's AI SDK, which has normalised what the
// vendor sent; the vendor's own rule must not be applied to it again. Of a
// result of several steps totalUsage counts, not the last step's usage.
//
//	cached tokens in inputTokens?        yes
//	cache writes in inputTokens?         yes
//	reasoning in outputTokens?           yes
//	totalTokens                          inputTokens + outputTokens
//	inputTokenDetails                    noCacheTokens + cacheReadTokens + cacheWriteTokens make up inputTokens
//	before version 5                     promptTokens and completionTokens, nothing else
func vercelAISDK(usage, _ object) Totals {
	in, out := "inputTokens", "outputTokens"
	if !usage.has(in, out) && usage.has("promptTokens", "completionTokens") {
		in, out = "promptTokens", "completionTokens"
	}
	input, output := usage.totals(in, out)
	inputs, outputs := usage.child("inputTokenDetails"), usage.child("outputTokenDetails")
	t := Totals{
		Input:           input.n,
		Output:          output.n,
		Total:           usage.number("totalTokens"),
		CacheRead:       usage.told(inputs.count("cacheReadTokens"), usage.count("cachedInputTokens")),
		CacheWrite:      inputs.number("cacheWriteTokens"),
		OutputReasoning: usage.told(outputs.count("reasoningTokens"), usage.count("reasoningTokens")),
	}
	if fresh := inputs.count("noCacheTokens"); fresh.given {
		usage.partition(in, t.Input, fresh.n, t.CacheRead, t.CacheWrite)
	}
	if outputs.number("textTokens")+t.OutputReasoning > t.Output {
		usage.flags |= spend.UsageInconsistent
	}
	return t
}
