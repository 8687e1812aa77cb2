package gateway_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// room is a gateway between a client and an upstream of the test's own.
type room struct {
	t        *testing.T
	ledger   *ledger
	upstream *httptest.Server
	gateway  *gateway.Gateway
	server   *httptest.Server
	counts   *gateway.Counts
	running  *gateway.Running
}

// enter builds a room; change may change what the gateway is made of.
func enter(t *testing.T, upstream http.HandlerFunc, change func(*gateway.Config)) *room {
	t.Helper()
	r := &room{t: t, ledger: &ledger{}, counts: &gateway.Counts{}, running: &gateway.Running{}, upstream: httptest.NewServer(upstream)}
	t.Cleanup(r.upstream.Close)
	base, err := url.Parse(r.upstream.URL)
	if err != nil {
		t.Fatal(err)
	}
	up := gateway.Upstream{Name: "mock", Base: base, Seller: "openai", Account: "acct", Credential: auth.NewSecret("vendor-secret")}
	c := gateway.Config{
		Routes: []gateway.Route{
			{Name: "openai", API: protocol.OpenAI, Upstreams: []gateway.Upstream{up}},
			{Name: "anthropic", API: protocol.Anthropic, Upstreams: []gateway.Upstream{up}},
		},
		Keys: keys{}, Ledger: r.ledger, Prices: prices{}, Now: time.Now, Log: slog.New(slog.DiscardHandler), Counts: r.counts, Running: r.running,
	}
	if change != nil {
		change(&c)
	}
	if r.gateway, err = gateway.New(c); err != nil {
		t.Fatal(err)
	}
	r.server = httptest.NewServer(r.gateway)
	t.Cleanup(r.server.Close)
	return r
}

// reply is the head of an answer.
type reply struct {
	StatusCode int
	Header     http.Header
}

// ask sends a body and reads the whole answer.
func (r *room) ask(path, body string, header ...string) (reply, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.server.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer bursar-key")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Errorf("read the answer: %v", err)
	}
	return reply{answer.StatusCode, answer.Header}, string(text)
}

// open begins a call of which the test reads the answer itself.
func (r *room) open(ctx context.Context, body string) *http.Response {
	r.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.server.URL+"/openai/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer bursar-key")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer
}

// keys knows one key.
type keys struct{ bounds auth.Bounds }

func (k keys) Caller(_ context.Context, presented auth.Secret) (gateway.Caller, error) {
	if presented.Reveal() != "bursar-key" {
		return gateway.Caller{Refusal: "this is no token of ours"}, nil
	}
	scope := spend.Scope{Team: "claims", Application: "triage", Credential: "aaaaaaaa", Workflow: k.bounds.Workflow, Environment: k.bounds.Environment}
	return gateway.Caller{Scope: scope, Space: "triage", Bounds: k.bounds}, nil
}

type prices struct{}

func (prices) Limits(string, string) protocol.Limits {
	return protocol.Limits{Context: 1000, Output: 100}
}

func (prices) Most(pricebook.Call, []spend.Usage) money.Null { return money.Known(money.Must("0.5")) }

// ledger keeps what it is told, in order.
type ledger struct {
	mu     sync.Mutex
	open   map[string]ingest.Record
	ended  []ingest.Record
	synced map[uint64]bool
	kept   uint64
	full   bool

	hastened []uint64
}

func (l *ledger) Begin(r *ingest.Record) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		return 0, spend.Errorf(spend.KindExhausted, "begin", "the disk is full")
	}
	if l.open == nil {
		l.open, l.synced = map[string]ingest.Record{}, map[uint64]bool{}
	}
	l.open[r.Event.Attempt] = *r
	return uint64(len(l.open)), nil
}

func (l *ledger) Synced(_ context.Context, behind uint64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.synced[behind] = true
	return nil
}

func (l *ledger) Hasten(behind uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hastened = append(l.hastened, behind)
}

func (l *ledger) Kept() uint64 { return l.kept }

func (l *ledger) End(r *ingest.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = append(l.ended, *r)
	return nil
}

// settled gives the records of n attempts when they are there.
func (r *room) settled(n int) []ingest.Record {
	r.t.Helper()
	for {
		r.ledger.mu.Lock()
		ended := r.ledger.ended
		r.ledger.mu.Unlock()
		if len(ended) >= n {
			if len(ended) > n || len(r.ledger.open) != n {
				r.t.Fatalf("%d attempts begun and %d ended, want %d", len(r.ledger.open), len(ended), n)
			}
			return ended
		}
		select {
		case <-r.t.Context().Done():
			r.t.Fatalf("%d of %d attempts ended", len(ended), n)
		default:
		}
	}
}

const (
	chat  = `{"model":"gpt-5","stream":true,"messages":[{"role":"user","content":"CANARY"}]}`
	usage = `{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}`
)

// streamed answers like OpenAI does: with usage when it was asked for.
func streamed(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	asked := strings.Contains(string(body), `"include_usage":true`)
	w.Header().Set("Content-Type", "text/event-stream")
	null := ""
	if asked {
		null = `,"usage":null`
	}
	for _, word := range []string{"one", "two", "three"} {
		tell(w, `data: {"id":"c-1","model":"gpt-5-2026","choices":[{"index":0,"delta":{"content":%q}}]%s}`+"\n\n", word, null)
		_ = http.NewResponseController(w).Flush()
	}
	tell(w, `data: {"id":"c-1","model":"gpt-5-2026","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]%s}`+"\n\n", null)
	if asked {
		tell(w, `data: {"id":"c-1","model":"gpt-5-2026","choices":[],"usage":`+usage+"}\n\n")
	}
	tell(w, "data: [DONE]\n\n")
}

func TestAStreamIsWhatADirectCallGives(t *testing.T) {
	t.Parallel()
	r := enter(t, streamed, nil)
	direct, err := http.Post(r.upstream.URL+"/v1/chat/completions", "application/json", strings.NewReader(chat))
	if err != nil {
		t.Fatal(err)
	}
	defer direct.Body.Close()
	want, err := io.ReadAll(direct.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer, got := r.ask("/openai/v1/chat/completions", chat, "X-Bursar-Workflow", "sort", "X-Bursar-Run", "7")
	if got != string(want) || answer.StatusCode != 200 {
		t.Errorf("got %d\n%s\nwant\n%s", answer.StatusCode, got, want)
	}
	e := r.settled(1)[0].Event
	if e.Usage.Tokens[spend.InText] != 10 || e.Usage.Tokens[spend.OutText] != 3 || e.UsageSource != spend.UsageProvider || e.Status != spend.StatusOK {
		t.Errorf("booked %+v", e)
	}
	if e.Response != "c-1" || e.ServedModel != "gpt-5-2026" || e.RequestedModel != "gpt-5" || e.FirstTokenAt.IsZero() {
		t.Errorf("booked %+v", e)
	}
	if s := e.Scope; s.Team != "claims" || s.Workflow != "sort" || s.Run != "triage/7" || s.Credential != "aaaaaaaa" {
		t.Errorf("scope %+v", s)
	}
}

func (prices) Currency() money.Currency { return "USD" }

func (prices) Cost(call pricebook.Call) budget.Cost {
	cost := money.FromUnits(call.Usage.CompletionTokens() * 1_000_000_000) // a thousandth for each token
	return budget.AtMost(money.Known(cost), "USD", call.Usage.PromptTokens()+call.Usage.CompletionTokens())
}

// tell writes a part of an answer and sends it.
func tell(w http.ResponseWriter, format string, args ...any) {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	_, _ = io.WriteString(w, format)
	_ = http.NewResponseController(w).Flush()
}
