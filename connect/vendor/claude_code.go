package vendor

import (
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// claudeCode is the report of Claude Code by person, day and model
// (/v1/organizations/usage_report/claude_code).
//
// Traps: the estimated cost is in cents, and nothing that is owed: a seat covers it. What
// is used with a key of the organisation stands in the reports of usage and of costs too,
// and is passed over here.
func claudeCode() kind {
	return kind{
		vendor: "anthropic", name: "claude code report", source: "anthropic.claude-code", cents: true, rest: true,
		marks: []string{"estimated_cost_amount", "customer_type"}, needed: []string{"date", "model", "tokens_input", "tokens_output"},
		groups: []string{"actor_email_address", "actor_api_key_name", "model", "terminal_type", "subscription_type"},
		read:   readClaudeCode,
	}
}

func readClaudeCode(r *row) {
	if r.text("customer_type") == "api" {
		r.foreign = true
		return
	}
	at, day := r.utc("date")
	l := r.line(at, day)
	e := &l.Event
	e.Seller, e.RequestedModel, e.Account = "anthropic", r.label("model"), r.label("organization_id")
	e.Scope.Principal = r.label("actor_email_address")
	l.tag("api_key", r.label("actor_api_key_name"))
	l.tag("terminal", r.label("terminal_type"))
	l.tag("subscription", r.label("subscription_type"))
	t := wire.Totals{
		Input: r.tokens("tokens_input"), Output: r.tokens("tokens_output"), CacheRead: r.tokens("tokens_cache_read"), CacheWrite: r.tokens("tokens_cache_creation"),
	}
	var problems []spend.Problem
	e.Usage, e.Flags, problems = t.IncludeCache().Disjoint()
	r.found = append(r.found, problems...)
	e.Flags |= spend.Notional
	a, rounding, given := r.amount("estimated_cost_amount")
	if given {
		e.Reported, e.ReportedCurrency, l.Rounding = money.Known(a), money.Currency(strings.ToUpper(r.text("estimated_cost_currency"))), rounding
		l.Paid, l.Sellers = e.Usage, []string{"anthropic"}
	}
	if given && e.ReportedCurrency == "" {
		r.bad("estimated_cost_currency", "is empty; an amount without a currency is none")
	}
}
