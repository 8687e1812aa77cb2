package variance_test

import (
	"fmt"
	"testing"

	"github.com/bursarhq/bursar/money"
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
