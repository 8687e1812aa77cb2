package budget_test

import (
	"fmt"
	"testing"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// BenchmarkDecision holds and books one call under five of 10,000 budgets: one
// decision, and what follows it.
func BenchmarkDecision(b *testing.B) {
	for _, n := range []int{5, 100, 10_000} {
		b.Run(fmt.Sprintf("of %d", n), func(b *testing.B) { benchmark(b, manyBudgets(n)) })
	}
}

// manyBudgets are five for a workflow: of the whole house, its team, itself, its
// key and each of its runs; and others for other workflows.
func manyBudgets(n int) []budget.Budget {
	var all []budget.Budget
	for i := range n {
		d := daily(fmt.Sprintf("b%d", i), "1000000000")
		d.Override = budget.Override{Reason: "a benchmark", Until: noon().AddDate(1, 0, 0)}
		d.Scope = budget.Selector{"environment": {"production"}, "team": {"support"}, "workflow": {fmt.Sprintf("w%d", i)}}
		switch i {
		case 0:
			d.Scope = nil
		case 1:
			d.Scope = budget.Selector{"team": {"support"}}
		case 2:
			d.Scope["workflow"] = []string{"triage"}
		case 3:
			d.Scope = budget.Selector{"credential": {"k1"}}
			d.Window.Period = budget.Month
		case 4:
			d.Scope = budget.Selector{"workflow": {"triage"}}
			d.Window.Period = budget.EachRun
		}
		all = append(all, d)
	}
	return all
}

func benchmark(b *testing.B, budgets []budget.Budget) {
	e := engine(b, budgets)
	c := call(0, "0.002")
	paid := line(c, "0.0016")
	b.ReportAllocs()
	b.ResetTimer()
	for n := range b.N {
		c.ID = spend.ID{1, byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}
		if v := e.Acquire(c); !v.Action.Admits() {
			b.Fatalf("%+v", v)
		}
		paid.Keys[0] = c.ID
		e.Book(noon(), paid)
	}
	if got := e.Standings()[0].Booked; got != mul(b, "0.0016", int64(b.N)) {
		b.Fatalf("%d calls are booked as %s", b.N, got)
	}
}

func mul(b *testing.B, price string, n int64) money.Amount {
	product, err := usd(price).MulInt(n)
	if err != nil {
		b.Fatal(err)
	}
	return product
}

// BenchmarkAsk is a decision alone.
func BenchmarkAsk(b *testing.B) {
	e := engine(b, manyBudgets(10_000))
	c := call(0, "0.002")
	b.ReportAllocs()
	for b.Loop() {
		if v := e.Ask(c); !v.Action.Admits() {
			b.Fatalf("%+v", v)
		}
	}
}
