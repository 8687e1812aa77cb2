package budget_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

func TestLimitsSayWhatTheyMean(t *testing.T) {
	t.Parallel()
	d, err := budget.Parse([]byte(`
budgets:
  - {id: a, amount: 500, currency: USD, period: month, scope: {application: support, team: [one, ""]}, each: workflow, zone: Europe/Zurich,
     exempt: [{feature: outage}], at_limit: downgrade, fallback: small, grace: 5%, unproven: 0.5, owner: desk, alerts: [80, forecast 100],
     notional: true, per_outcome: {outcome: ticket, amount: 0.4}, override: {reason: launch, until: 2026-12-31}}
  - {id: b, amount: 1000, counts: tokens, period: rolling 24h, alerts: []}
  - {id: e, amount: 10, counts: calls, period: day, alerts: [], at_limit: throttle, pace: {calls: 6, per: minute}}
  - {id: f, amount: 9, counts: calls, period: hour, each: [agent, model], alerts: []}
rates:
  - {id: c, each: credential, calls: 60, per: minute, burst: 10, scope: {team: support}, owner: desk}
  - {id: d, open: 20}
`), calendar.Calendar{})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{d.Budgets[0].String(), d.Budgets[1].String(), d.Budgets[2].String(), d.Budgets[3].String(), d.Rates[0].String(), d.Rates[1].String()}
	want := []string{
		"500 USD effective a month in Europe/Zurich of application support, team one or (none) but feature outage, for each workflow; 0.4 more for each ticket; " +
			"with what seats cover; at the limit downgrade small after 5 % of grace; calls without a bound held at 0.5; told at 80, forecast 100; owner desk; " +
			"stops without results until 2026-12-31: launch",
		"1000 tokens a rolling 24 hours of all calls; at the limit warn",
		"10 calls a day of all calls; at the limit throttle to 6 calls in 1m0s",
		"9 calls an hour of all calls, for each agent and model; at the limit warn",
		"60 calls in 1m0s, 10 at once of team support, for each credential; owner desk",
		"20 open of all calls",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts differ (-want +got):\n%s", diff)
	}
}

func TestAddressesAreRefused(t *testing.T) {
	t.Parallel()
	_, err := budget.Parse([]byte(`
budgets:
  - {id: a, amount: 1, currency: USD, period: day, owner: ada@example.org, scope: {principal: bo@example.org}, override: {reason: cy@example.org said so, until: 2026-12-31}}
rates:
  - {id: b, open: 1, owner: di@example.org}
`), calendar.Calendar{})
	if spend.KindOf(err) != spend.KindInvalid || strings.Contains(err.Error(), "@") || strings.Count(err.Error(), "address") != 4 {
		t.Errorf("want four addresses refused and none repeated, got %v", err)
	}
}
