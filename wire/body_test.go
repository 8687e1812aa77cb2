package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/wire"
)

func TestFlavours(t *testing.T) {
	t.Parallel()
	want := []string{
		"openai.chat", "openai.responses", "anthropic.messages", "google.generateContent",
		"bedrock.converse", "deepseek.chat", "vercel.ai-sdk",
	}
	if diff := cmp.Diff(want, wire.Flavours()); diff != "" {
		t.Errorf("flavours (-want +got):\n%s", diff)
	}
}

func TestSpellingsOfFlavours(t *testing.T) {
	t.Parallel()
	for body, spellings := range map[string]string{
		`{"prompt_tokens":1}`:    "openai.chat openai OpenAI_Chat openai/chat.completions azure-openai deepseek deepseek-chat",
		`{"input_tokens":1}`:     "openai.responses responses openai_responses anthropic Anthropic.Messages anthropic/messages",
		`{"promptTokenCount":1}`: "google.generateContent google.generatecontent gemini google vertex/generateContent",
		`{"inputTokens":1}`:      "bedrock.converse bedrock aws-bedrock vercel.ai-sdk vercel ai-sdk Vercel_AI_SDK",
	} {
		for spelling := range strings.FieldsSeq(spellings) {
			if usage, _, problems := wire.Usage(spelling, []byte(body)); meters(usage) != "in_text 1" {
				t.Errorf("%s of %s: %s %v", spelling, body, meters(usage), problems)
			}
		}
	}
}

func TestUnknownFlavourListsTheKnown(t *testing.T) {
	t.Parallel()
	for _, flavour := range []string{"", "openai.chatty", "google.embed"} {
		_, _, problems := wire.Usage(flavour, []byte(`{"prompt_tokens":1}`))
		checkProblems(t, problems, "flavour: is unknown; want "+strings.Join(wire.Flavours(), ", "))
	}
}

func TestBodiesThatAreNoUsage(t *testing.T) {
	t.Parallel()
	check(t, "openai.chat", []reading{
		{name: "empty", body: "", problems: "body: is not valid JSON"},
		{name: "broken", body: `{"prompt_tokens":1`, problems: "body: is not valid JSON at byte 18"},
		{name: "a stream line", body: `data: {"usage":{}}`, problems: "body: is not valid JSON at byte 1"},
		{name: "two values", body: `{"prompt_tokens":1}{}`, problems: "body: is not valid JSON"},
		{name: "null", body: "null", problems: "body: is not a JSON object"},
		{name: "a list", body: `[{"prompt_tokens":1}]`, problems: "body: is not a JSON object"},
		{name: "a string", body: `"prompt_tokens"`, problems: "body: is not a JSON object"},
		{name: "no counts", body: "{}", problems: "usage: has neither prompt_tokens nor completion_tokens"},
		{name: "an early chunk", body: `{"choices":[{}],"usage":null}`, problems: "usage: has neither"},
		{name: "usage that is a word", body: `{"usage":"much"}`, problems: "usage: has neither"},
		{name: "empty usage", body: `{"usage":{}}`, problems: "usage: has neither"},
		{name: "another vendor's", body: `{"usage":{"input_tokens":1,"output_tokens":2}}`, problems: "usage: has neither prompt_tokens nor completion_tokens"},
		{name: "null counts", body: `{"prompt_tokens":null,"completion_tokens":null}`, problems: "usage: has neither"},
		{name: "too deep", body: strings.Repeat("[", 20000), problems: "body: is not valid JSON"},
		{name: "too large", body: `{"prompt_tokens":1,"x":"` + strings.Repeat("x", 1<<20) + `"}`, problems: "body: has 1048602 bytes; at most 1048576"},
		{name: "large enough", body: `{"usage":{"prompt_tokens":1},"x":"` + strings.Repeat("x", 1<<19) + `"}`, meters: "in_text 1"},
	})
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	const refused = "usage.prompt_tokens: is "
	for number, want := range map[string]string{
		"0": "", "12": "in_text 12", "12.0": "in_text 12", "1.2e1": "in_text 12", "1200E-2": "in_text 12", "-0": "",
		"1e15": "in_text 1000000000000000",

		"12.5": refused + "12.5; want a whole number", "-1": refused + "-1;", "-1.0": refused + "-1.0;", "1e-3": refused + "1e-3;",
		"1000000000000001": refused, "9223372036854775808": refused, "1e400": refused, "1e-400": refused, "1e999999999": refused,
		"12.0000000000000000001":       refused,
		"1" + strings.Repeat("0", 900): refused + "1" + strings.Repeat("0", 39) + ";",
		`"12"`:                         refused + "a string; want", "true": refused + "a truth value;", "[12]": refused + "a list;", `{"n":12}`: refused + "an object;",
	} {
		body := fmt.Sprintf(`{"usage":{"prompt_tokens":%s,"completion_tokens":0}}`, number)
		usage, _, problems := wire.Usage("openai.chat", []byte(body))
		if problem, bad := strings.CutPrefix(want, "usage."); bad {
			checkProblems(t, problems, "usage."+problem)
			continue
		}
		if got := meters(usage); got != want || len(problems) > 0 {
			t.Errorf("%s: %s %v, want %s", number, got, problems, want)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	check(t, "openai.chat", []reading{
		{
			name: "fields",
			body: `{"prompt_tokens":"7","completion_tokens":-1,"total_tokens":1.5,"prompt_tokens_details":[],
				"completion_tokens_details":{"reasoning_tokens":true}}`,
			problems: "prompt_tokens: is a string\ncompletion_tokens: is -1\ntotal_tokens: is 1.5\n" +
				"prompt_tokens_details: is a list; want an object\ncompletion_tokens_details.reasoning_tokens: is a truth value",
		},
	})
	check(t, "bedrock.converse", []reading{{
		name:     "not without end",
		body:     `{"inputTokens":1,"cacheDetails":[` + strings.TrimSuffix(strings.Repeat(`{"inputTokens":-1},`, 1000), ",") + `]}`,
		problems: strings.TrimSuffix(strings.Repeat("is -1\n", 20), "\n"),
	}})
}

// No text of a body may come out of it: problems are logged and shown.
func TestProblemsRepeatNoText(t *testing.T) {
	t.Parallel()
	const secret = "MARKER"
	bodies := []string{
		`{"usage":"MARKER"}`, `MARKER`, `{"MARKER":1}`, `{"usage":{"MARKER":{}}}`, `["MARKER"]`, `"MARKER"`, `{"x":"MARKER"`,
	}
	for _, name := range []string{
		"prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "input_tokens", "output_tokens", "seconds",
		"input_tokens_details", "input_token_details", "output_tokens_details", "cache_creation", "cache_creation_input_tokens",
		"server_tool_use", "promptTokenCount", "candidatesTokenCount", "promptTokensDetails", "inputTokens", "cacheDetails",
		"inputTokenDetails", "prompt_cache_hit_tokens", "output",
	} {
		bodies = append(bodies,
			fmt.Sprintf(`{"type":"duration","%s":"MARKER"}`, name), fmt.Sprintf(`{"%s":"MARKER"}`, name),
			fmt.Sprintf(`{"%s":["MARKER"]}`, name), fmt.Sprintf(`{"%s":{"MARKER_5m":-1}}`, name),
			fmt.Sprintf(`{"%s":[{"modality":"MARKER","ttl":"MARKER","type":"MARKER","tokenCount":"MARKER","inputTokens":"MARKER"}]}`, name),
			fmt.Sprintf(`{"usage":{"input_tokens":1},"%s":[{"type":"web_search_call","action":"MARKER"}]}`, name))
	}
	for _, flavour := range wire.Flavours() {
		for _, body := range bodies {
			_, _, problems := wire.Usage(flavour, []byte(body))
			if text := fmt.Sprint(problems); strings.Contains(text, secret) {
				t.Errorf("%s of %s says %s", flavour, body, text)
			}
		}
	}
}
