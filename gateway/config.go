package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// Keys finds out whose key was presented.
type Keys interface {
	// Caller gives whom a key belongs to. Its Refusal says why nobody is let in; the
	// error is of the store alone.
	Caller(ctx context.Context, presented auth.Secret) (Caller, error)
}

// Caller is the holder of a key.
type Caller struct {
	Scope   spend.Scope // its credential, and the application and above that it is bound to
	Space   string      // where its runs and attempts live
	Bounds  auth.Bounds // what it may ask for
	Refusal string      // why the key opens nothing, "" when it does
}

// Ledger keeps calls. What begins outlives this process when Begin returns, and a
// loss of power when Synced does. It keeps no record that it is given.
type Ledger interface {
	Begin(r *ingest.Record) (behind uint64, err error)
	Synced(ctx context.Context, behind uint64) error
	Hasten(behind uint64) // begins what Synced waits for
	Kept() uint64         // position before which everything outlives it; it never waits
	End(r *ingest.Record) error
}

// Prices says what calls may cost, and have cost.
type Prices interface {
	// Limits gives what is known of a model.
	Limits(seller, model string) protocol.Limits
	// Most gives the highest price of a call over some cases of its usage, in the
	// reporting currency; it is not known when no exchange rate says so.
	Most(call pricebook.Call, cases []spend.Usage) money.Null
	// Currency is the reporting currency.
	Currency() money.Currency
	// Cost gives the cost of a call as it was.
	Cost(call pricebook.Call) budget.Cost
}

// Budgets decides whether calls may go on, and holds what they may cost.
type Budgets interface {
	Acquire(c *budget.Call) budget.Verdict
	Settle(id spend.ID, cost budget.Cost)
	Release(id spend.ID)
	// Rates gives the rates that look at a call.
	Rates(c *budget.Call) []budget.Reason
}

// Scopes says under which scope an event will be booked, and may normalise it.
type Scopes interface {
	Scope(e *spend.Event) spend.Scope
}

// Labels caps the new label values of each key.
type Labels interface {
	// Fold changes those of a scope that are too many, and counts them.
	Fold(s *spend.Scope) (folded int)
}

// Config is everything that a gateway is made of. Counts and times that are zero
// stand for their defaults.
type Config struct {
	Routes []Route
	Keys   Keys
	Ledger Ledger
	Prices Prices

	Budgets Budgets // nil admits every call
	Scopes  Scopes  // of what budgets look at; needed with them
	Labels  Labels  // nil caps nothing

	Now    func() time.Time
	Log    *slog.Logger
	Counts *Counts // of all that passes; its own when nil
	Meter  *Meter  // the same by labels, and times; its own when nil
	Access Access  // which requests are written down in AccessLog

	AccessLog *slog.Logger // Log when nil

	Stalled Stalled // what becomes of calls while the ledger stalls; refuse
	Stalls  *Stalls // takes note of what is late; its own when nil

	Running *Running // takes note of attempts, so that they can be ended; its own when nil

	Transport http.RoundTripper // to the upstreams; its own when nil

	Before *Gateway // that it takes the place of: what is under way there counts here too; nil for none

	Body   int64    // bytes of a metered request; 64 MiB
	Memory int64    // bytes of all request bodies at once; 256 MiB
	Tags   []string // evidence that becomes tags, at most 13: header.NAME, baggage.NAME, metadata.NAME
	Patience
}

// Patience is how long the gateway waits for others.
type Patience struct {
	Times
	Client time.Duration // to send or take the next bytes; 1 min
	Drain  time.Duration // for the rest of an answer whose client is gone; 2 min
	Stall  time.Duration // for the ledger; 2 s
	Queue  time.Duration // for a place at an upstream, and for a rate; 2 s, not at all below zero
}

// Route is a way in: /NAME/v1/… goes to the same path below its upstream's base.
type Route struct {
	Name      string // the first element of the path
	API       protocol.API
	Upstreams []Upstream // the first is asked; the next one when an attempt failed and may be made again
	Gone      Gone       // what becomes of the answer when its client is gone
}

// Gone says what becomes of an answer whose client is gone.
type Gone string

// The policies for it.
const (
	Drain  Gone = "drain"  // read it to its end for its usage, while the vendor goes on
	Cancel Gone = "cancel" // end it, which ends the bill at most vendors
)

// Upstream is a vendor's door.
type Upstream struct {
	Name       string
	Base       *url.URL    // /v1/… is put behind it
	Seller     string      // who bills, as prices name it
	Account    string      // the vendor account that pays
	Tier       string      // that a request gets which asks for none or for auto, as prices name it; standard when empty
	Credential auth.Secret // zero where clients bring their own, or Sealed has it

	Sealed  func() auth.Secret // the credential where it may change at any time, zero while there is none; nil for none
	Header  string             // that takes the credential: Authorization, X-Api-Key or Api-Key; the API's own when empty
	Flavour string             // how it counts in chat completions, one of wire.Flavours; the API's own when empty
	Keyless bool               // it asks for no key
	Unasked bool               // its streams tell their usage without being asked, and are not asked
	AtOnce  int                // attempts at the same time; 1,024
	Tries   int                // attempts of one call; 1
	Times                      // of its own, where they differ
}

// Times bound an attempt at an upstream. Those of an upstream that are zero are the
// gateway's.
type Times struct {
	Connect time.Duration // until a connection takes the request; 10 s
	Head    time.Duration // for an upstream's first byte; 10 min
	Idle    time.Duration // between two reads of an upstream's answer; 5 min
	Call    time.Duration // for one attempt as a whole; 1 h
}

// over gives times with others where those say nothing.
func (t Times) over(others Times) Times {
	return Times{or(t.Connect, others.Connect), or(t.Head, others.Head), or(t.Idle, others.Idle), or(t.Call, others.Call)}
}

// reserved are first elements of paths that are not ours to give.
func reserved() []string {
	return []string{"api", "otlp", "healthz", "readyz", "metrics", "assets", ""}
}

// Validate refuses a configuration that cannot work. The error is of kind invalid.
func (c *Config) Validate() error {
	if c.Stalled != "" && c.Stalled != Refuse && c.Stalled != Pass {
		return wrong("when the journal stalls, refuse or pass, not %.40q", c.Stalled)
	}
	if len(c.Tags) > maxEvidence {
		return wrong("%d tags; a line takes %d beside those of the client", len(c.Tags), maxEvidence)
	}
	seen := map[string]bool{}
	for i := range c.Routes {
		r := &c.Routes[i]
		if err := r.validate(seen); err != nil {
			return wrong("%w", err)
		}
		for j := range r.Upstreams {
			if err := r.Upstreams[j].validate(); err != nil {
				return wrong("route %s: %w", r.Name, err)
			}
		}
	}
	return nil
}

// validate looks at a route without its upstreams, and adds its name to those seen.
func (r *Route) validate(seen map[string]bool) error {
	taken := slices.Contains(reserved(), r.Name) || strings.ContainsAny(r.Name, "/?#%") || seen[r.Name]
	seen[r.Name] = true
	switch {
	case taken:
		return fmt.Errorf("the route name %.40q is taken, used twice, or no element of a path; name another", r.Name)
	case r.API != protocol.OpenAI && r.API != protocol.Anthropic:
		return fmt.Errorf("route %s: there is no API %.40q; write openai or anthropic", r.Name, r.API)
	case len(r.Upstreams) == 0:
		return fmt.Errorf("route %s has no upstream; write upstreams, a list with the base of each", r.Name)
	case r.Gone != "" && r.Gone != Drain && r.Gone != Cancel:
		return fmt.Errorf("route %s: client_gone is drain or cancel, not %.40q", r.Name, r.Gone)
	}
	return nil
}

func (u *Upstream) validate() error {
	switch {
	case u.Base == nil || u.Base.Host == "" || u.Base.Scheme != "https" && u.Base.Scheme != "http":
		return errors.New("the base is no address like https://api.example.com")
	case u.Base.User != nil || u.Base.RawQuery != "" || u.Base.Fragment != "":
		return errors.New("the base is more than an address and a path; keys go into key_env, key_file or key_sealed")
	case u.Connect < 0 || u.Head < 0 || u.Idle < 0 || u.Call < 0:
		return fmt.Errorf("upstream %s: a time is below zero", u.Name)
	case u.Seller == "":
		return fmt.Errorf("upstream %s: nobody is named who bills; write seller, as prices name it", u.Name)
	}
	return nil
}

func wrong(format string, args ...any) error {
	return spend.Errorf(spend.KindInvalid, "configure the gateway", format, args...)
}

func or[T int | int64 | time.Duration](n, otherwise T) T {
	if n > 0 {
		return n
	}
	return otherwise
}

func (c Config) withDefaults() Config {
	c.Body, c.Memory = or(c.Body, 64<<20), or(c.Memory, 256<<20)
	if c.AccessLog == nil {
		c.AccessLog = c.Log
	}
	c.Client, c.Drain = or(c.Client, time.Minute), or(c.Drain, 2*time.Minute)
	c.Times = c.over(Times{10 * time.Second, 10 * time.Minute, 5 * time.Minute, time.Hour})
	c.Stall, c.Stalled = or(c.Stall, 2*time.Second), cmp.Or(c.Stalled, Refuse)
	c.Queue = cmp.Or(c.Queue, 2*time.Second)
	return c
}
