package vendor

import "strings"

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
	r.notAbove(l, "cost_usd", "list_price_usd")
}

// modelID makes the id of the name that people read.
//
// Example: "Claude Haiku 4.5" is claude-haiku-4-5.
func modelID(name string) string {
	return strings.NewReplacer(" ", "-", ".", "-").Replace(strings.ToLower(name))
}
