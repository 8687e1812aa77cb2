package company

import (
	"strconv"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// event meters the run's next step as the gateway saw it. number is unique in
// the history.
func (r *run) event(number uint64) spend.Event {
	d := r.dice(0xe7)
	o := r.offer
	id := label(o.responses, mix(number))
	key := id[len(o.responses):]
	e := spend.Event{
		Source: "company", SourceKey: key, Rank: spend.RankGateway,
		Account: "tarnbrook", Response: id, Attempt: key, Operation: key,
		UsedAt: instant(r.next), StartedAt: instant(r.next),
		Seller: o.seller, Host: o.host, RequestedModel: o.requested, ServedModel: o.requested,
		RequestedTier: o.asks, ServedTier: o.gets, Region: o.region, Kind: r.shape.kind,
		Scope: r.scope,
	}
	if o.served != "" {
		e.ServedModel = o.served
	}
	if r.shape.kind == "image" {
		e.ImageSize, e.ImageQuality = "1024x1024", "medium"
	}
	e.Scope.Step = strconv.FormatInt(r.step+1, 10)
	if r.retry != "" {
		e.Operation, r.retry = r.retry, ""
	}
	r.finish(&e, &d)
	return e
}

// finish gives the event its status and what follows from it: usage, times and
// the next step's duty to try again.
func (r *run) finish(e *spend.Event, d *dice) {
	e.Status, e.UsageSource = fate(d)
	switch e.Status {
	case spend.StatusError:
		r.retry = e.Operation
		r.unanswered(e)
		e.EndedAt = instant(r.next + 80_000 + d.below(900_000))
		return
	case spend.StatusRefused:
		r.unanswered(e)
		e.EndedAt = instant(r.next + 400)
		return
	case spend.StatusInterrupted:
		r.unanswered(e)
		return
	}
	r.meter(&e.Usage, d)
	if e.Status == spend.StatusAborted {
		e.Usage.Tokens[spend.OutText] /= 3
	}
	if r.offer.fare != (fare{}) && e.UsageSource == spend.UsageProvider {
		e.Reported, e.ReportedCurrency = money.Known(r.offer.fare.of(&e.Usage, d)), "USD"
	}
	r.time(e, d)
}

// unanswered takes back what only an answer could have told.
func (r *run) unanswered(e *spend.Event) { e.Response, e.ServedModel, e.ServedTier = "", "", "" }

// fate draws how a call ends and who counted its usage.
func fate(d *dice) (spend.Status, spend.UsageSource) {
	left := d.below(1000)
	for _, f := range [...]struct {
		rate   int64
		status spend.Status
		usage  spend.UsageSource
	}{
		{errorRate, spend.StatusError, spend.UsageNone},
		{refusalRate, spend.StatusRefused, spend.UsageNone},
		{interruptRate, spend.StatusInterrupted, spend.UsageUnobserved},
		{abortRate, spend.StatusAborted, spend.UsageProviderPartial},
		{estimateRate, spend.StatusOK, spend.UsageEstimate},
	} {
		if left -= f.rate; left < 0 {
			return f.status, f.usage
		}
	}
	return spend.StatusOK, spend.UsageProvider
}

// time sets when the answer began and ended: a queue, reading the prompt, then
// writing at a steady pace. An answer is over before the run's next step.
func (r *run) time(e *spend.Event, d *dice) {
	fresh := e.Usage.PromptTokens() - e.Usage.Tokens[spend.CacheRead]
	first := 120_000 + d.below(500_000) + fresh*30
	pace := 6_000 + d.below(9_000) // microseconds a token
	last := first + e.Usage.CompletionTokens()*pace
	room := max(r.gap*7/10, 60_000)
	if r.shape.kind == "chat" {
		e.FirstTokenAt = instant(r.next + min(first, room/2))
	}
	e.EndedAt = instant(r.next + min(last, room))
}
