package laketest

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/budget"
	civil "github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

const limitsOnUses = `
budgets:
  - {id: day, amount: 1, currency: USD, period: day, each: [team, model], zone: Asia/Kathmandu}
  - {id: list, amount: 1, currency: EUR, counts: list, period: month, scope: {environment: [prod, ""]}, exempt: [{region: eu}]}
  - {id: run, amount: 1, currency: USD, period: run, notional: true}
  - {id: rolling, amount: 1, counts: tokens, period: rolling 7h, each: tags.project}
  - {id: minute, amount: 1, counts: calls, period: minute, each: [seller, kind], at_limit: stop, override: {reason: x, until: 2027-01-01}}
`

// usesCountAsLines: what limits count of sums is what they count of every line.
func usesCountAsLines(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(29).Ledger(size)
	e := filled(t, open, ledger)
	d, err := budget.Parse([]byte(limitsOnUses), civil.Calendar{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := budget.Compile(d.Budgets, d.Rates, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := ledger[len(ledger)-1].BookedAt
	standings := func(lines func(yield func(budget.Line) bool)) []budget.Standing {
		return budget.New(set, budget.AtPar, &budget.Opening{Lines: lines, At: now}).Standings()
	}
	want := standings(func(yield func(budget.Line) bool) {
		for i := range ledger {
			if ledger[i].Book == spend.Metered {
				yield(line(&ledger[i]))
			}
		}
	})
	u := lake.Uses{
		By: []string{"team", "model", "environment", "region", "run", "seller", "kind"}, Tags: []string{"project"},
		Slices: []time.Duration{7 * time.Hour / 60, time.Minute},
	}
	for _, u.Apart = range []bool{false, true} {
		got := standings(func(yield func(budget.Line) bool) {
			err := lake.EachUse(t.Context(), e, u, func(use *lake.Use) error {
				one := line(&use.Charge)
				one.Cost.Tokens = use.Tokens
				yield(one)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		if diff := gocmp.Diff(want, got); diff != "" || len(want) < 10 {
			t.Errorf("%d standings of lines (-lines +uses, apart %v):\n%.3000s", len(want), u.Apart, diff)
		}
	}
	if err := lake.EachUse(t.Context(), e, lake.Uses{By: []string{"book; DROP TABLE charges"}}, nil); err == nil {
		t.Error("a use by what is no dimension")
	}
}

func line(c *spend.Charge) budget.Line {
	l := budget.LineOf(c, "USD")
	l.Outside = c.Scope.Credential == ""
	return l
}
