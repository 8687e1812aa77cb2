package telemetry_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	tracev1 "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// book is a ledger as far as spans need one: of each key the last revision, and of the
// records of one call (one span by which others know it) one usage.
type book map[string]spend.Event

func (b book) take(calls []telemetry.Call) {
	for i := range calls {
		e := &calls[i].Event
		if was, known := b[e.SourceKey]; !known || spend.CompareRevisions(e, &was) > 0 {
			b[e.SourceKey] = *e
		}
	}
}

// total is tokens in and out, calls, and what no call tells.
func (b book) total() string {
	calls := map[string][]spend.Event{}
	for key, e := range b {
		if span := e.Scope.Tags[telemetry.SpanTag]; span != "" {
			key = e.Scope.Tags[telemetry.TraceTag] + "/" + span
		}
		calls[key] = append(calls[key], e)
	}
	var in, out, n int64
	rest := ""
	for _, key := range slices.Sorted(maps.Keys(calls)) {
		e := spend.Merge(calls[key])
		if e.UsageSource != spend.UsageUnobserved {
			in, out = in+e.Usage.PromptTokens(), out+e.Usage.CompletionTokens()
		}
		n += e.Calls()
		if e.Kind == telemetry.Unobserved && !e.Usage.IsZero() {
			rest += fmt.Sprintf(", %s %d/%d", e.UsageSource, e.Usage.PromptTokens(), e.Usage.CompletionTokens())
		}
	}
	return fmt.Sprintf("%d/%d in %d calls%s", in, out, n, rest)
}

func chat(id, parent, in, out int) *tracev1.Span {
	return span(1, id, parent, told{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": in, "gen_ai.usage.output_tokens": out})
}

func agent(id, parent, in, out int) *tracev1.Span {
	return span(1, id, parent, told{"gen_ai.operation.name": "invoke_agent", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5", "gen_ai.agent.name": fmt.Sprint("agent-", id), "gen_ai.usage.input_tokens": in, "gen_ai.usage.output_tokens": out})
}

func tool(id, parent int) *tracev1.Span {
	return span(1, id, parent, told{"gen_ai.operation.name": "execute_tool", "gen_ai.provider.name": "openai"})
}

// deliver sends spans in batches through a forest into a book.
func deliver(b book, f *telemetry.Forest, batches ...[]*tracev1.Span) {
	for _, spans := range batches {
		r := reader("", nil)
		var calls []telemetry.Call
		for _, s := range spans {
			c, _ := r.Span(s)
			calls = append(calls, c)
		}
		out, keep := f.Add("a", calls)
		b.take(out)
		keep()
	}
}

func forest() *telemetry.Forest { return telemetry.NewForest(1000, time.Unix(0, 0)) }

// traces are spans of one trace and what they cost.
func traces() map[string]struct {
	spans []*tracev1.Span
	want  string
} {
	type row = struct {
		spans []*tracev1.Span
		want  string
	}
	return map[string]row{
		"an agent over its calls":         {[]*tracev1.Span{chat(2, 1, 56, 5), chat(3, 1, 57, 6), agent(1, 0, 113, 11)}, "113/11 in 2 calls"},
		"an agent alone":                  {[]*tracev1.Span{agent(1, 0, 113, 11)}, "113/11 in 1 calls, provider 113/11"},
		"a call was not sampled":          {[]*tracev1.Span{chat(2, 1, 56, 5), agent(1, 0, 113, 11)}, "113/11 in 1 calls, provider 57/6"},
		"agents within agents":            {[]*tracev1.Span{chat(4, 3, 100, 10), agent(3, 2, 300, 30), tool(2, 1), chat(5, 1, 50, 5), agent(1, 0, 350, 35)}, "350/35 in 2 calls, provider 200/20"},
		"the span between was not sent":   {[]*tracev1.Span{chat(4, 9, 100, 10), agent(1, 0, 100, 10)}, "100/10 in 1 calls"},
		"two libraries see one call":      {[]*tracev1.Span{chat(3, 2, 1000, 90), chat(2, 1, 1000, 90), agent(1, 0, 1000, 90)}, "1000/90 in 1 calls"},
		"two libraries count differently": {[]*tracev1.Span{chat(3, 2, 1000, 90), chat(2, 1, 700, 90)}, "1000/90 in 1 calls"},
		"a library tries again":           {[]*tracev1.Span{chat(3, 2, 500, 0), chat(4, 2, 500, 90), chat(2, 1, 1000, 90)}, "1000/90 in 2 calls"},
		"an agent that rounds":            {[]*tracev1.Span{chat(2, 1, 5000, 50), agent(1, 0, 5040, 52)}, "5000/50 in 1 calls"},
	}
}

func TestForest(t *testing.T) {
	t.Parallel()
	for name, c := range traces() {
		b := book{}
		deliver(b, forest(), c.spans)
		if diff := cmp.Diff(c.want, b.total()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestForestInAnyOrder cuts each trace into batches in any order, and sends some of them
// again: the sums are those of one batch.
func TestForestInAnyOrder(t *testing.T) {
	t.Parallel()
	all := traces()
	names := slices.Sorted(maps.Keys(all))
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "trace")
		spans := rapid.Permutation(all[name].spans).Draw(t, "order")
		again := rapid.SliceOfN(rapid.SampledFrom(spans), 0, 4).Draw(t, "again")
		b, f := book{}, forest()
		for _, s := range append(spans, again...) {
			deliver(b, f, []*tracev1.Span{s})
		}
		if diff := cmp.Diff(all[name].want, b.total()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	})
}

// TestForestPlaces puts calls below the nearest agent, and lets the request of HTTP name
// the call, as the gateway sees it.
func TestForestPlaces(t *testing.T) {
	t.Parallel()
	b := book{}
	http := span(1, 7, 5, told{"http.request.method": "POST"})
	deliver(b, forest(), []*tracev1.Span{http, chat(5, 3, 10, 1)}, []*tracev1.Span{agent(3, 2, 10, 1)}, []*tracev1.Span{agent(2, 0, 10, 1)})
	trace := strings.Repeat("0", 31) + "1"
	scope := b[trace+"/"+strings.Repeat("0", 15)+"5"].Scope
	if scope.Agent != "agent-3" || scope.Tags[telemetry.SpanTag] != strings.Repeat("0", 15)+"7" {
		t.Errorf("%+v", scope)
	}
}

// TestForestHearsTheGateway takes what the gateway has counted from an agent's sum, where
// the agent's library shows no calls, or not all.
func TestForestHearsTheGateway(t *testing.T) {
	t.Parallel()
	trace := strings.Repeat("0", 31) + "1"
	used := func(in, out int64) *spend.Usage {
		var u spend.Usage
		u.Tokens[spend.InText], u.Tokens[spend.OutText] = in, out
		return &u
	}
	for want, spans := range map[string][]*tracev1.Span{
		"0/0 in 0 calls":                       {agent(2, 1, 300, 30), agent(1, 0, 300, 30)},
		"200/20 in 0 calls, provider 200/20":   {agent(2, 1, 300, 30), agent(1, 0, 500, 50)},
		"100/10 in 1 calls":                    {chat(3, 1, 100, 10), agent(1, 0, 300, 30)},
		"400/40 in 1 calls, provider 300/30":   {chat(3, 1, 100, 10), agent(1, 0, 600, 60)},
		"1000/100 in 1 calls, provider 700/70": {chat(3, 1, 300, 30), agent(1, 0, 1000, 100)},
	} {
		b, f := book{}, forest()
		f.Pass("a", trace, used(100, 10))
		f.Pass("a", trace, used(200, 20))
		deliver(b, f, spans)
		if diff := cmp.Diff(want, b.total()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestForestForgets says that what an agent used beyond its calls is not known, when
// calls may have been forgotten or have come before the server's start: it is no cost.
func TestForestForgets(t *testing.T) {
	t.Parallel()
	b, f := book{}, telemetry.NewForest(1, time.Unix(0, 0))
	deliver(b, f, []*tracev1.Span{chat(2, 1, 56, 5)}, []*tracev1.Span{span(9, 9, 0, told{"gen_ai.system": "openai", "gen_ai.usage.input_tokens": 0})}, []*tracev1.Span{agent(1, 0, 113, 11)})
	if diff := cmp.Diff("56/5 in 3 calls, unobserved 113/11", b.total()); diff != "" {
		t.Errorf("forgotten (-want +got):\n%s", diff)
	}
	b = book{}
	deliver(b, telemetry.NewForest(9, time.Unix(1_900_000_000, 0)), []*tracev1.Span{agent(1, 0, 113, 11)})
	if diff := cmp.Diff("0/0 in 1 calls, unobserved 113/11", b.total()); diff != "" {
		t.Errorf("begun before (-want +got):\n%s", diff)
	}
}
