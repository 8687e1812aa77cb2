package protocol_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestEstimate(t *testing.T) {
	t.Parallel()
	body := padded(300, `{"model":"m","stream":true,"max_tokens":900}`)
	text := fmt.Sprintf("data: {\"choices\":[{\"delta\":{\"content\":%q}}]}\n\n", strings.Repeat("a", 90))
	start := "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,\"cache_read_input_tokens\":40,\"output_tokens\":1}}}\n\n"
	delta := fmt.Sprintf("data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":%q}}\n\n", strings.Repeat("a", 90))
	for _, c := range []struct {
		name      string
		operation protocol.Operation
		body      string
		head      protocol.Head
		upstream  string
		limits    protocol.Limits
		want      string
	}{
		{"the example", protocol.Chat, body, stream(200), text + "data: [DONE]\n\n", protocol.Limits{}, "tokenizer_estimate in_text 100 out_text 30"},
		{"a stream that is cut", protocol.Chat, body, stream(200), text, protocol.Limits{Context: 70}, "tokenizer_estimate in_text 70 out_text 30"},
		{"no more than was allowed", protocol.Chat, padded(300, `{"model":"m","stream":true,"max_tokens":7}`), stream(200), text, protocol.Limits{}, "tokenizer_estimate in_text 100 out_text 7"},
		{"no more than the model gives", protocol.Chat, body, stream(200), text, protocol.Limits{Output: 8}, "tokenizer_estimate in_text 100 out_text 8"},
		{"before the first text", protocol.Chat, body, stream(200), "data: {\"choices\":[]}\n\n", protocol.Limits{}, "unobserved"},
		{"an error as the first frame", protocol.Chat, body, stream(200), "data: {\"error\":{}}\n\n", protocol.Limits{}, "unobserved"},
		{"usage was told", protocol.Chat, body, stream(200), text + "data: " + usageChunk + "\n\n", protocol.Limits{}, "provider_partial in_text 7 out_text 2"},
		{"a whole answer", protocol.Chat, body, protocol.Head{Status: 200}, `{"choices":[{"message":{"content":"a"}}]}`, protocol.Limits{}, "tokenizer_estimate in_text 100 out_text 1"},
		{"half an answer", protocol.Chat, body, protocol.Head{Status: 200}, `{"choices":[{"message":{"content":"a"}}]`, protocol.Limits{}, "unobserved"},
		{"embeddings", protocol.Embeddings, body, protocol.Head{Status: 200}, `{"data":[]}`, protocol.Limits{}, "tokenizer_estimate in_text 100"},
		{"a refusal", protocol.Chat, body, protocol.Head{Status: 429}, `{"error":{}}`, protocol.Limits{}, "none"},
		{"a timeout", protocol.Chat, body, protocol.Head{Status: 504}, `timeout`, protocol.Limits{}, "unobserved"},
		{"a seed of the output", protocol.Messages, body, stream(200), start + delta, protocol.Limits{}, "provider_partial in_text 25 cache_read 40 out_text 30"},
		{"more was told than seen", protocol.Messages, body, stream(200), strings.Replace(start, `"output_tokens":1`, `"output_tokens":99`, 1) + delta, protocol.Limits{}, "provider_partial in_text 25 cache_read 40 out_text 99"},
		{"a prompt elsewhere", protocol.Responses, `{"model":"m","previous_response_id":"r"}`, protocol.Head{Status: 200}, `{"status":"completed"}`, protocol.Limits{Context: 9}, "unobserved"},
		{"in the background", protocol.Responses, body, protocol.Head{Status: 200}, `{"status":"queued"}`, protocol.Limits{}, "unobserved"},
		{"a contradiction", protocol.Chat, body, stream(200), text + strings.Replace("data: "+usageChunk+"\n\n", ":7", ":-7", 1), protocol.Limits{}, "unobserved"},
		{"sound", protocol.Chat, `{"model":"m","messages":[{"content":[{"type":"input_audio","input_audio":{"data":"` + strings.Repeat("A", 81) + `"}}]}]}`,
			protocol.Head{Status: 200}, `{"choices":[]}`, protocol.Limits{}, "tokenizer_estimate modality_unsplit in_text 33 out_text 1"},
	} {
		tr := transcript{request: read(c.operation, c.body), head: c.head}
		_, facts := tr.pass([]byte(c.upstream))
		got := tr.request.Estimate(facts, c.limits)
		said := []string{string(got.Source)}
		if got.Flags != 0 {
			said = append(said, got.Flags.String())
		}
		got.Usage.Each(func(m spend.Meter, q spend.Quantity) { said = append(said, m.String()+" "+q.String()) })
		if diff := cmp.Diff(c.want, strings.Join(said, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func stream(status int) protocol.Head {
	return protocol.Head{Status: status, ContentType: "text/event-stream"}
}

func TestAnEstimateIsWithinTheHold(t *testing.T) {
	t.Parallel()
	for file, tr := range transcripts(t) {
		_, facts := tr.pass(tr.upstream)
		if got := tr.request.Estimate(facts, protocol.Limits{}); got.Source == spend.UsageEstimate {
			h := tr.request.Hold(protocol.Limits{Output: 1000})
			if top := largest(h); got.Usage.PromptTokens() > top["in_text"] || got.Usage.CompletionTokens() > top["out_text"] {
				t.Errorf("%s: estimated %+v, held %v", file, got.Usage, top)
			}
		}
	}
}
