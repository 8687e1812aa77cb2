package telemetry

import (
	"fmt"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// measure makes disjoint meters of the counts of the record at hand. It says whether
// any were told.
func (r *Reader) measure(d *row, e *spend.Event) (told bool, problems []spend.Problem) {
	var t wire.Totals
	for _, c := range counters(&t) {
		n, given, found := r.counted(d, c.field)
		told = told || given
		*c.n = n
		problems = append(problems, found...)
	}
	if !told || len(problems) > 0 {
		return told, problems
	}
	if t.Total > 0 && t.Input+t.Output+t.CacheRead+t.CacheWrite == 0 {
		return told, []spend.Problem{{Field: "total_tokens", Msg: fmt.Sprintf("is %d, and none of its parts is told", t.Total)}}
	}
	for _, f := range d.Beside {
		part, whole := besides(&t, f)
		*whole += part
	}
	exclusive, problem := d.exclusive(&t)
	if problem != nil {
		return told, []spend.Problem{*problem}
	}
	if exclusive {
		if t.Total == t.Input+t.Output {
			t.Total = 0 // of fresh tokens alone
		}
		t = t.IncludeCache()
	}
	e.Usage, e.Flags, problems = t.Disjoint()
	return told, problems
}

type counter struct {
	field Field
	n     *int64
}

func counters(t *wire.Totals) [14]counter {
	return [...]counter{
		{Input, &t.Input}, {Output, &t.Output}, {Total, &t.Total}, {CacheRead, &t.CacheRead}, {CacheWrite, &t.CacheWrite},
		{CacheWrite5m, &t.CacheWrite5m}, {CacheWrite1h, &t.CacheWrite1h}, {Reasoning, &t.OutputReasoning}, {Tool, &t.InputTool},
		{InputAudio, &t.InputAudio}, {InputImage, &t.InputImage}, {CacheReadAudio, &t.CacheAudioRead}, {OutputAudio, &t.OutputAudio}, {OutputImage, &t.OutputImage},
	}
}

// besides gives a part that a dialect counts beside its whole, and the whole.
func besides(t *wire.Totals, f Field) (part int64, of *int64) {
	switch f {
	case Reasoning:
		return t.OutputReasoning, &t.Output
	case OutputAudio:
		return t.OutputAudio, &t.Output
	case InputAudio:
		return t.InputAudio, &t.Input
	}
	return t.InputTool, &t.Input
}

// counted gives a count under whichever of its names tells it. Two names with two counts
// contradict each other, but for a zero, which some write for what they do not know.
func (r *Reader) counted(d *row, f Field) (n int64, given bool, problems []spend.Problem) {
	for _, at := range d.at[f] {
		v := &r.values[at]
		if v.kind == absent {
			continue
		}
		given = true
		m, good := v.count()
		switch {
		case !good:
			return 0, true, []spend.Problem{{Field: f.name(), Msg: "is not a whole number from 0 to 10^15"}}
		case n != 0 && m != 0 && m != n:
			return 0, true, []spend.Problem{{Field: f.name(), Msg: fmt.Sprintf("is told twice, as %d and as %d", n, m)}}
		case m != 0:
			n = m
		}
	}
	return n, given, nil
}

// exclusive says whether cached tokens stand beside the input.
//
// Where the dialect does not say it, the numbers do: cached tokens above the input are
// beside it for certain; otherwise the total tells, and without one the conventions
// hold, by which they are inside.
//
// Example: input 3, read 13216, written 0, output 37, total 13256 = 3 + 13216 + 37 is
// exclusive; input 13219 with the same total is inclusive.
func (d *Dialect) exclusive(t *wire.Totals) (bool, *spend.Problem) {
	cached := t.CacheRead + max(t.CacheWrite, t.CacheWrite5m+t.CacheWrite1h)
	switch {
	case cached == 0 || d.Convention == Exclusive:
		return d.Convention == Exclusive, nil
	case d.Convention == Inclusive && cached > t.Input:
		return false, &spend.Problem{Field: "input_tokens", Msg: fmt.Sprintf("is %d, below the %d cached tokens that %s counts inside", t.Input, cached, d.Name)}
	case d.Convention == Inclusive:
		return false, nil
	case cached > t.Input || t.Total == t.Input+t.Output+cached:
		return true, nil
	case t.Total == 0 || t.Total == t.Input+t.Output:
		return false, nil
	}
	return false, &spend.Problem{Field: "total_tokens", Msg: fmt.Sprintf(
		"is %d; input and output are %d, and %d with cached tokens beside them: nobody knows whether the input counts them", t.Total, t.Input+t.Output, t.Input+t.Output+cached)}
}

// name is how problems call a count.
func (f Field) name() string {
	return map[Field]string{
		Input: "input_tokens", Output: "output_tokens", Total: "total_tokens", CacheRead: "cache_read_tokens", CacheWrite: "cache_write_tokens",
		CacheWrite5m: "cache_write_5m_tokens", CacheWrite1h: "cache_write_1h_tokens", Reasoning: "output_reasoning_tokens", Tool: "input_tool_tokens",
		InputAudio: "input_audio_tokens", InputImage: "input_image_tokens", CacheReadAudio: "cache_audio_read_tokens",
		OutputAudio: "output_audio_tokens", OutputImage: "output_image_tokens", Most: "max_tokens",
	}[f]
}
