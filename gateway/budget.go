package gateway

import (
	"slices"
	"strings"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// The fields in which an answer says what a budget did.
const (
	warning   = "X-Bursar-Budget" // a budget that is used up, and goes on
	otherThan = "X-Bursar-Model"  // the model that was asked for in the place of the client's
)

// acquire holds what the attempt may cost under every budget that it falls under, or
// says why it may not be made. Who has not waited goes before nobody who waits for a
// rate.
func (a *attempt) acquire(waited bool) budget.Verdict {
	bound := a.bound()
	if a.Budgets == nil {
		return budget.Verdict{}
	}
	r := a.record(a.event(), money.Null{})
	defer a.records.Put(r)
	call := a.asked.Get().(*budget.Call) //nolint:forcetypeassert // nothing else is in it
	defer a.asked.Put(call)
	*call = budget.Call{ID: a.key(), At: a.started, Subject: budget.SubjectOf(&r.Event), Bound: bound}
	call.Subject.Scope = a.Scopes.Scope(&r.Event)
	call.Depth = a.kin.depth(call.Subject.Run, call.Subject.ParentRun)
	a.owner = ownerOf(&call.Subject.Scope)
	if !waited && a.lines.waiting.Load() > 0 {
		for _, r := range a.Budgets.Rates(call) {
			if a.lines.has(r.Key()) {
				a.verdict = budget.Throttle
				return budget.Verdict{Action: budget.Throttle, Wait: r.Wait, Reasons: []budget.Reason{r}}
			}
		}
	}
	verdict := a.Budgets.Acquire(call)
	if verdict.Action == budget.Downgrade && verdict.Model != a.model && a.changes(verdict.Model) {
		a.model = verdict.Model
		call.Subject.Model, call.Bound, call.Downgraded = a.model, a.bound(), true
		verdict = a.Budgets.Acquire(call)
	}
	a.verdict = verdict.Action
	if call.Downgraded && verdict.Action.Admits() {
		a.verdict = budget.Downgrade
	}
	return verdict
}

// changes says that another model can be asked for: the key may, the request is read for
// certain, and its model stands in the body. Else a downgrade has no way to go on.
func (a *attempt) changes(model string) bool {
	if !a.caller.Bounds.Allows(model) {
		return false
	}
	_, err := a.request.Edit(a.body, protocol.Change{Model: model})
	return err == nil && len(a.request.Unread) == 0
}

// say puts into the answer's head what a budget has to say of a call that goes on, in
// the place of what was said of an attempt before.
func (a *attempt) say(v *budget.Verdict) {
	a.w.Header().Del(warning)
	a.w.Header().Del(otherThan)
	if v.Action == budget.Warn && len(v.Reasons) > 0 {
		a.w.Header().Set(warning, v.Reasons[0].String())
	}
	if a.model != a.request.Model {
		a.w.Header().Set(otherThan, a.model)
	}
}

// refused says which budget a call does not fit, how much is left, when it resets and
// whom to ask.
func (a *attempt) refused(v *budget.Verdict) *protocol.Refusal {
	a.Meter.overran(a.owner.workflow, v)
	r := a.refusal(protocol.OverBudget, "a budget does not allow the call")
	if len(v.Reasons) > 0 {
		r.Message = v.Reasons[0].String()
	}
	if len(v.Reasons) > 0 && v.Reasons[0].Cause == budget.Unproven && len(a.unproven) > 0 {
		r.Message += "; without a bound is " + strings.Join(slices.Compact(a.unproven), " and ")
	}
	if v.Action == budget.Throttle {
		r.Reason, r.RetryAfter = protocol.RateLimited, v.Wait
	}
	return r
}

// bound finds the most that the attempt may cost: the model, and each that the
// upstream may try after it, which a downgrade leaves in the request. What has no provable maximum is unknown to budgets,
// and held in the ledger at what is known of it.
func (a *attempt) bound() budget.Cost {
	models := append([]string{a.model}, a.request.Fallbacks...)
	a.hold, a.unproven = money.Known(money.Amount{}), nil
	tokens := int64(0)
	for _, model := range models {
		hold := a.request.Hold(a.Prices.Limits(a.door.Seller, model))
		call := a.priced()
		call.Model = model
		a.hold = plus(a.hold, a.Prices.Most(call, hold.Cases))
		a.unproven = append(a.unproven, hold.Unprovable...)
		tokens += mostTokens(hold.Cases)
	}
	if len(a.unproven) > 0 {
		return budget.AtMost(money.Null{}, a.Prices.Currency(), tokens)
	}
	return budget.AtMost(a.hold, a.Prices.Currency(), tokens)
}

// plus adds amounts of which each may be unknown, and the sum with it.
func plus(a, b money.Null) money.Null {
	sum, err := a.Amount.Add(b.Amount)
	if err != nil || !a.Valid || !b.Valid {
		return money.Null{}
	}
	return money.Known(sum)
}

func mostTokens(cases []spend.Usage) (most int64) {
	for i := range cases {
		most = max(most, cases[i].PromptTokens()+cases[i].CompletionTokens())
	}
	return most
}

// key names the attempt to budgets.
func (a *attempt) key() spend.ID { return spend.Digest("attempt", a.id) }

// release gives back what is held for an attempt that is not made.
func (a *attempt) release() {
	if a.Budgets != nil {
		a.Budgets.Release(a.key())
		a.lines.stir()
	}
}

// spent tells budgets what the attempt cost, until the ledger has it. Of what nobody
// knows the bound stays.
func (a *attempt) spent(e *spend.Event) budget.Cost {
	if e.UsageSource == spend.UsageUnobserved {
		return budget.Cost{}
	}
	cost := a.cost(e)
	if a.Budgets != nil {
		a.Budgets.Settle(a.key(), cost)
		a.lines.stir() // a rate may have room again
	}
	return cost
}

// cost is that of the attempt as it was.
func (a *attempt) cost(e *spend.Event) budget.Cost {
	if e.UsageSource == spend.UsageNone {
		return budget.AtMost(money.Known(money.Amount{}), a.Prices.Currency(), 0)
	}
	call := a.priced()
	call.Model, call.ServedTier, call.Region, call.Usage = e.Model(), e.ServedTier, e.Region, &e.Usage
	return a.Prices.Cost(call)
}
