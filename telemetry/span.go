package telemetry

import (
	"cmp"
	"encoding/hex"
	"math"
	"strings"
	"time"

	tracev1 "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Tags of a call that name it in its trace. They are identities, and no labels.
const (
	TraceTag   = "trace_id"
	SpanTag    = "span_id"
	ParentTag  = "parent_span_id"
	RequestTag = "request_id" // the vendor's id of the request
)

// Span reads a span. It is false for one that belongs to no dialect and is no request
// of HTTP: what is above or below it in its trace still counts, so it is given all the
// same.
func (r *Reader) Span(s *tracev1.Span) (Call, bool) {
	r.record(s.GetAttributes())
	c := Call{Trace: hexOf(s.GetTraceId(), 16), Span: hexOf(s.GetSpanId(), 8), Parent: hexOf(s.GetParentSpanId(), 8)}
	d := r.row(Spans)
	if d == nil {
		c.HTTP = r.http()
		return c, false
	}
	c.Dialect = &d.Dialect
	e := &c.Event
	c.Told, c.Problems = r.measure(d, e)
	c.Class, c.HTTP, c.Kept = r.class(d, &c), r.http(), r.kept(s.GetTraceState())
	r.fill(d, e)
	began, ended := instant(s.GetStartTimeUnixNano()), instant(s.GetEndTimeUnixNano())
	e.UsedAt, e.StartedAt, e.EndedAt = cmp.Or(began, ended), began, ended
	e.SourceKey = c.Trace + "/" + c.Span
	e.Scope.Run = cmp.Or(e.Scope.Run, c.Trace)
	c.tag()
	if c.Trace == "" || c.Span == "" {
		c.bad("source_key", "the span has no trace id of 16 bytes and span id of 8, so that it cannot be told from others")
	}
	c.finish(s.GetStatus().GetCode() == tracev1.Status_STATUS_CODE_ERROR)
	return c, true
}

// class says what the span does to the usage of its trace. One that tells usage and not
// what it is counts as a call; the shape of its trace may say otherwise (Forest).
func (r *Reader) class(d *row, c *Call) Class {
	for _, at := range d.at[Operation] {
		if v := &r.values[at]; v.kind == text {
			if class, known := r.table.classes[strings.ToLower(v.text)]; known {
				return class
			}
		}
	}
	if c.Told || len(c.Problems) > 0 {
		return Inference
	}
	return Other
}

func (r *Reader) http() bool {
	for _, at := range r.table.http {
		if r.values[at].kind != absent {
			return true
		}
	}
	return false
}

// finish says how the call ended and who counted its usage, when its fields are read.
func (c *Call) finish(failed bool) {
	e := &c.Event
	if e.UsedAt.IsZero() {
		c.bad("used_at", "is missing, or is no instant")
	}
	e.Status, e.UsageSource = spend.StatusOK, spend.UsageProvider
	if failed {
		e.Status = spend.StatusError
	}
	switch {
	case c.Told:
	case failed:
		e.UsageSource = spend.UsageNone
	default:
		e.UsageSource = spend.UsageUnobserved
	}
	if len(c.Problems) > 0 {
		e.Usage, e.Flags = spend.Usage{}, 0
	}
}

func (c *Call) bad(field, msg string) {
	c.Problems = append(c.Problems, spend.Problem{Field: field, Msg: msg})
}

// tag names the call in its trace.
func (c *Call) tag() {
	for _, tag := range [][2]string{{TraceTag, c.Trace}, {SpanTag, c.Span}, {ParentTag, c.Parent}} {
		if tag[1] != "" {
			c.setTag(tag[0], tag[1])
		}
	}
}

func (c *Call) setTag(name, value string) { setTag(&c.Event.Scope, name, value) }

func setTag(s *spend.Scope, name, value string) {
	if s.Tags == nil {
		s.Tags = map[string]string{}
	}
	s.Tags[name] = value
}

// fill reads what the record says beside counts.
func (r *Reader) fill(d *row, e *spend.Event) {
	e.Rank = spend.RankSpan
	if d.Rank == CodingAgent {
		e.Rank = spend.RankAgentLog
	}
	e.RequestedModel, e.ServedModel = r.id(d, Requested), r.id(d, Served)
	e.Response, e.ServedTier = r.id(d, Response), tierOf(r.id(d, Tier))
	e.Seller = r.seller(d, e.Model())
	e.Kind = kindOf(strings.ToLower(r.word(d, Operation)))
	if cost, _, err := money.ParseRounded(r.amount(d)); err == nil && cost.Sign() > 0 {
		e.Reported, e.ReportedCurrency = money.Known(cost), "USD"
	}
	if r.seat(d) {
		e.Flags |= spend.Notional
	}
	if most := r.first(d, Most); most != nil && e.Usage.IsZero() {
		if n, good := most.count(); good {
			e.Usage.Tokens[spend.OutText] = n // of a call that nobody observed, the most that it can give
		}
	}
	r.scoped(d, &e.Scope)
	if id := r.id(d, Request); id != "" {
		setTag(&e.Scope, RequestTag, id)
	}
}

func (r *Reader) amount(d *row) string {
	if v := r.first(d, Cost); v != nil {
		return v.amount()
	}
	return ""
}

// seat says that a subscription pays for the tokens.
func (r *Reader) seat(d *row) bool {
	switch strings.ToLower(r.word(d, Plan)) {
	case "seat", "chatgpt", "oauth-personal":
		return true
	case "":
		provider := r.id(d, Provider)
		return d.Seat && (provider == "" || provider == "github")
	}
	return false
}

// seller tells who bills.
func (r *Reader) seller(d *row, model string) string {
	provider := strings.ToLower(r.id(d, Provider))
	switch {
	case d.Seller == "anthropic" && strings.Contains(model, "anthropic."):
		return "bedrock"
	case d.Seller == "anthropic" && strings.Contains(model, "@"):
		return "vertex"
	case d.Seller != "" && (provider == "" || provider == "github" || d.Rank == CodingAgent):
		return d.Seller
	}
	return sellerOf(provider)
}

// sellerOf gives a seller as prices name it, "" for nobody. A provider may carry the
// interface that was used behind its name: "openai.chat".
func sellerOf(provider string) string {
	if provider == "" {
		return ""
	}
	seller := pricebook.Seller(provider)
	if brand, _, more := strings.Cut(provider, "."); more && seller == provider {
		return pricebook.Seller(brand)
	}
	return seller
}

func (r *Reader) scoped(d *row, s *spend.Scope) {
	s.Workflow, s.Agent, s.Run, s.ParentRun = r.word(d, Workflow), r.word(d, Agent), r.id(d, Run), r.id(d, ParentRun)
	s.Step, s.Feature, s.Customer, s.Environment = r.word(d, Step), r.word(d, Feature), r.word(d, Customer), r.word(d, Environment)
	s.Principal = r.id(d, Person)
	switch caller := r.word(d, Caller); strings.ToLower(r.word(d, CallerType)) {
	case "agent":
		s.Agent = cmp.Or(s.Agent, caller)
	case "workflow":
		s.Workflow = cmp.Or(s.Workflow, caller)
	}
	s.Agent = cmp.Or(s.Agent, d.Agent)
	if service := r.word(d, Service); service != "" {
		setTag(s, "service", service)
	}
}

// tierOf gives a service tier as prices name it; the usual one has no name.
func tierOf(tier string) string {
	switch tier {
	case "normal", "default", "standard", "auto":
		return ""
	}
	return tier
}

func kindOf(operation string) string {
	switch {
	case strings.Contains(operation, "embed"):
		return "embeddings"
	case operation == "text_completion" || operation == "completion":
		return "text_completion"
	}
	return "chat"
}

// hexOf writes an id of so many bytes, "" for anything else and for zeros.
func hexOf(id []byte, size int) string {
	if len(id) != size {
		return ""
	}
	for _, b := range id {
		if b != 0 {
			return hex.EncodeToString(id)
		}
	}
	return ""
}

// instant reads nanoseconds since 1970, zero for what is none.
func instant(nanos uint64) time.Time {
	if nanos == 0 || nanos > math.MaxInt64 {
		return time.Time{}
	}
	return time.Unix(0, int64(nanos)).UTC().Truncate(time.Microsecond)
}
