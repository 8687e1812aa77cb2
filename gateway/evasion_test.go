package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// TestWaysAroundTheMeter writes the path and the method of a call in other ways that an
// upstream may take for the same: each is metered, or goes nowhere.
func TestWaysAroundTheMeter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"POST", "/openai/v1/chat/completions/", 200},
		{"POST", "/openai/v1//chat//completions//", 200},
		{"POST", "/openai/V1/Chat/Completions", 200},
		{"POST", "/openai/v1/chat%2Fcompletions", 200},
		{"post", "/openai/v1/chat/completions", 200},
		{"POST", "/openai/v1/chat/completions/.", 404},
		{"POST", "/openai/v1/chat/completions/%2e", 404},
		{"POST", "/openai/v1/chat/completions/.%2f", 404},
		{"POST", "/openai/v1/chat/completions/x/..", 404},
		{"POST", "/openai/v1/chat/completions/x/%2E%2e", 404},
		{"POST", "/openai/v1/chat/completions;x=1", 400},
		{"POST", "/openai/v1/chat/completions%3Bx=1", 400},
		{"POST", "/openai/v1/chat/completions%20", 400},
		{"POST", "/openai/v1/chat/completions%20/", 400},
		{"POST", "/openai/v1/chat/%20completions", 400},
		{"POST", "/openai/v1/chat/completions%00", 400},
		{"POST", "/openai/v1/chat/completions%0a", 400},
		{"POST", "/openai/v1/chat/completions%3fx", 400},
		{"POST", "/openai/v1/chat/completions%23x", 400},
		{"POST", `/openai/v1/chat\completions`, 400},
		{"POST", "/openai/v1/chat%5ccompletions", 400},
	} {
		r := enter(t, say(200, "application/json", whole), nil)
		const body = `{"model":"gpt-5","messages":[]}`
		q := httptest.NewRequestWithContext(t.Context(), c.method, "/", strings.NewReader(body))
		u, err := url.ParseRequestURI(c.path)
		if err != nil {
			t.Fatal(err)
		}
		q.URL = u
		q.Header.Set("Authorization", "Bearer bursar-key")
		w := httptest.NewRecorder()
		r.gateway.ServeHTTP(w, q)
		if n := r.counts.Unmetered.Load(); w.Code != c.status || n != 0 {
			t.Errorf("%s %s: %d, and %d passed without a meter", c.method, c.path, w.Code, n)
		}
		if w.Code == 200 {
			r.settled(1)
		}
	}
}

// TestADowngradeThatCannotBeMade is none: a call whose model stands in its path, or whose
// body is not clear, does not go on as the dearer one under the hold of the cheaper.
func TestADowngradeThatCannotBeMade(t *testing.T) {
	t.Parallel()
	const chatPath = "/openai/v1/chat/completions"
	for name, c := range map[string]struct {
		path, body, seen string
		status           int
	}{
		"a deployment":  {"/openai/deployments/big/chat/completions", `{"model":"gpt-5","max_tokens":12,"messages":[]}`, "", 402},
		"given twice":   {chatPath, `{"model":"gpt-5","n":1,"n":1,"max_tokens":12,"messages":[]}`, "", 402},
		"odd options":   {chatPath, `{"model":"gpt-5","stream":true,"stream_options":[],"max_tokens":12}`, `{"model":"gpt-5-nano","stream":true,"stream_options":[],"max_tokens":12}`, 200},
		"other members": {chatPath, `{"model":"gpt-5","x":{"model":"}"},"max_tokens":12}`, `{"model":"gpt-5-nano","x":{"model":"}"},"max_tokens":12}`, 200},
	} {
		var seen atomic.Value
		seen.Store("")
		r, _ := limited(t, func(w http.ResponseWriter, q *http.Request) {
			body, _ := io.ReadAll(q.Body)
			seen.Store(string(body))
			say(200, "application/json", whole)(w, q)
		}, "budgets: [{id: b, amount: 0.001, currency: USD, period: month, scope: {environment: test}, at_limit: downgrade, fallback: gpt-5-nano}]\n")
		answer, text := r.ask(c.path, c.body, "X-Bursar-Environment", "test")
		if answer.StatusCode != c.status || seen.Load() != c.seen {
			t.Errorf("%s: %d %s; the upstream saw %s", name, answer.StatusCode, text, seen.Load())
		}
		if said := answer.Header.Get("X-Bursar-Model"); (said == "gpt-5-nano") != (c.status == 200) {
			t.Errorf("%s: the answer is said to be of %q", name, said)
		}
	}
}

// TestADowngradeKeepsToTheKey: a key that may not ask for the fallback does not get it.
func TestADowngradeKeepsToTheKey(t *testing.T) {
	t.Parallel()
	for models, want := range map[string]int{"gpt-5": 402, "gpt-5*": 200} {
		var seen atomic.Int64
		r, _ := limited(t, func(w http.ResponseWriter, q *http.Request) {
			seen.Add(1)
			say(200, "application/json", whole)(w, q)
		}, "budgets: [{id: b, amount: 0.001, currency: USD, period: month, scope: {environment: test}, at_limit: downgrade, fallback: gpt-5-nano}]\n",
			func(c *gateway.Config) { c.Keys = keys{auth.Bounds{Models: []string{models}}} })
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12}`, "X-Bursar-Environment", "test")
		if answer.StatusCode != want || seen.Load() == 1 != (want == 200) {
			t.Errorf("%s: %d %s; the upstream saw %d", models, answer.StatusCode, text, seen.Load())
		}
	}
}

// TestADowngradeHoldsWhatMayFollow: the models that the upstream may try next stay in the
// request, and in its hold.
func TestADowngradeHoldsWhatMayFollow(t *testing.T) {
	t.Parallel()
	for models, status := range map[string]int{`[]`: 200, `["gpt-5","gpt-5","gpt-5"]`: 402} {
		r, _ := limited(t, say(200, "application/json", whole),
			"budgets: [{id: b, amount: 0.001, currency: USD, period: month, scope: {environment: test}, at_limit: downgrade, fallback: gpt-5-nano}, "+
				"{id: all, amount: 0.03, currency: USD, period: month, scope: {environment: test}, at_limit: stop}]\n")
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","models":`+models+`,"max_tokens":12}`, "X-Bursar-Environment", "test")
		if answer.StatusCode != status {
			t.Errorf("%s: %d %s", models, answer.StatusCode, text)
		}
	}
}

// TestADowngradeOfAnotherAttempt is not said of the one that is answered.
func TestADowngradeOfAnotherAttempt(t *testing.T) {
	t.Parallel()
	var seen []string
	r, _ := limited(t, func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		if seen = append(seen, string(body)); len(seen) == 1 {
			say(503, "application/json", `{"error":{"message":"busy"}}`)(w, q)
			return
		}
		say(200, "application/json", whole)(w, q)
	}, "budgets: [{id: b, amount: 0.001, currency: USD, period: month, scope: {environment: test, seller: first}, at_limit: downgrade, fallback: gpt-5-nano}]\n",
		func(c *gateway.Config) {
			up := c.Routes[0].Upstreams[0]
			up.Seller, up.Account = "first", "first"
			c.Routes[0].Upstreams = []gateway.Upstream{up, c.Routes[0].Upstreams[0]}
		})
	answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":12}`, "X-Bursar-Environment", "test")
	want := []string{`{"model":"gpt-5-nano","max_tokens":12}`, `{"model":"gpt-5","max_tokens":12}`}
	if diff := cmp.Diff(want, seen); diff != "" || answer.Header.Get("X-Bursar-Model")+answer.Header.Get("X-Bursar-Budget") != "" {
		t.Errorf("the answer's head says %v; the upstreams saw (-want +got):\n%s", answer.Header, diff)
	}
}

// TestOurKeysStayHere although a client sends them on, in whatever field: the one that it is
// let in by, and others of this gateway.
func TestOurKeysStayHere(t *testing.T) {
	t.Parallel()
	other, _, err := auth.NewToken(auth.TokenRequest{Kind: auth.AdminToken, Name: "other"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	admin := other.Reveal()
	for _, path := range []string{"/openai/v1/chat/completions", "/openai/v1/files"} {
		for _, in := range [][]string{{"X-Bursar-Key", "bursar-key", "X-Api-Key", "bursar-key", "Authorization", "Bearer " + admin}, nil} {
			var seen atomic.Pointer[http.Request]
			r := enter(t, func(w http.ResponseWriter, q *http.Request) {
				seen.Store(q.Clone(q.Context()))
				say(200, "application/json", whole)(w, q)
			}, nil)
			query := "?a=x%20y&key=bursar-key&other=" + admin + "&escaped=bursar%2Dkey&twice=" + strings.ReplaceAll(admin, "_", "%5F") + "&z=100%"
			r.ask(path+query, `{"model":"gpt-5"}`, append(in, "X-My-Key", "bursar-key", "Ocp-Apim-Subscription-Key", admin, "X-List", "a, "+admin+";b", "X-About", "bursar_of_ours", "Api-Key", "of-the-client")...)
			q := seen.Load()
			for name, values := range q.Header {
				if text := strings.Join(values, ","); strings.Contains(text, "bursar-key") || strings.Contains(text, admin) {
					t.Errorf("%s: the vendor saw a key in %s", path, name)
				}
			}
			if q.URL.RawQuery != "a=x%20y&z=100%" {
				t.Errorf("%s: the vendor saw the query %s", path, q.URL.RawQuery)
			}
			if got, want := q.Header.Get("Api-Key"), map[bool]string{true: "of-the-client"}[in != nil]; got != want || q.Header.Get("X-About") != "bursar_of_ours" {
				t.Errorf("%s: the vendor saw %v", path, q.Header)
			}
		}
	}
}

// TestALaterAnswerWhoseStreamIsCut is made to its end by the vendor, so it stays open
// until somebody reads that.
func TestALaterAnswerWhoseStreamIsCut(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodGet {
			say(200, "application/json", `{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":10,"output_tokens":30,"total_tokens":40}}`)(w, q)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		tell(w, `data: {"type":"response.created","response":{"id":"resp_1","status":"queued","usage":null}}`+"\n\n")
		tell(w, `data: {"type":"response.output_text.delta","delta":"hi"}`+"\n\n")
		panic(http.ErrAbortHandler)
	}, nil)
	send := func(method, path, body string) {
		q := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		q.Header.Set("Authorization", "Bearer bursar-key")
		r.gateway.ServeHTTP(httptest.NewRecorder(), q)
	}
	send(http.MethodPost, "/openai/v1/responses", `{"model":"gpt-5","background":true,"stream":true,"input":"CANARY"}`)
	if len(r.ledger.open) != 1 || len(r.ledger.ended) != 0 {
		t.Fatalf("%d open and %d ended before it is made", len(r.ledger.open), len(r.ledger.ended))
	}
	send(http.MethodGet, "/openai/v1/responses/resp_1", "")
	if got := r.settled(1)[0].Event; got.Usage.CompletionTokens() != 30 || got.UsageSource != spend.UsageProvider {
		t.Errorf("settled as %s by %s with %d tokens", got.Status, got.UsageSource, got.Usage.CompletionTokens())
	}
}
