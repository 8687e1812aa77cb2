package telemetry

import (
	"time"

	"github.com/bursarhq/bursar/spend"
)

// What a forest holds is bounded by these, and by the spans that it is made for, each with
// its call about 3 kB: some 60 MB all together when nothing else is asked for.
const (
	mostSpans  = 4096    // of one trace that are remembered
	mostGone   = 1 << 18 // traces that were forgotten, in each of two generations; about 5 MB
	mostPassed = 1 << 15 // traces whose calls the gateway saw, in each of two; about 6 MB
)

// Forest remembers the newest traces, to say what their spans add up to when more of
// them come. What it says is a function of the spans that it has seen, in whatever order
// and however often they came; a later word on a span has a higher revision. It is for
// one goroutine.
type Forest struct {
	most   int
	since  time.Time // of what began before it may not have seen all
	traces map[string]*trace
	order  []string // of traces, the oldest first
	held   int      // spans

	gone, before    map[spend.ID]bool // traces that were forgotten, by their digests, in two generations
	passed, earlier map[string]rest   // what calls of traces used that passed the gateway, in two
	talks           talks
}

// NewForest remembers so many spans, from an instant on.
func NewForest(most int, since time.Time) *Forest {
	return &Forest{most: most, since: since, traces: map[string]*trace{}, gone: map[spend.ID]bool{}, before: map[spend.ID]bool{}, passed: map[string]rest{}, talks: talks{now: map[string][]turn{}}}
}

// Pass notes a call of a trace that the gateway has counted. What an agent used in calls
// that no span tells of, and the gateway does, is no rest.
func (f *Forest) Pass(space, id string, u *spend.Usage) {
	if len(f.passed) >= mostPassed {
		f.earlier, f.passed = f.passed, map[string]rest{}
	}
	id = space + "/" + id
	f.passed[id] = f.passed[id].plus(restOf(u))
}

// beside is what the gateway has counted of a trace beyond the calls that its spans tell.
func (f *Forest) beside(t *trace) (r rest) {
	if len(f.passed)+len(f.earlier) == 0 {
		return r
	}
	r = f.passed[t.id].plus(f.earlier[t.id])
	for _, n := range t.nodes {
		if n.call != nil && n.call.Class == Inference {
			r = r.less(restOf(&n.call.Event.Usage))
		}
	}
	return r
}

// trace is the spans of one trace.
type trace struct {
	id      string
	space   string
	nodes   map[string]*node
	partial bool // some of its spans are not remembered
	turns   int  // of its conversations, by which its words change as well
}

// node is one span, and what was said of it last.
type node struct {
	call   *Call // nil for a span of no dialect
	span   string
	parent string
	http   bool
	ended  time.Time
	below  []*node
	seen   bool // on the way through the tree
	due    bool // to be told whether it changes or not
	role   role
	said   role // what the ledger has
	once   bool // something was given, whether the ledger has it or not
}

// Add takes the spans of one batch and a space, within which ids of traces are whatever
// a client says, and gives what is to be told: something of each span that tells of
// usage, and of earlier ones that are seen otherwise now. Spans without an id come back
// as they are. What is not kept by the second result is given again with the next batch.
func (f *Forest) Add(space string, calls []Call) (out []Call, keep func()) {
	out = make([]Call, 0, len(calls))
	var given []saying
	touched := map[string]*trace{}
	var order []*trace
	touch := func(t *trace) {
		if touched[t.id] == nil {
			touched[t.id] = t
			order = append(order, t)
		}
	}
	for i := range calls {
		c := &calls[i]
		t := f.add(space, c)
		if t == nil {
			if c.Class == Inference {
				out = append(out, *c)
			}
			continue
		}
		touch(t)
		for _, next := range f.hear(t, c) {
			touch(next)
		}
	}
	for _, t := range order {
		t.look(f)
		out, given = t.tell(out, given)
	}
	f.forget(touched)
	return out, func() {
		for _, s := range given {
			s.of.said = s.what
		}
	}
}

// hear notes the sum of an agent that may go on with earlier ones, and gives the traces
// whose sums may go on with it.
func (f *Forest) hear(t *trace, c *Call) (next []*trace) {
	if c.Dialect == nil || !c.Dialect.Carries || c.Class != Aggregate || !c.Told || len(c.Problems) > 0 {
		return nil
	}
	e := &c.Event
	for _, id := range f.talks.hear(t.space+"/"+e.Scope.Run, turn{t.id, c.Span, e.StartedAt, e.EndedAt, restOf(&e.Usage)}) {
		if other := f.traces[id]; other != nil {
			next = append(next, other)
		}
	}
	return next
}

// add remembers a span, and gives its trace; of a span that comes twice the longer one
// stands. It gives nil when it cannot be remembered.
func (f *Forest) add(space string, c *Call) *trace {
	if c.Trace == "" || c.Span == "" {
		return nil
	}
	id := space + "/" + c.Trace
	t := f.traces[id]
	if t == nil {
		t = &trace{id: id, space: space, nodes: map[string]*node{}, partial: f.lost(id)}
		f.traces[id] = t
		f.order = append(f.order, id)
	}
	n := t.nodes[c.Span]
	switch {
	case n == nil && len(t.nodes) >= mostSpans:
		t.partial = true
		return nil
	case n == nil:
		n = &node{span: c.Span}
		t.nodes[c.Span] = n
		f.held++
	case !c.Event.EndedAt.After(n.ended) && n.call != nil:
		n.due = true
		return t
	}
	n.parent, n.http, n.ended, n.due = c.Parent, c.HTTP, c.Event.EndedAt, true
	if c.Dialect != nil {
		own := *c
		n.call = &own
	}
	return t
}

// lost says that a trace was remembered once, and forgotten.
func (f *Forest) lost(id string) bool {
	digest := spend.Digest(id)
	return f.gone[digest] || f.before[digest]
}

// forget drops the oldest traces beyond the bound, but for those at hand.
func (f *Forest) forget(touched map[string]*trace) {
	if f.held <= f.most {
		return
	}
	var kept []string
	at := 0
	for ; at < len(f.order) && f.held > f.most; at++ {
		id := f.order[at]
		if touched[id] != nil {
			kept = append(kept, id)
			continue
		}
		f.held -= len(f.traces[id].nodes)
		delete(f.traces, id)
		if len(f.gone) >= mostGone {
			f.before, f.gone = f.gone, map[spend.ID]bool{}
		}
		f.gone[spend.Digest(id)] = true
	}
	if f.order = f.order[at:]; len(kept) > 0 {
		f.order = append(kept, f.order...)
	}
}
