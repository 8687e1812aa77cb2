package protocol

import "github.com/bursarhq/bursar/spend"

// bytesPerToken is how much JSON an estimate takes for one token. On 0.7 MB of
// English prose and of Go, OpenAI's o200k has a token for 3.5 to 3.8 bytes, so an
// estimate is a fifth to a quarter too high there; on tables of figures it has one
// for 1.6, and an estimate is about half. A tokenizer would know better for that vendor alone, the
// only one to publish its vocabularies; it is 12 MB of program, reads 4 MB in a
// second where a call has half a millisecond, and needs the text to be kept.
const bytesPerToken = 3

// Estimate completes the facts of an answer whose usage was not told, or told in
// part, by its bytes; the other facts it gives back as they are. The limits may be
// empty.
//
//	nothing told        prompt and output by bytes, usage source tokenizer_estimate
//	messages, in part   the prompt as told; the output by bytes where that is more
//	                    than was told, since a stream that is cut has only the seed
//
// It guesses nothing where it has seen nothing: an answer in one piece that was cut,
// a stream before its first text, a timeout, a prompt that does not stand in the request, usage that contradicts
// itself and a response in the background stay as they are, and the hold stands for
// them. Thoughts that the vendor does not show are not in it.
//
// Example: a body of 300 bytes and 90 bytes of streamed text are 100 tokens of
// prompt and 30 of output.
func (r *Request) Estimate(f Facts, l Limits) Facts {
	if !r.Metered() || len(f.Problems) > 0 || f.Pending {
		return f
	}
	output := r.outputEstimate(f, l)
	switch {
	case f.Source == spend.UsageProviderPartial && r.Operation == Messages:
		f.Usage.Tokens[spend.OutText] += max(0, output-f.Usage.CompletionTokens())
	case f.Source == spend.UsageUnobserved && (f.Began && f.Frames > 0 || f.Ended && f.Status == spend.StatusOK):
		prompt, found := r.promptEstimate(l)
		if !found {
			return f
		}
		f.Source, f.Usage = spend.UsageEstimate, spend.Usage{}
		f.Usage.Tokens[spend.InText], f.Usage.Tokens[spend.OutText] = prompt, output
		if r.Prompt.Images > 0 || r.Prompt.SoundBytes > 0 {
			f.Flags |= spend.ModalityUnsplit
		}
	}
	return f
}

// outputEstimate is at least a token where something came, and no more than the
// request allows.
func (r *Request) outputEstimate(f Facts, l Limits) int64 {
	if r.Operation == Embeddings || !f.Began {
		return 0
	}
	tokens := max(tokensOf(f.Text), 1)
	if most, bounded := r.output(l); bounded && r.Tools.Count == 0 {
		tokens = min(tokens, most)
	}
	return tokens
}

// promptEstimate is the bound of the prompt with its text by what is usual.
func (r *Request) promptEstimate(l Limits) (tokens int64, found bool) {
	if r.Prompt.Elsewhere {
		return 0, false
	}
	tokens = tokensOf(int64(r.Prompt.Bytes)) + r.media(l)
	if l.Context > 0 {
		tokens = min(tokens, l.Context)
	}
	return tokens, true
}

// tokensOf estimates the tokens of a text from its bytes in JSON.
func tokensOf(bytes int64) int64 { return (bytes + bytesPerToken - 1) / bytesPerToken }
