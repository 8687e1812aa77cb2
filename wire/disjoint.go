package wire

import (
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// largest bounds one count: 10^15, as for an event's meters, so that no sum of
// counts leaves 64 bits.
const largest = 1_000_000_000_000_000

// Disjoint carves the subsets out of the totals. A negative count, one above
// 10^15 and a part above its total are problems, all of them at once; then the
// usage is zero. Their fields have the names that Named has. The flag UsageInconsistent says that
// Total is not the sum of Input and Output; the two count.
//
// Example: Input 1000, CacheRead 300, InputAudio 200, CacheAudioRead 50 and
// Output 80, OutputReasoning 60 are
//
//	cache_read_audio 50 · cache_read 300 − 50 = 250
//	in_audio 200 − 50 = 150 · in_text 1000 − 300 − 150 = 550
//	out_reasoning 60 · out_text 80 − 60 = 20
func (t Totals) Disjoint() (spend.Usage, spend.Flags, []spend.Problem) {
	if !t.inRange() {
		return spend.Usage{}, 0, t.outOfRange()
	}
	var c carving
	c.prompt(&t)
	c.completion(&t)
	if len(c.problems) > 0 {
		return spend.Usage{}, 0, c.problems
	}
	c.beside(&t)
	var flags spend.Flags
	if t.Total != 0 && t.Total != t.Input+t.Output {
		flags = spend.UsageInconsistent
	}
	return c.usage, flags, nil
}

func (t *Totals) inRange() bool {
	for _, c := range t.counters() {
		if *c.n < 0 || *c.n > largest {
			return false
		}
	}
	return t.Seconds.Sign() >= 0 && t.Seconds.Cmp(money.FromInt(largest)) <= 0
}

// outOfRange says what inRange found, on a copy: only a bad row pays for it.
func (t Totals) outOfRange() (found []spend.Problem) {
	for _, c := range t.counters() {
		if *c.n < 0 || *c.n > largest {
			found = append(found, spend.Problem{Field: c.name, Msg: fmt.Sprintf("is %d; want 0 to 10^15", *c.n)})
		}
	}
	if t.Seconds.Sign() < 0 || t.Seconds.Cmp(money.FromInt(largest)) > 0 {
		found = append(found, spend.Problem{Field: seconds, Msg: "is " + t.Seconds.String() + "; want 0 to 10^15"})
	}
	return found
}

// field is a count with its name for people.
type field struct {
	name string
	n    int64
}

// carving is a usage in the making.
type carving struct {
	usage    spend.Usage
	problems []spend.Problem
}

func (c *carving) prompt(t *Totals) {
	cachedAudio := field{"cache_audio_read_tokens", t.CacheAudioRead}
	cachedImage := field{"cache_image_read_tokens", t.CacheImageRead}
	cachedVideo := field{"cache_video_read_tokens", t.CacheVideoRead}
	read := field{"cache_read_tokens", t.CacheRead}
	write := field{"cache_write_tokens", t.cacheWrites()}
	audio := c.less(field{"input_audio_tokens", t.InputAudio}, cachedAudio)
	image := c.less(field{"input_image_tokens", t.InputImage}, cachedImage)
	video := c.less(field{"input_video_tokens", t.InputVideo}, cachedVideo)
	readText := c.less(read, cachedAudio, cachedImage, cachedVideo)
	writeOther := c.less(write, field{"cache_write_5m_tokens", t.CacheWrite5m},
		field{"cache_write_1h_tokens", t.CacheWrite1h}, field{"cache_write_30m_tokens", t.CacheWrite30m})
	text := c.less(field{"input_tokens", t.Input}, read, write, field{"fresh input_audio_tokens", audio},
		field{"fresh input_image_tokens", image}, field{"fresh input_video_tokens", video},
		field{"input_tool_tokens", t.InputTool})

	c.set(spend.InText, text)
	c.set(spend.InAudio, audio)
	c.set(spend.InImage, image)
	c.set(spend.InVideo, video)
	c.set(spend.InTool, t.InputTool)
	c.set(spend.CacheRead, readText+t.CacheVideoRead) // cached video has no meter of its own
	c.set(spend.CacheReadAudio, t.CacheAudioRead)
	c.set(spend.CacheReadImage, t.CacheImageRead)
	c.set(spend.CacheWrite5m, t.CacheWrite5m)
	c.set(spend.CacheWrite1h, t.CacheWrite1h)
	c.set(spend.CacheWrite30m, t.CacheWrite30m)
	c.set(spend.CacheWriteOther, writeOther)
}

func (c *carving) completion(t *Totals) {
	text := c.less(field{"output_tokens", t.Output}, field{"output_reasoning_tokens", t.OutputReasoning},
		field{"output_audio_tokens", t.OutputAudio}, field{"output_image_tokens", t.OutputImage},
		field{"output_video_tokens", t.OutputVideo}, field{"output_citation_tokens", t.OutputCitation},
		field{"output_prediction_rejected_tokens", t.OutputPredictionRejected})

	c.set(spend.OutText, text)
	c.set(spend.OutReasoning, t.OutputReasoning)
	c.set(spend.OutAudio, t.OutputAudio)
	c.set(spend.OutImage, t.OutputImage)
	c.set(spend.OutVideo, t.OutputVideo)
	c.set(spend.OutCitation, t.OutputCitation)
	c.set(spend.OutPredictionRejected, t.OutputPredictionRejected)
}

// beside sets what is counted beside tokens.
func (c *carving) beside(t *Totals) {
	c.set(spend.Request, t.Requests)
	c.set(spend.WebSearch, t.WebSearches)
	c.set(spend.FileSearch, t.FileSearches)
	c.set(spend.RerankSearch, t.RerankSearches)
	c.set(spend.ToolCall, t.ToolCalls)
	c.set(spend.Image, t.Images)
	c.setQuantity(spend.Second, t.Seconds)
}

// less is what the parts leave of a whole; parts above it are a problem.
func (c *carving) less(whole field, parts ...field) int64 {
	rest := whole.n
	for _, part := range parts {
		if part.n > whole.n {
			c.contradiction(part.name, "is %d, above the %d of %s that it is a part of", part.n, whole.n, whole.name)
			return 0
		}
		rest -= part.n
	}
	if rest < 0 {
		c.contradiction(whole.name, "is %d, below the sum of its parts %s", whole.n, sum(parts))
		return 0
	}
	return rest
}

func sum(parts []field) string {
	parts = slices.DeleteFunc(parts, func(p field) bool { return p.n == 0 })
	text, total := "", int64(0)
	for i, part := range parts {
		if i > 0 {
			text += " + "
		}
		text += fmt.Sprintf("%s %d", part.name, part.n)
		total += part.n
	}
	return fmt.Sprintf("(%s = %d)", text, total)
}

func (c *carving) contradiction(name, format string, args ...any) {
	c.problems = append(c.problems, spend.Problem{Field: name, Msg: fmt.Sprintf(format, args...)})
}

func (c *carving) set(m spend.Meter, n int64) {
	if m.InColumn() {
		c.usage.Tokens[m] = n
		return
	}
	c.setQuantity(m, money.FromInt(n))
}

func (c *carving) setQuantity(m spend.Meter, q spend.Quantity) {
	if err := c.usage.Set(m, q); err != nil {
		c.contradiction(m.String(), "%v", err)
	}
}
