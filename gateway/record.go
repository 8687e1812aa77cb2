package gateway

import (
	"cmp"
	"maps"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// Source names the gateway among the sources of the ledger.
const Source = "gateway"

// event is what is known of an attempt before it is made.
func (a *attempt) event() spend.Event {
	return spend.Event{
		Source: Source, SourceKey: a.id, Rank: spend.RankGateway, Account: a.door.Account, Attempt: a.id, Operation: a.call.id,
		UsedAt: a.started, StartedAt: a.started, Seller: a.door.Seller, Host: a.door.Base.Host,
		RequestedModel: a.model, RequestedTier: a.tier(), Region: a.request.Region, Kind: string(a.request.Operation),
		Scope: a.who,
	}
}

// tier is the service tier asked for, as prices name it: where a request leaves it to the
// vendor, the one that its account is set to.
func (a *attempt) tier() string {
	switch {
	case a.request.Speed != "":
		return a.request.Speed
	case a.request.Tier == "" || strings.EqualFold(a.request.Tier, "auto"):
		return cmp.Or(a.door.Tier, a.request.Tier)
	}
	return a.request.Tier
}

// priced is what the rater needs of the attempt before it is made.
func (a *attempt) priced() pricebook.Call {
	return pricebook.Call{
		Seller: a.door.Seller, Account: a.door.Account, Model: a.model, At: a.started,
		ServiceTier: a.tier(), Region: a.request.Region, Kind: string(a.request.Operation),
	}
}

// opened is the attempt as it begins.
func (a *attempt) opened() *ingest.Record {
	e := a.event()
	e.Status, e.UsageSource = spend.StatusInterrupted, spend.UsageUnobserved // until it is known
	return a.record(e, a.hold)
}

// settle writes how the attempt ended. What cannot be written is found by the next
// start of the server, for it began in the ledger. Who passed without a record stays so.
func (a *attempt) settle(f protocol.Facts) {
	f = a.request.Estimate(f, a.Prices.Limits(a.door.Seller, a.model))
	r := a.record(a.event(), a.hold)
	e := &r.Event
	e.FirstTokenAt, e.EndedAt = a.first, a.Now()
	e.Response, e.ServedModel, e.ServedTier = f.Response, f.Model, f.Tier
	e.Status, e.Usage, e.UsageSource, e.Flags = f.Status, f.Usage, f.Source, f.Flags
	if f.Region != "" {
		e.Region = f.Region
	}
	if a.vendor != "" {
		e.Scope.Tags = maps.Clone(e.Scope.Tags) // those of the caller are of every attempt
		if e.Scope.Tags == nil {
			e.Scope.Tags = map[string]string{}
		}
		e.Scope.Tags[ingest.RequestTag] = a.vendor
	}
	if e.Seller == "openrouter" { // whose credits are dollars; what others mean by a cost is not known
		e.Reported, e.ReportedCurrency = f.Cost, dollars(f.Cost)
	}
	if f.Source != spend.UsageUnobserved {
		r.Hold.Valid = false
	}
	for _, p := range f.Problems { // they name fields and repeat no text
		a.Log.Warn("the usage of a call cannot be booked", "attempt", a.id, "field", p.Field, "problem", p.Msg)
	}
	if a.unrecorded {
		a.release() // no line of its own will ever take its place
	}
	cost := a.spent(e)
	a.settled(e, &cost)
	ends := []*ingest.Record{r}
	for i := range f.Beside {
		ends = append(ends, a.beside(e, &f.Beside[i], i))
	}
	for _, r := range ends { // of which nothing is left behind it
		a.end(r)
	}
}

// dollars is the currency of an amount that is known.
func dollars(n money.Null) money.Currency {
	if !n.Valid {
		return ""
	}
	return "USD"
}

// beside is what another sampling consumed for an answer: a charge of its own, which
// the upstream was asked for by the same request.
func (a *attempt) beside(of *spend.Event, s *protocol.Share, i int) *ingest.Record {
	e := *of
	e.SourceKey = of.SourceKey + "/" + s.Kind + "/" + strconv.Itoa(i)
	e.Response, e.Attempt, e.Operation = "", "", of.Operation
	e.RequestedModel, e.ServedModel, e.Usage = s.Model, s.Model, s.Usage
	e.Bucket, e.CallCount, e.Reported, e.ReportedCurrency = true, 0, money.Null{}, ""
	return a.record(e, money.Null{})
}

// record is told in a record that is used again once the ledger has taken it.
func (g *Gateway) record(e spend.Event, hold money.Null) *ingest.Record {
	r := g.records.Get().(*ingest.Record) //nolint:forcetypeassert // nothing else is in it
	*r = *told(e, hold)
	return r
}

func told(e spend.Event, hold money.Null) *ingest.Record {
	return &ingest.Record{
		Event: e, Hold: hold, Revisions: spend.Immutable, Digest: spend.Digest(Source, e.SourceKey), Whole: true, Bound: true,
	}
}
