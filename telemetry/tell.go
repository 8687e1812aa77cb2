package telemetry

import (
	"cmp"
	"maps"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Unobserved is the kind of what an agent used beyond the calls that were seen.
const Unobserved = "unobserved"

// saying is what was given of a span.
type saying struct {
	of   *node
	what role
}

// tell appends what is due of a trace: of the spans of the batch at hand, and of those
// that are something else now.
func (t *trace) tell(out []Call, given []saying) ([]Call, []saying) {
	for _, span := range slices.Sorted(maps.Keys(t.nodes)) {
		n := t.nodes[span]
		if n.call == nil || !n.due && n.role == n.said {
			continue
		}
		n.due = false
		given = append(given, saying{n, n.role})
		if c, speaks := n.told(); speaks {
			n.once = true
			c.Event.Revision = int64(len(t.nodes) + t.turns)
			out = append(out, c)
		}
	}
	return out, given
}

// told is what the ledger is to know of a span, false for nothing.
func (n *node) told() (Call, bool) {
	c := *n.call
	switch {
	case n.role.kind == leaf, n.role.kind == witness:
		if len(c.Problems) == 0 {
			n.asCall(&c.Event)
		}
		return c, true
	case n.role.rest == (rest{}):
		withdraw(&c.Event)
		return c, n.once
	}
	n.asRest(&c.Event)
	return c, true
}

// asCall names the call by what others know of it, and puts it below its agent.
func (n *node) asCall(e *spend.Event) {
	n.place(e)
	e.Scope.Tags[SpanTag] = n.role.join
	if n.role.kind == witness {
		e.Usage, e.UsageSource, e.Flags = spend.Usage{}, spend.UsageUnobserved, 0
	}
}

func (n *node) place(e *spend.Event) {
	s := &e.Scope
	s.Tags = maps.Clone(s.Tags)
	s.Agent, s.Workflow = cmp.Or(s.Agent, n.role.agent), cmp.Or(s.Workflow, n.role.workflow)
	if s.Run == n.call.Trace {
		s.Run = cmp.Or(n.role.run, s.Run)
	}
}

// asRest makes a line of what nobody else tells. It is no call, unless nothing below is
// known either: then the agent has called somebody once at least. What may have been
// seen before our time is no cost, and stands beside the totals.
func (n *node) asRest(e *spend.Event) {
	n.place(e)
	sum(e)
	if !n.role.calls {
		e.CallCount = 1
	}
	left := n.role.rest
	e.Usage, e.Rank = spend.Usage{}, spend.RankAgentAggregate
	e.Usage.Tokens[spend.InText] = left.prompt - left.read - left.write
	e.Usage.Tokens[spend.CacheRead], e.Usage.Tokens[spend.CacheWriteOther] = left.read, left.write
	e.Usage.Tokens[spend.OutText] = left.completion
	if n.role.kind == uncertain {
		e.UsageSource = spend.UsageUnobserved
	}
}

// withdraw takes back what was told of a span that adds nothing any more.
func withdraw(e *spend.Event) {
	sum(e)
	e.Usage, e.UsageSource, e.Rank = spend.Usage{}, spend.UsageNone, spend.RankAgentAggregate
}

// sum makes an event one of no single call: it has no id of a vendor, and none by which
// others know it.
func sum(e *spend.Event) {
	e.Kind, e.Bucket, e.CallCount, e.Response = Unobserved, true, 0, ""
	e.Flags &= spend.Notional
	e.Reported, e.ReportedCurrency = money.Null{}, ""
	e.Scope.Tags = maps.Clone(e.Scope.Tags)
	delete(e.Scope.Tags, SpanTag)
	delete(e.Scope.Tags, RequestTag)
}
