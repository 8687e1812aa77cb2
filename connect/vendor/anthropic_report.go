package vendor

import (
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// reportGroups are the columns by which the reports of Anthropic's admin interface split
// a span, under the name that each has there.
func reportGroups(prefix string) []string {
	names := []string{
		"model", "workspace_id", "api_key_id", "account_id", "service_account_id", "service_tier", "context_window", "inference_geo", "speed", "description",
		"cost_type", "token_type", "actor_id", "actor_type", "agent_id", "session_id", "environment_id", "deployment_id", "user_profile_id", "product",
	}
	for i := range names {
		names[i] = prefix + names[i]
	}
	return names
}

// anthropicReport is the usage report of messages (/v1/organizations/usage_report/messages).
//
// Traps: the counts are disjoint, so that none holds another; what is not grouped by is
// null; the workspace that is null is the default one.
func anthropicReport() kind {
	return kind{
		vendor: "anthropic", name: "anthropic usage report", source: "anthropic.usage",
		marks: []string{"uncached_input_tokens"}, needed: []string{"starting_at", "output_tokens"},
		known:  reportCounts(""),
		groups: reportGroups(""),
		read:   func(r *row) { readReport(r, "", "") },
	}
}

// anthropicAnalytics is the newer report of usage (/v1/organizations/analytics/usage), in
// which what is grouped by and what was used stand apart.
//
// Traps: a person in two groups of roles counts fully in both, so that those rows overlap.
func anthropicAnalytics() kind {
	return kind{
		vendor: "anthropic", name: "anthropic usage analytics", source: "anthropic.usage",
		marks: []string{"usage_uncached_input_tokens"}, needed: []string{"starting_at", "usage_output_tokens"},
		known:  reportCounts("usage_"),
		groups: reportGroups("group_"),
		read:   func(r *row) { readReport(r, "group_", "usage_") },
	}
}

func reportCounts(prefix string) []string {
	names := []string{
		"ending_at", prefix + "cache_read_input_tokens", prefix + "cache_creation_ephemeral_5m_input_tokens", prefix + "cache_creation_ephemeral_1h_input_tokens",
		prefix + "server_tool_use_web_search_requests", prefix + "requests",
	}
	return names
}

func readReport(r *row, group, usage string) {
	l := r.reportLine(group)
	e := &l.Event
	t := wire.Totals{
		Input: r.tokens(usage + "uncached_input_tokens"), Output: r.tokens(usage + "output_tokens"), CacheRead: r.tokens(usage + "cache_read_input_tokens"),
		CacheWrite5m: r.tokens(usage + "cache_creation_ephemeral_5m_input_tokens"), CacheWrite1h: r.tokens(usage + "cache_creation_ephemeral_1h_input_tokens"),
		WebSearches: r.count(usage + "server_tool_use_web_search_requests"),
	}
	e.CallCount = r.count(usage + "requests")
	var problems []spend.Problem
	e.Usage, e.Flags, problems = t.IncludeCache().Disjoint()
	r.found = append(r.found, problems...)
}

// reportLine begins a line of a report with who used which model.
func (r *row) reportLine(group string) *Line {
	at, day := r.bucket("starting_at", "ending_at")
	l := r.line(at, day)
	e := &l.Event
	e.Seller, e.RequestedModel, e.ServedTier = "anthropic", r.label(group+"model"), r.label(group+"service_tier")
	if geo := r.label(group + "inference_geo"); geo != "not_available" && geo != "global" {
		e.Region = geo
	}
	l.tag("workspace", r.label(group+"workspace_id"))
	l.tag("api_key", r.label(group+"api_key_id"))
	l.tag("agent", r.label(group+"agent_id"))
	l.tag("actor", r.label(group+"actor_id"))
	l.tag("service_account", r.label(group+"service_account_id"))
	for _, overlap := range [...]string{"rbac_group_id", "rbac_group"} {
		if r.text(group+overlap) != "" {
			r.bad(group+overlap, "splits by groups of roles, which overlap: who is in two counts in both; ask without them")
		}
	}
	return l
}

// anthropicCostReport is the report of costs (/v1/organizations/cost_report).
//
// Traps: amounts are cents, with fractions, in quotes; code execution and web searches are
// here and in no report of tokens; the priority tier is in no report of costs.
func anthropicCostReport() kind {
	return kind{
		vendor: "anthropic", name: "anthropic cost report", source: "anthropic.cost", cents: true,
		marks: []string{"amount", "currency"}, needed: []string{"starting_at"},
		known:  []string{"ending_at", "list_amount", "requests"},
		groups: reportGroups(""),
		read:   func(r *row) { readCostReport(r, "", "") },
	}
}

// anthropicAnalyticsCost is the newer report of costs (/v1/organizations/analytics/cost):
// the amount is after discounts and before credits.
func anthropicAnalyticsCost() kind {
	return kind{
		vendor: "anthropic", name: "anthropic cost analytics", source: "anthropic.cost", cents: true,
		marks: []string{"cost_amount", "cost_currency"}, needed: []string{"starting_at"},
		known:  []string{"ending_at", "cost_list_amount", "cost_requests"},
		groups: reportGroups("group_"),
		read:   func(r *row) { readCostReport(r, "group_", "cost_") },
	}
}

func readCostReport(r *row, group, cost string) {
	l := r.reportLine(group)
	l.tag("token_type", r.label(group+"token_type"))
	l.tag("cost_type", r.label(group+"cost_type"))
	r.cost(l, cost+"amount", strings.ToUpper(r.text(cost+"currency")))
	r.notAbove(l, cost+"amount", cost+"list_amount")
}

// notAbove holds an amount against the list price beside it, which it is not above.
func (r *row) notAbove(l *Line, column, listed string) {
	list, rounding, given := r.amount(listed)
	if !given || len(r.found) > 0 || l.Event.Reported.Amount.Sign() <= 0 {
		return
	}
	_, high := bounds(list, rounding)
	if low, _ := bounds(l.Event.Reported.Amount, l.Rounding); above(low, high, 5) {
		r.bad(column, "is %s where %s is %s: a cost after discounts is not above its list price, so the two are not in one unit", l.Event.Reported.Amount, listed, list)
	}
}

// above says that an amount is more than some times another.
func above(a, b money.Amount, times int64) bool {
	most, err := b.MulInt(times)
	return err == nil && a.Cmp(most) > 0
}
