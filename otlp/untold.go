package otlp

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// Untold is the kind of lines of what counters tell beyond all calls.
const Untold = "untold"

// Charging says how the tokens of a service that counts them are charged.
type Charging string

// The ways of charging.
const (
	ByCounters Charging = "counters" // its calls, and what no call tells by its counters
	ByGateway  Charging = "gateway"  // every call passes the gateway: telemetry.metered_services
	ByEvents   Charging = "events"   // a coding agent: its events and its log tell each call
)

// Charging says how the tokens of a count are charged.
func (r *Receiver) Charging(c *telemetry.Counted) Charging {
	switch {
	case slices.Contains(r.Metered, c.Service):
		return ByGateway
	case telemetry.OfCodingAgent(c.Family):
		return ByEvents
	}
	return ByCounters
}

// Counted lists what counters have told, by application, service, seller, model and hour.
func (r *Receiver) Counted(now time.Time) []telemetry.Counted {
	r.tally.mu.Lock()
	defer r.tally.mu.Unlock()
	return r.tally.of.Counted(now)
}

// Line makes a record of what no call tells of a count: no call, of the service and its
// hour. A later one takes the place of what was said before.
func (r *Receiver) Line(c *telemetry.Counted, left telemetry.Tokens) ingest.Record {
	r.tally.mu.Lock()
	sender := r.tally.senders[c.Space]
	r.tally.newest = max(r.tally.newest+1, r.Now().UnixMilli())
	revision := r.tally.newest
	r.tally.mu.Unlock()
	own := sender.Scope
	if own.Application != "" {
		own.Credential = "" // several tell of one application
	}
	own.Tags = map[string]string{"service": c.Service}
	e := spend.Event{
		Source: "otlp:" + c.Space + "/counters", SourceKey: spend.Digest(c.Service, c.Seller, c.Model, c.Hour.Format(time.RFC3339)).String(),
		Revision: revision, Rank: spend.RankAgentAggregate, Bucket: true, Kind: Untold,
		UsedAt: c.Hour, StartedAt: c.Hour, EndedAt: c.Hour.Add(time.Hour), Seller: c.Seller, ServedModel: c.Model,
		Status: spend.StatusOK, Usage: left.Usage(), UsageSource: spend.UsageProvider, Scope: own,
	}
	if left == (telemetry.Tokens{}) {
		e.UsageSource = spend.UsageNone
	}
	return ingest.Record{Event: e, Revisions: spend.Growing, Digest: spend.Digest(e.Source, e.SourceKey), Bound: true}
}
