package budget_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The index finds what trying every limit finds.
func TestTheIndexFindsEveryLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		budgets := drawBudgets(t, budget.Watch)
		s, err := budget.Compile(budgets, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		subject := drawSubject(t)
		var want []string
		for _, b := range budgets {
			exempt := slices.ContainsFunc(b.Exempt, func(e budget.Selector) bool { return selects(e, &subject) })
			if selects(b.Scope, &subject) && !exempt && (b.Window.Period != budget.EachRun || subject.Run != "") {
				want = append(want, b.ID)
			}
		}
		e := budget.New(s, budget.AtPar, &budget.Opening{})
		e.Book(noon(), budget.Line{At: noon(), Subject: subject, Cost: cost("1")})
		var got []string
		for _, standing := range e.Standings() {
			got = append(got, standing.Budget)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v is found by others (-want +got):\n%s", subject, diff)
		}
	})
}

// selects tries a selector in the plainest way.
func selects(s budget.Selector, subject *budget.Subject) bool {
	for name, wants := range s {
		value := map[string]string{
			"team": subject.Team, "workflow": subject.Workflow, "model": subject.Model, "tags.project": subject.Tags["project"],
		}[name]
		if !slices.Contains(wants, value) {
			return false
		}
	}
	return true
}

func TestEveryDimensionSelects(t *testing.T) {
	t.Parallel()
	var all budget.Subject
	want := map[string]string{"tags.x": "of tags.x"}
	for i, field := range all.Fields() {
		name := spend.ScopeFields()[i]
		*field, want[name] = "of "+name, "of "+name
	}
	all.Tags = map[string]string{"x": "of tags.x"}
	all.Seller, all.Model, all.Region, all.Kind = "of seller", "of model", "of region", "of kind"
	for _, name := range []string{"seller", "model", "region", "kind"} {
		want[name] = "of " + name
	}
	for name, value := range want {
		b := daily("cap", "1")
		b.Scope, b.Each, b.AtLimit = budget.Selector{name: {value}}, []string{name}, budget.Watch
		other := b
		other.ID, other.Scope = "other", budget.Selector{name: {"else"}}
		e := engine(t, []budget.Budget{b, other})
		e.Book(noon(), budget.Line{At: noon(), Subject: all, Cost: cost("1")})
		if s := e.Standings(); len(s) != 1 || s[0].Budget != "cap" || !slices.Equal(s[0].Each, []string{value}) {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestWhatALineCosts(t *testing.T) {
	t.Parallel()
	halves := func(m money.Money, to money.Currency, _ time.Time) money.Null {
		if m.Currency == to {
			return money.Known(m.Amount)
		}
		if m.Currency != "USD" || to != "EUR" {
			return money.Null{}
		}
		half, err := m.Amount.MulRatio(1, 2)
		return money.Null{Amount: half, Valid: err == nil}
	}
	charge := spend.Charge{
		Event: spend.Event{
			Attempt: "a1", Response: "r1", Source: "gateway", SourceKey: "1",
			UsedAt: noon(), Scope: triage().Scope, RequestedModel: "big", ServedModel: "big-2", Seller: "acme", Region: "eu", Kind: "chat",
			Usage: spend.Usage{Tokens: [spend.ColumnMeters]int64{spend.InText: 90, spend.OutText: 10}},
		},
		AttemptID: spend.Digest("response", "acme", "r1"), Calls: 1, Currency: "USD",
		List: money.Known(usd("8")), Contracted: money.Known(usd("6")), Effective: money.Known(usd("4")), Reporting: money.Known(usd("2.1")),
	}
	unpriced, notional := charge, charge
	unpriced.List, unpriced.Contracted, unpriced.Effective, unpriced.Reporting = money.Null{}, money.Null{}, money.Null{}, money.Null{}
	unpriced.Exposure = usd("7")
	notional.Flags = spend.Notional
	for name, f := range map[string]struct {
		charge   spend.Charge
		counts   budget.Measure
		currency money.Currency
		notional bool
		want     string
	}{
		"effective":             {charge, budget.Effective, "USD", false, "4"},
		"contracted":            {charge, budget.Contracted, "USD", false, "6"},
		"list":                  {charge, budget.List, "USD", false, "8"},
		"list, converted":       {charge, budget.List, "EUR", false, "4"},
		"as the ledger has it":  {charge, budget.Effective, "EUR", false, "2.1"},
		"no rate":               {charge, budget.Effective, "CHF", false, "0 and 1 unknown"},
		"tokens":                {charge, budget.Tokens, "", false, "100"},
		"calls":                 {charge, budget.Calls, "", false, "1"},
		"unpriced":              {unpriced, budget.Effective, "EUR", false, "7"},
		"unpriced, no rate":     {unpriced, budget.Effective, "USD", false, "0 and 1 unknown"},
		"notional":              {notional, budget.Effective, "USD", false, ""},
		"notional, that counts": {notional, budget.Effective, "USD", true, "8"},
		"notional tokens":       {notional, budget.Tokens, "", false, "100"},
	} {
		b := daily("cap", "1000")
		b.Counts, b.Currency, b.Notional = f.counts, f.currency, f.notional
		line := budget.LineOf(&f.charge, "EUR")
		if !slices.Contains(line.Keys, spend.Digest("attempt", "a1")) || line.Subject.Model != "big-2" || line.Subject.Seller != "acme" {
			t.Fatalf("%s: %+v", name, line)
		}
		e := budget.New(set(t, []budget.Budget{b}), halves, &budget.Opening{})
		e.Book(noon(), line)
		var got string
		for _, s := range e.Standings() {
			if got = s.Booked.String(); s.Unknown != 0 {
				got += fmt.Sprintf(" and %d unknown", s.Unknown)
			}
		}
		if got != f.want {
			t.Errorf("%s: it counts %q, want %q", name, got, f.want)
		}
		back := f.charge.Reverse(noon(), "2026-11")
		if e.Book(noon(), budget.LineOf(&back, "EUR")); len(e.Standings()) != 0 {
			t.Errorf("%s: after a reversal %+v is left", name, e.Standings())
		}
	}
}
