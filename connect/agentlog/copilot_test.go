package agentlog_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/spend"
)

func copilot(t *testing.T, lines ...string) []connect.Record {
	t.Helper()
	p := agentlog.Copilot()
	return drain(t, agentlog.Open(strings.NewReader(strings.Join(lines, "\n")+"\n"), &p, agentlog.Options{Path: "copilot-otel.jsonl"}))
}

// ended is a span, logged a log; both last five seconds before a second of 09:00.
func ended(name, trace, span string, in, out int, more string) string {
	return fmt.Sprintf(`{"type":"span","traceId":%q,"spanId":%q,"name":%q,"startTime":[1795424400,0],"endTime":[1795424405,967317833],`+
		`"attributes":{"gen_ai.usage.input_tokens":%d,"gen_ai.usage.output_tokens":%d%s}}`, trace, span, name, in, out, more)
}

func logged(event, trace, span string, in, out int, more string) string {
	return fmt.Sprintf(`{"hrTime":[1795424405,0],"spanContext":{"traceId":%q,"spanId":%q},"_body":"x",`+
		`"attributes":{"event.name":%q,"gen_ai.usage.input_tokens":"%d","gen_ai.usage.output_tokens":%d%s}}`, trace, span, event, in, out, more)
}

const (
	inference = "gen_ai.client.inference.operation.details"
	turned    = "copilot_chat.agent.turn"
)

func response(id string) string { return fmt.Sprintf(`,"gen_ai.response.id":%q`, id) }

func TestACallOfCopilotCLI(t *testing.T) {
	t.Parallel()
	recs := copilot(t, ended("chat claude-sonnet-4.6", "tr", "sp", 35925, 370, response("msg_1")+`,"gen_ai.operation.name":"chat","gen_ai.provider.name":"github",`+
		`"gen_ai.request.model":"claude-sonnet","gen_ai.response.model":"claude-sonnet-4.6","gen_ai.conversation.id":"conv-1","gen_ai.agent.name":"reviewer",`+
		`"github.copilot.git.repository":"acme/shop","github.copilot.git.branch":"main","github.copilot.git.commit_sha":"0a1b","gen_ai.usage.reasoning.output_tokens":70,`+
		`"gen_ai.usage.cache_read.input_tokens":35067,"gen_ai.usage.cache_creation.input_tokens":857`))
	if len(recs) != 1 || len(recs[0].Problems) > 0 {
		t.Fatalf("%+v", recs)
	}
	want := spend.Event{
		Source: "copilot-cli", SourceKey: "response/msg_1", Response: "msg_1", Rank: spend.RankAgentLog, Seller: "github-copilot",
		RequestedModel: "claude-sonnet", ServedModel: "claude-sonnet-4.6", Kind: "chat", Status: spend.StatusOK, UsageSource: spend.UsageProvider, Flags: spend.Notional,
		Scope: spend.Scope{Run: "conv-1", Agent: "reviewer", Tags: map[string]string{"repository": "acme/shop", "branch": "main", "base_commit": "0a1b"}},
	}
	want.Usage.Tokens[spend.InText], want.Usage.Tokens[spend.CacheRead], want.Usage.Tokens[spend.CacheWriteOther] = 1, 35067, 857
	want.Usage.Tokens[spend.OutText], want.Usage.Tokens[spend.OutReasoning] = 300, 70
	got := recs[0].Event
	if took, known := got.Duration(); !known || took.Seconds() != 5.967318 || got.UsedAt != got.EndedAt {
		t.Errorf("took %v, used at %v", took, got.UsedAt)
	}
	want.UsedAt, want.StartedAt, want.EndedAt, want.Revision = got.UsedAt, got.StartedAt, got.EndedAt, got.Revision
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got)\n%s", diff)
	}
}

// TestOneTellingOfACallCounts has the lines of each case in every order: what tells
// best counts, and nothing besides.
func TestOneTellingOfACallCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		lines  []string
		calls  int64
		tokens int64
	}{
		{"an agent and its two chats: twice as much", []string{
			ended("invoke_agent x", "tr", "a", 113, 11, ""), ended("chat m", "tr", "b", 56, 5, ""), ended("chat m", "tr", "c", 57, 6, ""),
		}, 2, 124},
		{"an agent alone", []string{ended("invoke_agent x", "tr", "a", 113, 11, "")}, 1, 124},
		{"chats, logs of their inference, the turn and the agent: four times", []string{
			ended("invoke_agent x", "tr", "a", 113, 11, response("r2")), logged(turned, "tr", "a", 113, 11, `,"turn.index":0`),
			logged(inference, "tr", "b", 56, 5, response("r1")), logged(inference, "tr", "c", 57, 6, response("r2")),
			ended("chat m", "tr", "b", 56, 5, response("r1")), ended("chat m", "tr", "c", 57, 6, response("r2")),
		}, 2, 124},
		{"logs of inference before the turn and the agent", []string{
			ended("invoke_agent x", "tr", "a", 113, 11, ""), logged(turned, "tr", "a", 113, 11, ""),
			logged(inference, "tr", "a", 56, 5, response("r1")), logged(inference, "tr", "a", 57, 6, response("r2")),
		}, 2, 124},
		{"turns before the agent", []string{
			ended("invoke_agent x", "tr", "a", 113, 11, ""), logged(turned, "tr", "a", 56, 5, `,"turn.index":0`), logged(turned, "tr", "a", 57, 6, `,"turn.index":1`),
		}, 2, 124},
		{"one answer in two traces", []string{logged(inference, "tr1", "a", 80, 20, response("r")), ended("chat m", "tr2", "b", 60, 10, response("r"))}, 1, 70},
		{"traces of their own", []string{ended("chat m", "tr1", "a", 56, 5, ""), ended("invoke_agent x", "tr2", "b", 57, 6, "")}, 2, 124},
		{"no trace at all", []string{logged(inference, "", "", 56, 5, response("r1")), logged(inference, "", "", 57, 6, response("r2"))}, 2, 124},
		{"tools, metrics and calls of no tokens", []string{
			ended("execute_tool bash", "tr", "a", 5, 5, ""), ended("chat m", "tr", "b", 0, 0, ""), strings.Replace(ended("chat m", "tr", "c", 1, 1, ""), `"span"`, `"metric"`, 1),
			`{"hrTime":[1795424405,0],"_body":"other","attributes":{"gen_ai.usage.input_tokens":4}}`,
		}, 0, 0},
	} {
		for range 40 {
			calls := merged(t, copilot(t, c.lines...))
			var n int64
			for _, e := range calls {
				n += e.Calls()
			}
			if n != c.calls || tokens(calls) != c.tokens {
				t.Fatalf("%s: %d calls with %d tokens, want %d with %d\n%s\n%s", c.name, n, tokens(calls), c.calls, c.tokens, book(calls), strings.Join(c.lines, "\n"))
			}
			rand.Shuffle(len(c.lines), func(i, j int) { c.lines[i], c.lines[j] = c.lines[j], c.lines[i] })
		}
	}
}

func TestSpellingsOfCachedTokens(t *testing.T) {
	t.Parallel()
	const read, write, creation, flat = `,"gen_ai.usage.cache_read.input_tokens":600`, `,"gen_ai.usage.cache_write.input_tokens":300`,
		`,"gen_ai.usage.cache_creation.input_tokens":300`, `,"gen_ai.usage.cache_read_input_tokens":600,"gen_ai.usage.cache_creation_input_tokens":300`
	for attributes, want := range map[string]string{
		"":                      "in_text=1000",
		read + write:            "in_text=100 cache_read=600 cache_write_other=300",
		read + creation:         "in_text=100 cache_read=600 cache_write_other=300",
		read + write + creation: "in_text=100 cache_read=600 cache_write_other=300",
		flat:                    "in_text=100 cache_read=600 cache_write_other=300",
		read + creation + `,"gen_ai.usage.cache_write.input_tokens":200`: "in_text=100 cache_read=600 cache_write_other=300 usage_inconsistent,notional",
	} {
		told := book(merged(t, copilot(t, ended("chat m", "tr", "a", 1000, 0, attributes))))
		if !strings.Contains(told, " calls=1 "+want) {
			t.Errorf("%s: %s", attributes, told)
		}
	}
	for attributes, problem := range map[string]string{
		`,"gen_ai.usage.cache_read.input_tokens":1200`:   "cache_read_tokens: is 1200, above the 1000 of input_tokens",
		`,"gen_ai.usage.cache_read.input_tokens":"x"`:    "gen_ai.usage.cache_read.input_tokens: is not a whole number",
		`,"gen_ai.usage.cache_write.input_tokens":[3]`:   "gen_ai.usage.cache_creation.input_tokens: is not a whole number",
		`,"gen_ai.usage.reasoning_tokens":1`:             "output_reasoning_tokens: is 1, above the 0 of output_tokens",
		`},"endTime":null,"startTime":"noon","x":{"a":0`: "used_at: is missing, or is no instant",
	} {
		recs := copilot(t, ended("chat m", "tr", "a", 1000, 0, attributes))
		if len(recs) != 1 || !strings.Contains(fmt.Sprint(recs[0].Problems), problem) {
			t.Errorf("%s: %+v", attributes, recs)
		}
	}
}

func TestWhoPaysForCopilotCLI(t *testing.T) {
	t.Parallel()
	for provider, want := range map[string]spend.Event{
		`"github"`:          {Seller: "github-copilot", Flags: spend.Notional},
		`null`:              {Seller: "github-copilot", Flags: spend.Notional},
		`"azure.ai.openai"`: {Seller: "azure"},
		`"anthropic"`:       {Seller: "anthropic"},
	} {
		e := copilot(t, ended("chat m", "tr", "a", 10, 1, `,"gen_ai.provider.name":`+provider))[0].Event
		if e.Seller != want.Seller || e.Flags != want.Flags {
			t.Errorf("provider %s: seller %q, flags %q", provider, e.Seller, e.Flags)
		}
	}
}

// TestTracesAreForgottenInTheEnd reads more calls of lesser tellings than are
// remembered: the last trace is still kept apart.
func TestTracesAreForgottenInTheEnd(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 20_000 {
		lines = append(lines, ended("invoke_agent x", fmt.Sprintf("tr%d", i), "a", 10, 1, ""))
	}
	lines = append(lines, ended("chat m", "tr19999", "b", 10, 1, ""), ended("chat m", "tr0", "b", 10, 1, ""))
	var usage, back int
	for _, rec := range copilot(t, lines...) {
		if rec.Event.Usage.IsZero() {
			back++
		} else {
			usage++
		}
	}
	if usage != 20_002 || back != 1 {
		t.Errorf("%d tellings, %d taken back; want the last trace taken back and the first forgotten", usage, back)
	}
}
