package variance_test

import (
	"fmt"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

const manyLeaves = 100_000

func BenchmarkBennet100000Leaves(b *testing.B) {
	leaves := make([]variance.Leaf, manyLeaves)
	for i := range leaves {
		n := int64(i)
		leaves[i] = variance.Leaf{
			Name:     fmt.Sprintf("leaf %d", i),
			Quantity: [2]variance.Number{variance.Exact(money.FromInt(n * 7919 % 1_000_003)), variance.Exact(money.FromInt(n * 104_729 % 2_000_003))},
			Price:    [2]variance.Number{variance.Exact(money.FromUnits(1 + n*31%3_000_000)), variance.Exact(money.FromUnits(1 + n*37%3_000_000))},
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := variance.Bennet(leaves); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkShapley100000LeavesOfTenFactors(b *testing.B) {
	factors := make([]string, 10)
	for j := range factors {
		factors[j] = fmt.Sprintf("x%d", j)
	}
	chains := make([]variance.Chain, manyLeaves)
	for i := range chains {
		chains[i] = variance.Chain{Name: fmt.Sprintf("leaf %d", i), Factors: make([][2]variance.Number, len(factors))}
		for j := range factors {
			n := int64(i+1) * int64(j+3)
			chains[i].Factors[j] = [2]variance.Number{number(b, fmt.Sprintf("%d.%03d", n%7, n%997)), number(b, fmt.Sprintf("%d.%03d", n%5, n%991))}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := variance.Shapley(factors, chains); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkExplain100000Parts explains 20,000 groups of five parts each.
func BenchmarkExplain100000Parts(b *testing.B) {
	var periods [2][]variance.Group
	for i := range manyLeaves / int(spend.Components) {
		for p := range periods {
			n := int64(i*7 + p*13)
			g := variance.Group{
				Slice: []string{fmt.Sprintf("team %d", i%50)}, Line: fmt.Sprintf("acme/%d", i%20), Model: fmt.Sprintf("model %d", i%97),
				Route: []string{fmt.Sprintf("route %d", i)}, Metered: true, Calls: money.FromInt(1 + n%997),
			}
			for k := range g.Costs {
				g.Quantity[k], g.Costs[k] = money.FromInt(1+n%100_003), money.FromUnits(1_000_000*(1+n%30_011))
				g.List, _ = g.List.Add(g.Costs[k])
			}
			g.Contracted, _ = g.List.MulRatio(93, 100)
			g.Cost = g.Contracted
			periods[p] = append(periods[p], g)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := variance.Explain(periods[0], periods[1], nil); err != nil {
			b.Fatal(err)
		}
	}
}
