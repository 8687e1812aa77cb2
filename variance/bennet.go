package variance

import (
	"fmt"
	"math/big"
)

// The effects of [Bennet].
const (
	Volume = "volume" // more or less was used in all
	Mix    = "mix"    // of dearer or cheaper leaves
	Price  = "price"  // at other prices
)

// Bennet splits the change of the sum of quantity times price over the leaves. With
// Q the total quantity, s the share of a leaf in it, and a bar for the mean of the
// two periods:
//
//	volume = p̄·s̄·(Q₁−Q₀)    mix = p̄·Q̄·(s₁−s₀)    price = q̄·(p₁−p₀)
//
// The three sum to p₁q₁−p₀q₀. All quantities are of one unit; the price effect of a
// leaf does not depend on the others, volume and mix depend on what the total is of.
// Where a period has no quantity at all there are no shares in it: those of the other
// stand for them, and everything is volume. The error names every leaf that has a
// quantity without a price.
func Bennet(leaves []Leaf) (Result, error) {
	const op = "split into volume, mix and price"
	var problems []string
	b := bennet{leaves: make([]Leaf, len(leaves))}
	names := make([]string, len(leaves))
	for i := range leaves {
		for _, p := range leaves[i].Problems() {
			problems = append(problems, fmt.Sprintf("leaf %s, %s", clipped(leaves[i].Name), p))
		}
		names[i], b.leaves[i] = leaves[i].Name, leaves[i].filled()
	}
	if err := refused(op, problems); err != nil {
		return Result{}, err
	}
	b.total()
	return resolve(op, &b, []string{Volume, Mix, Price}, names)
}

// bennet holds leaves with all their prices, and the total quantity of each period
// over one denominator, which cancels everywhere.
type bennet struct {
	leaves []Leaf
	q0, q1 *big.Int
}

func (b *bennet) total() {
	sums := [2]*big.Rat{new(big.Rat), new(big.Rat)}
	for i := range b.leaves {
		for t := range sums {
			sums[t].Add(sums[t], b.leaves[i].Quantity[t].value)
		}
	}
	b.q0, b.q1, _ = over([2]Number{{sums[0]}, {sums[1]}})
}

func (b *bennet) change(i int) fraction {
	q0, q1, perQuantity := over(b.leaves[i].Quantity)
	p0, p1, perPrice := over(b.leaves[i].Price)
	return fraction{minus(times(p1, q1), times(p0, q0)), times(perQuantity, perPrice)}
}

// effects are those of the formula, times 4·Q₀·Q₁.
func (b *bennet) effects(i int) []fraction {
	q0, q1, perQuantity := over(b.leaves[i].Quantity)
	p0, p1, perPrice := over(b.leaves[i].Price)
	prices, scale := plus(p0, p1), times(b.q0, b.q1)
	volume := times(prices, plus(times(q0, b.q1), times(q1, b.q0)), minus(b.q1, b.q0))
	mix := times(prices, plus(b.q0, b.q1), minus(times(q1, b.q0), times(q0, b.q1)))
	if scale.Sign() == 0 {
		scale = integer(1)
		volume, mix = times(integer(2), prices, minus(q1, q0)), new(big.Int)
	}
	price := times(integer(2), plus(q0, q1), minus(p1, p0), scale)
	den := times(integer(4), perQuantity, perPrice, scale)
	return []fraction{{volume, den}, {mix, den}, {price, den}}
}
