package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// scopes books calls under what they claim.
type scopes struct{}

func (scopes) Scope(e *spend.Event) spend.Scope { return e.Scope }

// cheap is a price of a thousandth for each token of an answer, and nothing else.
type cheap struct{ prices }

func (cheap) Most(_ pricebook.Call, cases []spend.Usage) money.Null {
	return money.Known(money.FromUnits(cases[0].CompletionTokens() * 1_000_000_000))
}

// tiered is cheap, and twice that in the tier priority.
type tiered struct{ cheap }

func (t tiered) Most(call pricebook.Call, cases []spend.Usage) money.Null {
	if call.ServiceTier == "priority" {
		return money.Known(money.FromUnits(2 * cases[0].CompletionTokens() * 1_000_000_000))
	}
	return t.cheap.Most(call, cases)
}

// limited is a gateway under the budgets of a text.
func limited(t *testing.T, upstream http.HandlerFunc, text string, more ...func(*gateway.Config)) (*room, *budget.Engine) {
	t.Helper()
	d, err := budget.Parse([]byte("kind: budget\nname: test\n"+text), calendar.Calendar{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := budget.Compile(d.Budgets, d.Rates, nil)
	if err != nil {
		t.Fatal(err)
	}
	engine := budget.New(set, budget.AtPar, &budget.Opening{At: time.Now()})
	return enter(t, upstream, func(c *gateway.Config) {
		c.Budgets, c.Scopes, c.Prices = engine, scopes{}, cheap{}
		for _, change := range more {
			change(c)
		}
	}), engine
}

// TestABudgetIsNeverOverrun sends many calls at once, each of which may cost four
// times as much as it does, and again until none gets through.
func TestABudgetIsNeverOverrun(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	r, engine := limited(t, func(w http.ResponseWriter, q *http.Request) {
		seen.Add(1)
		say(200, "application/json", whole)(w, q)
	}, "budgets: [{id: small, amount: 0.05, currency: USD, period: month, scope: {environment: test}, at_limit: stop}]\n")
	ask := func() (passed, refused int64) {
		var all sync.WaitGroup
		var ok, no atomic.Int64
		for range 60 {
			all.Go(func() {
				answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12,"messages":[]}`, "X-Bursar-Environment", "test")
				switch answer.StatusCode {
				case 200:
					ok.Add(1)
				case 402:
					no.Add(1)
					if !strings.Contains(text, "small") || !strings.Contains(text, "resets at") || answer.Header.Get("X-Should-Retry") != "false" {
						t.Errorf("%s", text)
					}
				default:
					t.Errorf("%d %s", answer.StatusCode, text)
				}
			})
		}
		all.Wait()
		return ok.Load(), no.Load()
	}
	first, _ := ask()
	total := first
	for {
		passed, refused := ask()
		if total += passed; passed == 0 && refused == 60 {
			break
		}
	}
	// 0.05 holds four calls of 0.012 at once, and 13 of 0.003 leave less than 0.012.
	if first < 4 || total != 13 || seen.Load() != total {
		t.Errorf("%d at first and %d in all, of which the upstream saw %d; want at least 4, then 13", first, total, seen.Load())
	}
	for _, s := range engine.Standings() {
		if s.Settled != money.Must("0.039") || !s.Held.IsZero() {
			t.Errorf("standing %+v", s)
		}
	}
	r.settled(int(total))
}

// TestWhoseTierIsTheVendorsToChoose holds the price of the tier to which the vendor's
// account is set, unless the request asks for another.
func TestWhoseTierIsTheVendorsToChoose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		account, asks string
		status        int
	}{
		{"", ``, 200},
		{"priority", ``, 402},
		{"priority", `"service_tier":"auto",`, 402},
		{"priority", `"service_tier":"default",`, 200},
		{"", `"service_tier":"priority",`, 402},
	} {
		r, _ := limited(t, say(200, "application/json", whole), "budgets: [{id: b, amount: 0.02, currency: USD, period: month, scope: {environment: test}, at_limit: stop}]\n",
			func(g *gateway.Config) { g.Prices, g.Routes[0].Upstreams[0].Tier = tiered{}, c.account })
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5",`+c.asks+`"max_tokens":12,"messages":[]}`, "X-Bursar-Environment", "test")
		if answer.StatusCode != c.status {
			t.Errorf("%+v: %d %s", c, answer.StatusCode, text)
		}
	}
}

func TestWhatABudgetDoes(t *testing.T) {
	t.Parallel()
	var asked atomic.Pointer[string]
	upstream := func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		text := string(body)
		asked.Store(&text)
		say(200, "application/json", whole)(w, q)
	}
	const tiny = "amount: 0.001, currency: USD, period: month, scope: {environment: test}"
	for name, c := range map[string]struct {
		text   string
		status int
		header string // of the answer, with its value
		body   string // that the upstream saw
	}{
		"warn":      {"budgets: [{id: b, " + tiny + ", at_limit: warn}]", 200, "X-Bursar-Budget: budget b has 0.001 of 0.001 USD left", `"model":"gpt-5"`},
		"stop":      {"budgets: [{id: b, " + tiny + ", at_limit: stop}]", 402, "", ""},
		"downgrade": {"budgets: [{id: b, " + tiny + ", at_limit: downgrade, fallback: gpt-5-nano}]", 200, "X-Bursar-Model: gpt-5-nano", `"model":"gpt-5-nano"`},
	} {
		r, _ := limited(t, upstream, c.text+"\n")
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12,"messages":[]}`, "X-Bursar-Environment", "test")
		if answer.StatusCode != c.status {
			t.Errorf("%s: %d %s", name, answer.StatusCode, text)
			continue
		}
		field, value, _ := strings.Cut(c.header, ": ")
		if got := answer.Header.Get(field); !strings.HasPrefix(got, value) {
			t.Errorf("%s: %s is %q", name, field, got)
		}
		if c.body != "" && !strings.Contains(*asked.Load(), c.body) {
			t.Errorf("%s: the upstream saw %s", name, *asked.Load())
		}
	}
}

// TestRunsAreOnlySoDeep: a call is as deep as calls have told, also where it does not name
// the parent of its run, and when the configuration is read again.
func TestRunsAreOnlySoDeep(t *testing.T) {
	t.Parallel()
	r, _ := limited(t, say(200, "application/json", whole), "budgets: [{id: deep, amount: 1, counts: depth, period: call, at_limit: stop}]\n")
	for _, c := range []struct {
		what   string
		header []string
		status int
	}{
		{"no run", nil, 200},
		{"the first", []string{"X-Bursar-Run", "a"}, 200},
		{"below it", []string{"X-Bursar-Run", "b", "X-Bursar-Parent-Run", "a"}, 200},
		{"two below it", []string{"X-Bursar-Run", "c", "X-Bursar-Parent-Run", "b"}, 402},
		{"again, without the parent", []string{"X-Bursar-Run", "c"}, 402},
		{"another parent", []string{"X-Bursar-Run", "c", "X-Bursar-Parent-Run", "a"}, 402},
		{"no run of its own", []string{"X-Bursar-Parent-Run", "b"}, 402},
		{"a parent that nobody knows", []string{"X-Bursar-Run", "d", "X-Bursar-Parent-Run", "x"}, 200},
		{"in baggage", []string{"Baggage", "bursar.run=e,bursar.parent_run=d"}, 402},
		{"a sub-agent", []string{"X-Claude-Code-Agent-Id", "f", "X-Claude-Code-Parent-Agent-Id", "b"}, 402},
		{"its own parent", []string{"X-Bursar-Run", "g", "X-Bursar-Parent-Run", "g"}, 200},
		{"a ring", []string{"X-Bursar-Run", "a", "X-Bursar-Parent-Run", "c"}, 402},
	} {
		r.reread(nil)
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12,"messages":[]}`, c.header...)
		if answer.StatusCode != c.status || c.status == 402 && !strings.Contains(text, "budget deep lets runs be 1 deep and the call is of depth ") {
			t.Errorf("%s: %d %s", c.what, answer.StatusCode, text)
		}
	}
}

func TestARateAsksToWait(t *testing.T) {
	t.Parallel()
	r, _ := limited(t, say(200, "application/json", whole), "rates: [{id: slow, each: credential, calls: 2, per: minute, burst: 2}]\n")
	var got []string
	for range 3 {
		answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12,"messages":[]}`)
		got = append(got, fmt.Sprint(answer.StatusCode, answer.Header.Get("Retry-After") != ""))
	}
	if want := []string{"200 false", "200 false", "429 true"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestARefusalSaysNothingOfItsUpstream refuses many calls before an upstream fails: it is
// left alone as early as without them.
func TestARefusalSaysNothingOfItsUpstream(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	r, _ := limited(t, func(w http.ResponseWriter, q *http.Request) {
		asked.Add(1)
		say(500, "application/json", `{"error":{"message":"no"}}`)(w, q)
	}, "budgets: [{id: b, amount: 0.001, currency: USD, period: month, scope: {environment: test}, at_limit: stop}]\n")
	for i := range 100 {
		environment := "test"
		if i >= 40 {
			environment = "production"
		}
		r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12,"messages":[]}`, "X-Bursar-Environment", environment)
	}
	if asked.Load() != 20 {
		t.Errorf("asked %d times, want 20", asked.Load())
	}
}

// TestStreamsUnderABudget are given as they would have come, beside what the budget says;
// one that may not go on is refused whole, before the upstream sees anything.
func TestStreamsUnderABudget(t *testing.T) {
	t.Parallel()
	const full = "amount: 0.001, currency: USD, period: month, scope: {environment: test}, at_limit: "
	const stream = `{"model":"gpt-5","stream":true,"max_tokens":12,"messages":[]}`
	var plain strings.Builder
	direct := httptest.NewRecorder()
	streamed(direct, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(stream)))
	plain.Write(direct.Body.Bytes())
	for name, c := range map[string]struct {
		budget string
		calls  int
		status int
		header string
	}{
		"watch":     {full + "watch", 1, 200, ""},
		"warn":      {full + "warn", 1, 200, "X-Bursar-Budget"},
		"downgrade": {full + "downgrade, fallback: gpt-5-nano", 1, 200, "X-Bursar-Model"},
		"at a pace": {full + "throttle, pace: {calls: 1, per: hour}", 1, 200, "X-Bursar-Budget"},
		"throttle":  {full + "throttle, pace: {calls: 1, per: hour}", 2, 429, "Retry-After"},
		"stop":      {full + "stop", 1, 402, "X-Should-Retry"},
	} {
		var seen atomic.Int64
		r, _ := limited(t, func(w http.ResponseWriter, q *http.Request) {
			seen.Add(1)
			streamed(w, q)
		}, "budgets: [{id: b, "+c.budget+"}]\n")
		var answer reply
		var text string
		for range c.calls {
			answer, text = r.ask("/openai/v1/chat/completions", stream, "X-Bursar-Environment", "test")
		}
		if answer.StatusCode != c.status || c.header != "" && answer.Header.Get(c.header) == "" {
			t.Errorf("%s: %d %v", name, answer.StatusCode, answer.Header)
		}
		if whole := text == plain.String(); whole != (c.status == 200) || !whole && !strings.HasPrefix(text, `{"error":`) {
			t.Errorf("%s: the client got\n%s", name, text)
		}
		if want := int64(c.calls); c.status == 200 && seen.Load() != want || c.status != 200 && seen.Load() != want-1 {
			t.Errorf("%s: the upstream saw %d requests", name, seen.Load())
		}
	}
}

// TestOneOfTwoBudgetsIsUsedUp: it refuses, and the other holds nothing of what it refused.
func TestOneOfTwoBudgetsIsUsedUp(t *testing.T) {
	t.Parallel()
	r, engine := limited(t, say(200, "application/json", whole), "budgets: ["+
		"{id: large, amount: 9, currency: USD, period: month, scope: {environment: test}, at_limit: stop}, "+
		"{id: run, amount: 0.013, currency: USD, period: run, at_limit: stop}]\n")
	for run, statuses := range map[string][]int{"one": {200, 402, 402}, "two": {200, 402}} {
		for i, want := range statuses {
			answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12,"messages":[]}`, "X-Bursar-Environment", "test", "X-Bursar-Run", run)
			if answer.StatusCode != want || want == 402 && !strings.Contains(text, "budget run has 0.01 of 0.013 USD left") {
				t.Errorf("call %d of run %s: %d %s", i, run, answer.StatusCode, text)
			}
		}
	}
	for _, s := range engine.Standings() {
		if want := map[string]string{"large": "0.006", "run": "0.003"}[s.Budget]; s.Settled != money.Must(want) || !s.Held.IsZero() {
			t.Errorf("%s: settled %s, held %s; want %s and nothing", s.Budget, s.Settled, s.Held, want)
		}
	}
	r.settled(2)
}
