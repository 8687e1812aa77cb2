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

const (
	rollout = "2026/11/23/rollout-2026-11-23T09-00-00-th-1.jsonl"
	parent  = "01a207a2-3280-7000-8000-000000000001" // made at 09:00:00.000
	helper  = "01a207ab-5a40-7000-8000-000000000002" // made at 09:10:00.000
)

func codex(t *testing.T, lines ...string) []connect.Record {
	t.Helper()
	p := agentlog.Codex()
	return drain(t, agentlog.Open(strings.NewReader(strings.Join(lines, "\n")+"\n"), &p, agentlog.Options{Path: rollout}))
}

func thread(at, id, more string) string {
	return fmt.Sprintf(`{"timestamp":"2026-11-23T%sZ","type":"session_meta","payload":{"id":%q%s}}`, at, id, more)
}

func model(at, id, turn string) string {
	return fmt.Sprintf(`{"timestamp":"2026-11-23T%sZ","type":"turn_context","payload":{"model":%q,"turn_id":%q}}`, at, id, turn)
}

// sums are input, cached, output and reasoning tokens.
type sums [4]int64

func (c sums) text() string {
	return fmt.Sprintf(`{"input_tokens":%d,"cached_input_tokens":%d,"output_tokens":%d,"reasoning_output_tokens":%d,"total_tokens":%d}`, c[0], c[1], c[2], c[3], c[0]+c[2])
}

func count(at string, total, last sums) string {
	return fmt.Sprintf(`{"timestamp":"2026-11-23T%sZ","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":%s,"last_token_usage":%s}}}`,
		at, total.text(), last.text())
}

func grown(at string, total sums) string {
	return fmt.Sprintf(`{"timestamp":"2026-11-23T%sZ","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":%s}}}`, at, total.text())
}

func TestACallOfCodex(t *testing.T) {
	t.Parallel()
	recs := codex(t,
		`{"timestamp":"2026-11-23T09:00:00Z","type":"session_meta","payload":{"id":"th-1","cwd":"C:\\Users\\ada\\src\\shop","model_provider":"openai",`+
			`"git":{"repository_url":"git@forge.example:acme/shop.git","branch":"feature/x","commit_hash":"0a1b"}}}`,
		model("09:00:01", "gpt-5-codex", ""),
		count("09:00:20.123", sums{30000, 21000, 900, 400}, sums{12000, 9000, 300, 120}),
	)
	if len(recs) != 1 || len(recs[0].Problems) > 0 {
		t.Fatalf("%+v", recs)
	}
	want := spend.Event{
		Source: "codex", SourceKey: "th-1/0/30000-21000-0-900-400", Rank: spend.RankAgentLog, Seller: "openai", RequestedModel: "gpt-5-codex", Kind: "chat",
		Status: spend.StatusOK, UsageSource: spend.UsageProvider,
		Scope: spend.Scope{Run: "th-1", Agent: "codex", Tags: map[string]string{
			"project": "shop", "repository": "forge.example/acme/shop", "branch": "feature/x", "base_commit": "0a1b",
		}},
	}
	want.Usage.Tokens[spend.InText], want.Usage.Tokens[spend.CacheRead] = 3000, 9000
	want.Usage.Tokens[spend.OutText], want.Usage.Tokens[spend.OutReasoning] = 180, 120
	got := recs[0].Event
	if got.UsedAt.Format("15:04:05.000Z07:00") != "09:00:20.123Z" {
		t.Errorf("used at %v", got.UsedAt)
	}
	want.UsedAt, want.Revision = got.UsedAt, got.Revision
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got)\n%s", diff)
	}
}

// history is what a thread of n calls of 1,010 tokens told, with its instants or, when
// copied, all within 40 milliseconds.
func history(n int64, stamp func(i int64) string) (lines []string) {
	for i := int64(1); i <= n; i++ {
		lines = append(lines, count(stamp(i), sums{1000 * i, 900 * i, 10 * i, 5 * i}, sums{1000, 900, 10, 5}))
	}
	return lines
}

func original(i int64) string { return fmt.Sprintf("09:%02d:%02d", i/60, i%60) }
func copied(i int64) string   { return fmt.Sprintf("09:10:00.%03d", i/5) }

// TestWhichCountsOfCodexCount has a case for every clause, with what a reader counts
// too much or loses that does not know it.
func TestWhichCountsOfCodexCount(t *testing.T) {
	t.Parallel()
	spawned := fmt.Sprintf(`,"session_id":%q,"forked_from_id":%[1]q,"parent_thread_id":%[1]q,"thread_source":"subagent"`, parent)
	own := count("09:10:09", sums{201000, 180900, 2010, 1005}, sums{1000, 900, 10, 5})
	join := func(parts ...[]string) (all []string) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	const turn, older, newer = "turn", "01a207a2-45f8-7000-8000-000000000011", "01a207ab-5a72-7000-8000-000000000021"
	for _, c := range []struct {
		name   string
		lines  []string
		calls  int
		tokens int64
	}{
		{"the totals told again are no call: 30 to 67 %", []string{
			count("09:00:20", sums{1000, 0, 10, 0}, sums{1000, 0, 10, 0}), count("09:00:21", sums{1000, 0, 10, 0}, sums{1000, 0, 10, 0}),
			count("09:00:40", sums{3000, 0, 20, 0}, sums{2000, 0, 10, 0}), count("09:01:00", sums{3000, 0, 20, 0}, sums{2000, 0, 10, 0}),
		}, 2, 3020},
		{"what the totals grew by, where no call is told", []string{
			grown("09:00:20", sums{1000, 500, 10, 4}), grown("09:00:30", sums{1000, 500, 10, 4}), grown("09:00:40", sums{3000, 900, 30, 4}),
		}, 2, 3030},
		{"totals that fall begin anew", []string{
			grown("09:00:20", sums{5000, 0, 50, 0}), grown("09:00:30", sums{1000, 0, 10, 0}), grown("09:00:40", sums{5000, 0, 50, 0}),
		}, 3, 10100},
		{"a compaction tells no call", []string{
			count("09:00:20", sums{1000, 0, 10, 0}, sums{1000, 0, 10, 0}),
			`{"timestamp":"2026-11-23T09:00:30Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":` + sums{1000, 0, 10, 0}.text() +
				`,"last_token_usage":{"input_tokens":0,"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":400}}}}`,
			count("09:00:40", sums{1500, 0, 20, 0}, sums{500, 0, 10, 0}),
		}, 2, 1520},
		{"no counts yet", []string{
			`{"timestamp":"2026-11-23T09:00:05Z","type":"event_msg","payload":{"type":"token_count","info":null,"rate_limits":{"plan_type":null}}}`,
			`{"id":"th-1","timestamp":"2025-08-20T10:00:00Z","instructions":null,"note":"\"token_count\""}`,
		}, 0, 0},
		{"a helper's file begins with the parent's history: 91 times", join(
			[]string{thread("09:10:00", helper, spawned), thread("09:10:00", parent, "")}, history(200, copied), []string{own},
		), 1, 1010},
		{"a copy without the other thread's first line", join([]string{thread("09:10:00", helper, spawned)}, history(200, copied), []string{own}), 1, 1010},
		{"a copy in a file that only says so by a second thread", join(
			[]string{thread("09:10:00", helper, ""), thread("09:10:00", parent, "")}, history(200, copied), []string{own},
		), 1, 1010},
		{"a copy that runs over a second's end", join(
			[]string{thread("09:10:00", helper, spawned)}, history(2, copied), []string{
				count("09:10:00.950", sums{3000, 2700, 30, 15}, sums{1000, 900, 10, 5}), count("09:10:01.300", sums{4000, 3600, 40, 20}, sums{1000, 900, 10, 5}),
			}, []string{own},
		), 1, 1010},
		{"a fork that kept the instants", join([]string{thread("10:00:00", helper, `,"forked_from_id":"`+parent+`"`), thread("09:00:00", parent, "")},
			history(200, original), []string{count("10:00:30", sums{201000, 180900, 2010, 1005}, sums{1000, 900, 10, 5})}), 1, 1010},
		{"a helper without a copy: its first call is its own", []string{
			thread("09:10:00", helper, spawned), thread("09:10:00", parent, ""), count("09:10:04", sums{1000, 900, 10, 5}, sums{1000, 900, 10, 5}),
			count("09:10:09", sums{2000, 1800, 20, 10}, sums{1000, 900, 10, 5}),
		}, 2, 2020},
		{"turns tell the copy's end to the millisecond", join(
			[]string{thread("09:10:00", helper, spawned), thread("09:10:00", parent, ""), model("09:10:00.001", "gpt-5", older)}, history(200, copied),
			[]string{model("09:10:00.050", "gpt-5-mini", newer), count("09:10:00.700", sums{201000, 180900, 2010, 1005}, sums{1000, 900, 10, 5})},
		), 1, 1010},
		{"a copied turn stays one, however long it took to write", join(
			[]string{thread("09:10:00", helper, spawned), model("09:10:00.001", "gpt-5", older)}, history(3, copied),
			[]string{count("09:10:05", sums{4000, 3600, 40, 20}, sums{1000, 900, 10, 5}), model("09:10:06", "gpt-5", newer),
				count("09:10:09", sums{5000, 4500, 50, 25}, sums{1000, 900, 10, 5})},
		), 1, 1010},
		{"a turn without an instant in its id tells nothing", []string{
			thread("09:10:00", helper, spawned), model("09:10:00.001", "gpt-5", turn), count("09:10:00.100", sums{1000, 900, 10, 5}, sums{1000, 900, 10, 5}), own,
		}, 1, 1010},
		{"a thread of its own has no copy, however fast", []string{
			thread("09:00:00", "th-1", ""), count("09:00:00.100", sums{1000, 900, 10, 5}, sums{1000, 900, 10, 5}),
		}, 1, 1010},
	} {
		calls := merged(t, codex(t, c.lines...))
		if len(calls) != c.calls || tokens(calls) != c.tokens {
			t.Errorf("%s: %d calls with %d tokens, want %d with %d\n%s", c.name, len(calls), tokens(calls), c.calls, c.tokens, book(calls))
		}
	}
}

func TestAHelperOfCodexIsBelowItsParent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ more, parent, agent string }{
		{`,"session_id":"root","parent_thread_id":"root","agent_role":"explorer"`, "root", "explorer"},
		{`,"source":{"subagent":{"thread_spawn":{"parent_thread_id":"root","depth":1}}}`, "root", "codex/subagent"},
		{`,"source":"cli","forked_from_id":"root"`, "", "codex"},
		{`,"source":{"subagent":"review"}`, "", "codex"},
	} {
		recs := codex(t, thread("09:00:00", "th-9", c.more), count("09:00:09", sums{1, 0, 1, 0}, sums{1, 0, 1, 0}))
		if s := recs[0].Event.Scope; s.Run != "th-9" || s.ParentRun != c.parent || s.Agent != c.agent {
			t.Errorf("%s: run %q below %q by %q", c.more, s.Run, s.ParentRun, s.Agent)
		}
	}
}

func TestTheModelOfCodexIsNotGuessed(t *testing.T) {
	t.Parallel()
	call := count("09:00:20", sums{1000, 0, 10, 0}, sums{1000, 0, 10, 0})
	bare := codex(t, call)
	if e := bare[0].Event; e.Model() != "" || e.Scope.Run != "th-1" {
		t.Errorf("model %q, run %q of a file without its beginning", e.Model(), e.Scope.Run)
	}
	whole := codex(t, thread("09:00:00", "th-1", `,"model_provider":"azure_openai"`), model("09:00:01", "gpt-5-codex", ""), call)
	if e := merged(t, append(whole, bare...))["th-1/0/1000-0-0-10-0"]; e.Model() != "gpt-5-codex" || e.Seller != "azure" {
		t.Errorf("of the whole file and one that lost its beginning the latter counts: %s of %s", e.Model(), e.Seller)
	}
}

func TestWhoPaysForCodex(t *testing.T) {
	t.Parallel()
	for plan, flags := range map[string]spend.Flags{
		`null`: 0, `"plus"`: spend.Notional, `"enterprise"`: spend.Notional, `"enterprise_cbp_usage_based"`: 0,
	} {
		line := strings.Replace(count("09:00:20", sums{1, 0, 1, 0}, sums{1, 0, 1, 0}), `"info"`, `"rate_limits":{"plan_type":`+plan+`},"info"`, 1)
		if e := codex(t, line)[0].Event; e.Flags != flags {
			t.Errorf("plan %s: flags %q, want %q", plan, e.Flags, flags)
		}
	}
}

func TestCountsOfCodexThatAreNone(t *testing.T) {
	t.Parallel()
	whole := count("09:00:20", sums{1000, 900, 10, 5}, sums{1000, 900, 10, 5})
	for _, c := range []struct{ old, broken, problem string }{
		{`"input_tokens":1000`, `"input_tokens":"many"`, "last_token_usage.input_tokens: is not a whole number"},
		{`"cached_input_tokens":900`, `"cached_input_tokens":1200`, "cache_read_tokens: is 1200, above the 1000 of input_tokens that it is a part of"},
		{`"output_tokens":10`, `"output_tokens":-10`, "output_tokens: is -10; want 0 to 10^15"},
		{`2026-11-23T09:00:20Z`, `yesterday`, "used_at: is missing, or is no instant"},
		{`{"input_tokens":1000`, `["input_tokens",1000`, "record: is not valid JSON of the form that Codex writes"},
		{`"total_token_usage":{`, `"total_token_usage":4,"x":{`, "record: is not valid JSON of the form that Codex writes"},
	} {
		recs := codex(t, strings.ReplaceAll(whole, c.old, c.broken))
		if len(recs) != 1 || !strings.Contains(fmt.Sprint(recs[0].Problems), c.problem) {
			t.Errorf("%s: %+v", c.broken, recs)
		}
	}
}

func TestFoldersOfPrograms(t *testing.T) {
	t.Parallel()
	env := func(name, value string) agentlog.Env {
		return agentlog.Env{Home: "/home/ada", Get: func(s string) string {
			if s == name {
				return value
			}
			return ""
		}}
	}
	for _, c := range []struct {
		program agentlog.Program
		env     agentlog.Env
		want    []string
	}{
		{agentlog.Codex(), env("", ""), []string{"/home/ada/.codex/sessions", "/home/ada/.codex/archived_sessions"}},
		{agentlog.Codex(), env("CODEX_HOME", "/x"), []string{"/x/sessions", "/x/archived_sessions"}},
		{agentlog.Gemini(), env("", ""), []string{"/home/ada/.gemini/tmp"}},
		{agentlog.Gemini(), env("GEMINI_CLI_HOME", "/x"), []string{"/x/.gemini/tmp"}},
		{agentlog.Copilot(), env("", ""), []string{"/home/ada/.copilot/otel"}},
		{agentlog.Copilot(), env("COPILOT_HOME", "/x"), []string{"/x/otel"}},
	} {
		if diff := cmp.Diff(c.want, c.program.Folders(c.env)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.program.Name, diff)
		}
	}
}
