package protocol

import (
	"math/bits"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Limits are what the caller knows of the model; 0 is unknown.
type Limits struct {
	Context int64 // tokens of prompt that it takes at most
	Output  int64 // tokens of one answer that it gives at most
	Image   int64 // tokens that one image costs at most
}

// Hold is the highest usage that a request can have. Which meter a prompt falls
// into is not known before the answer, so the call costs at most what the dearest
// of the cases does.
type Hold struct {
	Cases      []spend.Usage
	Unprovable []string // what has no provable maximum, in words; the cases then leave it out
}

// The bounds of a prompt.
const (
	// framing is added to every prompt: what templates put around roles and turns
	// is shorter than the JSON that they stand for, but for the first.
	framing = 64

	// toolFraming is what messages put in front of tools, 346 tokens as of 2026 and
	// 530 for older models.
	toolFraming = 1024

	// soundBytes is how much base64 one token of sound takes at least: at most 25
	// tokens a second, and no encoding has less than 1,000 bytes a second.
	soundBytes = 40

	// openAIImage is the dearest image of OpenAI's page: 2833 + 8 × 5667 tokens.
	openAIImage = 48_169

	// anthropicImage is the dearest image of Anthropic's page, at 2576 pixels.
	anthropicImage = 4_784
)

// Hold bounds the usage of a request from above.
//
//	prompt    one token for each byte of the body, without images and sound: no
//	          vocabulary has a token of less than a byte, and JSON is never shorter
//	          than what it says. An image is Limits.Image, else the dearest of the
//	          vendor's page; sound is a token for 40 bytes. It is never above
//	          Limits.Context, which the vendor enforces, and equal to it where a part
//	          of the prompt does not stand in the body.
//	output    the lower of the request's limit and Limits.Output, for each answer
//	summary   Context and Limits.Output once more where the vendor may make one
//	tools     those of the vendor: Context and the output once more for each call
//	          that is allowed, and the search itself
//
// The hold is that of one model. An upstream may run each of Request.Fallbacks
// after it and bill for all: their holds are added.
//
// Example: 400 bytes that ask for n 2 and max_tokens 100 are at most 464 tokens of
// prompt and 200 of output.
func (r *Request) Hold(l Limits) Hold {
	var h Hold
	prompt, bounded := r.prompt(l)
	if !bounded {
		h.Unprovable = append(h.Unprovable, "a prompt that does not stand in the request, without the model's context limit")
	}
	output, bounded := r.output(l)
	if !bounded {
		h.Unprovable = append(h.Unprovable, "an answer without max_tokens or the model's output limit")
	}
	if r.isUnread("body") { // there may be more of it, for a reader that is less strict
		h.Unprovable = append(h.Unprovable, "a request that cannot be read for certain")
	}
	var beside spend.Usage
	if r.Tools.Count > 0 {
		if why := r.tools(l); why != "" {
			h.Unprovable = append(h.Unprovable, why)
		} else {
			prompt, output = times(l.Context, r.Tools.Uses+1), times(output, r.Tools.Uses+1)
			r.searches(&beside)
		}
	}
	if r.Prompt.Compacts {
		prompt, output = prompt+l.Context, output+l.Output
		if l.Context == 0 || l.Output == 0 {
			h.Unprovable = append(h.Unprovable, "a summary that the vendor makes on the way, without the model's limits")
		}
	}
	ins, outs := r.promptMeters(), r.outputMeters()
	h.Cases = make([]spend.Usage, 0, len(ins)*len(outs))
	for _, in := range ins {
		for _, out := range outs {
			usage := beside
			usage.Tokens[in], usage.Tokens[out] = prompt, output
			h.Cases = append(h.Cases, usage)
		}
	}
	return h
}

func (r *Request) prompt(l Limits) (tokens int64, bounded bool) {
	if r.Prompt.Elsewhere || r.isUnread("body") {
		return l.Context, l.Context > 0
	}
	tokens = framing + int64(r.Prompt.Bytes) + r.media(l)
	if r.Operation == Messages {
		tokens += toolFraming
	}
	if l.Context > 0 {
		tokens = min(tokens, l.Context)
	}
	return tokens, true
}

// media bounds the tokens of images and sound.
func (r *Request) media(l Limits) int64 {
	image := l.Image
	switch {
	case image > 0:
	case r.API == Anthropic:
		image = anthropicImage
	default:
		image = openAIImage
	}
	return times(image, int64(r.Prompt.Images)) + int64(r.Prompt.SoundBytes+soundBytes-1)/soundBytes
}

func (r *Request) output(l Limits) (tokens int64, bounded bool) {
	if r.Operation == Embeddings {
		return 0, true
	}
	tokens = r.MaxOutput
	if tokens == 0 || l.Output > 0 && l.Output < tokens || r.isUnread("body") {
		tokens = l.Output
	}
	counted := !r.isUnread("n") && !r.isUnread("best_of")
	return times(tokens, r.Answers), tokens > 0 && counted
}

// largest is the highest count that the books take; a product above it is more
// than anybody could pay for.
const largest = 1_000_000_000_000_000

func times(tokens, n int64) int64 {
	high, low := bits.Mul64(uint64(tokens), uint64(n))
	if high > 0 || low > largest {
		return largest
	}
	return int64(low)
}

// tools says why the tools have no maximum, nothing when they have one.
func (r *Request) tools(l Limits) string {
	switch {
	case r.Tools.Others:
		return "tools that the vendor runs and bills by something else than calls"
	case !r.Tools.Bounded || r.Tools.Uses > maxUses:
		return "tools that the vendor runs without a limit to their calls"
	case l.Context == 0:
		return "tools that the vendor runs, without the model's context limit"
	}
	return ""
}

// maxUses is more calls of tools than any hold could pay for.
const maxUses = 10_000

// searches sets the calls that are billed one by one, each kind at all of them.
func (r *Request) searches(u *spend.Usage) {
	uses := money.FromInt(r.Tools.Uses)
	if r.Tools.Searches {
		_ = u.Set(spend.WebSearch, uses) // a map meter takes any quantity
	}
	if r.Tools.Files {
		_ = u.Set(spend.FileSearch, uses)
	}
}

// promptMeters are those into which a token of the prompt may fall, but for
// cheaper ones.
func (r *Request) promptMeters() []spend.Meter {
	meters := []spend.Meter{spend.InText}
	switch {
	case r.Operation == Messages && r.Prompt.Cached1h:
		meters = append(meters, spend.CacheWrite5m, spend.CacheWrite1h)
	case r.Operation == Messages && r.Prompt.Cached5m:
		meters = append(meters, spend.CacheWrite5m)
	case r.API == OpenAI && r.Operation != Embeddings: // it caches unasked, and some models bill that
		meters = append(meters, spend.CacheWriteOther)
	}
	if r.Prompt.SoundBytes > 0 {
		meters = append(meters, spend.InAudio)
	}
	if r.Prompt.Images > 0 {
		meters = append(meters, spend.InImage)
	}
	return meters
}

func (r *Request) outputMeters() []spend.Meter {
	if r.Operation == Embeddings {
		return []spend.Meter{spend.OutText}
	}
	if r.Prompt.SpeaksBack {
		return []spend.Meter{spend.OutText, spend.OutReasoning, spend.OutAudio}
	}
	return []spend.Meter{spend.OutText, spend.OutReasoning}
}
