package wire_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

type fields = map[string]any

// truth is one call's usage, meter by meter.
type truth map[spend.Meter]int64

func (u truth) sum(all ...spend.Meter) (n int64) {
	for _, m := range all {
		n += u[m]
	}
	return n
}

// vendor is how one flavour would report a truth: the meters that it can tell,
// and its body. The bodies are written from the vendors' conventions and share
// nothing with the code under test.
type vendor struct {
	flavour string
	tells   []spend.Meter
	body    func(u truth) fields
}

func vendors() []vendor {
	openAI := []spend.Meter{
		spend.InText, spend.InAudio, spend.InImage, spend.CacheRead, spend.CacheReadAudio, spend.CacheReadImage,
		spend.OutText, spend.OutReasoning, spend.OutAudio, spend.OutImage, spend.OutPredictionRejected,
	}
	writes := []spend.Meter{spend.CacheWrite5m, spend.CacheWrite1h, spend.CacheWriteOther}
	return []vendor{
		{"openai.chat", openAI, chatBody},
		{"openai.responses", append(slices.Clone(openAI), spend.CacheWrite30m, spend.WebSearch, spend.FileSearch), responsesBody},
		{"anthropic.messages", append(writes, spend.InText, spend.CacheRead, spend.OutText, spend.OutReasoning, spend.WebSearch), anthropicBody},
		{"google.generateContent", []spend.Meter{
			spend.InText, spend.InAudio, spend.InImage, spend.InVideo, spend.InTool, spend.CacheRead, spend.CacheReadAudio,
			spend.CacheReadImage, spend.OutText, spend.OutReasoning, spend.OutAudio, spend.OutImage, spend.OutVideo,
		}, googleBody},
		{"bedrock.converse", append(writes, spend.InText, spend.CacheRead, spend.OutText), bedrockBody},
		{"deepseek.chat", []spend.Meter{spend.InText, spend.CacheRead, spend.OutText, spend.OutReasoning}, deepSeekBody},
		{"vercel.ai-sdk", []spend.Meter{spend.InText, spend.CacheRead, spend.CacheWriteOther, spend.OutText, spend.OutReasoning}, vercelBody},
	}
}

// prompt and completion are the whole prompt and completion of a truth.
func (u truth) prompt() int64 { return u.sum(u.meters(spend.Meter.Prompt)...) }

func (u truth) completion() int64 { return u.sum(u.meters(spend.Meter.Completion)...) }

func (u truth) meters(keep func(spend.Meter) bool) []spend.Meter {
	return slices.DeleteFunc(slices.Collect(maps.Keys(u)), func(m spend.Meter) bool { return !keep(m) })
}

func inputDetails(u truth) fields {
	return fields{
		"audio_tokens":  u.sum(spend.InAudio, spend.CacheReadAudio),
		"image_tokens":  u.sum(spend.InImage, spend.CacheReadImage),
		"cached_tokens": u.sum(spend.CacheRead, spend.CacheReadAudio, spend.CacheReadImage),
		"cached_tokens_details": fields{
			"text_tokens": u[spend.CacheRead], "audio_tokens": u[spend.CacheReadAudio], "image_tokens": u[spend.CacheReadImage],
		},
		"cache_write_tokens":         u[spend.CacheWrite30m],
		"cache_write_tokens_details": fields{"30m_tokens": u[spend.CacheWrite30m]},
	}
}

func outputDetails(u truth) fields {
	return fields{
		"reasoning_tokens": u[spend.OutReasoning], "audio_tokens": u[spend.OutAudio], "image_tokens": u[spend.OutImage],
		"rejected_prediction_tokens": u[spend.OutPredictionRejected],
	}
}

func chatBody(u truth) fields {
	return fields{"usage": fields{
		"prompt_tokens": u.prompt(), "completion_tokens": u.completion(), "total_tokens": u.prompt() + u.completion(),
		"prompt_tokens_details": inputDetails(u), "completion_tokens_details": outputDetails(u),
	}}
}

func responsesBody(u truth) fields {
	output := []fields{{"type": "message"}}
	for range u[spend.WebSearch] {
		output = append(output, fields{"type": "web_search_call"})
	}
	for range u[spend.FileSearch] {
		output = append(output, fields{"type": "file_search_call"})
	}
	return fields{"response": fields{"output": output, "usage": fields{
		"input_tokens": u.prompt(), "output_tokens": u.completion(), "total_tokens": u.prompt() + u.completion(),
		"input_tokens_details": inputDetails(u), "output_tokens_details": outputDetails(u),
	}}}
}

func anthropicBody(u truth) fields {
	return fields{"usage": fields{
		"input_tokens": u[spend.InText], "output_tokens": u.completion(), "cache_read_input_tokens": u[spend.CacheRead],
		"cache_creation_input_tokens": u.sum(spend.CacheWrite5m, spend.CacheWrite1h, spend.CacheWriteOther),
		"cache_creation":              fields{"ephemeral_5m_input_tokens": u[spend.CacheWrite5m], "ephemeral_1h_input_tokens": u[spend.CacheWrite1h]},
		"output_tokens_details":       fields{"thinking_tokens": u[spend.OutReasoning]},
		"server_tool_use":             fields{"web_search_requests": u[spend.WebSearch]},
	}}
}

func googleBody(u truth) fields {
	split := func(text, audio, image, video int64) []fields {
		return []fields{
			{"modality": "TEXT", "tokenCount": text},
			{"modality": "AUDIO", "tokenCount": audio}, {"modality": "IMAGE", "tokenCount": image}, {"modality": "VIDEO", "tokenCount": video},
		}
	}
	return fields{"usageMetadata": fields{
		"promptTokenCount": u.prompt() - u[spend.InTool], "toolUsePromptTokenCount": u[spend.InTool],
		"candidatesTokenCount": u.completion() - u[spend.OutReasoning], "thoughtsTokenCount": u[spend.OutReasoning],
		"cachedContentTokenCount": u.sum(spend.CacheRead, spend.CacheReadAudio, spend.CacheReadImage),
		"totalTokenCount":         u.prompt() + u.completion(),
		"promptTokensDetails": split(u.sum(spend.InText, spend.CacheRead), u.sum(spend.InAudio, spend.CacheReadAudio),
			u.sum(spend.InImage, spend.CacheReadImage), u[spend.InVideo]),
		"cacheTokensDetails":      split(u[spend.CacheRead], u[spend.CacheReadAudio], u[spend.CacheReadImage], 0),
		"candidatesTokensDetails": split(u[spend.OutText], u[spend.OutAudio], u[spend.OutImage], u[spend.OutVideo]),
	}}
}

func bedrockBody(u truth) fields {
	return fields{"usage": fields{
		"inputTokens": u[spend.InText], "outputTokens": u.completion(), "totalTokens": u.prompt() + u.completion(),
		"cacheReadInputTokens":  u[spend.CacheRead],
		"cacheWriteInputTokens": u.sum(spend.CacheWrite5m, spend.CacheWrite1h, spend.CacheWriteOther),
		"cacheDetails":          []fields{{"ttl": "5m", "inputTokens": u[spend.CacheWrite5m]}, {"ttl": "1h", "inputTokens": u[spend.CacheWrite1h]}},
	}}
}

func deepSeekBody(u truth) fields {
	return fields{"usage": fields{
		"prompt_tokens": u.prompt(), "completion_tokens": u.completion(), "total_tokens": u.prompt() + u.completion(),
		"prompt_cache_hit_tokens": u[spend.CacheRead], "prompt_cache_miss_tokens": u[spend.InText],
		"completion_tokens_details": fields{"reasoning_tokens": u[spend.OutReasoning]},
	}}
}

func vercelBody(u truth) fields {
	return fields{"usage": fields{
		"inputTokens": u.prompt(), "outputTokens": u.completion(), "totalTokens": u.prompt() + u.completion(),
		"cachedInputTokens": u[spend.CacheRead], "reasoningTokens": u[spend.OutReasoning],
		"inputTokenDetails": fields{
			"noCacheTokens": u[spend.InText], "cacheReadTokens": u[spend.CacheRead], "cacheWriteTokens": u[spend.CacheWriteOther],
		},
		"outputTokenDetails": fields{"textTokens": u[spend.OutText], "reasoningTokens": u[spend.OutReasoning]},
	}}
}

// Whatever a vendor can tell comes back meter by meter, without a flag.
func TestWhatAVendorTellsComesBack(t *testing.T) {
	t.Parallel()
	for _, v := range vendors() {
		t.Run(v.flavour, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, uint64(len(v.flavour))))
			for range 500 {
				want := v.random(t, random)
				checkTruth(t, v, want)
			}
		})
	}
}

func (v vendor) random(t *testing.T, random *rand.Rand) truth {
	t.Helper()
	u := truth{}
	for _, m := range v.tells {
		largest := []int64{1, 10, 1_000_000}[random.IntN(3)]
		if m == spend.WebSearch || m == spend.FileSearch {
			largest = 4
		}
		u[m] = random.Int64N(largest)
	}
	return u
}

func checkTruth(t *testing.T, v vendor, u truth) {
	t.Helper()
	var want spend.Usage
	for m, n := range u {
		if err := want.Set(m, money.FromInt(n)); err != nil {
			t.Fatal(err)
		}
	}
	body, err := json.Marshal(v.body(u))
	if err != nil {
		t.Fatal(err)
	}
	got, flags, problems := wire.Usage(v.flavour, body)
	if !got.Equal(&want) || flags != 0 || len(problems) > 0 {
		t.Fatalf("%s\ngot  %s %s %v\nwant %s", body, meters(got), flags, problems, meters(want))
	}
}

func BenchmarkUsage(b *testing.B) {
	for _, v := range vendors() {
		u := truth{}
		for i, m := range v.tells {
			u[m] = int64(i)
		}
		body, err := json.Marshal(v.body(u))
		if err != nil {
			b.Fatal(err)
		}
		benchmark(b, v.flavour, body)
	}
	text := strings.Repeat("a sentence of the answer. ", 64<<10/26)
	benchmark(b, "openai.responses", fmt.Appendf(nil, `{"output":[{"type":"message","content":[{"text":%q}]}],"usage":{"input_tokens":9,"output_tokens":16000}}`, text))
}

func benchmark(b *testing.B, flavour string, body []byte) {
	b.Run(fmt.Sprintf("%s/%dB", flavour, len(body)), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			wire.Usage(flavour, body)
		}
	})
}
