package wire

// openAIResponses reads the usage of responses, of realtime sessions, images
// and transcriptions.
//
//	cached tokens in the input?          yes
//	cache writes in the input?           yes
//	reasoning in the output?             yes
//	total_tokens                         input_tokens + output_tokens
//	details                              input_tokens_details; realtime and transcription: input_token_details
//	tools                                beside tokens, one output item for each call
//	in a stream                          response.usage of the last event
func openAIResponses(usage, response object) Totals {
	t := openAITotals(usage, "input_tokens", "output_tokens")
	openAIInput(&t, usage.details("input_tokens_details", "input_token_details"))
	openAIOutput(&t, usage.details("output_tokens_details", "output_token_details"))
	openAITools(&t, response)
	return t
}

// details gives the object under the first name that the body has.
func (o object) details(name, other string) object {
	if o.value(name) == nil {
		return o.child(other)
	}
	return o.child(name)
}

// openAITools counts the calls that are billed one by one. A web search call
// that opens a page or looks into it is not a search.
func openAITools(t *Totals, response object) {
	for _, item := range response.list("output") {
		switch item.word("type") {
		case "web_search_call":
			if action := item.child("action").word("type"); action == "" || action == "search" {
				t.WebSearches++
			}
		case "file_search_call":
			t.FileSearches++
		}
	}
}
