package protocol_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/wire/protocol"
)

// BenchmarkRead reads prompts of several sizes.
func BenchmarkRead(b *testing.B) {
	for _, size := range []int{1 << 10, 10 << 10, 100 << 10, 1 << 20} {
		turn := `{"role":"user","content":"` + strings.Repeat("The quick brown fox.\\n", 20) + `"},`
		body := []byte(`{"model":"gpt-x","stream":true,"max_tokens":100,"messages":[` + strings.Repeat(turn, size/len(turn)) + turn[:len(turn)-1] + `]}`)
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				r := protocol.Read(protocol.Target{Method: "POST", Path: "/v1/chat/completions"}, body)
				if r.MaxOutput != 100 {
					b.Fatalf("not read: %+v", r)
				}
			}
		})
	}
}

func BenchmarkEdit(b *testing.B) {
	body := []byte(`{"model":"gpt-x","stream":true,"messages":[]}`)
	r := protocol.Read(protocol.Target{Method: "POST", Path: "/v1/chat/completions"}, body)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Edit(body, protocol.Change{AskUsage: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHold(b *testing.B) {
	r := read(protocol.Chat, padded(400, `{"model":"m","max_tokens":100}`))
	b.ReportAllocs()
	for b.Loop() {
		if h := r.Hold(protocol.Limits{}); len(h.Cases) != 4 {
			b.Fatal(h)
		}
	}
}

// BenchmarkFrame passes one frame of each stream, as it is and with usage taken
// out.
func BenchmarkFrame(b *testing.B) {
	for _, c := range []struct {
		name      string
		operation protocol.Operation
		added     bool
		frame     string
	}{
		{"chat", protocol.Chat, false, `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-x","service_tier":"default","choices":[{"index":0,"delta":{"content":" world"},"finish_reason":null}]}`},
		{"chat_tidy", protocol.Chat, true, `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-x","service_tier":"default","choices":[{"index":0,"delta":{"content":" world"},"finish_reason":null}],"usage":null}`},
		{"responses", protocol.Responses, false, `{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":" world","logprobs":[],"sequence_number":17}`},
		{"messages", protocol.Messages, false, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" world"}}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := read(c.operation, `{"model":"m","stream":true}`)
			a := r.Answer(protocol.Head{Status: 200, ContentType: "text/event-stream", UsageAdded: c.added})
			frame := []byte("data: " + c.frame + "\n\n")
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if len(a.Write(frame)) == 0 {
					b.Fatal("nothing was passed on")
				}
			}
		})
	}
}

// BenchmarkAnswer reads whole answers, from their head to the meters.
func BenchmarkAnswer(b *testing.B) {
	vector := strings.Repeat("-0.009327292,", 1536)
	for _, c := range []struct {
		name      string
		operation protocol.Operation
		body      string
	}{
		{"chat", protocol.Chat, `{"id":"chatcmpl-1","model":"gpt-x","choices":[{"message":{"content":"` + strings.Repeat("Hello ", 200) + `"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200}}`},
		{"embeddings", protocol.Embeddings, `{"data":[{"embedding":[` + vector[:len(vector)-1] + `]}],"model":"e","usage":{"prompt_tokens":8,"total_tokens":8}}`},
		{"messages", protocol.Messages, `{"id":"msg_1","model":"c","content":[{"type":"text","text":"` + strings.Repeat("Hello ", 200) + `"}],"usage":{"input_tokens":25,"output_tokens":64}}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := read(c.operation, `{"model":"m"}`)
			body := []byte(c.body)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				a := r.Answer(protocol.Head{Status: 200, ContentType: "application/json"})
				a.Write(body)
				if _, facts := a.Close(); facts.Usage.IsZero() {
					b.Fatal("no usage")
				}
			}
		})
	}
}
