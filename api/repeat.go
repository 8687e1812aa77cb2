package api

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

const (
	maxKey  = 256
	maxKept = 1 << 20
)

// repeats answers a request that its client sends twice under one key as it was
// answered the first time. Only successes are kept: what failed may be tried
// again under its key. Whether a caller may is checked before, every time.
type repeats struct {
	memory Memory

	mu      sync.Mutex
	running map[Request]bool // by scope and key
}

func newRepeats(m Memory) *repeats { return &repeats{memory: m, running: map[Request]bool{}} }

// kept is an answer as the memory holds it.
type kept struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// once calls the route, or gives the answer of the first time.
func (p *repeats) once(ctx context.Context, c *call, key string) (reply, error) {
	if len(key) > maxKey {
		return reply{}, spend.Errorf(spend.KindInvalid, "repeat a request", "the Idempotency-Key has %d bytes", len(key)).
			WithHint("1 to %d", maxKey)
	}
	r := Request{Scope: c.route.pattern + " " + c.who.Actor(), Key: key, Digest: c.digest()}
	if !p.begin(r) {
		return reply{}, spend.Errorf(spend.KindConflict, "repeat a request", "the first one with this key is still running").
			WithHint("send it again when that has ended")
	}
	defer p.end(r)
	text, found, err := p.memory.Recall(ctx, r)
	if err != nil {
		return reply{}, err
	}
	if found {
		return replay(text)
	}
	answer, err := c.route.handle(c)
	if err == nil {
		p.remember(ctx, c, r, answer)
	}
	return answer, err
}

// remember keeps an answer. The effect has happened, so neither a caller who
// left nor a memory that fails may turn it into an error.
func (p *repeats) remember(ctx context.Context, c *call, r Request, answer reply) {
	body := answer.body
	if answer.keep != nil {
		body = answer.keep
	}
	if len(body) > maxKept {
		return
	}
	text, err := json.Marshal(kept{answer.status, body})
	if err == nil {
		err = p.memory.Remember(context.WithoutCancel(ctx), r, string(text))
	}
	if err != nil {
		c.Log.Warn("an answer was not kept for its repetition", "route", c.route.pattern, "error", err)
	}
}

func replay(text string) (reply, error) {
	var k kept
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return reply{}, spend.Errorf(spend.KindInternal, "repeat a request", "the answer that was kept: %w", err)
	}
	return reply{
		status: k.Status, media: "application/json", body: append(k.Body, '\n'),
		header: map[string]string{"Idempotency-Replayed": "true"},
	}, nil
}

// digest names what was asked: method, address and body.
func (c *call) digest() string {
	return auth.DigestOf(strings.Join([]string{c.request.Method, c.request.URL.RequestURI(), auth.DigestOf(string(c.body))}, "\n"))
}

func (p *repeats) begin(r Request) bool {
	r.Digest = ""
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running[r] {
		return false
	}
	p.running[r] = true
	return true
}

func (p *repeats) end(r Request) {
	r.Digest = ""
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, r)
}
