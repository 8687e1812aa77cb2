package wire_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// sums says where a vendor's whole prompt and completion stand: every path is
// added.
type sums struct {
	flavour            string
	where              []string // of the usage object
	prompt, completion []string
}

func FuzzOpenAIChat(f *testing.F) {
	fuzz(f, sums{"openai.chat", []string{"usage"}, []string{"prompt_tokens"}, []string{"completion_tokens"}},
		`{"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":3,"audio_tokens":2,"image_tokens":9,"cache_write_tokens":1},"completion_tokens_details":{"reasoning_tokens":2,"rejected_prediction_tokens":1}}}`,
		`{"prompt_tokens":1.0e1,"completion_tokens":null}`)
}

func FuzzOpenAIResponses(f *testing.F) {
	fuzz(f, sums{"openai.responses", []string{"usage", "response.usage"}, []string{"input_tokens"}, []string{"output_tokens"}},
		`{"response":{"output":[{"type":"web_search_call"}],"usage":{"input_tokens":10,"output_tokens":5,"input_token_details":{"cached_tokens":3,"cached_tokens_details":{"audio_tokens":1},"audio_tokens":2}}}}`,
		`{"type":"duration","seconds":2.5}`,
		`{"input_tokens":9,"input_tokens_details":{"cache_write_tokens":7,"image_tokens":6,"cache_write_tokens_details":{"30m":5}}}`)
}

func FuzzAnthropicMessages(f *testing.F) {
	fuzz(f, sums{
		"anthropic.messages",
		[]string{"usage", "message.usage"},
		[]string{"input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"},
		[]string{"output_tokens"},
	},
		`{"usage":{"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":3,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":4}}}`,
		`{"message":{"usage":{"input_tokens":10,"output_tokens":5,"output_tokens_details":{"thinking_tokens":2}}}}`)
}

func FuzzGoogleGenerateContent(f *testing.F) {
	fuzz(f, sums{
		"google.generateContent",
		[]string{"usageMetadata", "response.usageMetadata"},
		[]string{"promptTokenCount", "toolUsePromptTokenCount"},
		[]string{"candidatesTokenCount", "thoughtsTokenCount"},
	},
		`{"usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":7,"toolUsePromptTokenCount":3,"totalTokenCount":25}}`,
		`{"promptTokenCount":10,"cachedContentTokenCount":9,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":6}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":6}]}`)
}

func FuzzBedrockConverse(f *testing.F) {
	fuzz(f, sums{
		"bedrock.converse",
		[]string{"usage", "metadata.usage"},
		[]string{"inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"},
		[]string{"outputTokens"},
	},
		`{"metadata":{"usage":{"inputTokens":3,"outputTokens":5,"totalTokens":18,"cacheReadInputTokens":4,"cacheWriteInputTokens":6,"cacheDetails":[{"ttl":"5m","inputTokens":6}]}}}`)
}

func FuzzDeepSeekChat(f *testing.F) {
	fuzz(f, sums{"deepseek.chat", []string{"usage"}, []string{"prompt_tokens"}, []string{"completion_tokens"}},
		`{"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":4}}`)
}

func FuzzVercelAISDK(f *testing.F) {
	fuzz(f, sums{"vercel.ai-sdk", []string{"totalUsage", "usage"}, []string{"inputTokens"}, []string{"outputTokens"}},
		`{"usage":{"inputTokens":10,"outputTokens":5,"cachedInputTokens":6,"inputTokenDetails":{"noCacheTokens":4,"cacheReadTokens":6},"reasoningTokens":2}}`)
}

// fuzz checks of any body: no panic, nothing beside problems, no negative
// meter, and the vendor's own totals to the last token.
func fuzz(f *testing.F, s sums, seeds ...string) {
	f.Helper()
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		usage, flags, problems := wire.Usage(s.flavour, body)
		if len(problems) > 0 {
			if !usage.IsZero() || flags != 0 {
				t.Fatalf("problems %v beside %s %s", problems, meters(usage), flags)
			}
			return
		}
		usage.Each(func(m spend.Meter, q spend.Quantity) {
			if q.Sign() < 0 {
				t.Errorf("%s is %s", m, q)
			}
		})
		prompt, completion, told := s.of(body)
		if told && (prompt != usage.PromptTokens() || completion != usage.CompletionTokens()) {
			t.Errorf("meters %s; the vendor says prompt %d, completion %d", meters(usage), prompt, completion)
		}
	})
}

// of adds up a body's totals with a reader of its own. It is false for forms
// whose totals stand elsewhere: time, older names, sums that are not said.
func (s sums) of(body []byte) (prompt, completion int64, told bool) {
	var root any
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if decoder.Decode(&root) != nil {
		return 0, 0, false
	}
	usage := root
	for _, path := range s.where {
		if inner, ok := follow(root, path).(map[string]any); ok {
			usage = inner
			break
		}
	}
	for _, elsewhere := range []string{"seconds", "prompt_cache_hit_tokens", "prompt_cache_miss_tokens", "promptTokens", "completionTokens", "cacheDetails", "cache_creation"} {
		if follow(usage, elsewhere) != nil && follow(usage, s.prompt[len(s.prompt)-1]) == nil {
			return 0, 0, false
		}
	}
	return add(usage, s.prompt), add(usage, s.completion), true
}

func follow(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		inner, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = inner[name]
	}
	return v
}

func add(usage any, paths []string) (sum int64) {
	for _, path := range paths {
		if number, ok := follow(usage, path).(json.Number); ok {
			sum += whole(number)
		}
	}
	return sum
}

func whole(number json.Number) int64 {
	if _, err := money.Parse(number.String()); err != nil {
		return -1 // an exponent that would take big.Rat for ever
	}
	r, ok := new(big.Rat).SetString(number.String())
	if !ok || !r.IsInt() {
		return -1
	}
	return r.Num().Int64()
}
