package vendor

import (
	"strings"

	"github.com/bursarhq/bursar/money"
)

// anthropicCost is what the cost page of the Claude Console exports: dollars by kind of
// token. The interface for programs tells the same in cents.
//
// Traps: cost_usd is after discounts and list_price_usd before; models have the names
// that people read, "Claude Haiku 4.5"; a web search is no token.
func anthropicCost() kind {
	return kind{
		vendor: "anthropic", name: "anthropic cost", source: "anthropic.cost",
		marks: []string{"cost_usd", "token_type"}, needed: []string{"usage_date_utc", "model"},
		known:  []string{"list_price_usd", "api_key_status"},
		groups: []string{"model", "workspace", "api_key", "api_key_id", "usage_type", "context_window", "token_type", "cost_type", "inference_geo", "speed"},
		read:   readAnthropicCost,
	}
}

func readAnthropicCost(r *row) {
	l := r.anthropicLine("model")
	l.Event.RequestedModel = modelID(l.Event.RequestedModel)
	l.tag("token_type", r.label("token_type"))
	r.cost(l, "cost_usd", "USD")
	list, rounding, given := r.listPrice()
	if !given || len(r.found) > 0 {
		return
	}
	if _, high := bounds(list, rounding); l.Event.Reported.Amount.Sign() > 0 {
		if low, _ := bounds(l.Event.Reported.Amount, l.Rounding); above(low, high, 5) {
			r.bad("cost_usd", "is %s where list_price_usd is %s: a cost after discounts is not above its list price, so the two are not in one unit", l.Event.Reported.Amount, list)
		}
	}
}

// listPrice reads the list price, which is in the unit of the cost.
func (r *row) listPrice() (a, rounding money.Amount, given bool) { return r.amount("list_price_usd") }

// above says that an amount is more than some times another.
func above(a, b money.Amount, times int64) bool {
	most, err := b.MulInt(times)
	return err == nil && a.Cmp(most) > 0
}

// modelID makes the id of the name that people read.
//
// Example: "Claude Haiku 4.5" is claude-haiku-4-5.
func modelID(name string) string {
	return strings.NewReplacer(" ", "-", ".", "-").Replace(strings.ToLower(name))
}
