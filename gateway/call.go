package gateway

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// call is one logical request of a client.
type call struct {
	*Gateway
	*route
	w       http.ResponseWriter
	r       *http.Request
	control *http.ResponseController
	path    string // below the upstream's base
	began   time.Time

	key     auth.Secret // ours, that was presented
	caller  Caller
	own     bool    // the client's vendor key stands beside ours, and passes through
	to      []*door // the upstreams that it may go to, at least one
	request protocol.Request
	body    []byte
	who     spend.Scope
	id      string // of the operation
	made    bool   // an attempt was
	said    *said  // by the upstream asked last, nil for nothing
	course
}

// serve passes the call through; a refusal is one that no upstream has seen.
func (c *call) serve() *protocol.Refusal {
	if refusal := c.admit(); refusal != nil {
		return refusal
	}
	c.admitted = c.Now()
	if unclear(c.path) {
		return c.refusal(protocol.Unreadable, "the path can be read in more than one way: no step of it may hold "+`\ ; ? #`+" or a control character, or begin or end with a blank")
	}
	if !c.request.Metered() {
		if refusal := c.unseen(); refusal != nil {
			return refusal
		}
		return c.pass()
	}
	body, err := c.readBody()
	c.took = c.Now().Sub(c.admitted)
	if err != nil {
		return c.unread(err)
	}
	defer c.held.give(int64(len(body)))
	c.body = body
	c.request = protocol.Read(protocol.Target{API: c.API, Method: c.r.Method, Path: c.path}, body)
	c.who, c.id = c.scope(), newID()
	c.owner = ownerOf(&c.who)
	if refusal := c.models(); refusal != nil {
		return refusal
	}
	c.counts.Calls.Add(1)
	return c.try()
}

// admit finds out whose call it is.
func (c *call) admit() *protocol.Refusal {
	key, own := presented(c.r.Header)
	if key == (auth.Secret{}) {
		return c.refusal(protocol.UnknownKey, "no key was sent; send a key of this gateway as the API key (bursar key create)")
	}
	caller, err := c.Keys.Caller(c.r.Context(), key)
	if err != nil {
		c.Log.Error("find the holder of a key", "error", err)
		return c.unavailable("the keys cannot be read at the moment")
	}
	if caller.Refusal != "" {
		return c.refusal(protocol.UnknownKey, caller.Refusal)
	}
	c.key, c.caller, c.own = key, caller, own
	if !c.opened() {
		return c.refusal(protocol.NotAllowed, "this key may not use "+c.endpoint())
	}
	if c.to = c.reachable(); len(c.to) == 0 {
		return c.refusal(protocol.NotAllowed, "this gateway holds no key of the vendor; send your own as usual, and the gateway's key in "+ownKey)
	}
	return nil
}

// endpoint is what a key may be bound to. Who may ask for an answer may read it later.
func (c *call) endpoint() string {
	if c.request.Metered() || c.request.Reread {
		return string(c.request.Operation)
	}
	return string(protocol.Other)
}

// opened says that the key may use the endpoint. Who may ask for an answer may count its
// prompt before, which is free.
func (c *call) opened() bool {
	bounds, counted := &c.caller.Bounds, protocol.Responses
	if c.request.API == protocol.Anthropic {
		counted = protocol.Messages
	}
	return bounds.Opens(c.endpoint()) || c.request.Operation == protocol.CountTokens && bounds.Opens(string(counted))
}

// unseen refuses a request that may ask for any model, since nobody reads which, to a key
// that may ask for some alone, unless it may use such endpoints by their name.
func (c *call) unseen() *protocol.Refusal {
	bounds, o := &c.caller.Bounds, c.request.Operation
	asks := c.r.Method != http.MethodGet && c.r.Method != http.MethodHead && c.r.Method != http.MethodDelete
	if len(bounds.Models) == 0 || !asks || c.request.Reread || o == protocol.CountTokens || slices.Contains(bounds.Endpoints, string(protocol.Other)) {
		return nil
	}
	return c.refusal(protocol.NotAllowed, "this key may ask for some models alone, and nobody reads which one is asked for here; a key with the endpoint other may")
}

// models refuses what the key may not ask for, and with it what cannot be read.
func (c *call) models() *protocol.Refusal {
	if len(c.caller.Bounds.Models) == 0 {
		return nil
	}
	for _, p := range c.request.Unread {
		if p.Field == "model" || p.Field == "models" || p.Field == "body" || p.Field == "fallbacks" {
			return c.refusal(protocol.Unreadable, "this key may ask for some models alone, and the request does not say clearly which it asks for: "+p.Field+" "+p.Msg)
		}
	}
	for _, model := range append([]string{c.request.Model}, c.request.Fallbacks...) {
		if !c.caller.Bounds.Allows(model) {
			return c.refusal(protocol.ModelNotAllowed, "this key may not ask for the model "+strconv.Quote(model))
		}
	}
	return nil
}

// reachable are the upstreams that the call may go to: those that the gateway holds a
// key for. A client's own vendor key goes to one alone, so that no other vendor sees it:
// the first that has none of the gateway's, else the first.
func (c *call) reachable() (to []*door) {
	for _, d := range c.doors {
		switch {
		case c.own && !d.opens():
			return []*door{d}
		case !c.own && d.opens():
			to = append(to, d)
		}
	}
	if c.own {
		return c.doors[:1]
	}
	return to
}

// try makes attempts until one has been answered, or none may be made again. A
// refusal is given when no upstream answered at all.
func (c *call) try() *protocol.Refusal {
	c.retries.call()
	for i, d := range c.to {
		for n := or(d.Tries, 1); n > 0; n-- {
			a := &attempt{call: c, door: d, id: newID(), tries: n, others: c.to[i+1:], retry: i > 0 || n < or(d.Tries, 1)}
			a.last = n == 1 && len(a.others) == 0
			if done, refusal := a.make(); done {
				return refusal
			}
			if c.r.Context().Err() != nil {
				return nil // nobody is there to be answered
			}
			if a.moves {
				break
			}
		}
	}
	return c.unavailable("no upstream answers at the moment")
}

func (c *call) refusal(reason protocol.Reason, message string) *protocol.Refusal {
	return &protocol.Refusal{API: c.request.API, Operation: c.request.Operation, Reason: reason, Message: message}
}

func (c *call) unavailable(message string) *protocol.Refusal {
	r := c.refusal(protocol.Unavailable, message)
	r.RetryAfter = time.Second
	return r
}

// unread says why a body could not be read.
func (c *call) unread(err error) *protocol.Refusal {
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, errTooLarge):
		return c.refusal(protocol.TooLarge, "the body is larger than this gateway takes (gateway.body_bytes)")
	case errors.Is(err, errNoRoom):
		return c.unavailable("too many large requests are under way")
	case errors.As(err, &slow) && slow.Timeout():
		return c.refusal(protocol.Unreadable, "the body did not come in time")
	}
	return c.refusal(protocol.Unreadable, "the body ended early")
}

// detached is a context that the client's end does not end.
func (c *call) detached(most time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.r.Context()), most)
}
