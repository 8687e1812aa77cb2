package gateway_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// told gives what a monitoring system sees of some figures, without comments and
// without what depends on the clock.
func told(t *testing.T, of ...prometheus.Collector) []string {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(of...)
	w := &kept{header: http.Header{}}
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, &http.Request{Header: http.Header{}})
	var lines []string
	for line := range strings.Lines(w.text.String()) {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum{") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// kept is an answer in memory.
type kept struct {
	header http.Header
	text   strings.Builder
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(int)             {}
func (k *kept) Write(p []byte) (int, error) { return k.text.Write(p) }

// about keeps the lines of some figures of the gateway, without its name.
func about(lines []string, names ...string) (some []string) {
	for _, line := range lines {
		line = strings.TrimPrefix(line, "bursar_gateway_")
		if name := strings.FieldsFunc(line, func(r rune) bool { return r == '{' || r == ' ' })[0]; slices.Contains(names, name) {
			some = append(some, line)
		}
	}
	return some
}

// judging says the same of every call until it has said it so often.
type judging struct {
	verdict budget.Verdict
	free    int
}

func (j *judging) Acquire(*budget.Call) budget.Verdict {
	if j.free--; j.free >= 0 {
		return budget.Verdict{}
	}
	return j.verdict
}
func (*judging) Rates(*budget.Call) []budget.Reason { return nil }
func (*judging) Settle(spend.ID, budget.Cost)       {}
func (*judging) Release(spend.ID)                   {}

// moved says that calls of the workflow sort are booked under another.
type moved struct{}

func (moved) Scope(e *spend.Event) spend.Scope {
	s := e.Scope
	if s.Workflow == "sort" {
		s.Workflow = "sorting"
	}
	return s
}

func TestWhatPassesIsCountedByWorkflowAgentModelAndVerdict(t *testing.T) {
	t.Parallel()
	meter := gateway.NewMeter(0)
	stop := budget.Verdict{Action: budget.Stop, Reasons: []budget.Reason{{Limit: "claims/month"}}}
	r := enter(t, streamed, func(c *gateway.Config) {
		c.Meter, c.Budgets, c.Scopes, c.Prices = meter, &judging{verdict: stop, free: 2}, moved{}, paid{}
	})
	for range 3 {
		r.ask("/openai/v1/chat/completions", chat, "X-Bursar-Workflow", "sort", "X-Bursar-Agent", "clerk")
	}
	r.ask("/openai/v1/chat/completions", chat, "Authorization", "Bearer nobody", "X-Bursar-Workflow", "intruder")
	r.settled(2)
	who := `{agent="clerk",`
	want := []string{
		`attempts_total` + who + `model="gpt-5-2026",status="ok",verdict="allow",workflow="sorting"} 2`,
		`cost_total` + who + `currency="USD",model="gpt-5-2026",workflow="sorting"} 0.006`,
		`first_token_seconds_count{route="openai",upstream="mock"} 2`,
		`label_sets 3`,
		`refused_total{agent="",model="",reason="unknown_key",verdict="allow",workflow=""} 1`,
		`refused_total` + who + `model="gpt-5",reason="over_budget",verdict="stop",workflow="sorting"} 1`,
		`seconds_count{route="openai",upstream="mock"} 2`,
		`tokens_total` + who + `kind="fresh",model="gpt-5-2026",workflow="sorting"} 20`,
		`tokens_total` + who + `kind="output",model="gpt-5-2026",workflow="sorting"} 6`,
		`usage_total{source="provider"} 2`,
	}
	lines := told(t, meter, r.counts)
	got := about(lines, "attempts_total", "refused_total", "tokens_total", "cost_total", "usage_total", "seconds_count", "first_token_seconds_count", "label_sets")
	got = slices.DeleteFunc(got, func(line string) bool { return strings.Contains(line, `route="anthropic"`) })
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantLines(t, lines,
		`bursar_gateway_calls_total 3`,
		`bursar_gateway_breaker_state{route="openai",upstream="mock"} 0`,
		`bursar_gateway_running{route="openai",upstream="mock"} 0`,
		`bursar_gateway_waiting{route="openai",upstream="mock"} 0`,
		`bursar_gateway_limit_refused_total{limit="claims/month",workflow="sorting"} 1`,
	)
}

// wantLines wants some lines among others.
func wantLines(t *testing.T, lines []string, want ...string) {
	t.Helper()
	for _, line := range want {
		if !slices.Contains(lines, line) {
			t.Errorf("no line %s in\n%s", line, strings.Join(lines, "\n"))
		}
	}
}

// paid gives costs in the reporting currency, as the server's prices do.
type paid struct{ prices }

func (paid) Cost(call pricebook.Call) budget.Cost {
	cost := prices{}.Cost(call)
	cost.Reporting, cost.In = cost.Effective, "USD"
	return cost
}

// TestLabelsAreBounded makes more sets than there may be, of names as long and as broken
// as a client may send them.
func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	meter := gateway.NewMeter(2)
	r := enter(t, streamed, func(c *gateway.Config) { c.Meter = meter })
	for i := range 5 {
		r.ask("/openai/v1/chat/completions", chat, "X-Bursar-Workflow", fmt.Sprintf("%d\"\\\xff%s", i, strings.Repeat("x", 300)))
	}
	r.settled(5)
	lines := told(t, meter)
	got := about(lines, "attempts_total")
	long := strings.Repeat("x", 125)
	want := []string{
		`attempts_total{agent="",model="gpt-5-2026",status="ok",verdict="allow",workflow="0\"\\` + long + `"} 1`,
		`attempts_total{agent="",model="gpt-5-2026",status="ok",verdict="allow",workflow="1\"\\` + long + `"} 1`,
		`attempts_total{agent="other",model="other",status="ok",verdict="allow",workflow="other"} 3`,
	}
	if diff := cmp.Diff(want, got); diff != "" || !slices.Contains(lines, "bursar_gateway_folded_total 3") {
		t.Errorf("(-want +got)\n%s\n%s", diff, strings.Join(lines, "\n"))
	}
}

// TestRefusalsAreToldByLimit wants the values apart that a limit counts apart, of no more
// workflows than there may be.
func TestRefusalsAreToldByLimit(t *testing.T) {
	t.Parallel()
	meter := gateway.NewMeter(2)
	stop := budget.Verdict{Action: budget.Stop, Reasons: []budget.Reason{{Limit: "each/month", Each: []string{"claims", "blue"}}, {Limit: "all/month"}}}
	r := enter(t, streamed, func(c *gateway.Config) { c.Meter, c.Budgets, c.Scopes = meter, &judging{verdict: stop}, moved{} })
	for _, workflow := range []string{"sort", "sort", "draft", "a", "b", "sort"} {
		r.ask("/openai/v1/chat/completions", chat, "X-Bursar-Workflow", workflow)
	}
	each := []string{"claims", "blue"}
	want := []gateway.Overrun{
		{Limit: "each/month", Each: each, Workflow: "draft", Calls: 1},
		{Limit: "each/month", Workflow: "other", Calls: 2},
		{Limit: "each/month", Each: each, Workflow: "sorting", Calls: 3},
	}
	if diff := cmp.Diff(want, meter.Overruns()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestARetryIsCounted fails once.
func TestARetryIsCounted(t *testing.T) {
	t.Parallel()
	meter, asked := gateway.NewMeter(0), 0
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		if asked++; asked == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		streamed(w, q)
	}, func(c *gateway.Config) {
		c.Meter = meter
		for i := range c.Routes {
			c.Routes[i].Upstreams[0].Tries = 2
		}
	})
	if answer, text := r.ask("/openai/v1/chat/completions", chat); answer.StatusCode != http.StatusOK {
		t.Fatal(answer.StatusCode, text)
	}
	wantLines(t, told(t, meter),
		`bursar_gateway_retries_total{route="openai",upstream="mock"} 1`,
		`bursar_gateway_seconds_count{route="openai",upstream="mock"} 2`,
		`bursar_gateway_attempts_total{agent="",model="gpt-5",status="error",verdict="allow",workflow=""} 1`,
		`bursar_gateway_attempts_total{agent="",model="gpt-5-2026",status="ok",verdict="allow",workflow=""} 1`,
	)
}

// TestNoRetryOfWhatWasNotMade: an upstream that is left alone was not tried, so that the
// attempt at the next is the first of its call.
func TestNoRetryOfWhatWasNotMade(t *testing.T) {
	t.Parallel()
	down := httptest.NewServer(say(500, "application/json", `{"error":{"message":"no"}}`))
	t.Cleanup(down.Close)
	base, err := url.Parse(down.URL)
	if err != nil {
		t.Fatal(err)
	}
	meter := gateway.NewMeter(0)
	r := enter(t, say(200, "application/json", whole), func(c *gateway.Config) {
		c.Meter = meter
		up := c.Routes[0].Upstreams[0]
		up.Base, up.Name, up.Tries = base, "first", 1
		c.Routes[0].Upstreams = []gateway.Upstream{up, c.Routes[0].Upstreams[0]}
	})
	for range 30 {
		if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != http.StatusOK {
			t.Fatal(answer.StatusCode, text)
		}
	}
	r.settled(50) // the first is left alone after twenty
	wantLines(t, told(t, meter),
		`bursar_gateway_retries_total{route="openai",upstream="first"} 0`,
		`bursar_gateway_retries_total{route="openai",upstream="mock"} 20`,
	)
}

// TestCountingAllocatesNothing counts attempts of a set that is known.
func TestCountingAllocatesNothing(t *testing.T) {
	e := spend.Event{ServedModel: "gpt-5", Status: spend.StatusOK, UsageSource: spend.UsageProvider, Scope: spend.Scope{Workflow: "sort"}}
	count := gateway.Settles(gateway.NewMeter(0), &e, budget.Cost{Reporting: money.Known(money.Must("0.001")), In: "USD"})
	if n := testing.AllocsPerRun(100, count); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCounting(b *testing.B) {
	e := spend.Event{ServedModel: "gpt-5", Status: spend.StatusOK, UsageSource: spend.UsageProvider, Scope: spend.Scope{Workflow: "sort"}}
	count := gateway.Settles(gateway.NewMeter(0), &e, budget.Cost{Reporting: money.Known(money.Must("0.001")), In: "USD"})
	b.ReportAllocs()
	for b.Loop() {
		count()
	}
}
