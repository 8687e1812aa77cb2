package app

import (
	"encoding/json"
	"fmt"

	"github.com/bursarhq/bursar/spend"
)

// said is the answer of a made-up vendor. It says nothing but its usage.
type said struct {
	anthropic bool
	model     string
	e         *spend.Event
}

// fields is one JSON object.
type fields map[string]any

func encode(f fields) []byte {
	text, _ := json.Marshal(f) // texts and numbers alone
	return text
}

func (s *said) served() string {
	if s.e.ServedModel != "" {
		return s.e.ServedModel
	}
	return s.model
}

// usage is in the words of the API, nil where the vendor does not tell any.
func (s *said) usage() any {
	if s.e.UsageSource == spend.UsageEstimate {
		return nil
	}
	u := &s.e.Usage
	prompt, completion, read := u.PromptTokens(), u.CompletionTokens(), u.Tokens[spend.CacheRead]
	short, other := u.Tokens[spend.CacheWrite5m], u.Tokens[spend.CacheWriteOther]
	if s.anthropic {
		return fields{
			"input_tokens": prompt - read - short - other, "output_tokens": completion, "cache_read_input_tokens": read,
			"cache_creation_input_tokens": short + other, "cache_creation": fields{"ephemeral_5m_input_tokens": short + other},
		}
	}
	return fields{
		"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
		"prompt_tokens_details":     fields{"cached_tokens": read, "cache_write_tokens": short + other},
		"completion_tokens_details": fields{"reasoning_tokens": u.Tokens[spend.OutReasoning]},
	}
}

func (s *said) whole() []byte {
	f := fields{"id": s.e.Response, "model": s.served(), "usage": s.usage()}
	switch {
	case s.anthropic:
		f["type"], f["role"], f["content"], f["stop_reason"] = "message", "assistant", []fields{{"type": "text", "text": "made up"}}, "end_turn"
	case s.e.Kind == "embeddings":
		f["object"], f["data"] = "list", []fields{}
	default:
		f["object"], f["choices"] = "chat.completion", []fields{{"index": 0, "finish_reason": "stop", "message": fields{"role": "assistant", "content": "made up"}}}
	}
	if s.e.ServedTier != "" && !s.anthropic {
		f["service_tier"] = s.e.ServedTier
	}
	return encode(f)
}

// begin is a stream until its first token.
func (s *said) begin() []byte {
	if s.anthropic {
		return append(event("message_start", fields{"type": "message_start", "message": fields{"id": s.e.Response, "type": "message", "role": "assistant", "model": s.served(), "content": []fields{}, "usage": s.usage()}}),
			append(event("content_block_start", fields{"type": "content_block_start", "index": 0, "content_block": fields{"type": "text", "text": ""}}),
				event("content_block_delta", fields{"type": "content_block_delta", "index": 0, "delta": fields{"type": "text_delta", "text": "made up"}})...)...)
	}
	return s.chunk([]fields{{"index": 0, "delta": fields{"role": "assistant", "content": "made up"}}}, nil)
}

// end is the rest of a stream.
func (s *said) end() []byte {
	if s.anthropic {
		return append(event("content_block_stop", fields{"type": "content_block_stop", "index": 0}),
			append(event("message_delta", fields{"type": "message_delta", "delta": fields{"stop_reason": "end_turn"}, "usage": s.usage()}),
				event("message_stop", fields{"type": "message_stop"})...)...)
	}
	last := s.chunk([]fields{{"index": 0, "delta": fields{}, "finish_reason": "stop"}}, nil)
	if told := s.usage(); told != nil {
		last = append(last, s.chunk([]fields{}, told)...)
	}
	return append(last, "data: [DONE]\n\n"...)
}

func (s *said) chunk(choices []fields, usage any) []byte {
	f := fields{"id": s.e.Response, "object": "chat.completion.chunk", "model": s.served(), "choices": choices, "usage": usage}
	if s.e.ServedTier != "" {
		f["service_tier"] = s.e.ServedTier
	}
	return fmt.Appendf(nil, "data: %s\n\n", encode(f))
}

func event(name string, f fields) []byte {
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, encode(f))
}
