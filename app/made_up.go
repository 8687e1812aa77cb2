package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// MadeUp are vendors within this process: they answer the calls of a simulated company
// as it was simulated, and any other with a few tokens. They take as long as vendors
// do, until their company goes home. Nothing leaves the process.
type MadeUp struct {
	planned sync.Map      // spend.Event by the key under which it is called
	home    chan struct{} // closed when the company goes there
	leave   func()
}

// NewMadeUp opens them.
func NewMadeUp() *MadeUp {
	home := make(chan struct{})
	return &MadeUp{home: home, leave: sync.OnceFunc(func() { close(home) })}
}

// sellers are those that are called, by the route that leads to them.
func (*MadeUp) sellers() []string {
	return []string{"openai", "anthropic", "azure", "google", "deepseek", "mistral", "xai", "openrouter"}
}

// Behind lets the calls that come through a door end at these vendors, whatever they are for.
func (m *MadeUp) Behind(d Door) Door {
	var c gateway.Config
	if d.Calls != nil {
		c = *d.Calls
	}
	c.Transport, c.Routes = m, nil
	for _, seller := range m.sellers() {
		route := gateway.Route{Name: seller, API: protocol.OpenAI, Upstreams: []gateway.Upstream{{
			Name: "made-up", Base: &url.URL{Scheme: "https", Host: seller + ".example"}, Seller: seller, Account: "tarnbrook", Credential: auth.NewSecret("made-up"),
		}}}
		if seller == "anthropic" {
			route.API = protocol.Anthropic
		}
		c.Routes = append(c.Routes, route)
	}
	d.Calls = &c
	return d
}

// plannedBy is the field that names a call to its vendor.
const plannedBy = "Idempotency-Key"

// RoundTrip answers a call. The request itself is read as a vendor reads it.
func (m *MadeUp) RoundTrip(r *http.Request) (*http.Response, error) {
	var asked struct {
		Model  string `json:"model"`
		Stream bool   `json:"stream"`
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_ = json.Unmarshal(body, &asked) // what is not read is answered all the same
	e := m.plan(r.Header.Get(plannedBy), len(body))
	first, last := pace(&e)
	if err := m.wait(r.Context(), first); err != nil {
		return nil, err
	}
	switch e.Status {
	case spend.StatusError:
		return answer(r, http.StatusBadRequest, io.NopCloser(bytes.NewReader([]byte(`{"error":{"type":"invalid_request_error","message":"made up"}}`)))), nil
	case spend.StatusInterrupted:
		return nil, errors.New("the made-up vendor hung up")
	}
	page := said{anthropic: r.URL.Path == "/v1/messages", model: asked.Model, e: &e}
	if !asked.Stream {
		if err := m.wait(r.Context(), last-first); err != nil {
			return nil, err
		}
		return answer(r, http.StatusOK, io.NopCloser(bytes.NewReader(page.whole()))), nil
	}
	from, to := io.Pipe()
	go m.stream(r.Context(), to, page, last-first)
	streamed := answer(r, http.StatusOK, from)
	streamed.Header.Set("Content-Type", "text/event-stream")
	return streamed, nil
}

// stream sends a first token, and the rest after a while.
func (m *MadeUp) stream(ctx context.Context, to *io.PipeWriter, page said, rest time.Duration) {
	_, err := to.Write(page.begin())
	if err == nil {
		err = m.wait(ctx, rest)
	}
	if err == nil {
		_, err = to.Write(page.end())
	}
	_ = to.CloseWithError(err) // nil is the end
}

// plan gives the call that is simulated, else one of a stranger.
func (m *MadeUp) plan(key string, size int) spend.Event {
	if planned, found := m.planned.LoadAndDelete(key); found && key != "" {
		return planned.(spend.Event) //nolint:forcetypeassert // nothing else is in it
	}
	e := spend.Event{Response: "made-up-" + rand.Text(), Kind: "chat", Status: spend.StatusOK, UsageSource: spend.UsageProvider}
	e.Usage.Tokens[spend.InText], e.Usage.Tokens[spend.OutText] = int64(size/4+1), 20
	return e
}

// wait lets time pass, less of it once the company has gone home.
func (m *MadeUp) wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-m.home:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// pace is when an answer begins and ends.
func pace(e *spend.Event) (first, last time.Duration) {
	last, known := e.Duration()
	if !known {
		last = 300 * time.Millisecond
	}
	if first, known = e.FirstToken(); !known {
		first = last / 2
	}
	return first, max(first, last)
}

func answer(r *http.Request, status int, body io.ReadCloser) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: body, ContentLength: -1, Request: r,
	}
}

// passes says that a call of the company can be made through the gateway; the others
// are told as events, as by systems that have no gateway.
func (m *MadeUp) passes(e *spend.Event) bool {
	return slices.Contains(m.sellers(), e.Seller) && (e.Kind == "chat" || e.Kind == "embeddings") &&
		e.Region == "" && e.Status != spend.StatusRefused
}
