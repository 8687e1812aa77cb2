package wire

import "github.com/bursarhq/bursar/spend"

// googleGenerateContent reads the usage of Gemini, on its own API and Vertex.
//
//	cached tokens in promptTokenCount?        yes
//	cache writes                              none per call
//	reasoning in candidatesTokenCount?        no, thoughtsTokenCount stands beside it
//	tool prompt in promptTokenCount?          no, toolUsePromptTokenCount stands beside it
//	totalTokenCount                           prompt + tool prompt + candidates + thoughts
//	modalities                                lists beside each count; cached ones are in the prompt's
//	in a stream                               cumulative on every chunk; the last one counts
func googleGenerateContent(usage, _ object) Totals {
	prompt, candidates := usage.totals("promptTokenCount", "candidatesTokenCount")
	tool, thoughts := usage.number("toolUsePromptTokenCount"), usage.number("thoughtsTokenCount")
	t := Totals{
		Input:           prompt.n + tool,
		InputTool:       tool,
		Output:          candidates.n + thoughts,
		OutputReasoning: thoughts,
		Total:           usage.number("totalTokenCount"),
		CacheRead:       usage.number("cachedContentTokenCount"),
	}
	in := usage.modalities("promptTokensDetails", prompt.n)
	t.InputAudio, t.InputImage, t.InputVideo = in.audio, in.image, in.video
	cached := usage.modalities("cacheTokensDetails", t.CacheRead)
	t.CacheAudioRead, t.CacheImageRead, t.CacheVideoRead = cached.audio, cached.image, cached.video
	out := usage.modalities("candidatesTokensDetails", candidates.n)
	t.OutputAudio, t.OutputImage, t.OutputVideo = out.audio, out.image, out.video
	if by := usage.modalities("toolUsePromptTokensDetails", tool); by.audio+by.image+by.video > 0 {
		usage.flags |= spend.ModalityUnsplit // tool tokens have one meter
	}
	usage.flags |= t.untangle(cached.given)
	return t
}

// modalities is a count split by modality; documents are text.
type modalities struct {
	text, audio, image, video int64
	given                     bool
}

// modalities reads a list of counts by modality. One above the count that it
// splits is a problem.
func (o object) modalities(name string, whole int64) (m modalities) {
	for _, each := range o.list(name) {
		m.given = true
		*m.of(each.word("modality")) += each.number("tokenCount")
	}
	if sum := m.text + m.audio + m.image + m.video; sum > whole {
		o.problem(o.at(name), "sums to %d tokens, above the %d of the count that it splits", sum, whole)
	}
	return m
}

func (m *modalities) of(modality string) *int64 {
	switch modality {
	case "AUDIO":
		return &m.audio
	case "IMAGE":
		return &m.image
	case "VIDEO":
		return &m.video
	}
	return &m.text
}
