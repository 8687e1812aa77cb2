package agentlog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/spend"
)

func gemini(t *testing.T, path, text string) []connect.Record {
	t.Helper()
	p := agentlog.Gemini()
	return drain(t, agentlog.Open(strings.NewReader(text), &p, agentlog.Options{Path: path}))
}

// said is an answer of Gemini CLI.
func said(id, tokens string) string {
	return fmt.Sprintf(`{"id":%q,"timestamp":"2026-11-23T09:00:10.000Z","type":"gemini","content":"x","model":"gemini-2.5-pro","tokens":%s}`, id, tokens)
}

const (
	full  = `{"input":1000,"output":40,"cached":900,"thoughts":60,"tool":30,"total":1130}`
	chat  = "shop/chats/session-2026-11-23T09-00-a0e1.jsonl"
	chats = "shop/chats/session-2026-11-23T09-00-a0e1.json"
)

func TestACallOfGeminiCLI(t *testing.T) {
	t.Parallel()
	recs := gemini(t, chat, `{"sessionId":"a0e1","projectHash":"h"}`+"\n"+said("m1", full)+"\n")
	if len(recs) != 1 || len(recs[0].Problems) > 0 {
		t.Fatalf("%+v", recs)
	}
	want := spend.Event{
		Source: "gemini-cli", SourceKey: "a0e1/m1", Rank: spend.RankAgentLog, Seller: "google", RequestedModel: "gemini-2.5-pro", Kind: "chat",
		Status: spend.StatusOK, UsageSource: spend.UsageProvider,
		Scope: spend.Scope{Run: "a0e1", Agent: "gemini-cli", Tags: map[string]string{"project": "shop"}},
	}
	want.Usage.Tokens[spend.InText], want.Usage.Tokens[spend.CacheRead], want.Usage.Tokens[spend.InTool] = 100, 900, 30
	want.Usage.Tokens[spend.OutText], want.Usage.Tokens[spend.OutReasoning] = 40, 60
	got := recs[0].Event
	want.UsedAt, want.Revision = got.UsedAt, got.Revision
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got)\n%s", diff)
	}
}

func TestWhichAnswersOfGeminiCLICount(t *testing.T) {
	t.Parallel()
	document := func(messages ...string) string {
		return `{"sessionId":"a0e1","projectHash":"h","messages":[` + strings.Join(messages, ",") + `]}`
	}
	head := `{"sessionId":"a0e1","projectHash":"h"}` + "\n"
	none := said("m1", "null")
	for _, c := range []struct {
		name   string
		files  map[string]string
		calls  int
		tokens int64
	}{
		{"a message grows and is written again", map[string]string{chat: head + none + "\n" + said("m1", full) + "\n" + strings.Replace(said("m1", full), `"x"`, `"xy"`, 1) + "\n"}, 1, 1130},
		{"a document grows", map[string]string{chats: document(said("m1", full), said("m2", full), none)}, 2, 2260},
		{"a session that was carried over stands in two files", map[string]string{
			chats: document(said("m1", full)), chat: head + said("m1", full) + "\n" + said("m2", full) + "\n",
		}, 2, 2260},
		{"all messages at once inside of a line", map[string]string{
			chat: head + said("m1", full) + "\n" + `{"$set":{"messages":[` + said("m1", full) + "," + said("m2", full) + "]}}\n",
		}, 2, 2260},
		{"what was taken back was used", map[string]string{chat: head + said("m1", full) + "\n" + `{"$rewindTo":"m1"}` + "\n" + said("m2", full) + "\n"}, 2, 2260},
		{"the telling with most tokens counts", map[string]string{
			chat: head + said("m1", full) + "\n" + said("m1", `{"input":10,"output":1,"cached":0,"total":11}`) + "\n",
		}, 1, 1130},
		{"no counts came", map[string]string{chat: head + said("m1", `{"input":0,"output":0,"cached":0,"total":0}`) + "\n"}, 0, 0},
		{"what people and tools say has none", map[string]string{
			chats: document(strings.Replace(said("m1", full), `"gemini"`, `"user"`, 1), `{"id":"m2","type":"info","content":"\"tokens\""}`),
		}, 0, 0},
	} {
		var recs []connect.Record
		for path, text := range c.files {
			recs = append(recs, gemini(t, path, text)...)
		}
		if calls := merged(t, recs); len(calls) != c.calls || tokens(calls) != c.tokens {
			t.Errorf("%s: %d calls with %d tokens, want %d with %d", c.name, len(calls), tokens(calls), c.calls, c.tokens)
		}
	}
}

func TestWhereAChatLies(t *testing.T) {
	t.Parallel()
	digest := strings.Repeat("0f", 32)
	for _, c := range []struct{ path, first, project, parent, agent string }{
		{chat, `{}`, "shop", "", "gemini-cli"},
		{digest + "/chats/session-1.jsonl", `{}`, "", "", "gemini-cli"},
		{digest + "/chats/session-1.jsonl", `{"directories":["C:\\src\\till"]}`, "till", "", "gemini-cli"},
		{"session-1.jsonl", `{"directories":["/home/ada"]}`, "", "", "gemini-cli"},
		{"shop/chats/b7f2/c3d4.jsonl", `{"kind":"subagent"}`, "shop", "b7f2", "gemini-cli/subagent"},
	} {
		e := gemini(t, c.path, c.first+"\n"+said("m1", full)+"\n")[0].Event
		if e.Scope.Tags["project"] != c.project || e.Scope.ParentRun != c.parent || e.Scope.Agent != c.agent {
			t.Errorf("%s: %+v", c.path, e.Scope)
		}
	}
	p := agentlog.Gemini()
	for path, taken := range map[string]bool{
		chat: true, chats: true, "session-1.json": true, "shop/chats/b7f2/c3d4.jsonl": true, "shop/logs.json": false, "shop/checkpoint-a.json": false, "shop/chats/notes.md": false,
	} {
		if p.Takes(path) != taken {
			t.Errorf("%s is taken: %v", path, !taken)
		}
	}
}

func TestCountsOfGeminiCLIThatAreNone(t *testing.T) {
	t.Parallel()
	for tokens, problem := range map[string]string{
		`{"input":1.5,"output":"x","total":{}}`:                  "tokens.input: is not a whole number tokens.output: is not a whole number tokens.total: is not a whole number",
		`{"input":10,"output":1,"cached":20,"total":11}`:         "cache_read_tokens: is 20, above the 10 of input_tokens that it is a part of",
		`{"input":-10,"output":1,"total":-9}`:                    "input_tokens: is -10; want 0 to 10^15",
		`{"total":654}`:                                          "total_tokens: is 654, and none of its parts is told",
		`"many"`:                                                 "record: is not valid JSON of the form that Gemini CLI writes",
		`{"input":10,"output":1,"total":11},"timestamp":"today"`: "used_at: is missing, or is no instant",
	} {
		recs := gemini(t, chat, said("m1", tokens)+"\n")
		if len(recs) != 1 || !strings.Contains(fmt.Sprint(recs[0].Problems), problem) {
			t.Errorf("%s: %+v", tokens, recs)
		}
	}
	// One mistake loses nothing else of a document.
	recs := gemini(t, chats, `{"messages":[7,`+said("m1", full)+`,`+said("m2", `"many"`)+`,`+said("m3", full)+`]}`)
	if len(recs) != 3 || len(recs[0].Problems) != 1 || len(recs[1].Problems)+len(recs[2].Problems) > 0 {
		t.Errorf("%+v", recs)
	}
	if e := gemini(t, chat, said("m1", `{"input":1000,"output":40,"cached":900,"thoughts":60,"total":2000}`)+"\n")[0].Event; e.Flags != spend.UsageInconsistent {
		t.Errorf("a total that counts cached tokens twice has the flags %q", e.Flags)
	}
}
