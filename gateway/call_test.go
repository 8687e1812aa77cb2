package gateway_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

const whole = `{"id":"c-2","model":"gpt-5-2026","choices":[{"message":{"content":"hello"}}],"usage":` + usage + `}`

// say answers with one body.
func say(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestCallsAreSettled(t *testing.T) {
	t.Parallel()
	const plain = `{"model":"gpt-5","messages":[]}`
	for name, c := range map[string]struct {
		upstream http.HandlerFunc
		path     string
		body     string
		status   int
		answer   string
		end      spend.Status
		source   spend.UsageSource
		held     bool
	}{
		"whole":    {say(200, "application/json", whole), "/openai/v1/chat/completions", plain, 200, whole, spend.StatusOK, spend.UsageProvider, false},
		"no usage": {say(200, "application/json", `{"id":"x","choices":[]}`), "/openai/v1/chat/completions", plain, 200, `{"id":"x","choices":[]}`, spend.StatusOK, spend.UsageEstimate, false},
		"an error": {say(400, "application/json", `{"error":{"message":"no","type":"invalid_request_error"}}`), "/openai/v1/chat/completions", plain, 400,
			`{"error":{"message":"no","type":"invalid_request_error"}}`, spend.StatusError, spend.UsageNone, false},
		"messages": {say(200, "application/json", `{"id":"m","type":"message","model":"claude-x","usage":{"input_tokens":5,"output_tokens":2},"stop_reason":"end_turn"}`),
			"/anthropic/v1/messages", `{"model":"claude-x","max_tokens":5,"messages":[]}`, 200,
			`{"id":"m","type":"message","model":"claude-x","usage":{"input_tokens":5,"output_tokens":2},"stop_reason":"end_turn"}`, spend.StatusOK, spend.UsageProvider, false},
		"not JSON":        {say(200, "text/html", "<p>hello"), "/openai/v1/chat/completions", plain, 200, "<p>hello", spend.StatusInterrupted, spend.UsageUnobserved, true},
		"usage of no use": {say(200, "application/json", `{"usage":{"prompt_tokens":-1}}`), "/openai/v1/chat/completions", plain, 200, `{"usage":{"prompt_tokens":-1}}`, spend.StatusOK, spend.UsageUnobserved, true},
		"long": {say(200, "application/json", strings.Repeat(" ", 200_000)+whole), "/openai/v1/chat/completions", plain, 200,
			strings.Repeat(" ", 200_000) + whole, spend.StatusOK, spend.UsageProvider, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := enter(t, c.upstream, nil)
			answer, text := r.ask(c.path, c.body)
			if answer.StatusCode != c.status || text != c.answer {
				t.Errorf("got %d %.200s", answer.StatusCode, text)
			}
			got := r.settled(1)[0]
			if got.Event.Status != c.end || got.Event.UsageSource != c.source || got.Hold.Valid != c.held {
				t.Errorf("settled as %s by %s, held %v; want %s, %s, %v", got.Event.Status, got.Event.UsageSource, got.Hold.Valid, c.end, c.source, c.held)
			}
			if answer.Header.Get("X-Bursar-Attempt") != got.Event.Attempt {
				t.Error("the answer names another attempt")
			}
		})
	}
}

// TestAVendorKeyOfTheClientGoesToOneUpstream, also when that fails.
func TestAVendorKeyOfTheClientGoesToOneUpstream(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		seen.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(other.Close)
	base, err := url.Parse(other.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(first, second *gateway.Upstream)
		status int
		other  int64 // calls that the second upstream saw
	}{
		"both have keys":        {func(_, _ *gateway.Upstream) {}, 503, 0},
		"the second has no key": {func(_, second *gateway.Upstream) { second.Credential = auth.Secret{} }, 503, 1},
	} {
		seen.Store(0)
		r := enter(t, say(503, "application/json", `{"error":{"message":"busy"}}`), func(cfg *gateway.Config) {
			first := cfg.Routes[0].Upstreams[0]
			second := first
			second.Base = base
			c.change(&first, &second)
			cfg.Routes[0].Upstreams = []gateway.Upstream{first, second}
		})
		answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`, "X-Bursar-Key", "bursar-key", "Authorization", "Bearer their-own")
		if r.settled(1); answer.StatusCode != c.status || seen.Load() != c.other {
			t.Errorf("%s: %d, and the second upstream saw %d calls", name, answer.StatusCode, seen.Load())
		}
	}
	// Without a key of the client's, an upstream without one of the gateway's is none.
	r := enter(t, say(503, "application/json", `{"error":{"message":"busy"}}`), func(cfg *gateway.Config) {
		second := cfg.Routes[0].Upstreams[0]
		second.Base, second.Credential = base, auth.Secret{}
		cfg.Routes[0].Upstreams = append(cfg.Routes[0].Upstreams, second)
	})
	if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 503 || !strings.Contains(text, "busy") {
		t.Errorf("%d %s, want the answer of the only upstream", answer.StatusCode, text)
	}
}

// TestOurKeyAlone in the field of its own asks for the vendor key of the gateway, and for
// nothing where there is none: no call goes out without a key.
func TestOurKeyAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*gateway.Upstream)
		header []string
		status int
		vendor string // what the upstream is shown as its key
	}{
		"alone":                 {nil, nil, 200, "Bearer vendor-secret"},
		"beside an empty key":   {nil, []string{"Authorization", "Bearer "}, 200, "Bearer vendor-secret"},
		"twice":                 {nil, []string{"Authorization", "Bearer bursar-key"}, 200, "Bearer vendor-secret"},
		"beside one that stays": {nil, []string{"Authorization", "Bearer their-own", "Connection", "Authorization"}, 200, "Bearer vendor-secret"},
		"beside another scheme": {nil, []string{"Authorization", "Basic their-own"}, 200, "Basic their-own"},
		"without a key":         {func(u *gateway.Upstream) { u.Credential = auth.Secret{} }, nil, 403, ""},
		"where none is needed":  {func(u *gateway.Upstream) { u.Credential, u.Keyless = auth.Secret{}, true }, nil, 200, ""},
	} {
		for path, kind := range map[string]string{"/openai/v1/chat/completions": `"code":"`, "/openai/v1/messages": `"type":"error"`, "/openai/v1/files": `"code":"`} {
			var seen atomic.Pointer[http.Header]
			r := enter(t, func(w http.ResponseWriter, req *http.Request) {
				seen.Store(&req.Header)
				say(200, "application/json", whole)(w, req)
			}, func(cfg *gateway.Config) {
				if c.change != nil {
					c.change(&cfg.Routes[0].Upstreams[0])
				}
			})
			answer, text := r.ask(path, `{"model":"m","messages":[]}`, append([]string{"Authorization", "", "X-Bursar-Key", "bursar-key"}, c.header...)...)
			head := seen.Load()
			if answer.StatusCode != c.status || (head == nil) != (c.status == 403) {
				t.Errorf("%s, %s: %d %s", name, path, answer.StatusCode, text)
			}
			if head != nil && head.Get("Authorization") != c.vendor {
				t.Errorf("%s, %s: the upstream saw %q", name, path, head.Get("Authorization"))
			}
			if head == nil && (!strings.Contains(text, kind) || !strings.Contains(text, "send your own as usual")) {
				t.Errorf("%s, %s: refused with %s", name, path, text)
			}
		}
	}
}

func TestWhatTellsTheScope(t *testing.T) {
	t.Parallel()
	r := enter(t, say(200, "application/json", whole), func(c *gateway.Config) { c.Tags = []string{"header.X-Project", "metadata.ticket", "baggage.plan"} })
	body := `{"model":"gpt-5","metadata":{"ticket":"T-1"},"messages":[]}`
	r.ask("/openai/v1/chat/completions", body, "X-Project", "shop", "Baggage", "plan=gold;p=1,bursar.step=read",
		"X-Claude-Code-Agent-Id", "a1", "X-Claude-Code-Parent-Agent-Id", "a0", "X-Bursar-Tags", "stage=beta")
	got := r.settled(1)[0].Event.Scope
	want := spend.Scope{
		Team: "claims", Application: "triage", Credential: "aaaaaaaa", Agent: "claude-code/subagent", Run: "triage/a1", ParentRun: "triage/a0", Step: "read",
		Tags: map[string]string{"header.x-project": "shop", "metadata.ticket": "T-1", "baggage.plan": "gold", "stage": "beta"},
	}
	if !got.Equal(&want) {
		t.Errorf("scope %+v, want %+v", got, want)
	}
}

// TestTagsOfSeveralLines are one list, of which the first sixteen are kept.
func TestTagsOfSeveralLines(t *testing.T) {
	t.Parallel()
	r := enter(t, say(200, "application/json", whole), nil)
	q := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/openai/v1/chat/completions", strings.NewReader(`{"model":"gpt-5","messages":[]}`))
	q.Header = http.Header{"Authorization": {"Bearer bursar-key"}, "X-Bursar-Tags": {"stage=beta", "squad=red, ring=2", manyTags(16)}}
	r.gateway.ServeHTTP(httptest.NewRecorder(), q)
	tags := r.settled(1)[0].Event.Scope.Tags
	if tags["stage"] != "beta" || tags["squad"] != "red" || tags["ring"] != "2" || len(tags) != 16 {
		t.Errorf("tags %v", tags)
	}
}

// TestTagsFitALine however many the client names, the operator keeps and the vendor adds: a
// line takes 32.
func TestTagsFitALine(t *testing.T) {
	t.Parallel()
	kept := func(n int) (names []string) {
		for i := range n {
			names = append(names, fmt.Sprintf("metadata.m%d", i))
		}
		return names
	}
	if _, err := gateway.New(gateway.Config{Tags: kept(14)}); err == nil {
		t.Error("more is kept than a line takes")
	}
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Request-Id", "req_1")
		say(200, "application/json", whole)(w, q)
	}, func(c *gateway.Config) { c.Tags = kept(13) })
	metadata := ""
	for i := range 13 {
		metadata += fmt.Sprintf(`,"m%d":"v"`, i)
	}
	r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","metadata":{`+metadata[1:]+`},"messages":[]}`,
		"X-Bursar-Tags", manyTags(40), "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	if tags := r.settled(1)[0].Event.Scope.Tags; len(tags) != 32 || tags["metadata.m12"] != "v" || tags[ingest.RequestTag] != "req_1" {
		t.Errorf("%d tags: %v", len(tags), tags)
	}
}

// manyTags are n tags of a client.
func manyTags(n int) string {
	pairs := make([]string, n)
	for i := range pairs {
		pairs[i] = fmt.Sprintf("t%d=v", i)
	}
	return strings.Join(pairs, ",")
}

// TestWhatStandsBesideACallIsOneLine of UTF-8, as the ledger takes it, whatever the client
// and the vendor wrote there for others.
func TestWhatStandsBesideACallIsOneLine(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Request-Id", "r\xe9q\t1")
		say(200, "application/json", whole)(w, req)
	}, func(c *gateway.Config) { c.Tags = []string{"header.X-Project", "metadata.ticket"} })
	r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","metadata":{"ticket":"T-1\nT-2"},"messages":[]}`, "X-Project", "caf\xe9")
	want := map[string]string{"header.x-project": "caf", "metadata.ticket": "T-1 T-2", ingest.RequestTag: "rq 1"}
	if diff := cmp.Diff(want, r.settled(1)[0].Event.Scope.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func TestOnlyItsOwnKeyOpensIt(t *testing.T) {
	t.Parallel()
	var seen http.Header
	r := enter(t, func(w http.ResponseWriter, req *http.Request) {
		seen = req.Header.Clone()
		say(200, "application/json", whole)(w, req)
	}, nil)
	for _, c := range []struct {
		path, field, value string
		vendor             string // what the upstream is shown as its key
	}{
		{"/openai/v1/chat/completions", "Authorization", "Bearer bursar-key", "Bearer vendor-secret"},
		{"/openai/v1/chat/completions", "Api-Key", "bursar-key", "Bearer vendor-secret"},
		{"/anthropic/v1/messages", "X-Api-Key", "bursar-key", "vendor-secret"},
		{"/anthropic/v1/messages", "X-Goog-Api-Key", "bursar-key", "vendor-secret"},
		{"/openai/v1/chat/completions", "X-Bursar-Key", "bursar-key", "Bearer their-own"},
	} {
		seen = nil
		header := []string{"Authorization", "", c.field, c.value, "X-Bursar-Workflow", "secret-project", "Cookie", "session=1", "Baggage", "bursar.agent=a"}
		if c.field == "X-Bursar-Key" {
			header[1] = "Bearer their-own"
		}
		if answer, _ := r.ask(c.path, `{"model":"m","messages":[]}`, header...); answer.StatusCode != 200 {
			t.Errorf("%s: %d", c.field, answer.StatusCode)
			continue
		}
		field := "Authorization"
		if strings.HasPrefix(c.path, "/anthropic") {
			field = "X-Api-Key"
		}
		if seen.Get(field) != c.vendor {
			t.Errorf("%s: the upstream saw %q", c.field, seen.Get(field))
		}
		for name, values := range seen {
			if text := strings.Join(values, " "); strings.Contains(text, "bursar") || strings.Contains(text, "secret-project") || name == "Cookie" {
				t.Errorf("%s: the upstream saw %s: %s", c.field, name, text)
			}
		}
	}
	seen = nil
	for path, want := range map[string]string{
		"/openai/v1/chat/completions": `"code":"invalid_api_key"`, "/anthropic/v1/messages": `"authentication_error"`,
		// Routes of one API that serve calls of the other, too.
		"/openai/v1/messages": `"authentication_error"`, "/anthropic/v1/chat/completions": `"code":"invalid_api_key"`,
	} {
		answer, text := r.ask(path, `{}`, "Authorization", "Bearer sk-other")
		if answer.StatusCode != 401 || !strings.Contains(text, want) || strings.Contains(text, "sk-other") || seen != nil {
			t.Errorf("%s: %d %s", path, answer.StatusCode, text)
		}
	}
}

func TestWhatIsNotMeteredPasses(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		tell(w, "%s %s %d", req.Method, req.URL.RequestURI(), len(body))
	}, func(c *gateway.Config) { c.Body = 1000 })
	if _, text := r.ask("/openai/v1/files?purpose=a%20b", strings.Repeat("x", 100_000)); text != "POST /v1/files?purpose=a%20b 100000" {
		t.Errorf("the upstream saw %s", text)
	}
	if n := r.counts.Unmetered.Load(); n != 1 || len(r.ledger.ended) != 0 {
		t.Errorf("%d unmetered, %d ended", n, len(r.ledger.ended))
	}
	for _, path := range []string{"/openai/v1/../../admin", "/nobody/v1/chat/completions"} {
		req := httptest.NewRequest(http.MethodPost, "/", nil)
		req.URL.Path = path
		req.Header.Set("Authorization", "Bearer bursar-key")
		w := httptest.NewRecorder()
		r.gateway.ServeHTTP(w, req)
		if w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestNothingGoesOutThatIsNotKept(t *testing.T) {
	t.Parallel()
	called := false
	r := enter(t, func(http.ResponseWriter, *http.Request) { called = true }, func(c *gateway.Config) { c.Body = 1000 })
	r.ledger.full = true
	if answer, text := r.ask("/openai/v1/chat/completions", chat); answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" || !strings.Contains(text, "not made") {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	r.ledger.full = false
	if answer, text := r.ask("/openai/v1/chat/completions", strings.Repeat("x", 1001)); answer.StatusCode != 413 {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	if called || len(r.ledger.ended) > 0 {
		t.Error("the upstream was called")
	}
}

// TestAClientThatLeaves leaves in the midst of a stream.
func TestAClientThatLeaves(t *testing.T) {
	t.Parallel()
	for policy, want := range map[gateway.Gone]struct {
		source spend.UsageSource
		held   bool
	}{gateway.Drain: {spend.UsageProvider, false}, gateway.Cancel: {spend.UsageEstimate, false}} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			began, goOn := make(chan struct{}), make(chan struct{})
			r := enter(t, func(w http.ResponseWriter, req *http.Request) {
				_, _ = io.Copy(io.Discard, req.Body)
				w.Header().Set("Content-Type", "text/event-stream")
				tell(w, `data: {"id":"c-3","choices":[{"delta":{"content":"a"}}]}`+"\n\n")
				_ = http.NewResponseController(w).Flush()
				close(began)
				select {
				case <-goOn:
				case <-req.Context().Done():
					return
				}
				tell(w, `data: {"id":"c-3","choices":[{"delta":{"content":"b"},"finish_reason":"stop"}]}`+"\n\n"+
					`data: {"id":"c-3","choices":[],"usage":`+usage+"}\n\ndata: [DONE]\n\n")
			}, func(c *gateway.Config) { c.Routes[0].Gone = policy })
			ctx, leave := context.WithCancel(t.Context())
			answer := r.open(ctx, chat)
			defer answer.Body.Close()
			if line, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil || !strings.Contains(line, "c-3") {
				t.Fatalf("%s %v", line, err)
			}
			<-began
			leave()
			for r.counts.Aborted.Load() == 0 {
				runtime.Gosched()
			}
			close(goOn)
			got := r.settled(1)[0]
			if got.Event.Status != spend.StatusAborted || got.Event.UsageSource != want.source || got.Hold.Valid != want.held {
				t.Errorf("settled as %s by %s, held %v", got.Event.Status, got.Event.UsageSource, got.Hold.Valid)
			}
		})
	}
}

func TestAnUpstreamThatDies(t *testing.T) {
	t.Parallel()
	r := enter(t, func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		tell(w, `data: {"id":"c-4","choices":[{"delta":{"conte`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}, nil)
	answer := r.open(t.Context(), chat)
	defer answer.Body.Close()
	if _, err := io.ReadAll(answer.Body); err == nil {
		t.Error("the client was told that the answer is whole")
	}
	if got := r.settled(1)[0]; got.Event.Status != spend.StatusInterrupted || got.Event.UsageSource != spend.UsageUnobserved || !got.Hold.Valid {
		t.Errorf("settled as %s by %s", got.Event.Status, got.Event.UsageSource)
	}
}

// TestAnotherUpstreamAnswers sets a second upstream behind one that fails.
func TestAnotherUpstreamAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first  http.HandlerFunc // nil where nothing listens
		second bool             // it is asked
		status spend.Status
		source spend.UsageSource
	}{
		"overloaded":       {say(503, "application/json", `{"error":{"message":"busy"}}`), true, spend.StatusError, spend.UsageNone},
		"nobody there":     {nil, true, spend.StatusError, spend.UsageNone},
		"hangs up":         {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true, spend.StatusInterrupted, spend.UsageUnobserved},
		"the client's own": {say(400, "application/json", `{"error":{"message":"no"}}`), false, spend.StatusError, spend.UsageNone},
		"nothing left":     {say(429, "application/json", `{"error":{"code":"insufficient_quota"}}`), false, spend.StatusError, spend.UsageNone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := httptest.NewServer(c.first)
			t.Cleanup(first.Close)
			if c.first == nil {
				first.Close()
			}
			base, err := url.Parse(first.URL)
			if err != nil {
				t.Fatal(err)
			}
			r := enter(t, say(200, "application/json", whole), func(cfg *gateway.Config) {
				up := cfg.Routes[0].Upstreams[0]
				up.Base, up.Account = base, "first"
				cfg.Routes[0].Upstreams = []gateway.Upstream{up, cfg.Routes[0].Upstreams[0]}
			})
			answer, _ := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
			if (answer.StatusCode == 200) != c.second {
				t.Errorf("status %d", answer.StatusCode)
			}
			n := 1
			if c.second {
				n = 2
			}
			ended := r.settled(n)
			if got := ended[0].Event; got.Account != "first" || got.Status != c.status || got.UsageSource != c.source {
				t.Errorf("the first settled as %s by %s", got.Status, got.UsageSource)
			}
			if last := ended[n-1].Event; last.Operation != ended[0].Event.Operation || c.second && (last.Account != "acct" || last.Status != spend.StatusOK) {
				t.Errorf("the last is %+v", last)
			}
		})
	}
}

// TestAnAnswerMadeLater asks for one in the background and reads it until it is there.
func TestAnAnswerMadeLater(t *testing.T) {
	t.Parallel()
	const made = `{"id":"resp_1","object":"response","model":"gpt-5-2026","status":%q,"output":[],"usage":%s}`
	ready := false
	r := enter(t, func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body)
		w.Header().Set("Content-Type", "application/json")
		if ready {
			tell(w, made, "completed", `{"input_tokens":10,"output_tokens":3,"total_tokens":13}`)
			return
		}
		tell(w, made, "queued", "null")
	}, func(c *gateway.Config) { c.Routes[0].Upstreams[0].Flavour = "openai.chat" }) // which is of chat completions alone
	read := func() {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.server.URL+"/openai/v1/responses/resp_1", nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer bursar-key")
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if _, err := io.ReadAll(answer.Body); err != nil {
			t.Fatal(err)
		}
	}
	r.ask("/openai/v1/responses", `{"model":"gpt-5","background":true,"input":"CANARY"}`)
	read()
	if len(r.ledger.open) != 1 || len(r.ledger.ended) != 0 {
		t.Fatalf("%d open and %d ended before it is made", len(r.ledger.open), len(r.ledger.ended))
	}
	ready = true
	for range 3 { // it is metered once
		read()
	}
	got := r.settled(1)[0]
	if got.Event.Usage.Tokens[spend.OutText] != 3 || got.Event.UsageSource != spend.UsageProvider || got.Event.Status != spend.StatusOK || got.Event.Response != "resp_1" {
		t.Errorf("settled as %+v", got.Event)
	}
}

// TestAnUpstreamThatFailsIsLeftAlone for a moment, and its own mistakes alone count.
func TestAnUpstreamThatFailsIsLeftAlone(t *testing.T) {
	t.Parallel()
	for status, most := range map[int]int64{500: 20, 400: 60} {
		var asked atomic.Int64
		r := enter(t, func(w http.ResponseWriter, q *http.Request) {
			asked.Add(1)
			say(status, "application/json", `{"error":{"message":"no"}}`)(w, q)
		}, nil)
		var last reply
		for range 60 {
			last, _ = r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
		}
		r.settled(int(asked.Load()))
		if asked.Load() != most || (last.StatusCode == 503) != (most < 60) || (last.StatusCode == 503) != (last.Header.Get("Retry-After") != "") {
			t.Errorf("%d: asked %d times, and the last answer is %d", status, asked.Load(), last.StatusCode)
		}
	}
}

// TestAKeyIsBound to a workflow, an environment, some models and some endpoints.
func TestAKeyIsBound(t *testing.T) {
	t.Parallel()
	r := enter(t, say(200, "application/json", whole), func(c *gateway.Config) {
		c.Keys = keys{auth.Bounds{Workflow: "refunds", Environment: "test", Models: []string{"gpt-5*"}, Endpoints: []string{"chat", "messages"}}}
	})
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{"/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`, 200},
		{"/openai/v1/chat/completions", `{"model":"gpt-4o","messages":[]}`, 403},
		{"/openai/v1/chat/completions", `{"model":"gpt-5","models":["gpt-5","gpt-4o"],"messages":[]}`, 403},
		{"/openai/v1/chat/completions", `{"messages":[]}`, 400},
		{"/openai/v1/chat/completions", `{"model":7,"messages":[]}`, 400},
		{"/openai/v1/chat/completions", `{"model":"gpt-5","model":"gpt-4o","messages":[]}`, 400},
		{"/openai/v1/chat/completions", `{"model":"gpt-5","Model":"gpt-4o","messages":[]}`, 400},
		{"/openai/v1/embeddings", `{"model":"gpt-5","input":"a"}`, 403},
		{"/openai/v1/files", `x`, 403},
		{"/anthropic/v1/messages", `{"model":"claude-x","max_tokens":1,"messages":[]}`, 403},
	} {
		if answer, text := r.ask(c.path, c.body, "X-Bursar-Workflow", "other", "X-Bursar-Environment", "production"); answer.StatusCode != c.status {
			t.Errorf("%s %s: %d %s", c.path, c.body, answer.StatusCode, text)
		}
	}
	if s := r.settled(1)[0].Event.Scope; s.Workflow != "refunds" || s.Environment != "test" {
		t.Errorf("scope %+v", s)
	}
}

// TestAKeyOfSomeModels goes nowhere that nobody reads which model is asked for.
func TestAKeyOfSomeModels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		endpoints    []string
		method, path string
		status       int
	}{
		{nil, "POST", "/openai/v1/batches", 403},
		{nil, "PUT", "/openai/v1/images/generations", 403},
		{nil, "post", "/anthropic/v1/messages/batches", 403},
		{[]string{"chat", "other"}, "POST", "/openai/v1/batches", 200},
		{[]string{"responses"}, "GET", "/openai/v1/responses/r", 200},
		{[]string{"responses"}, "POST", "/openai/v1/responses/r/cancel", 200},
		{[]string{"chat"}, "GET", "/openai/v1/responses/r", 403},
		{[]string{"messages"}, "POST", "/anthropic/v1/messages/count_tokens", 200},
		{[]string{"messages"}, "POST", "/openai/v1/responses/input_tokens", 403},
		{[]string{"responses"}, "POST", "/openai/v1/responses/input_tokens", 200},
		{[]string{"responses"}, "POST", "/anthropic/v1/messages/count_tokens", 403},
		{[]string{"other"}, "POST", "/anthropic/v1/messages/count_tokens", 200},
		{nil, "GET", "/openai/v1/models", 200},
		{nil, "DELETE", "/openai/v1/files/f", 200},
		{nil, "POST", "/openai/v1/responses/r/cancel", 200},
		{nil, "POST", "/anthropic/v1/messages/count_tokens", 200},
	} {
		r := enter(t, say(200, "application/json", whole), func(cfg *gateway.Config) {
			cfg.Keys = keys{auth.Bounds{Models: []string{"gpt-5*"}, Endpoints: c.endpoints}}
		})
		q := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(`{"model":"dearer"}`))
		q.Header.Set("Authorization", "Bearer bursar-key")
		w := httptest.NewRecorder()
		r.gateway.ServeHTTP(w, q)
		if w.Code != c.status {
			t.Errorf("%s %s with %v: %d %s", c.method, c.path, c.endpoints, w.Code, w.Body)
		}
	}
}
