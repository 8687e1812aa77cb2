package wire

// What all of OpenAI's forms share. The names of the totals differ; the
// details have one shape.
//
//	cached tokens     in the input total      cached_tokens, by modality in cached_tokens_details
//	cache writes      in the input total      cache_write_tokens, by lifetime in cache_write_tokens_details
//	audio, images     in the input total      cached ones included
//	reasoning         in the output total
//	rejected guesses  in the output total     rejected_prediction_tokens

// openAIInput reads the details of the input total.
func openAIInput(t *Totals, details object) {
	t.InputAudio = details.number("audio_tokens")
	t.InputImage = details.number("image_tokens")
	t.CacheRead = details.number("cached_tokens")
	cached := details.child("cached_tokens_details")
	t.CacheAudioRead = cached.number("audio_tokens")
	t.CacheImageRead = cached.number("image_tokens")
	details.cacheWrites(t, "cache_write_tokens", details.child("cache_write_tokens_details").lifetimes(t))
	details.flags |= t.untangle(cached.has("text_tokens", "audio_tokens", "image_tokens"))
}

// openAIOutput reads the details of the output total.
func openAIOutput(t *Totals, details object) {
	t.OutputReasoning = details.number("reasoning_tokens")
	t.OutputAudio = details.number("audio_tokens")
	t.OutputImage = details.number("image_tokens")
	t.OutputPredictionRejected = details.number("rejected_prediction_tokens")
}

// openAITotals reads the totals under their names in one form. A transcription
// may be billed by time and then has none.
func openAITotals(usage object, in, out string) (t Totals) {
	if usage.word("type") == "duration" {
		t.Seconds, _ = usage.quantity("seconds")
		if !usage.has(in, out) {
			return t
		}
	}
	input, output := usage.totals(in, out)
	t.Input, t.Output, t.Total = input.n, output.n, usage.number("total_tokens")
	return t
}
