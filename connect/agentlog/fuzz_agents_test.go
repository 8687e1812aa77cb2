package agentlog_test

import (
	"strings"
	"testing"

	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/spend"
)

// fuzzGrowing reads any two texts as a log that grew: what the first one told stays
// what it was, every record is an event or says why not, and no count is negative. A
// document is written anew as a whole, so it has no first text.
func fuzzGrowing(f *testing.F, p agentlog.Program, path string) {
	f.Helper()
	f.Fuzz(func(t *testing.T, a, b string) {
		switch {
		case p.Whole != nil && p.Whole(path):
			a = ""
		case a != "" && !strings.HasSuffix(a, "\n"):
			a += "\n"
		}
		first := drain(t, agentlog.Open(strings.NewReader(a), &p, agentlog.Options{Path: path}))
		whole := drain(t, agentlog.Open(strings.NewReader(a+b), &p, agentlog.Options{Path: path}))
		if len(first) > len(whole) {
			t.Fatalf("%d records, and %d when the log grew", len(first), len(whole))
		}
		for i, rec := range whole {
			if i < len(first) && (rec.Event.Content() != first[i].Event.Content() || rec.Event.Revision != first[i].Event.Revision) {
				t.Fatalf("record %d changed: %+v, %+v", i, first[i], rec)
			}
			if len(rec.Problems) == 0 && (rec.Event.SourceKey == "" || rec.Event.UsedAt.IsZero() || rec.Event.Revision < 0) {
				t.Fatalf("half an event: %+v", rec.Event)
			}
			rec.Event.Usage.Each(func(m spend.Meter, q spend.Quantity) {
				if q.Sign() < 0 {
					t.Fatalf("%s is %s", m, q)
				}
			})
		}
	})
}

func FuzzCodex(f *testing.F) {
	own := thread("09:10:00", helper, `,"parent_thread_id":"`+parent+`","source":{"subagent":{"thread_spawn":{}}}`) + "\n"
	f.Add(own+thread("09:10:00", parent, "")+"\n", count("09:10:00.1", sums{5, 4, 3, 2}, sums{5, 4, 3, 2})+"\n"+grown("09:10:09", sums{1, 0, 1, 0}))
	f.Add(model("09:10:01", "m", "01a207ab-5a72-7000-8000-000000000021"), grown("09:10:09", sums{1, -1, 9223372036854775807, 0}))
	f.Add(`{"type":"event_msg","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":1.0}}},"timestamp":[1,2]}`, `{"type":"turn_context","payload":7}`)
	fuzzGrowing(f, agentlog.Codex(), rollout)
}

func FuzzGemini(f *testing.F) {
	f.Add(`{"sessionId":"a","directories":["/x/y"]}`+"\n"+said("m1", "null"), said("m1", full)+"\n"+`{"$set":{"messages":[`+said("m2", full)+`,7]}}`)
	f.Add(said("", `{"input":9223372036854775807,"tool":9223372036854775807}`), said("m1", `"x"`))
	fuzzGrowing(f, agentlog.Gemini(), chat)
}

func FuzzGeminiDocument(f *testing.F) {
	f.Add("", `{"sessionId":"a","messages":[`+said("m1", full)+`,{},null,"x"]}`)
	f.Add("", `{"messages":[{"type":"gemini","tokens":{"total":3},"timestamp":1795424400}]}`)
	fuzzGrowing(f, agentlog.Gemini(), chats)
}

func FuzzCopilot(f *testing.F) {
	f.Add(ended("invoke_agent x", "tr", "a", 113, 11, ""), ended("chat m", "tr", "b", 56, 5, response("r1"))+"\n"+logged(inference, "tr", "b", 56, 5, response("r1")))
	f.Add(logged(turned, "tr", "a", 1, 1, `,"turn.index":0`), ended("chat m", "", "", 9, -5, `,"gen_ai.usage.cache_write.input_tokens":"7"`))
	fuzzGrowing(f, agentlog.Copilot(), "copilot-otel.jsonl")
}
