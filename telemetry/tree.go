package telemetry

import (
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// role is what a span is to its trace. Two that are equal say the same of it.
type role struct {
	kind            kindOfRole
	join            string // the span by which the call is known to others
	agent, workflow string // that it stands below
	run             string // of these, where the span says none
	rest            rest   // what an agent used beyond the calls that were seen
	calls           bool   // there are calls below
}

type kindOfRole uint8

const (
	bystander kindOfRole = iota // it tells of no usage
	leaf                        // a call, whose usage counts
	witness                     // the same call as another span, which has the usage
	remainder                   // a sum: what counts is what it has beyond the calls below
	uncertain                   // a sum of which not all that is below may have been seen
)

// rest is tokens, by what agents tell of them.
type rest struct{ prompt, read, write, completion int64 }

func (r rest) plus(s rest) rest {
	return rest{r.prompt + s.prompt, r.read + s.read, r.write + s.write, r.completion + s.completion}
}

// less takes away what is there of another, each kind by itself.
func (r rest) less(s rest) rest {
	return rest{max(r.prompt-s.prompt, 0), max(r.read-s.read, 0), max(r.write-s.write, 0), max(r.completion-s.completion, 0)}
}

func restOf(u *spend.Usage) rest {
	return rest{
		prompt: u.PromptTokens(), completion: u.CompletionTokens(), read: u.Tokens[spend.CacheRead],
		write: u.Tokens[spend.CacheWrite5m] + u.Tokens[spend.CacheWrite1h] + u.Tokens[spend.CacheWriteOther],
	}
}

// beyond is what a sum has that the calls below do not have, nothing when the two differ
// by 50 tokens or by 2 in 100: libraries round, and count streams each in its own way.
//
// Example: an agent of 113 tokens in and 11 out, over calls of 56/5 and 57/6, has
// nothing; over the first call alone it has 57 in and 6 out.
func (r rest) beyond(below rest) rest {
	left := rest{prompt: max(r.prompt-below.prompt, 0), completion: max(r.completion-below.completion, 0)}
	if n, all := left.prompt+left.completion, r.prompt+r.completion; n*100 <= 2*all || n <= 50 && below != (rest{}) {
		return rest{}
	}
	left.read = min(max(r.read-below.read, 0), left.prompt)
	left.write = min(max(r.write-below.write, 0), left.prompt-left.read)
	return left
}

// under is what stands below a span, itself included.
type under struct {
	sum   rest
	calls []*node // the calls, each by its innermost span
	heard bool    // the gateway has counted some
	http  *node   // the request of HTTP that ended last and belongs to no call yet
}

// above is what a span stands below.
type above struct{ agent, workflow, run string }

// look says anew what each span of the trace is to it.
func (t *trace) look(f *Forest) {
	for _, n := range t.nodes {
		n.below, n.seen, n.role = n.below[:0], false, role{}
	}
	w := walk{t: t, since: f.since, beside: f.beside(t), talks: &f.talks}
	w.under(t.roots(), above{}, 0)
	for _, n := range t.nodes { // of a circle, which no library makes
		if !n.seen {
			n.below = nil
			w.visit(n, above{}, 0)
		}
	}
}

// roots hangs every span below its parent, and gives those that have none. A trace has
// one root: below it stands, too, what hangs below a span that was not sent.
func (t *trace) roots() []*node {
	var roots, strays []*node
	for _, span := range slices.Sorted(maps.Keys(t.nodes)) {
		n := t.nodes[span]
		switch p := t.nodes[n.parent]; {
		case p != nil && p != n:
			p.below = append(p.below, n)
		case n.parent == "":
			roots = append(roots, n)
		default:
			strays = append(strays, n)
		}
	}
	if len(roots) == 1 {
		roots[0].below = append(roots[0].below, strays...)
		return roots
	}
	return append(roots, strays...)
}

// walk goes through one trace.
type walk struct {
	t      *trace
	since  time.Time
	beside rest // counted by the gateway, and below no sum yet
	talks  *talks
}

// mostDeep bounds the way down; what is deeper counts as calls of its own.
const mostDeep = 512

func (w *walk) under(all []*node, a above, depth int) (u under) {
	for _, n := range all {
		v := w.visit(n, a, depth)
		u.sum = u.sum.plus(v.sum)
		u.calls, u.heard = append(u.calls, v.calls...), u.heard || v.heard
		u.http = later(u.http, v.http)
	}
	return u
}

// later gives whichever of two ended last, the greater one of two at once.
func later(a, b *node) *node {
	switch {
	case a == nil || b != nil && (b.ended.After(a.ended) || b.ended.Equal(a.ended) && b.span > a.span):
		return b
	}
	return a
}

func (w *walk) visit(n *node, a above, depth int) under {
	if n.seen || depth > mostDeep {
		return under{}
	}
	n.seen = true
	inner := n.within(a)
	u := w.under(n.below, inner, depth+1)
	switch {
	case n.call == nil || n.call.Class == Other || len(n.call.Problems) > 0:
		if n.http {
			u.http = n
		}
		if n.call != nil && len(n.call.Problems) > 0 {
			n.role = role{kind: leaf} // the ledger says what is wrong with it
		}
		return u
	case n.call.Class == Inference && len(u.calls) < 2:
		return n.one(u, a)
	}
	return w.sum(n, u, a)
}

// within is what the spans below stand below.
func (n *node) within(a above) above {
	if n.call == nil || n.call.Class != Aggregate {
		return a
	}
	s := &n.call.Event.Scope
	if s.Agent != "" {
		a.agent = s.Agent
	}
	if s.Workflow != "" {
		a.workflow = s.Workflow
	}
	if s.Run != n.call.Trace {
		a.run = s.Run
	}
	return a
}

// one is a call: by itself, or seen by two libraries, one within the other. Then the
// inner one stands nearest to the vendor, and its usage counts if it has any.
func (n *node) one(u under, a above) under {
	n.role = role{kind: leaf, join: n.span, agent: a.agent, workflow: a.workflow, run: a.run}
	if len(u.calls) == 0 {
		if u.http != nil {
			n.role.join = u.http.span
		}
		return under{sum: restOf(&n.call.Event.Usage), calls: []*node{n}}
	}
	inner := u.calls[0]
	n.role.join = inner.role.join
	if !inner.call.Told && u.sum == (rest{}) {
		return under{sum: restOf(&n.call.Event.Usage), calls: u.calls}
	}
	n.role.kind = witness
	return under{sum: u.sum, calls: u.calls}
}

// sum is an agent, a workflow, a step, or a call that stands for several.
func (w *walk) sum(n *node, u under, a above) under {
	u.http, u.heard = nil, u.heard || w.beside != (rest{})
	if !n.call.Told {
		return u
	}
	n.role = role{kind: remainder, agent: a.agent, workflow: a.workflow, run: a.run, calls: len(u.calls) > 0 || u.heard}
	if w.t.partial || n.call.Event.StartedAt.Before(w.since) {
		n.role.kind = uncertain
	}
	whole := restOf(&n.call.Event.Usage)
	known := u.sum.plus(w.beside)
	if before := w.carried(n, known, len(u.calls)); before != (rest{}) {
		if whole = whole.less(before); whole.beyond(known) != (rest{}) {
			n.role.kind = uncertain // it may be of a run before
		}
	}
	n.role.rest = whole.beyond(known)
	u.sum = u.sum.plus(whole.less(u.sum))
	w.beside = w.beside.less(whole)
	return u
}

// carried gives what a sum has of the runs before in its conversation, nothing where it is
// of its own run alone. Without a call below nobody can tell.
func (w *walk) carried(n *node, known rest, calls int) rest {
	if !n.call.Dialect.Carries {
		return rest{}
	}
	e := &n.call.Event
	before, turns := w.talks.before(w.t.space+"/"+e.Scope.Run, e.StartedAt)
	if w.t.turns = max(w.t.turns, turns); calls == 0 {
		return rest{}
	}
	if !restOf(&e.Usage).carries(known, before) {
		return rest{}
	}
	return before
}
