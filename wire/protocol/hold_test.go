package protocol_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
	"github.com/google/go-cmp/cmp"
)

// padded is a body of exactly so many bytes that begins with the fields.
func padded(size int, fields string) string {
	return fields[:len(fields)-1] + `,"x":"` + strings.Repeat("y", size-len(fields)-len(`,"x":""`)) + `"}`
}

// largest gives the highest count of each meter among the cases.
func largest(h protocol.Hold) map[string]int64 {
	all := map[string]int64{}
	for _, usage := range h.Cases {
		for m := range usage.Tokens {
			if n := usage.Tokens[m]; n > 0 {
				all[spend.Meter(m).String()] = max(all[spend.Meter(m).String()], n)
			}
		}
	}
	return all
}

func TestHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		operation protocol.Operation
		body      string
		limits    protocol.Limits
		want      map[string]int64
		cases     int
	}{
		{"the example", protocol.Chat, padded(400, `{"model":"m","n":2,"max_tokens":100}`), protocol.Limits{},
			map[string]int64{"in_text": 464, "cache_write_other": 464, "out_text": 200, "out_reasoning": 200}, 4},
		{"the model's own limit is lower", protocol.Chat, padded(400, `{"model":"m","max_tokens":100}`), protocol.Limits{Context: 300, Output: 80},
			map[string]int64{"in_text": 300, "cache_write_other": 300, "out_text": 80, "out_reasoning": 80}, 4},
		{"no limit in the request", protocol.Messages, padded(400, `{"model":"m"}`), protocol.Limits{Output: 80},
			map[string]int64{"in_text": 400 + 64 + 1024, "out_text": 80, "out_reasoning": 80}, 2},
		{"cache writes of an hour", protocol.Messages, padded(400, `{"model":"m","max_tokens":9,"cache_control":{"type":"ephemeral","ttl":"1h"}}`), protocol.Limits{},
			map[string]int64{"in_text": 1488, "cache_write_5m": 1488, "cache_write_1h": 1488, "out_text": 9, "out_reasoning": 9}, 6},
		{"embeddings answer nothing", protocol.Embeddings, padded(400, `{"model":"m"}`), protocol.Limits{Context: 8192},
			map[string]int64{"in_text": 464}, 1},
		{"a prompt that goes on from another", protocol.Responses, padded(400, `{"model":"m","max_output_tokens":9,"previous_response_id":"r"}`), protocol.Limits{Context: 8192},
			map[string]int64{"in_text": 8192, "cache_write_other": 8192, "out_text": 9, "out_reasoning": 9}, 4},
		{"a summary on the way", protocol.Responses, padded(400, `{"model":"m","max_output_tokens":9,"context_management":[{"type":"compaction"}]}`), protocol.Limits{Context: 8192, Output: 100},
			map[string]int64{"in_text": 8656, "cache_write_other": 8656, "out_text": 109, "out_reasoning": 109}, 4},
		{"results of tools are cleared", protocol.Messages, padded(400, `{"model":"m","max_tokens":9,"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]}}`), protocol.Limits{},
			map[string]int64{"in_text": 1488, "out_text": 9, "out_reasoning": 9}, 2},
		{"the answer may be sound", protocol.Chat, padded(400, `{"model":"m","max_tokens":9,"modalities":["text","audio"]}`), protocol.Limits{},
			map[string]int64{"in_text": 464, "cache_write_other": 464, "out_text": 9, "out_reasoning": 9, "out_audio": 9}, 6},
		{"cache writes of five minutes", protocol.Messages, padded(400, `{"model":"m","max_tokens":9,"cache_control":{"type":"ephemeral"}}`), protocol.Limits{},
			map[string]int64{"in_text": 1488, "cache_write_5m": 1488, "out_text": 9, "out_reasoning": 9}, 4},
		{"each prompt of a list is answered", protocol.Completions, padded(400, `{"model":"m","n":2,"max_tokens":100,"prompt":["a","b","c"]}`), protocol.Limits{},
			map[string]int64{"in_text": 464, "cache_write_other": 464, "out_text": 600, "out_reasoning": 600}, 4},
		{"counts beyond all reason", protocol.Chat, padded(400, `{"model":"m","n":1e99,"max_tokens":1e99}`), protocol.Limits{},
			map[string]int64{"in_text": 464, "cache_write_other": 464, "out_text": 1e15, "out_reasoning": 1e15}, 4},
	} {
		r := read(c.operation, c.body)
		h := r.Hold(c.limits)
		if len(h.Unprovable) > 0 || len(h.Cases) != c.cases {
			t.Errorf("%s: %d cases, want %d; unprovable: %v", c.name, len(h.Cases), c.cases, h.Unprovable)
		}
		if diff := cmp.Diff(c.want, largest(h)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestHoldOfImagesAndSound(t *testing.T) {
	t.Parallel()
	picture := `{"type":"image_url","image_url":{"url":"` + strings.Repeat("A", 1000) + `"}}`
	sound := `{"type":"input_audio","input_audio":{"data":"` + strings.Repeat("A", 4001) + `"}}`
	body := `{"model":"m","max_tokens":5,"messages":[{"content":[` + picture + "," + sound + `]}]}`
	text := int64(len(body) - 5001 + 64)
	r := read(protocol.Chat, body)
	for _, c := range []struct {
		limits protocol.Limits
		want   int64
	}{
		{protocol.Limits{}, text + 48_169 + 101},
		{protocol.Limits{Image: 765}, text + 765 + 101},
		{protocol.Limits{Image: 765, Context: 500}, 500},
	} {
		got := largest(r.Hold(c.limits))
		for _, meter := range []string{"in_text", "in_audio", "in_image"} {
			if got[meter] != c.want {
				t.Errorf("limits %+v: %s is %d, want %d", c.limits, meter, got[meter], c.want)
			}
		}
	}
}

func TestHoldOfTools(t *testing.T) {
	t.Parallel()
	r := read(protocol.Messages, `{"model":"m","max_tokens":10,"tools":[{"type":"web_search_20250305","max_uses":3}]}`)
	h := r.Hold(protocol.Limits{Context: 1000})
	if diff := cmp.Diff(map[string]int64{"in_text": 4000, "out_text": 40, "out_reasoning": 40}, largest(h)); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	files := read(protocol.Responses, `{"model":"m","max_output_tokens":10,"max_tool_calls":2,"tools":[{"type":"file_search"}]}`)
	for _, usage := range files.Hold(protocol.Limits{Context: 1000}).Cases {
		if got := usage.Get(spend.FileSearch); got != money.FromInt(2) {
			t.Errorf("searches of files are %s, want 2", got)
		}
	}
	for _, usage := range h.Cases {
		if got := usage.Get(spend.WebSearch); got != money.FromInt(3) {
			t.Errorf("searches are %s, want 3", got)
		}
	}
}

func TestWhatHasNoMaximumSaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation protocol.Operation
		body      string
		limits    protocol.Limits
		want      string
	}{
		{protocol.Chat, `{"model":"m"}`, protocol.Limits{Context: 9}, "an answer without max_tokens"},
		{protocol.Chat, `{"model":"m","max_tokens":9,"x":NaN,"n":100}`, protocol.Limits{Context: 9, Output: 9}, "cannot be read for certain"},
		{protocol.Chat, `{"model":"m","max_tokens":9,"N":100}`, protocol.Limits{Context: 9, Output: 9}, "cannot be read for certain"},
		{protocol.Chat, `{"model":"m","max_tokens":9,"max_to\u212Aens":100}`, protocol.Limits{Context: 9, Output: 9}, "cannot be read for certain"},
		{protocol.Chat, `{"model":"m","max_tokens":5,"n":"x"}`, protocol.Limits{}, "an answer without max_tokens"},
		{protocol.Chat, `{"model":"m","max_tokens":5`, protocol.Limits{Output: 5}, "a prompt that does not stand in the request"},
		{protocol.Responses, `{"model":"m","max_output_tokens":5,"conversation":"c"}`, protocol.Limits{}, "a prompt that does not stand in the request"},
		{protocol.Responses, `{"model":"m","max_output_tokens":5,"tools":[{"type":"web_search"}]}`, protocol.Limits{Context: 9}, "without a limit to their calls"},
		{protocol.Responses, `{"model":"m","max_output_tokens":5,"max_tool_calls":3,"tools":[{"type":"code_interpreter"}]}`, protocol.Limits{Context: 9}, "something else than calls"},
		{protocol.Messages, `{"model":"m","max_tokens":5,"context_management":{"edits":[{"type":"compact_20260112"}]}}`, protocol.Limits{Context: 9}, "a summary that the vendor makes"},
		{protocol.Messages, `{"model":"m","max_tokens":5,"tools":[{"type":"web_search_20250305","max_uses":3}]}`, protocol.Limits{}, "without the model's context limit"},
	} {
		r := read(c.operation, c.body)
		if got := strings.Join(r.Hold(c.limits).Unprovable, "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.body, got, c.want)
		}
	}
}

// TestAHoldIsNeverBelowTheCount takes the worst vocabulary there is: a token for
// each byte of the text.
func TestAHoldIsNeverBelowTheCount(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", strings.Repeat("é", 500), strings.Repeat("\x00\"\\\n", 99), strings.Repeat("中文", 400)} {
		body := `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":` + strconv.QuoteToASCII(strings.ReplaceAll(text, "\x00", "\t")) + `}]}`
		r := read(protocol.Messages, body)
		if got := largest(r.Hold(protocol.Limits{}))["in_text"]; got < int64(len(text)) {
			t.Errorf("%d bytes of text are held at %d tokens", len(text), got)
		}
	}
}
