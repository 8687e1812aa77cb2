package spend

import (
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Rank orders sources by how far their word on one attempt counts.
type Rank uint8

// The ranks, weakest first. Zero means that the source did not say.
const (
	RankEstimate       Rank = 1 + iota // a tokenizer's estimate
	RankAgentAggregate                 // an agent's own running total
	RankAgentLog                       // a coding agent's local log
	RankSpan                           // an SDK's leaf span, a serving trace
	RankGateway                        // our gateway
	RankVendorUsage                    // the vendor's usage API
	RankBill                           // the vendor's bill
)

// Status is how an attempt ended.
type Status string

// The statuses of an attempt.
const (
	StatusOK          Status = "ok"
	StatusError       Status = "error"
	StatusAborted     Status = "aborted"     // by the client
	StatusInterrupted Status = "interrupted" // nobody knows how it ended
	StatusRefused     Status = "refused"     // by a budget or a guard
)

// UsageSource says who counted the usage.
type UsageSource string

// The sources of usage.
const (
	UsageProvider        UsageSource = "provider"
	UsageProviderPartial UsageSource = "provider_partial"
	UsageBill            UsageSource = "bill"
	UsageEstimate        UsageSource = "tokenizer_estimate"
	UsageUnobserved      UsageSource = "unobserved" // a call happened, nobody saw its usage
	UsageNone            UsageSource = "none"       // nothing was consumed
)

// Event is one metered thing that happened, as one source tells it. Times are
// UTC with microseconds. It never holds prompt or completion text.
type Event struct {
	Source    string `json:"source"`              // who says so, "gateway", "csv:azure"
	SourceKey string `json:"source_key"`          // the source's own key of the record
	Partition string `json:"partition,omitempty"` // the part of a partitioned source
	Revision  int64  `json:"revision,omitempty"`  // of a growing or partitioned source, higher is later
	Rank      Rank   `json:"rank"`                // how far the source's word counts
	Account   string `json:"account,omitempty"`   // the vendor account that pays
	Response  string `json:"response,omitempty"`  // the vendor's response or request id
	Attempt   string `json:"attempt,omitempty"`   // the gateway's attempt id
	Operation string `json:"operation,omitempty"` // the logical call of which this is one try

	Book      Book     `json:"book,omitempty"`       // the ledger book that it belongs to; metered unless said
	Category  Category `json:"category,omitempty"`   // what it is for; a new event without one is usage
	Bucket    bool     `json:"bucket,omitempty"`     // the record sums several calls
	CallCount int64    `json:"call_count,omitempty"` // how many, of a bucket

	UsedAt       time.Time `json:"used_at"`
	StartedAt    time.Time `json:"started_at,omitzero"`
	FirstTokenAt time.Time `json:"first_token_at,omitzero"`
	EndedAt      time.Time `json:"ended_at,omitzero"`

	Seller         string `json:"seller,omitempty"`
	Host           string `json:"host,omitempty"`
	RequestedModel string `json:"requested_model,omitempty"`
	ServedModel    string `json:"served_model,omitempty"`
	RequestedTier  string `json:"requested_tier,omitempty"` // service tier asked for
	ServedTier     string `json:"served_tier,omitempty"`    // service tier that served
	Region         string `json:"region,omitempty"`
	Kind           string `json:"kind,omitempty"` // chat, embeddings, image, …
	ImageSize      string `json:"image_size,omitempty"`
	ImageQuality   string `json:"image_quality,omitempty"`
	Status         Status `json:"status,omitempty"`

	Usage       Usage       `json:"usage"`
	UsageSource UsageSource `json:"usage_source,omitempty"`
	Flags       Flags       `json:"flags,omitempty"`

	Scope Scope `json:"scope"`

	Reported         money.Null     `json:"reported"` // the source's own cost of the event
	ReportedCurrency money.Currency `json:"reported_currency,omitempty"`
}

// Labels are the text fields of the event, named by LabelNames in order. The
// first 14 are claims that one source may know and another not.
func (e *Event) Labels() [17]*string {
	return [17]*string{
		&e.Account, &e.Response, &e.Attempt, &e.Operation, &e.Seller, &e.Host, &e.RequestedModel, &e.ServedModel,
		&e.RequestedTier, &e.ServedTier, &e.Region, &e.Kind, &e.ImageSize, &e.ImageQuality,
		&e.Source, &e.SourceKey, &e.Partition,
	}
}

// LabelNames are the names of Labels.
func LabelNames() [17]string {
	return [17]string{
		"account", "response", "attempt", "operation", "seller", "host", "requested_model", "served_model",
		"requested_tier", "served_tier", "region", "kind", "image_size", "image_quality",
		"source", "source_key", "partition",
	}
}

// Model is the id that prices the event: the served one, else the requested one.
func (e *Event) Model() string {
	if e.ServedModel != "" {
		return e.ServedModel
	}
	return e.RequestedModel
}

// Tier is the service tier that prices the event: the served one beats the
// requested one.
func (e *Event) Tier() string {
	if e.ServedTier != "" {
		return e.ServedTier
	}
	return e.RequestedTier
}

// Calls is the number of calls that the record stands for.
func (e *Event) Calls() int64 {
	switch {
	case !e.Category.IsUsage():
		return 0
	case e.Bucket:
		return e.CallCount
	}
	return 1
}

// Duration is the time from start to end, false when either is unknown.
func (e *Event) Duration() (time.Duration, bool) { return between(e.StartedAt, e.EndedAt) }

// FirstToken is the time from start to the first token, false when unknown.
func (e *Event) FirstToken() (time.Duration, bool) { return between(e.StartedAt, e.FirstTokenAt) }

func between(from, to time.Time) (time.Duration, bool) {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return 0, false
	}
	return to.Sub(from), true
}

// Content digests everything that the event claims, so that a repeated record
// is told from a changed one. The revision is no claim.
func (e *Event) Content() ID {
	var room [1024]byte
	return digestBytes(e.appendClaims(room[:0]))
}

func (e *Event) appendClaims(b []byte) []byte {
	for _, label := range e.Labels() {
		b = appendString(b, *label)
	}
	for _, s := range [3]string{string(e.Status), string(e.UsageSource), string(e.ReportedCurrency)} {
		b = appendString(b, s)
	}
	for _, t := range [4]time.Time{e.UsedAt, e.StartedAt, e.FirstTokenAt, e.EndedAt} {
		b = appendTime(b, t)
	}
	b = appendInt(appendInt(b, int64(e.Rank)), e.Calls())
	for _, n := range e.Usage.Tokens {
		b = appendInt(b, n)
	}
	for _, x := range e.Usage.Extra {
		b = appendAmount(append(b, byte(x.Meter)), x.Quantity)
	}
	for _, f := range e.Scope.Fields() {
		b = appendString(b, *f)
	}
	for _, k := range slices.Sorted(maps.Keys(e.Scope.Tags)) {
		b = appendString(appendString(b, k), e.Scope.Tags[k])
	}
	if e.Reported.Valid {
		b = appendAmount(append(b, 1), e.Reported.Amount)
	}
	if !e.Category.IsUsage() {
		b = appendString(append(b, 2), string(e.Category))
	}
	if e.Book != "" && e.Book != Metered {
		b = appendString(append(b, 3), string(e.Book))
	}
	return appendInt(b, int64(e.Flags))
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	return appendInt(append(b, 1), t.UnixMicro())
}
