package wire_test

import (
	"testing"

	"github.com/bursarhq/bursar/spend"
)

func TestOpenAIChat(t *testing.T) {
	t.Parallel()
	check(t, "openai.chat", []reading{
		{name: "plain", body: `{"prompt_tokens":90,"completion_tokens":10,"total_tokens":100}`, meters: "in_text 90, out_text 10"},
		{name: "embeddings", body: `{"usage":{"prompt_tokens":4,"total_tokens":4}}`, meters: "in_text 4"},
		{
			name: "cached tokens are billed once, reasoning too",
			body: `{"id":"c1","model":"m","choices":[{"message":{"content":"hello"}}],"usage":{"prompt_tokens":2006,"completion_tokens":300,
				"total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},
				"completion_tokens_details":{"reasoning_tokens":256,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}`,
			meters: "in_text 86, cache_read 1920, out_text 44, out_reasoning 256",
		},
		{name: "the last chunk", body: `{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}`, meters: "in_text 7, out_text 3"},
		{name: "null details", body: `{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}`, meters: "in_text 7, out_text 3"},
		{name: "nothing was written", body: `{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}`},
		{
			name:   "cache writes are in the prompt",
			body:   `{"prompt_tokens":1000,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":300,"cache_write_tokens":600}}`,
			meters: "in_text 100, cache_read 300, cache_write_other 600, out_text 1",
		},
		{
			name:   "rejected predictions are in the completion",
			body:   `{"prompt_tokens":1,"completion_tokens":50,"completion_tokens_details":{"reasoning_tokens":10,"accepted_prediction_tokens":15,"rejected_prediction_tokens":20}}`,
			meters: "in_text 1, out_text 20, out_reasoning 10, out_prediction_rejected 20",
		},
		{
			name:   "audio in and out",
			body:   `{"prompt_tokens":100,"completion_tokens":80,"prompt_tokens_details":{"audio_tokens":60,"text_tokens":40},"completion_tokens_details":{"audio_tokens":70,"text_tokens":10}}`,
			meters: "in_text 40, in_audio 60, out_text 10, out_audio 70",
		},
		{
			name:   "cached audio, told apart",
			body:   `{"prompt_tokens":100,"prompt_tokens_details":{"audio_tokens":60,"cached_tokens":50,"cached_tokens_details":{"audio_tokens":30,"text_tokens":20}}}`,
			meters: "in_text 20, in_audio 30, cache_read 20, cache_read_audio 30",
		},
		{
			name:   "cached images, not told apart, that text can hold",
			body:   `{"prompt_tokens":1000,"prompt_tokens_details":{"image_tokens":300,"cached_tokens":600,"cached_tokens_details":{}}}`,
			meters: "in_text 100, in_image 300, cache_read 600", flags: spend.ModalityUnsplit,
		},
		{
			name:   "cached images, not told apart, more than text can hold",
			body:   `{"prompt_tokens":1000,"prompt_tokens_details":{"image_tokens":300,"cached_tokens":900}}`,
			meters: "in_image 100, cache_read 700, cache_read_image 200", flags: spend.ModalityUnsplit,
		},
		{
			name:   "written images lose their modality",
			body:   `{"prompt_tokens":1000,"prompt_tokens_details":{"image_tokens":300,"audio_tokens":200,"cache_write_tokens":900}}`,
			meters: "in_audio 100, cache_write_other 900", flags: spend.ModalityUnsplit,
		},
		{
			name:   "reasoning beside the completion, as the total says",
			body:   `{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":94},"num_sources_used":0}`,
			meters: "in_text 26, cache_read 6, out_text 9, out_reasoning 94",
		},
		{name: "a total that is no sum", body: `{"prompt_tokens":7,"completion_tokens":3,"total_tokens":11}`, meters: "in_text 7, out_text 3", flags: spend.UsageInconsistent},
		{name: "more cached than prompt", body: `{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":8}}`, problems: "cache_read_tokens: is 8, above the 7 of input_tokens"},
		{name: "more cached than prompt, with images", body: `{"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":8,"image_tokens":2}}`, problems: "cache_read_tokens: is 8"},
		{name: "more audio than prompt", body: `{"prompt_tokens":7,"prompt_tokens_details":{"audio_tokens":8}}`, problems: "audio_tokens"},
		{name: "more reasoning than completion", body: `{"prompt_tokens":7,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":4}}`, problems: "output_reasoning_tokens: is 4, above the 3 of output_tokens"},
		{name: "more cached audio than audio", body: `{"prompt_tokens":9,"prompt_tokens_details":{"audio_tokens":2,"cached_tokens":5,"cached_tokens_details":{"audio_tokens":3}}}`, problems: "cache_audio_read_tokens: is 3"},
	})
}

func TestOpenAIResponses(t *testing.T) {
	t.Parallel()
	check(t, "openai.responses", []reading{
		{
			name: "the last event of a stream",
			body: `{"type":"response.completed","response":{"id":"r1","output":[{"type":"reasoning"},{"type":"message","content":[{"text":"hello"}]}],
				"usage":{"input_tokens":500,"input_tokens_details":{"cached_tokens":400},"output_tokens":90,
				"output_tokens_details":{"reasoning_tokens":64},"total_tokens":590}}}`,
			meters: "in_text 100, cache_read 400, out_text 26, out_reasoning 64",
		},
		{
			name: "tools are counted by call",
			body: `{"output":[{"type":"web_search_call","status":"completed"},{"type":"web_search_call","action":{"type":"search"}},
				{"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call","action":{"type":"find_in_page"}},
				{"type":"file_search_call"},{"type":"function_call"},{"type":"message"}],
				"usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15}}`,
			meters: "in_text 10, out_text 5, web_search 2, file_search 1",
		},
		{
			name: "cache writes by lifetime, not all of them",
			body: `{"input_tokens":1000,"output_tokens":1,"input_tokens_details":{"cached_tokens":100,"cache_write_tokens":800,
				"cache_write_tokens_details":{"ephemeral_30m_tokens":500,"1h_tokens":200}}}`,
			meters: "in_text 100, cache_read 100, cache_write_1h 200, cache_write_other 100, out_text 1, cache_write_30m 500",
		},
		{
			name:     "lifetimes above the writes",
			body:     `{"input_tokens":1000,"input_tokens_details":{"cache_write_tokens":0,"cache_write_tokens_details":{"30m":5}}}`,
			problems: "input_tokens_details.cache_write_tokens: is 0, below the 5 of its lifetimes",
		},
		{
			name: "realtime, reasoning inside text",
			body: `{"type":"response.done","response":{"usage":{"total_tokens":253,"input_tokens":132,"output_tokens":121,
				"input_token_details":{"text_tokens":72,"audio_tokens":50,"image_tokens":10,"cached_tokens":64,
				"cached_tokens_details":{"text_tokens":40,"audio_tokens":20,"image_tokens":4}},
				"output_token_details":{"text_tokens":30,"audio_tokens":91,"reasoning_tokens":12}}}}`,
			meters: "in_text 32, in_audio 30, in_image 6, cache_read 40, out_text 18, out_reasoning 12, out_audio 91, cache_read_audio 20, cache_read_image 4",
		},
		{
			name: "images",
			body: `{"data":[{}],"usage":{"input_tokens":50,"output_tokens":272,"total_tokens":322,
				"input_tokens_details":{"text_tokens":10,"image_tokens":40},"output_tokens_details":{"image_tokens":272,"text_tokens":0}}}`,
			meters: "in_text 10, in_image 40, out_image 272",
		},
		{
			name:   "a transcription by tokens",
			body:   `{"text":"hello","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":45,"total_tokens":59}}`,
			meters: "in_text 4, in_audio 10, out_text 45",
		},
		{name: "a transcription by time", body: `{"text":"hello","usage":{"type":"duration","seconds":9.25}}`, meters: "second 9.25"},
		{name: "a float of seconds", body: `{"type":"duration","seconds":0.30000000000000004}`, meters: "second 0.3"},
		{name: "no seconds", body: `{"type":"duration"}`, problems: "seconds: is missing"},
		{name: "negative seconds", body: `{"type":"duration","seconds":-1}`, problems: "seconds: is -1"},
		{name: "seconds as a string", body: `{"type":"duration","seconds":"9"}`, problems: "seconds: is a string"},
		{name: "output with nothing in it", body: `{"output":[null,{}],"usage":{"input_tokens":1}}`, meters: "in_text 1"},
		{name: "output that is no list", body: `{"output":{},"usage":{"input_tokens":1}}`, problems: "output: is not a list of objects"},
		{name: "output of strings", body: `{"response":{"output":["x","y"],"usage":{"input_tokens":1}}}`, problems: "response.output: is not a list of objects"},
	})
}
