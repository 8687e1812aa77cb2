package app_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// passing is a server whose route openai goes to an upstream of the test's own.
func passing(t testing.TB, upstream http.HandlerFunc) *running {
	t.Helper()
	return serve(t, app.Door{Calls: &gateway.Config{}, Routes: routesTo(t, upstream)}, nil)
}

// routesTo writes a file of routes whose route openai goes to an upstream.
func routesTo(t testing.TB, upstream http.HandlerFunc) (path string) {
	t.Helper()
	vendor := httptest.NewServer(upstream)
	t.Cleanup(vendor.Close)
	folder := t.TempDir()
	key, routes := filepath.Join(folder, "key"), filepath.Join(folder, "routes.yaml")
	text := fmt.Sprintf("gateway: bursar/1\nroutes:\n  - name: openai\n    api: openai\n    upstreams: [{base: %s, seller: openai, key_file: %s}]\n", vendor.URL, key)
	for path, text := range map[string]string{key: "vendor-secret\n", routes: text} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return routes
}

func TestACallThroughTheGatewayIsBooked(t *testing.T) {
	t.Parallel()
	admin := passing(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Header.Get("Authorization") != "Bearer vendor-secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"c-1","model":"gpt-5","choices":[{"message":{"content":"CANARY"}}],"usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000}}`)
	})
	const body = `{"model":"gpt-5","max_tokens":10,"messages":[{"role":"user","content":"CANARY"}]}`
	caller := admin.as(t, "gateway")
	for range 3 {
		if status, text := caller.ask(t, http.MethodPost, "/openai/v1/chat/completions", body, "X-Bursar-Workflow", "sort"); status != 200 || !strings.Contains(text, `"id":"c-1"`) {
			t.Fatalf("%d %s", status, text)
		}
	}
	admin.settled(t)
	status, bill := admin.ask(t, http.MethodGet, "/api/v1/spend?by=application,workflow&measures=cost,calls,exposure&format=csv", "")
	if status != 200 || !strings.Contains(bill, "a,sort,3.75,3,0") { // also where all answers have one id
		t.Errorf("%d %s", status, bill)
	}
	for _, other := range []string{"events", "viewer"} {
		if status, text := admin.as(t, other).ask(t, http.MethodPost, "/openai/v1/chat/completions", body); status != 401 || !strings.Contains(text, "bursar key create") {
			t.Errorf("a key for %s: %d %s", other, status, text)
		}
	}
	if status, text := admin.ask(t, http.MethodGet, "/metrics", ""); status != 200 || !strings.Contains(text, "bursar_gateway_calls_total 3\n") {
		t.Errorf("%d %s", status, text)
	}
}

// TestWhatWasUnderWaySurfaces ends a server in the midst of a call.
func TestWhatWasUnderWaySurfaces(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serverIn(t, data)
	open := ingest.Record{
		Event: spend.Event{
			Source: gateway.Source, SourceKey: "a1", Attempt: "a1", Operation: "o1", Rank: spend.RankGateway, UsedAt: noon(), StartedAt: noon(),
			Seller: "openai", RequestedModel: "gpt-5", Status: spend.StatusInterrupted, UsageSource: spend.UsageUnobserved, Scope: spend.Scope{Team: "t", Application: "a"},
		},
		Hold: money.Known(money.Must("0.25")), Revisions: spend.Immutable, Whole: true, Bound: true,
	}
	if _, err := s.Ingest.Begin(&open); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	for range 2 { // the second start finds it ended
		s, err := app.OpenServer(t.Context(), app.Config{Data: data}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Ingest.OpenCalls(); n != 0 {
			t.Errorf("%d calls are open", n)
		}
		table, err := s.Answer(t.Context(), &spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost}, Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Totals; got.Exposure != money.Must("0.25") || !got.Cost.IsZero() || got.Unpriced.Calls != 1 || got.OpenCalls != 0 {
			t.Errorf("totals %+v", got)
		}
		closed(t, s)
	}
}

// TestABudgetAtTheDoor lets calls through until a budget that is applied is used up, and
// the ledger, the budget and a recount agree.
func TestABudgetAtTheDoor(t *testing.T) {
	t.Parallel()
	asked := 0
	admin := passing(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		asked++
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, fmt.Sprintf(`{"id":"c-%d","model":"gpt-5","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":1000,"total_tokens":1100}}`, asked))
	})
	const limit = "kind: budget\nbudgets: [{id: a/month, scope: {application: a}, amount: 0.035, currency: USD, period: month, at_limit: stop, " +
		"override: {reason: a test, until: 2099-01-01}}]\n"
	if _, err := admin.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, limit)}); err != nil {
		t.Fatal(err)
	}
	caller := admin.as(t, "gateway")
	passed := 0
	for range 10 { // each holds a little more than 0.01 and costs 0.010125
		status, text := caller.ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":1000,"messages":[]}`)
		switch {
		case status == http.StatusOK:
			passed++
		case status != http.StatusPaymentRequired || !strings.Contains(text, "a/month"):
			t.Fatalf("%d %s", status, text)
		}
	}
	admin.settled(t)
	if passed != 3 || asked != 3 {
		t.Errorf("%d passed, and the vendor saw %d; want 3", passed, asked)
	}
	status, bill := admin.ask(t, http.MethodGet, "/api/v1/spend?by=application&measures=cost,calls,exposure&format=csv", "")
	if status != 200 || !strings.Contains(bill, "a,0.030375,3,0") {
		t.Errorf("%d %s", status, bill)
	}
	status, list := admin.ask(t, http.MethodGet, "/api/v1/budgets", "")
	if status != http.StatusOK || !strings.Contains(list, `"refused":7,`) || !strings.Contains(list, `"refused_by_workflow":{"":7}`) {
		t.Errorf("%d %s", status, list)
	}
	if _, text := admin.ask(t, http.MethodGet, "/metrics", ""); !strings.Contains(text, "\nbursar_gateway_limit_refused_total{limit=\"a/month\",workflow=\"\"} 7\n") {
		t.Errorf("no figure of 7 refused calls in %s", text)
	}
	for _, s := range admin.Budgets.Current(admin.Now()) {
		if s.Booked != money.Must("0.030375") || !s.Held.IsZero() || !s.Settled.IsZero() {
			t.Errorf("standing %+v", s)
		}
	}
}

func TestABombOfFieldsIsRefused(t *testing.T) {
	t.Parallel()
	admin := passing(t, func(http.ResponseWriter, *http.Request) { t.Error("the upstream was called") })
	caller := admin.as(t, "gateway")
	if status, _ := caller.ask(t, http.MethodPost, "/openai/v1/chat/completions", "{}", "X-Bursar-Workflow", strings.Repeat("x", 200_000)); status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", status)
	}
}

// TestACallWithoutMaxTokensIsHeldAtWhatTheModelGives asks with a budget that only a call
// of the whole 128000 tokens does not fit, and with one that it fits.
func TestACallWithoutMaxTokensIsHeldAtWhatTheModelGives(t *testing.T) {
	t.Parallel()
	admin := passing(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"c-1","model":"gpt-5","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":1000,"total_tokens":1100}}`)
	})
	caller := admin.as(t, "gateway")
	ask := func(amount, model string) (int, string) {
		t.Helper()
		limit := fmt.Sprintf("kind: budget\nbudgets: [{id: a/month, scope: {application: a}, amount: %s, currency: USD, period: month, at_limit: stop, "+
			"override: {reason: a test, until: 2099-01-01}}]\n", amount)
		if _, err := admin.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, limit)}); err != nil {
			t.Fatal(err)
		}
		return caller.ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"`+model+`","messages":[]}`)
	}
	// 128000 at 10 USD a million are 1.28, and 97 bytes of prompt at 1.25 a little more.
	if status, text := ask("1.28", "gpt-5"); status != http.StatusPaymentRequired || !strings.Contains(text, "may cost 1.2801") {
		t.Errorf("%d %s", status, text)
	}
	if status, text := ask("1.29", "gpt-5"); status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
	if status, text := ask("100", "gpt-of-nobody"); status != http.StatusPaymentRequired || !strings.Contains(text, "an answer without max_tokens") {
		t.Errorf("of a model whose limits nobody knows: %d %s", status, text)
	}
}
