package gateway_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

var update = flag.Bool("update", false, "rewrite what budgets say in testdata")

const saidPath = "testdata/budget_words.txt"

// unbounded are the prices of cheap of models whose limits nobody knows.
type unbounded struct{ cheap }

func (unbounded) Limits(string, string) protocol.Limits { return protocol.Limits{} }

// said is what a limit says of the last of some calls.
type said struct {
	name  string
	limit string // in the text of a document
	calls int
	body  string // of the calls
}

func modes() []said {
	const of = "amount: 0.03, currency: USD, period: month, scope: {environment: test}, owner: support"
	const small, plain = `{"model":"gpt-5","max_tokens":12,"messages":[]}`, `{"model":"gpt-5","messages":[]}`
	budgets := func(more string) string { return "budgets: [{id: tests/month, " + of + ", " + more + "}]\n" }
	return []said{
		{"watch", budgets("at_limit: watch"), 3, small},
		{"warn", budgets("at_limit: warn"), 3, small},
		{"throttle, the first beyond the limit", budgets("at_limit: throttle, pace: {calls: 6, per: minute}"), 3, small},
		{"throttle, the next", budgets("at_limit: throttle, pace: {calls: 6, per: minute}"), 4, small},
		{"throttle, for longer than a minute", budgets("at_limit: throttle, pace: {calls: 6, per: hour}"), 4, small},
		{"approve", budgets("at_limit: approve"), 3, small},
		{"downgrade", budgets("at_limit: downgrade, fallback: gpt-5-nano"), 3, small},
		{"stop", budgets("at_limit: stop"), 3, small},
		{"stop, for good", "budgets: [{id: tests/run, amount: 0.001, currency: USD, period: call, at_limit: stop, owner: support}]\n", 1, small},
		{"stop, without a bound", budgets("at_limit: stop"), 1, plain},
		{"stop and a rate", budgets("at_limit: stop") + "rates: [{id: keys, each: credential, calls: 2, per: minute, owner: desk}]\n", 3, small},
		{"a rate of calls", "rates: [{id: keys, each: credential, calls: 2, per: minute, owner: desk}]\n", 3, small},
		{"a rate of tokens", "rates: [{id: keys, each: credential, tokens: 150, per: minute, owner: desk}]\n", 2, small},
		{"a rate of open calls", "rates: [{id: open, open: 1, owner: desk}]\n", 1, small},
	}
}

// TestWhatBudgetsSay shows in the dialect of both vendors what a client is told in
// every mode: which budget, how much is left, when it resets and whom to ask, with 429
// only beside a wait.
func TestWhatBudgetsSay(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, m := range modes() {
		for _, path := range []string{"/openai/v1/chat/completions", "/anthropic/v1/messages"} {
			fmt.Fprintf(&all, "== %s: %s\n%s\n", m.name, path, m.ask(t, path))
		}
	}
	if *update {
		if err := os.WriteFile(saidPath, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(saidPath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("budgets say something else; go test ./gateway -update (-want +got):\n%s", diff)
	}
}

// ask makes the calls, each while those before it are open no more, and writes the
// last answer down.
func (m *said) ask(t *testing.T, path string) string {
	t.Helper()
	d, err := budget.Parse([]byte(m.limit), calendar.Calendar{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := budget.Compile(d.Budgets, d.Rates, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)
	engine := budget.New(set, budget.AtPar, &budget.Opening{At: now})
	r := enter(t, say(200, "application/json", whole), func(c *gateway.Config) {
		c.Budgets, c.Scopes, c.Prices, c.Now = engine, scopes{}, cheap{}, func() time.Time { return now }
		if !strings.Contains(m.body, "max_tokens") {
			c.Prices = unbounded{}
		}
	})
	if strings.Contains(m.limit, "open: 1") {
		engine.Acquire(&budget.Call{ID: spend.Digest("another"), At: now, Bound: budget.AtMost(money.Null{}, "USD", 1)})
	}
	for range m.calls - 1 {
		bound := budget.AtMost(money.Known(money.Must("0.012")), "USD", 76)
		subject := budget.Subject{Scope: spend.Scope{Team: "claims", Application: "triage", Credential: "aaaaaaaa", Environment: "test"}}
		engine.Acquire(&budget.Call{ID: spend.Digest(fmt.Sprint(len(engine.Pending(now.Add(1))))), At: now, Subject: subject, Bound: bound})
	}
	return inWords(r.ask(path, m.body, "X-Bursar-Environment", "test"))
}

// inWords is an answer as text: what budgets say in its head, and a refusal.
func inWords(answer reply, body string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d %s\n", answer.StatusCode, http.StatusText(answer.StatusCode))
	for _, field := range []string{"X-Bursar-Budget", "X-Bursar-Model", "Retry-After", "X-Should-Retry"} {
		if value := answer.Header.Get(field); value != "" {
			fmt.Fprintf(&text, "%s: %s\n", field, value)
		}
	}
	if answer.StatusCode != http.StatusOK {
		text.WriteString(body + "\n")
	}
	return text.String()
}
