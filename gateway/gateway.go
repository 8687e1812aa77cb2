package gateway

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/queue"
	"github.com/bursarhq/bursar/wire/protocol"
)

// Gateway passes calls through. It is made by New, and is for any number of
// goroutines.
type Gateway struct {
	Config
	routes  map[string]*route
	held    *memory
	lines   *lines    // of calls that wait for a rate
	kin     *kin      // runs and those that they stand under
	steps   *steppers // of the ledger
	alarm   *alarm    // of those that take too long
	haste   haste
	spare   spareRooms
	records sync.Pool // of what the ledger is told
	asked   sync.Pool // of what budgets are asked
	answers sync.Pool // that were read
	counts  *Counts
}

// route is a Route with what it needs at work.
type route struct {
	*Route
	doors   []*door
	retries *retries
}

// door is an upstream with its places.
type door struct {
	*Upstream
	times   Times
	places  *queue.Places // that attempts take
	breaker *breaker
	gauges  gauges
	waiting atomic.Int64 // attempts, for a place or for a rate
}

// key is what opens it at this moment, zero when the gateway holds none.
func (d *door) key() auth.Secret {
	if d.Credential == (auth.Secret{}) && d.Sealed != nil {
		return d.Sealed()
	}
	return d.Credential
}

// opens says that the gateway holds a key for it, or that it needs none.
func (d *door) opens() bool { return d.Keyless || d.key() != (auth.Secret{}) }

// address is where the request goes at an upstream.
func (c *call) address(d *door) *url.URL {
	_, raw := split(c.r.URL.EscapedPath())
	return &url.URL{
		Scheme: d.Base.Scheme, Host: d.Base.Host, RawQuery: c.query(),
		Path: strings.TrimRight(d.Base.Path, "/") + c.path, RawPath: strings.TrimRight(d.Base.EscapedPath(), "/") + raw,
	}
}

// New makes a gateway.
func New(c Config) (*Gateway, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	g := &Gateway{Config: c.withDefaults(), routes: map[string]*route{}, steps: newSteppers()}
	g.alarm = newAlarm(g.Stall)
	before := g.before()
	g.held, g.lines, g.kin = before.held, before.lines, before.kin
	g.held.most.Store(g.Memory)
	g.spare = make(spareRooms, mostSpare)
	g.records.New = func() any { return new(ingest.Record) }
	g.asked.New = func() any { return new(budget.Call) }
	g.answers.New = func() any { return new(protocol.Answer) }
	if g.counts = g.Config.Counts; g.counts == nil {
		g.counts = &Counts{}
	}
	if g.Meter == nil {
		g.Meter = NewMeter(0)
	}
	if g.Running == nil {
		g.Running = &Running{}
	}
	if g.Stalls == nil {
		g.Stalls = &Stalls{}
	}
	if g.Transport == nil {
		g.Transport = before.Transport
	}
	for i := range c.Routes {
		r := &route{Route: &c.Routes[i], retries: before.retriesOf(c.Routes[i].Name)}
		for j := range r.Upstreams {
			r.doors = append(r.doors, before.door(r.Route, j, g))
		}
		g.routes[r.Name] = r
	}
	g.Meter.shown.Store(g)
	return g, nil
}

// Counts are what gateways have done.
type Counts struct {
	Calls, Attempts, Unmetered, Refused, Aborted, Unsettled atomic.Int64

	Unrecorded atomic.Int64 // attempts that passed without a record, since the ledger stalled
	Unsynced   atomic.Int64 // attempts whose answers were given before a record of theirs was synced
}

// Serves says whether a path belongs to a route.
func (g *Gateway) Serves(path string) bool {
	name, _ := split(path)
	return g.routes[name] != nil
}

// split gives the first element of a path and what follows it.
func split(path string) (name, rest string) {
	name, rest, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return name, "/" + rest
}

// dotted says that a path has a step to itself or above. What it comes to is the reader's
// to say, and an upstream may take for a call what has not been metered here.
func dotted(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(step string) bool { return step == "." || step == ".." })
}

// unclear says that upstreams may cut a path where it is not cut here: at what begins
// parameters, a query or a fragment, at another stroke, at what ends a text for some, or
// before blanks at the end of a step.
func unclear(path string) bool {
	if strings.ContainsFunc(path, func(c rune) bool { return strings.ContainsRune(`\;?#`, c) || unicode.IsControl(c) }) {
		return true
	}
	for step := range strings.SplitSeq(path, "/") {
		if step != strings.TrimSpace(step) {
			return true
		}
	}
	return false
}

// ServeHTTP passes one request through, or refuses it in the caller's dialect.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, rest := split(r.URL.Path)
	route := g.routes[name]
	if route == nil || dotted(rest) {
		http.NotFound(w, r)
		return
	}
	c := &call{Gateway: g, route: route, w: w, r: r, path: rest, began: g.Now(), control: http.NewResponseController(w)}
	c.request = protocol.Target{API: route.API, Method: r.Method, Path: rest}.Request()
	if refusal := c.serve(); refusal != nil { //nolint:contextcheck // the request brings it
		g.counts.Refused.Add(1)
		sends := c.refuse(refusal)
		c.turnedAway(refusal) //nolint:contextcheck // a record is written also when the client has gone
		if sends {
			c.linger()
		}
	}
}
