package wire

// openAIChat reads the usage of chat completions, embeddings and Azure OpenAI.
//
//	cached tokens in the prompt?         yes
//	cache writes in the prompt?          yes
//	reasoning in the completion?         yes; at xAI beside it, as total_tokens then says
//	total_tokens                         prompt_tokens + completion_tokens
//	in a stream                          the last chunk, with no choices; earlier ones say null
func openAIChat(usage, _ object) Totals {
	t := openAITotals(usage, "prompt_tokens", "completion_tokens")
	openAIInput(&t, usage.child("prompt_tokens_details"))
	openAIOutput(&t, usage.child("completion_tokens_details"))
	if beside := t.Input + t.Output + t.OutputReasoning; t.Total == beside {
		t.Output += t.OutputReasoning
	}
	return t
}
