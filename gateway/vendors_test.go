package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// kind is a vendor with its peculiarities: a route as the documentation writes it, what
// a client asks, what the vendor then sees, and what it answers.
type kind struct {
	name    string
	written string // of the upstream; BASE is the address of the made-up server
	asks    string // of the client, below the route
	body    string
	header  []string // of the client beside its key

	sees   string // METHOD path?query of the vendor
	key    string // the fields in which the vendor sees a key
	edited string // what the vendor sees in the place of the body, "" for the same
	answer string // of the vendor
	shows  string // to the client, "" for the same

	model string // that is booked
	usage string
	cost  string // that the vendor says itself
}

// chunk is a frame of a stream.
func chunk(members string) string {
	return `data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"m-1",` + members + "}\n\n"
}

const (
	hello      = `"choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]`
	stops      = `"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]`
	done       = "data: [DONE]\n\n"
	counted    = `{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}`
	asksStream = `{"model":"m","stream":true,"messages":[]}`
	asksUsage  = `{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[]}`
	wholeText  = `{"id":"c-1","object":"chat.completion","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":` + counted + `}`
)

func kinds() []kind {
	stream := func(frames ...string) string { return strings.Join(append(frames, done), "") }
	return []kind{
		{
			name: "azure by the path of its version 1", written: "base: BASE/openai, seller: azure, key_env: KEY, key_header: Api-Key",
			asks: "/v1/chat/completions?api-version=preview", body: `{"model":"triage","messages":[]}`,
			sees: "POST /openai/v1/chat/completions?api-version=preview", key: "Api-Key: vendor-secret",
			answer: wholeText, model: "m-1", usage: "in_text 10, out_text 5",
		},
		{
			name: "azure by deployments, from its own library", written: "base: BASE, seller: azure, key_env: KEY, key_header: Api-Key",
			asks: "/openai/deployments/triage/chat/completions?api-version=2024-10-21", body: `{"stream":true,"messages":[]}`,
			header: []string{"Api-Key", "bursar-key"},
			sees:   "POST /openai/deployments/triage/chat/completions?api-version=2024-10-21", key: "Api-Key: vendor-secret",
			edited: `{"stream":true,"stream_options":{"include_usage":true},"messages":[]}`,
			answer: stream("data: {\"choices\":[],\"id\":\"\",\"model\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n", chunk(hello+`,"usage":null`), chunk(stops+`,"usage":null`), chunk(`"choices":[],"usage":`+counted)),
			shows:  stream("data: {\"choices\":[],\"id\":\"\",\"model\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n", chunk(hello), chunk(stops)),
			model:  "m-1", usage: "in_text 10, out_text 5",
		},
		{
			name: "ollama without a key", written: "base: BASE, seller: own-cluster, no_key: true",
			asks: "/v1/chat/completions", body: asksStream, sees: "POST /v1/chat/completions",
			edited: `{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[]}`,
			answer: stream(chunk(hello), chunk(stops), chunk(`"choices":[],"usage":`+counted)), shows: stream(chunk(hello), chunk(stops)),
			model: "m-1", usage: "in_text 10, out_text 5",
		},
		{
			name: "vllm with usage as it goes", written: "base: BASE, seller: own-cluster, key_env: KEY",
			asks: "/v1/chat/completions", body: `{"model":"m","stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true},"messages":[]}`,
			sees: "POST /v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			answer: stream(chunk(hello+`,"usage":{"prompt_tokens":10,"total_tokens":11,"completion_tokens":1}`), chunk(stops+`,"usage":`+counted), chunk(`"choices":[],"usage":`+counted)),
			model:  "m-1", usage: "in_text 10, out_text 5",
		},
		{
			name: "vllm with usage that is null", written: "base: BASE, seller: own-cluster, key_env: KEY",
			asks: "/v1/chat/completions", body: asksStream, sees: "POST /v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			edited: asksUsage, answer: stream(chunk(hello+`,"usage":null`), chunk(stops+`,"usage":null`), chunk(`"choices":[],"usage":`+counted)),
			shows: stream(chunk(hello), chunk(stops)), model: "m-1", usage: "in_text 10, out_text 5",
		},
		{
			name: "openrouter", written: "base: BASE/api, seller: openrouter, key_env: KEY",
			asks: "/v1/chat/completions", body: asksStream, header: []string{"HTTP-Referer", "https://example.com", "X-Title", "triage"},
			sees: "POST /api/v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			answer: stream(": OPENROUTER PROCESSING\n\n", chunk(hello), chunk(stops), chunk(`"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"cost":0.00095}`)),
			model:  "m-1", usage: "in_text 10, out_text 5", cost: "0.00095",
		},
		{
			name: "deepseek", written: "base: BASE, seller: deepseek, key_env: KEY",
			asks: "/v1/chat/completions", body: asksStream, sees: "POST /v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			edited: asksUsage, answer: stream(chunk(hello+`,"usage":null`), chunk(stops+`,"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":4}`)),
			shows: stream(chunk(hello), chunk(stops+`,"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":4}`)),
			model: "m-1", usage: "in_text 4, cache_read 6, out_text 5",
		},
		{
			name: "xai", written: "base: BASE, seller: xai, key_env: KEY",
			asks: "/v1/chat/completions", body: `{"model":"m","messages":[]}`, sees: "POST /v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			answer: strings.Replace(wholeText, counted, `{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":94},"num_sources_used":0}`, 1),
			model:  "m-1", usage: "in_text 26, cache_read 6, out_text 9, out_reasoning 94",
		},
		{
			name: "groq", written: "base: BASE/openai, seller: groq, key_env: KEY",
			asks: "/v1/chat/completions", body: asksStream, sees: "POST /openai/v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			edited: asksUsage, answer: stream(chunk(hello), chunk(stops+`,"x_groq":{"id":"req_1","usage":`+counted+`}`)),
			model: "m-1", usage: "in_text 10, out_text 5",
		},
		{
			name: "mistral, which refuses to be asked for usage", written: "base: BASE, seller: mistral, key_env: KEY",
			asks: "/v1/chat/completions", body: asksStream, sees: "POST /v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			answer: stream(chunk(hello), chunk(stops+`,"usage":`+counted)), model: "m-1", usage: "in_text 10, out_text 5",
		},
		{
			name: "an upstream that is not to be asked", written: "base: BASE, seller: own-cluster, key_env: KEY, ask_usage: false",
			asks: "/v1/chat/completions", body: asksStream, sees: "POST /v1/chat/completions", key: "Authorization: Bearer vendor-secret",
			answer: stream(chunk(hello), chunk(stops+`,"usage":`+counted)), model: "m-1", usage: "in_text 10, out_text 5",
		},
	}
}

// TestVendorsWithPeculiarities sends a call through a route to each vendor.
func TestVendorsWithPeculiarities(t *testing.T) {
	t.Parallel()
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			var sees, key, body string
			r := enter(t, func(w http.ResponseWriter, q *http.Request) {
				raw, _ := io.ReadAll(q.Body)
				sees, key, body = q.Method+" "+q.URL.RequestURI(), fields(q.Header), string(raw)
				w.Header().Set("Content-Type", "application/json")
				if strings.HasPrefix(k.answer, "data:") || strings.HasPrefix(k.answer, ":") {
					w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
				}
				for frame := range strings.SplitAfterSeq(k.answer, "\n\n") {
					tell(w, "%s", frame)
				}
			}, nil)
			r.reroute(k.written)
			header := k.header
			if len(header) > 0 && header[0] == "Api-Key" {
				header = append(header, "Authorization", "") // a library that sends its key in another field
			}
			answer, shows := r.ask("/openai"+k.asks, k.body, header...)
			want := k
			if want.edited == "" {
				want.edited = k.body
			}
			if want.shows == "" {
				want.shows = k.answer
			}
			if diff := cmp.Diff([]string{want.sees, want.key, want.edited}, []string{sees, key, body}); diff != "" {
				t.Errorf("the vendor sees something else (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.shows, shows); diff != "" || answer.StatusCode != http.StatusOK {
				t.Errorf("%d; the client gets something else (-want +got):\n%s", answer.StatusCode, diff)
			}
			k.compareBooked(t, &r.settled(1)[0])
		})
	}
}

// fields are those in which a key can stand.
func fields(h http.Header) string {
	var all []string
	for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "X-Bursar-Key"} {
		if value := h.Get(name); value != "" {
			all = append(all, name+": "+value)
		}
	}
	return strings.Join(all, ", ")
}

func (k *kind) compareBooked(t *testing.T, r *ingest.Record) {
	t.Helper()
	var meters []string
	r.Event.Usage.Each(func(m spend.Meter, q spend.Quantity) { meters = append(meters, fmt.Sprintf("%s %s", m, q)) })
	cost := ""
	if r.Event.Reported.Valid {
		cost = r.Event.Reported.Amount.String()
	}
	got := []string{r.Event.Model(), strings.Join(meters, ", "), cost, string(r.Event.UsageSource)}
	if diff := cmp.Diff([]string{k.model, k.usage, k.cost, string(spend.UsageProvider)}, got); diff != "" {
		t.Errorf("booked (-want +got):\n%s", diff)
	}
}

// reroute makes the gateway anew with an upstream as a file of routes writes it.
func (r *room) reroute(upstream string) {
	r.t.Helper()
	text := "gateway: bursar/1\nroutes: [{name: openai, api: openai, upstreams: [{" + strings.ReplaceAll(upstream, "BASE", r.upstream.URL) + "}]}]\n"
	from := gateway.Environment{Get: func(name string) (string, bool) {
		if name != "KEY" {
			return "", false
		}
		return "vendor-secret", true
	}}
	routes, err := gateway.ReadRoutes(strings.NewReader(text), from)
	if err != nil {
		r.t.Fatal(err)
	}
	c := r.gateway.Config
	c.Routes = routes
	g, err := gateway.New(c)
	if err != nil {
		r.t.Fatal(err)
	}
	r.server.Config.Handler = g
}
