package wire_test

import (
	"testing"

	"github.com/bursarhq/bursar/spend"
)

func TestGoogleGenerateContent(t *testing.T) {
	t.Parallel()
	check(t, "google.generateContent", []reading{
		{
			name: "thoughts stand beside candidates",
			body: `{"candidates":[{"content":{}}],"usageMetadata":{"promptTokenCount":80,"candidatesTokenCount":20,"thoughtsTokenCount":150,"totalTokenCount":250}}`,
			// a reader that takes thoughts for a part of the candidates drops them or goes below zero
			meters: "in_text 80, out_text 20, out_reasoning 150",
		},
		{
			name: "cached tokens are in the prompt",
			body: `{"promptTokenCount":305000,"cachedContentTokenCount":300000,"candidatesTokenCount":1000,"totalTokenCount":306000,
				"promptTokensDetails":[{"modality":"TEXT","tokenCount":305000}],"cacheTokensDetails":[{"modality":"TEXT","tokenCount":300000}]}`,
			meters: "in_text 5000, cache_read 300000, out_text 1000",
		},
		{
			name: "tool prompts stand beside the prompt",
			body: `{"promptTokenCount":50,"toolUsePromptTokenCount":900,"candidatesTokenCount":30,"thoughtsTokenCount":20,"totalTokenCount":1000,
				"toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":900}]}`,
			meters: "in_text 50, in_tool 900, out_text 30, out_reasoning 20",
		},
		{
			name: "modalities, cached ones too",
			body: `{"promptTokenCount":1000,"cachedContentTokenCount":400,"candidatesTokenCount":90,
				"promptTokensDetails":[{"modality":"TEXT","tokenCount":100},{"modality":"AUDIO","tokenCount":300},{"modality":"IMAGE","tokenCount":200},
				{"modality":"VIDEO","tokenCount":250},{"modality":"DOCUMENT","tokenCount":150}],
				"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":110},{"modality":"IMAGE","tokenCount":120},{"modality":"VIDEO","tokenCount":130},{"modality":"TEXT","tokenCount":40}],
				"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":50},{"modality":"AUDIO","tokenCount":20},{"modality":"VIDEO","tokenCount":15}]}`,
			meters: "in_text 210, in_audio 190, in_image 80, in_video 120, cache_read 170, out_text 5, out_audio 20, out_image 50, " +
				"cache_read_audio 110, cache_read_image 120, out_video 15",
		},
		{
			name: "cached tokens without modalities",
			body: `{"promptTokenCount":1000,"cachedContentTokenCount":700,
				"promptTokensDetails":[{"modality":"TEXT","tokenCount":200},{"modality":"AUDIO","tokenCount":300},{"modality":"VIDEO","tokenCount":500}]}`,
			meters: "in_video 300, cache_read 400, cache_read_audio 300", flags: spend.ModalityUnsplit,
		},
		{
			name:   "tool prompts with images have one meter",
			body:   `{"promptTokenCount":5,"toolUsePromptTokenCount":9,"toolUsePromptTokensDetails":[{"modality":"IMAGE","tokenCount":9}]}`,
			meters: "in_text 5, in_tool 9", flags: spend.ModalityUnsplit,
		},
		{name: "a blocked answer", body: `{"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5,"trafficType":"ON_DEMAND"}}`, meters: "in_text 5"},
		{name: "inside a batch line", body: `{"response":{"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2}}}`, meters: "in_text 5, out_text 2"},
		{name: "a total without thoughts", body: `{"promptTokenCount":5,"candidatesTokenCount":2,"thoughtsTokenCount":3,"totalTokenCount":7}`, meters: "in_text 5, out_text 2, out_reasoning 3", flags: spend.UsageInconsistent},
		{name: "more cached than prompt", body: `{"promptTokenCount":5,"cachedContentTokenCount":6}`, problems: "cache_read_tokens: is 6"},
		{name: "more cached than prompt, with tools", body: `{"promptTokenCount":5,"cachedContentTokenCount":6,"toolUsePromptTokenCount":9}`, problems: "input_tokens: is 14, below the sum of its parts (cache_read_tokens 6 + input_tool_tokens 9 = 15)"},
		{name: "more by modality than prompt", body: `{"promptTokenCount":5,"promptTokensDetails":[{"modality":"TEXT","tokenCount":4},{"modality":"AUDIO","tokenCount":4}]}`, problems: "promptTokensDetails: sums to 8 tokens, above the 5"},
		{name: "more by modality than candidates", body: `{"candidatesTokenCount":5,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":6}]}`, problems: "candidatesTokensDetails: sums to 6"},
		{name: "more cached audio than audio", body: `{"promptTokenCount":9,"cachedContentTokenCount":4,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":2}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":3}]}`, problems: "cache_audio_read_tokens: is 3, above the 2"},
	})
}
