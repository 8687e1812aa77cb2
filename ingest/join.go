package ingest

import (
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Tags that name a call for others, beside the ids that an event has fields for. They
// are identities: no cap counts their values.
const (
	TraceTag   = "trace_id"       // of W3C
	SpanTag    = "span_id"        // of W3C: the span under which the request was made
	ParentTag  = "parent_span_id" // of that span; it names no call
	RequestTag = "request_id"     // the vendor's id of the request, where that of the answer is another
)

func isIdentity(tag string) bool {
	return slices.Contains([]string{TraceTag, SpanTag, ParentTag, RequestTag}, tag)
}

// keysOf gives the identities of an event's attempt, strongest first: its own
// (spend.Event.Keys), the seller's id of the request, and the span of the client that
// made it. A client may make several requests under one span, so that of the gateway's
// attempts only those with an answer that was counted go by it; those of one span are
// told apart (tellApart). What an answer cost beside itself goes by its own keys alone.
//
// Example: a line of Claude Code's log with message msg_1 and request req_1, an event of
// its telemetry with req_1 alone, and what the gateway saw of both are one attempt.
func keysOf(e *spend.Event) []spend.ID {
	keys := e.Keys()
	tags := e.Scope.Tags
	if len(tags) == 0 || e.Bucket && e.Rank == spend.RankGateway || !e.Category.IsUsage() {
		return keys
	}
	if id := tags[RequestTag]; id != "" && e.Seller != "" {
		keys = append(keys, spend.Digest("request", e.Seller, id))
	}
	counted := e.Rank != spend.RankGateway || e.UsageSource == spend.UsageProvider
	if trace, span := tags[TraceTag], tags[SpanTag]; trace != "" && span != "" && counted {
		keys = append(keys, spend.Digest("span", trace, span))
	}
	return keys
}

// tellApart leaves keys out of a record that would make one attempt of two of the
// gateway: the gateway saw two requests go out, whatever id an upstream gives to all of
// its answers, and under whatever span a client tries again. The strongest key that
// names an attempt of the gateway counts.
func (r *resolver) tellApart(d *deferred) error {
	e := &d.record.Event
	seen := ""
	if e.Rank == spend.RankGateway {
		seen = e.Attempt
	}
	var kept []spend.ID
	for _, key := range d.keys {
		a := r.owner[key]
		if a == nil {
			kept = append(kept, key)
			continue
		}
		if err := r.witness(a); err != nil {
			return err
		}
		attempt := a.seenByGateway()
		if attempt != "" && seen != "" && attempt != seen {
			continue
		}
		if seen == "" {
			seen = attempt
		}
		kept = append(kept, key)
	}
	d.keys = kept
	return nil
}

// seenByGateway is the gateway's own name of an attempt, "" when it saw none.
func (a *attempt) seenByGateway() string {
	for i := range a.sightings {
		if e := &a.sightings[i].Event; e.Rank == spend.RankGateway && e.Attempt != "" {
			return e.Attempt
		}
	}
	return ""
}

// tagOf gives the tag of a label's name, "" when it is of none.
func tagOf(label string) string {
	tag, found := strings.CutPrefix(label, "tag:")
	if !found {
		return ""
	}
	return tag
}
