package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

const limits = "kind: budget\nname: desk\nbudgets:\n  - {id: triage/month, scope: {workflow: triage}, amount: 500, currency: USD, period: month, at_limit: stop}\n" +
	"rates:\n  - {id: keys, each: credential, calls: 60, per: minute}\n"

func TestLimits(t *testing.T) {
	t.Parallel()
	zurich, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	of := calendar.Calendar{Zone: zurich}
	l, err := compiled(t, limits, desk).Limits(of)
	if err != nil || len(l.Budgets) != 1 || len(l.Rates) != 1 || l.Budgets[0].Window.Calendar.Location() != zurich {
		t.Fatalf("limits %+v, %v", l, err)
	}
	alone := compiled(t, limits) // nobody counts the results of the workflow that it stops
	if _, err := alone.Limits(of); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), "triage/month.at_limit") {
		t.Errorf("a cap without results: %v", err)
	}
	alone.Incomplete = true
	if _, err := alone.Limits(of); err != nil {
		t.Errorf("the definitions cannot be read: %v", err)
	}
	second := strings.Replace(limits, "name: desk", "name: other", 1)
	if _, err := compiled(t, limits, second, desk).Limits(of); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), "two limits") {
		t.Errorf("two of one id: %v", err)
	}
}

// TestNobodyCanApprove: a budget that asks for it is refused, and goes when it is removed.
func TestNobodyCanApprove(t *testing.T) {
	t.Parallel()
	asking := strings.Replace(limits, "at_limit: stop", "at_limit: approve", 1)
	for name, c := range map[string]struct {
		old, new string
		refused  bool
	}{
		"a change":           {limits, asking, true},
		"in force":           {asking, asking, false},
		"another amount":     {asking, strings.Replace(asking, "500", "600", 1), true},
		"as it was proposed": {asking, limits, false},
	} {
		for _, change := range policy.Diff(compiled(t, c.old, desk), compiled(t, c.new, desk), policy.Ledger{}) {
			if refused := strings.Contains(change.Refused, "write stop"); refused != c.refused {
				t.Errorf("%s: %+v", name, change)
			}
		}
	}
	if changes := policy.Diff(compiled(t, desk), compiled(t, asking, desk), policy.Ledger{}); len(changes) != 2 || changes[0].Refused == "" || changes[1].Refused != "" {
		t.Errorf("a new one, and its rate: %+v", changes)
	}
}

func TestDiffOfLimits(t *testing.T) {
	t.Parallel()
	more := strings.NewReplacer("amount: 500", "amount: 600", "id: keys", "id: others").Replace(limits)
	changes := policy.Diff(compiled(t, limits, desk), compiled(t, more, desk), policy.Ledger{})
	var got []string
	for _, c := range changes {
		got = append(got, string(c.Mark)+" "+c.What)
	}
	want := []string{
		"~ budget triage/month: 500 USD effective a month of workflow triage; at the limit stop; told at 50, 80, 100 -> " +
			"600 USD effective a month of workflow triage; at the limit stop; told at 50, 80, 100",
		"- rate keys: 60 calls in 1m0s, 60 at once of all calls, for each credential",
		"+ rate others: 60 calls in 1m0s, 60 at once of all calls, for each credential",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes differ (-want +got):\n%s", diff)
	}
}
