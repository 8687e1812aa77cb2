package agentlog_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// merged gives what the ledger books of records: of each key what its lines add up
// to, whatever the order in which they come.
func merged(t *testing.T, recs []connect.Record) map[string]spend.Event {
	t.Helper()
	said := map[string][]spend.Event{}
	for _, rec := range recs {
		if len(rec.Problems) > 0 {
			t.Fatalf("line %d: %v", rec.Line, rec.Problems)
		}
		said[rec.Event.SourceKey] = append(said[rec.Event.SourceKey], rec.Event)
	}
	calls := map[string]spend.Event{}
	for key, events := range said {
		first := spend.Merge(events)
		calls[key] = first
		for range 10 {
			rand.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			if again := spend.Merge(events); again.Content() != first.Content() {
				t.Fatalf("%s is another call when its lines come in another order:\n%s", key, cmp.Diff(first, again))
			}
		}
	}
	return calls
}

func tokens(calls map[string]spend.Event) (sum int64) {
	for _, e := range calls {
		for _, n := range e.Usage.Tokens {
			sum += n
		}
	}
	return sum
}

func TestALineOfClaudeCode(t *testing.T) {
	t.Parallel()
	recs := claude(t, file, answer("msg_A", "req_A", 655, ""))
	if len(recs) != 1 || len(recs[0].Problems) > 0 {
		t.Fatalf("%+v", recs)
	}
	want := spend.Event{
		Source: "claude-code", SourceKey: "msg_A", Response: "msg_A", Rank: spend.RankAgentLog, Seller: "anthropic",
		ServedModel: "claude-opus-4-6", Kind: "chat", Status: spend.StatusOK, UsageSource: spend.UsageProvider, Flags: spend.Notional,
		Scope: spend.Scope{Run: "5c0e", Agent: "claude-code", Tags: map[string]string{"project": "my-app", "branch": "main", "request_id": "req_A"}},
	}
	want.Usage.Tokens[spend.InText], want.Usage.Tokens[spend.CacheRead] = 4, 52000
	want.Usage.Tokens[spend.CacheWrite1h], want.Usage.Tokens[spend.OutText] = 1800, 655
	got := recs[0].Event
	if got.UsedAt.Format("2006-01-02T15:04:05.000Z07:00") != "2026-11-23T09:00:01.100Z" {
		t.Errorf("used at %v", got.UsedAt)
	}
	want.UsedAt, want.Revision = got.UsedAt, got.Revision
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got)\n%s", diff)
	}
}

// side makes a line one of a side conversation.
func side(line string) string {
	return strings.Replace(line, `"isSidechain":false`, `"isSidechain":true,"agentId":"a1"`, 1)
}

// TestWhichLineOfAMessageCounts has a case for every clause of the rule, with what a
// reader loses that does not know it.
func TestWhichLineOfAMessageCounts(t *testing.T) {
	t.Parallel()
	partial, final := answer("msg_A", "req_A", 9, ""), answer("msg_A", "req_A", 655, "")
	for _, c := range []struct {
		name   string
		files  map[string]string
		calls  int
		output int64
		run    string
	}{
		{"the first line of a stream counts too little: 2 to 3 times", map[string]string{file: partial + final}, 1, 655, "5c0e"},
		{"lines in another order", map[string]string{file: final + partial}, 1, 655, "5c0e"},
		{"a sub-agent's message is in two files: 3.08 times as much", map[string]string{
			file: final, "-src-my-app/5c0e/subagents/agent-a1.jsonl": side(final),
		}, 1, 655, "5c0e"},
		{"a side conversation repeats it under another request", map[string]string{
			file: final, "-src-my-app/5c0e/subagents/agent-a1.jsonl": side(answer("msg_A", "req_B", 655, "")),
		}, 1, 655, "5c0e"},
		{"the conversation itself counts, though the side tells more tokens", map[string]string{
			file: partial, "-src-my-app/5c0e/subagents/agent-a1.jsonl": side(final),
		}, 1, 9, "5c0e"},
		{"side conversations count: 46 % of the cost", map[string]string{
			file: final, "-src-my-app/5c0e/subagents/agent-a1.jsonl": side(answer("msg_B", "req_B", 45, "")),
		}, 2, 700, "5c0e"},
		{"a resumed session repeats it", map[string]string{
			file: final, "-src-my-app/7d1f.jsonl": strings.Replace(final, "5c0e", "7d1f", 1),
		}, 1, 655, ""},
		{"a branched session says whose it was", map[string]string{
			"-src-my-app/7d1f.jsonl": strings.Replace(answer("msg_A", "req_A", 655, `,"forkedFrom":{"sessionId":"5c0e","messageUuid":"u1"}`), `"sessionId":"5c0e"`, `"sessionId":"7d1f"`, 1),
		}, 1, 655, "5c0e"},
	} {
		var recs []connect.Record
		for path, text := range c.files {
			recs = append(recs, claude(t, path, text)...)
		}
		calls := merged(t, recs)
		var output int64
		for _, e := range calls {
			output += e.Usage.Tokens[spend.OutText]
			if c.run != "" && e.Scope.Run != c.run {
				t.Errorf("%s: run is %q", c.name, e.Scope.Run)
			}
		}
		if len(calls) != c.calls || output != c.output {
			t.Errorf("%s: %d calls with %d tokens out, want %d with %d", c.name, len(calls), output, c.calls, c.output)
		}
	}
}

func TestSpeedDecidesBetweenEqualLines(t *testing.T) {
	t.Parallel()
	plain := answer("msg_A", "req_A", 655, "")
	fast := strings.Replace(plain, `"input_tokens":4`, `"speed":"fast","service_tier":"standard","input_tokens":4`, 1)
	for _, text := range []string{plain + fast, fast + plain} {
		if e := merged(t, claude(t, file, text))["msg_A"]; e.ServedTier != "fast" {
			t.Errorf("tier is %q", e.ServedTier)
		}
	}
}

func TestOfEqualLinesTheEarliestCounts(t *testing.T) {
	t.Parallel()
	early := answer("msg_A", "req_A", 655, "")
	late := strings.Replace(early, "T09:00:01", "T23:59:59", 1)
	for _, text := range []string{early + late, late + early} {
		if e := merged(t, claude(t, file, text))["msg_A"]; e.UsedAt.Hour() != 9 {
			t.Errorf("used at %v", e.UsedAt)
		}
	}
}

// counts replaces the counts of a line.
func counts(usage string) string {
	line := answer("msg_A", "req_A", 0, "")
	return line[:strings.LastIndex(line, `"usage":`)] + `"usage":{` + usage + "}}}\n"
}

func TestUsageOfClaudeCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		usage string
		want  map[spend.Meter]int64
	}{
		{`"input_tokens":1,"output_tokens":2,"cache_creation_input_tokens":30`, map[spend.Meter]int64{spend.InText: 1, spend.OutText: 2, spend.CacheWriteOther: 30}},
		{`"cache_creation_input_tokens":1,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10}`, map[spend.Meter]int64{spend.CacheWrite5m: 20, spend.CacheWrite1h: 10}},
		{`"cache_creation":{"ephemeral_1h_input_tokens":10},"cache_creation_input_tokens":10`, map[spend.Meter]int64{spend.CacheWrite1h: 10}},
		{`"cache_creation_input_tokens":184457,"cache_creation":{"ephemeral_5m_input_tokens":31490,"ephemeral_1h_input_tokens":0}`, map[spend.Meter]int64{spend.CacheWrite5m: 31490, spend.CacheWriteOther: 152967}},
		{`"input_tokens":5,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"cache_creation":null,"speed":null`, map[spend.Meter]int64{spend.InText: 5}},
		{`"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"server_tool_use":{"web_search_requests":3,"web_fetch_requests":9}`,
			map[spend.Meter]int64{spend.OutText: 6, spend.OutReasoning: 4, spend.WebSearch: 3}},
		{`"input_tokens":2,"output_tokens":9,"iterations":[{"type":"message","model":null,"input_tokens":2,"output_tokens":9}]`, map[spend.Meter]int64{spend.InText: 2, spend.OutText: 9}},
	} {
		recs := claude(t, file, counts(c.usage))
		if len(recs) != 1 || len(recs[0].Problems) > 0 {
			t.Errorf("%s: %+v", c.usage, recs)
			continue
		}
		got := map[spend.Meter]int64{}
		recs[0].Event.Usage.Each(func(m spend.Meter, q spend.Quantity) { got[m], _ = q.Int() })
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.usage, diff)
		}
	}
}

func TestAnAdvisorIsACallOfItsOwn(t *testing.T) {
	t.Parallel()
	calls := merged(t, claude(t, file, counts(`"input_tokens":2,"output_tokens":9,"iterations":[{"type":"message","input_tokens":2,"output_tokens":9},`+
		`{"type":"advisor_message","model":"claude-opus-4-6","input_tokens":100,"output_tokens":7}]`)))
	e := calls["msg_A/advisor/0"]
	if len(calls) != 2 || e.ServedModel != "claude-opus-4-6" || e.Usage.Tokens[spend.InText] != 100 || e.Response != "" || e.Operation != "msg_A" {
		t.Errorf("%+v", calls)
	}
}

func TestWhatIsNoCallIsPassed(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a message that the program made itself": strings.Replace(answer("msg_A", "req_A", 0, ""), "claude-opus-4-6", "<synthetic>", 1),
		"the result of a tool":                   `{"type":"user","message":{"role":"user","content":"x"},"toolUseResult":{"usage":{"input_tokens":5}}}` + "\n",
		"the progress of a sub-agent":            `{"type":"progress","data":{"message":{"message":{"id":"m","usage":{"input_tokens":5}}}}}` + "\n",
		"no usage":                               `{"type":"assistant","message":{"id":"m","usage":null}}` + "\n\n",
	} {
		if recs := claude(t, file, text); len(recs) != 0 {
			t.Errorf("%s: %+v", name, recs)
		}
	}
}

func TestIdsThatAreMissing(t *testing.T) {
	t.Parallel()
	line := answer("msg_A", "req_A", 655, `,"uuid":"u1"`)
	for _, c := range []struct{ old, new, key, response string }{
		{`"id":"msg_A"`, `"id":null`, "request/req_A", ""},
		{`"id":"msg_A"`, `"id":""`, "request/req_A", ""},
		{`"requestId":"req_A"`, `"requestId":null`, "msg_A", "msg_A"},
		{`"requestId":"req_A"`, `"requestId":""`, "msg_A", "msg_A"},
		{`"sessionId":"5c0e"`, `"sessionId":null`, "msg_A", "msg_A"},
	} {
		recs := claude(t, file, strings.Replace(line, c.old, c.new, 1))
		if e := recs[0].Event; len(recs[0].Problems) > 0 || e.SourceKey != c.key || e.Response != c.response || e.Scope.Run != "5c0e" {
			t.Errorf("%s: key %q, response %q, run %q, %v", c.new, e.SourceKey, e.Response, e.Scope.Run, recs[0].Problems)
		}
	}
}

func TestMistakesAreToldWithoutTheirText(t *testing.T) {
	t.Parallel()
	line := answer("msg_A", "req_A", 655, "")
	for _, c := range []struct{ text, fields string }{
		{line[:len(line)-2] + "\n", "record"},
		{line[:len(line)-1] + line, "record"},
		{strings.Replace(line, "2026-11-23T09:00:01.100Z", "secret", 1), "used_at"},
		{strings.Replace(strings.Replace(line, "msg_A", "", 1), "req_A", "", 1), "source_key"},
		{counts(`"input_tokens":"secret","output_tokens":-1`), "usage.input_tokens usage.output_tokens"},
		{counts(`"output_tokens":1,"output_tokens_details":{"thinking_tokens":4}`), "output_reasoning_tokens"},
	} {
		recs := claude(t, file, c.text)
		if len(recs) != 1 {
			t.Fatalf("%d records of %s", len(recs), c.text)
		}
		var fields []string
		for _, p := range recs[0].Problems {
			fields = append(fields, p.Field)
			if strings.Contains(p.Msg, "secret") {
				t.Errorf("%s repeats text", p)
			}
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("problems are %q, want %q", got, c.fields)
		}
	}
}

func TestWhatElseALineSays(t *testing.T) {
	t.Parallel()
	line := answer("msg_A", "req_A", 655, "")
	with := func(old, new string) spend.Event { return claude(t, file, strings.Replace(line, old, new, 1))[0].Event }
	if e := with(`"version"`, `"costUSD":0.0125,"version"`); e.Reported != money.Known(money.Must("0.0125")) || e.ReportedCurrency != "USD" {
		t.Errorf("reported %v %s", e.Reported, e.ReportedCurrency)
	}
	if e := with(`"version"`, `"isApiErrorMessage":true,"version"`); e.Status != spend.StatusError {
		t.Errorf("status %s", e.Status)
	}
	if e := with(`"isSidechain":false`, `"isSidechain":true,"agentId":"a1","attributionAgent":"Explore"`); e.Scope.Agent != "Explore" || e.Scope.Step != "a1" || e.Scope.Run != "5c0e" {
		t.Errorf("scope %+v", e.Scope)
	}
	if e := with(`"isSidechain":false`, `"isSidechain":true`); e.Scope.Agent != "claude-code/subagent" {
		t.Errorf("agent %q", e.Scope.Agent)
	}
	for old, c := range map[string][2]string{
		`"id":"msg_A"`: {`"id":"msg_bdrk_A"`, "bedrock"}, `"id":"msg_A",`: {`"id":"msg_vrtx_A",`, "vertex"},
		`claude-opus-4-6`:   {`us.anthropic.claude-opus-4-6-v1:0`, "bedrock"},
		`"claude-opus-4-6"`: {`"claude-opus-4-6@20260205"`, "vertex"},
	} {
		if e := with(old, c[0]); e.Seller != c[1] {
			t.Errorf("%s: seller %q", c[0], e.Seller)
		}
	}
	if e := with(`"input_tokens":4`, `"inference_geo":"us","input_tokens":4`); e.Region != "us" {
		t.Errorf("region %q", e.Region)
	}
	for cwd, project := range map[string]string{"/src/my-app": "my-app", "/src/my-app/a/b": "my-app", "/elsewhere/x": "x", "/home/ada": ""} {
		if e := with("/src/my-app/web", cwd); e.Scope.Tags["project"] != project {
			t.Errorf("directory %s is project %q", cwd, e.Scope.Tags["project"])
		}
	}
	if e := with(`"gitBranch":"main"`, `"gitBranch":"HEAD"`); e.Scope.Tags["branch"] != "" {
		t.Errorf("branch %q", e.Scope.Tags["branch"])
	}
}

func TestFoldersOfClaudeCode(t *testing.T) {
	t.Parallel()
	folders := func(vars map[string]string) string {
		return strings.Join(agentlog.ClaudeCode().Folders(agentlog.Env{Home: "/home/a", Get: func(name string) string { return vars[name] }}), " ")
	}
	for _, c := range []struct {
		vars map[string]string
		want string
	}{
		{nil, "/home/a/.claude/projects /home/a/.config/claude/projects"},
		{map[string]string{"XDG_CONFIG_HOME": "/x"}, "/home/a/.claude/projects /x/claude/projects"},
		{map[string]string{"CLAUDE_CONFIG_DIR": "/c, ~/d ,/e/projects,"}, "/c/projects /home/a/d/projects /e/projects"},
	} {
		if got := folders(c.vars); got != c.want {
			t.Errorf("%v: %s, want %s", c.vars, got, c.want)
		}
	}
}

// TestAnyOrderOfFilesGivesTheSameCalls reads a folder with everything in it in
// shuffled order, some files twice.
func TestAnyOrderOfFilesGivesTheSameCalls(t *testing.T) {
	t.Parallel()
	files := folder(7, 12)
	paths := make([]string, 0, len(files))
	for path := range files {
		paths = append(paths, path)
	}
	read := func(order []string) map[string]spend.Event {
		var recs []connect.Record
		for _, path := range order {
			recs = append(recs, claude(t, path, files[path])...)
		}
		return merged(t, recs)
	}
	want := read(paths)
	if len(want) == 0 || tokens(want) == 0 {
		t.Fatal("the folder is empty")
	}
	for range 5 {
		order := append(append([]string{}, paths...), paths[:3]...)
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if diff := cmp.Diff(want, read(order)); diff != "" {
			t.Fatalf("another order gives other calls (-want +got)\n%s", diff)
		}
	}
}

// folder makes the log of a few sessions: partial rows, sub-agents that repeat and
// that do not, resumed sessions.
func folder(seed uint64, sessions int) map[string]string {
	r := rand.New(rand.NewPCG(seed, 1))
	files := map[string]string{}
	for s := range sessions {
		id := fmt.Sprintf("s%d", s)
		path := "-src-my-app/" + id + ".jsonl"
		sub := fmt.Sprintf("-src-my-app/%s/subagents/agent-a%d.jsonl", id, s)
		for m := range 1 + r.IntN(8) {
			message, request := fmt.Sprintf("msg_%d_%d", s, m), fmt.Sprintf("req_%d_%d", s, m)
			for range 1 + r.IntN(3) {
				line := strings.Replace(answer(message, request, r.IntN(500), ""), "5c0e", id, 1)
				files[path] += line
				if r.IntN(3) == 0 {
					files[sub] += side(strings.Replace(line, request, request+"x", 1))
				}
			}
		}
		if s > 0 && r.IntN(2) == 0 {
			files[path] = strings.ReplaceAll(files[fmt.Sprintf("-src-my-app/s%d.jsonl", s-1)], fmt.Sprintf("s%d", s-1), id) + files[path]
		}
	}
	return files
}
