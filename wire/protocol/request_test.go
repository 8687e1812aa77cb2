package protocol_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/wire/protocol"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// paths are those of the operations that are read.
func paths() map[protocol.Operation]string {
	return map[protocol.Operation]string{
		protocol.Chat:        "/v1/chat/completions",
		protocol.Completions: "/v1/completions",
		protocol.Embeddings:  "/v1/embeddings",
		protocol.Responses:   "/v1/responses",
		protocol.Messages:    "/v1/messages",
	}
}

func read(o protocol.Operation, body string) protocol.Request {
	return protocol.Read(protocol.Target{Method: "POST", Path: paths()[o]}, []byte(body))
}

// unread are the problems, one a line.
func unread(r protocol.Request) string {
	var all []string
	for _, p := range r.Unread {
		all = append(all, p.String())
	}
	return strings.Join(all, "\n")
}

func TestFactsOfARequest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		operation protocol.Operation
		body      string
		want      protocol.Request
	}{
		{
			name: "chat completions", operation: protocol.Chat,
			body: `{"model":"gpt-x","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true},
				"max_tokens":5,"max_completion_tokens":70,"n":2,"service_tier":"flex","user":"u-1","store":true,"metadata":{"team":"a","n":3}}`,
			want: protocol.Request{Model: "gpt-x", Stream: true, AsksUsage: true, MaxOutput: 70, Answers: 2, Tier: "flex",
				User: "u-1", Stored: true, Metadata: map[string]string{"team": "a"}, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "completions", operation: protocol.Completions,
			body: `{"prompt":"once","model":"m","best_of":4,"n":2,"max_tokens":1.6e1}`,
			want: protocol.Request{Model: "m", Answers: 4, MaxOutput: 16, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "completions of a list of prompts", operation: protocol.Completions,
			body: `{"prompt":["once","upon",[1,2]],"model":"m","n":2,"max_tokens":16}`,
			want: protocol.Request{Model: "m", Answers: 6, MaxOutput: 16, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "completions of a prompt in tokens", operation: protocol.Completions,
			body: `{"prompt":[1,22,333],"model":"m","n":2,"max_tokens":16}`,
			want: protocol.Request{Model: "m", Answers: 2, MaxOutput: 16, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "embeddings", operation: protocol.Embeddings,
			body: `{"input":["a",[1,2]],"model":"e","models":["f","g"],"n":7,"max_tokens":9}`,
			want: protocol.Request{Model: "e", Fallbacks: []string{"f", "g"}, Answers: 1, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "responses", operation: protocol.Responses,
			body: `{"model":"gpt-x","input":"hi","max_output_tokens":30,"max_tokens":999,"background":true,"previous_response_id":"resp_1"}`,
			want: protocol.Request{Model: "gpt-x", Answers: 1, MaxOutput: 30, Background: true, Previous: "resp_1", Stored: true,
				Prompt: protocol.Prompt{Elsewhere: true}, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "a response that is not kept", operation: protocol.Responses,
			body: `{"model":"gpt-x","input":[{"type":"message","content":[{"type":"input_text","text":"hi"}]}],"store":false,"previous_response_id":null}`,
			want: protocol.Request{Model: "gpt-x", Answers: 1, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "a response to a stored prompt", operation: protocol.Responses,
			body: `{"model":"gpt-x","prompt":{"id":"pmpt_1"},"store":false}`,
			want: protocol.Request{Model: "gpt-x", Answers: 1, Prompt: protocol.Prompt{Elsewhere: true}, Tools: protocol.Tools{Count: 1, Others: true}},
		},
		{
			name: "messages", operation: protocol.Messages,
			body: `{"model":"claude-x","max_tokens":64,"speed":"fast","inference_geo":"us","stream":false,"fallbacks":[{"model":"claude-y","max_tokens":9}],"metadata":{"user_id":"u"},
				"system":[{"type":"text","text":"be kind","cache_control":{"type":"ephemeral","ttl":"1h"}}],
				"messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}]}`,
			want: protocol.Request{API: protocol.Anthropic, Model: "claude-x", Fallbacks: []string{"claude-y"}, Answers: 1, MaxOutput: 64, Speed: "fast", Region: "us",
				Metadata: map[string]string{"user_id": "u"}, Prompt: protocol.Prompt{Cached5m: true, Cached1h: true}, Tools: protocol.Tools{Bounded: true}},
		},
		{
			name: "a fallback of the vendor's choice", operation: protocol.Messages,
			body: `{"model":"claude-x","fallbacks":"default"}`,
			want: protocol.Request{API: protocol.Anthropic, Model: "claude-x", Fallbacks: []string{"default"}, Answers: 1, Tools: protocol.Tools{Bounded: true}},
		},
	} {
		want := c.want
		want.Operation = c.operation
		if want.API == "" {
			want.API = protocol.OpenAI
		}
		want.Prompt.Bytes = len(c.body)
		got := read(c.operation, c.body)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(protocol.Request{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestImagesAndSoundAreNoText(t *testing.T) {
	t.Parallel()
	picture, sound := strings.Repeat("QUJD", 100), strings.Repeat("QUJE", 50)
	chat := `{"model":"m","modalities":["text","audio"],"messages":[{"role":"user","content":[{"type":"text","text":"what?"},
		{"type":"image_url","image_url":{"url":"data:image/png;base64,` + picture + `"}},
		{"type":"input_audio","input_audio":{"data":"` + sound + `","format":"wav"}}]}]}`
	got := read(protocol.Chat, chat).Prompt
	want := protocol.Prompt{Bytes: len(chat) - len(picture) - len(sound) - len("data:image/png;base64,"), Images: 1, SoundBytes: len(sound), SpeaksBack: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chat (-want +got):\n%s", diff)
	}
	messages := `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[
		{"type":"image","source":{"type":"base64","media_type":"image/png","data":"` + picture + `"}},
		{"type":"tool_result","content":[{"type":"image","source":{"type":"url","url":"https://example.org/a.png"}}]}]}]}`
	got = read(protocol.Messages, messages).Prompt
	want = protocol.Prompt{Bytes: len(messages) - len(picture), Images: 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeBoundedStandsElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation protocol.Operation
		part      string
	}{
		{protocol.Messages, `{"messages":[{"content":[{"type":"document","source":{"type":"base64","data":"QUJD"}}]}]}`},
		{protocol.Chat, `{"messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]}`},
		{protocol.Responses, `{"input":[{"type":"item_reference","id":"x"}]}`},
		{protocol.Responses, `{"input":[{"content":[{"type":"input_file","file_id":"x"}]}]}`},
		{protocol.Responses, `{"conversation":"conv_1"}`},
		{protocol.Chat, `{"messages":[{"content":[{"type":"t\u0065xt","text":"an escape is taken for the unknown"}]}]}`},
		{protocol.Chat, `{"messages":[{"content":{"type":"text","text":"neither a text nor a list"}}]}`},
		{protocol.Embeddings, `{"input":[{"image":"https://example.org/a.png"}]}`},
		{protocol.Embeddings, `{"messages":[{"content":"a"}]}`},
		{protocol.Chat, `{"messages":`},
	} {
		if got := read(c.operation, c.part); !got.Prompt.Elsewhere {
			t.Errorf("%s %s: want a prompt that stands elsewhere", c.operation, c.part)
		}
	}
}

func TestToolsOfTheVendor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		operation protocol.Operation
		body      string
		want      protocol.Tools
	}{
		{"the client's own", protocol.Messages, `{"tools":[{"name":"f"},{"type":"custom"},{"type":"bash_20250124"},{"type":"computer_20250124"}]}`, protocol.Tools{Bounded: true}},
		{"a limited search", protocol.Messages, `{"tools":[{"type":"web_search_20250305","max_uses":3}]}`, protocol.Tools{Count: 1, Uses: 3, Bounded: true, Searches: true}},
		{"one of two has a limit", protocol.Messages, `{"tools":[{"type":"web_search_20250305","max_uses":3},{"type":"web_fetch_20250910"}]}`, protocol.Tools{Count: 2, Uses: 3, Searches: true}},
		{"tools added on the way", protocol.Responses, `{"input":[{"type":"additional_tools","tools":[{"type":"web_search"}]}]}`, protocol.Tools{Count: 1, Others: true}},
		{"a search for tools", protocol.Messages, `{"tools":[{"type":"tool_search_tool_bm25_20251119","max_uses":2}]}`, protocol.Tools{Count: 1, Uses: 2, Bounded: true}},
		{"an advisor", protocol.Messages, `{"tools":[{"type":"advisor_20260301","model":"claude-z","max_uses":2}]}`, protocol.Tools{Count: 1, Uses: 2, Bounded: true, Others: true}},
		{"servers", protocol.Messages, `{"mcp_servers":[{"url":"https://example.org"}]}`, protocol.Tools{Count: 1, Others: true}},
		{"responses with one limit", protocol.Responses, `{"max_tool_calls":4,"tools":[{"type":"web_search"},{"type":"file_search"},{"type":"function"}]}`,
			protocol.Tools{Count: 2, Uses: 4, Bounded: true, Searches: true, Files: true}},
		{"responses without", protocol.Responses, `{"tools":[{"type":"code_interpreter"}]}`, protocol.Tools{Count: 1, Others: true}},
		{"a type given twice", protocol.Responses, `{"tools":[{"type":"web_search","type":"function"}]}`, protocol.Tools{Count: 1, Searches: true}},
		{"a search of chat", protocol.Chat, `{"web_search_options":{}}`, protocol.Tools{Count: 1, Uses: 1, Bounded: true, Searches: true}},
		{"no search of chat", protocol.Chat, `{"web_search_options":null,"tools":[{"type":"function","function":{"name":"f"}}]}`, protocol.Tools{Bounded: true}},
		{"plugins", protocol.Chat, `{"plugins":[{"id":"web"}]}`, protocol.Tools{Count: 1, Others: true}},
	} {
		if diff := cmp.Diff(c.want, read(c.operation, c.body).Tools); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestWhatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation  protocol.Operation
		body, want string
	}{
		{protocol.Chat, ``, "body: does not end within the 0 bytes that were read\nmodel: is missing; want a text"},
		{protocol.Chat, `{"model":"m"`, "body: does not end within the 12 bytes that were read"},
		{protocol.Chat, `{"model":"m"}x`, "body: is not valid JSON, or nests more than 10000 deep"},
		{protocol.Chat, `["m"]`, "body: is not a JSON object\nmodel: is missing; want a text"},
		{protocol.Chat, `7`, "body: is not a JSON object\nmodel: is missing; want a text"},
		{protocol.Chat, `{"model":7,"stream":"yes","n":"2","max_tokens":true}`,
			"model: is not a text of at most 256 bytes\nstream: is neither true nor false\nn: is not a number\nmax_tokens: is not a number"},
		{protocol.Chat, `{"model":"a","model":"b"}`, "model: is given twice"},
		{protocol.Chat, `{"model":"a","m\u006fdel":"b"}`, "model: is given twice"},
		{protocol.Chat, `{"model":"` + strings.Repeat("m", 300) + `"}`, "model: is not a text of at most 256 bytes"},
		{protocol.Chat, "{\"model\":\"m\x89\"}", "model: is not valid UTF-8"},
		{protocol.Chat, `{"model":"m","metadata":[1]}`, "metadata: is not an object of at most 16384 bytes"},
		{protocol.Chat, `{"model":"m","models":["a",7` + strings.Repeat(`,"b"`, 16) + `]}`, "models: is not a text of at most 256 bytes"},
		{protocol.Chat, `{"model":"m","models":["a"` + strings.Repeat(`,"b"`, 16) + `]}`, "models: has more than 16 models"},
		{protocol.Chat, `{"model":"m","Model":"dearer"}`, "body: has model in other letters, which readers take differently"},
		{protocol.Chat, `{"model":"m","ME\u017F\u017Fages":[]}`, "body: has messages in other letters, which readers take differently"},
		{protocol.Chat, `{"model":"m","User":"u","x":{"Model":"dearer"}}`, ""},
		{protocol.Responses, `{"model":"m","store":1}`, "store: is neither true nor false"},
		{protocol.Chat, `{"model":"m","messages":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`, "body: is not valid JSON, or nests more than 10000 deep"},
		{protocol.Chat, `{"model":"m","messages":` + strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999) + `}`, ""},
		{protocol.Chat, "\xef\xbb\xbf" + `{"model":"m"}`, ""},
		{protocol.Chat, `{"model":"m","stream":null,"n":null,"max_tokens":null,"user":null}`, ""},
	} {
		if got := unread(read(c.operation, c.body)); got != c.want {
			t.Errorf("%.60s: got\n%s\nwant\n%s", c.body, got, c.want)
		}
	}
}

func TestALimitThatCannotBeReadIsNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"model":"m","max_tokens":5,"max_completion_tokens":"7"}`,
		`{"model":"m","max_tokens":5,"max_tokens":7}`,
	} {
		if got := read(protocol.Chat, body).MaxOutput; got != 0 {
			t.Errorf("%s: got a limit of %d, want none", body, got)
		}
	}
}

func TestAFieldThatIsGivenTwiceIsNotRead(t *testing.T) {
	t.Parallel()
	for o, fields := range map[protocol.Operation]string{
		protocol.Chat:      `"model":"m","stream":true,"max_tokens":5,"service_tier":"flex","user":"u","store":true,"metadata":{"a":"b"}`,
		protocol.Responses: `"model":"m","max_output_tokens":5,"background":true,"previous_response_id":"r"`,
		protocol.Messages:  `"model":"m","max_tokens":5,"speed":"fast","inference_geo":"us"`,
	} {
		got := read(o, "{"+fields+","+fields+"}")
		if len(got.Unread) != strings.Count(fields, ":")-strings.Count(fields, `"a":`) {
			t.Errorf("%s: not all fields are named:\n%s", o, unread(got))
		}
		want := protocol.Request{API: got.API, Operation: o, Answers: 1, Stored: o == protocol.Responses, Unread: got.Unread, Prompt: got.Prompt, Tools: got.Tools}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(protocol.Request{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", o, diff)
		}
	}
	options := `"stream_options":{"include_usage":true}`
	if got := read(protocol.Chat, `{"model":"m",`+options+","+options+"}"); got.AsksUsage || unread(got) != "stream_options.include_usage: is given twice\nstream_options: is given twice" {
		t.Errorf("asks usage %v:\n%s", got.AsksUsage, unread(got))
	}
}

// TestNoContentIsKept plants a marker wherever a request has text.
func TestNoContentIsKept(t *testing.T) {
	t.Parallel()
	const marker = "KEEPOUT"
	for o, body := range map[protocol.Operation]string{
		protocol.Chat: `{"model":"m","messages":[{"role":"user","name":"KEEPOUT","content":[{"type":"text","text":"KEEPOUT"},{"type":"KEEPOUT"}]},
			{"role":"assistant","tool_calls":[{"function":{"name":"KEEPOUT","arguments":"KEEPOUT"}}]}],"tools":[{"type":"KEEPOUT"}],"stop":"KEEPOUT","max_tokens":"KEEPOUT",
			"stream":"KEEPOUT","KEEPOUT":1}`,
		protocol.Completions: `{"model":"m","prompt":"KEEPOUT","suffix":"KEEPOUT"}`,
		protocol.Embeddings:  `{"model":"m","input":["KEEPOUT"]}`,
		protocol.Responses:   `{"model":"m","instructions":"KEEPOUT","input":[{"type":"message","content":"KEEPOUT"},{"type":"function_call_output","output":"KEEPOUT"}]}`,
		protocol.Messages: `{"model":"m","system":[{"type":"text","text":"KEEPOUT"}],"messages":[{"content":"KEEPOUT"},{"content":[{"type":"tool_result","content":"KEEPOUT"},
			{"type":"text","text":"KEEPOUT","cache_control":{"ttl":"KEEPOUT"}}]}],KEEPOUT`,
	} {
		r := read(o, body)
		_, err := r.Edit([]byte(body), protocol.Change{Model: "other"})
		if told := fmt.Sprintf("%+v %v", r, err); strings.Contains(told, marker) {
			t.Errorf("%s keeps content: %s", o, told)
		}
	}
}

// FuzzRead checks that a body is called whole when it is for every other reader,
// and that its fields mean the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"model":"m","stream":true,"stream_options":{"include_usage":false},"n":2}`,
		`{"m\u006fdel":"\u00e9","max_tokens":-1.5E+2,"metadata":{"a":"b"}}`,
		`{"model":"m","messages":[{"content":[{"type":"text"}]}],"x":[1,-0.0,null,true,false,"\ud800"]} `,
		`{"model":"m","Model":"n","STREAM":true}`, "{\"model\":\"m\x89\"}", `{"a":01}`, `{"a":1.}`, `[`, `{"a":"` + "\x01" + `"}`, "\xef\xbb\xbf{}", `{"":{}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := read(protocol.Chat, string(body))
		plain := strings.TrimPrefix(string(body), "\xef\xbb\xbf")
		var object map[string]json.RawMessage
		valid := json.Unmarshal([]byte(plain), &object) == nil && object != nil
		whole := !strings.Contains(unread(r), "body: ")
		odd := strings.Contains(unread(r), "in other letters") // valid, and yet not clear
		if whole && !valid || valid && !whole && !odd {
			t.Fatalf("whole %v, but for encoding/json %v: %q", whole, valid, body)
		}
		if !whole || len(r.Unread) > 0 {
			return
		}
		var fields struct{ Model string }
		if json.Unmarshal([]byte(plain), &fields) == nil && exactly(object, "model") && fields.Model != r.Model {
			t.Fatalf("model %q, want %q: %q", r.Model, fields.Model, body)
		}
	})
}

// exactly says that no other spelling of the name is there, which encoding/json
// would take for it.
func exactly(object map[string]json.RawMessage, name string) bool {
	for key := range object {
		if key != name && strings.EqualFold(key, name) {
			return false
		}
	}
	return true
}
