package variance

import (
	"math/big"

	"github.com/bursarhq/bursar/money"
)

// Index says how prices moved on what has a price of its own in both periods, as
// ratios of the later to the earlier with 12 decimals: 0.77 is 23 % down. A ratio is
// not known where nothing of it was bought.
type Index struct {
	Laspeyres money.Null // what the earlier period's quantities would cost now, over what they cost
	Paasche   money.Null // what the later period's quantities cost, over what they would have cost
	Fisher    money.Null // the geometric mean of both
	Leaves    int        // that have both prices
	Now, Then money.Null // what the later period's quantities cost, and would have cost at the earlier prices
}

// Matched gives the price index of leaves, whose quantities it takes as they are. Each
// cost in it is rounded to 12 decimals.
func Matched(leaves []Leaf) Index {
	sums := [2][2]*big.Int{{new(big.Int), new(big.Int)}, {new(big.Int), new(big.Int)}} // by period of the quantity, then of the price
	index := Index{}
	for i := range leaves {
		l := &leaves[i]
		if !l.Price[0].Given() || !l.Price[1].Given() || !l.Quantity[0].Given() || !l.Quantity[1].Given() {
			continue
		}
		index.Leaves++
		for q := range sums {
			for p := range sums[q] {
				cost := new(big.Rat).Mul(l.Quantity[q].value, l.Price[p].value)
				sums[q][p].Add(sums[q][p], nearest(cost.Mul(cost, new(big.Rat).SetInt64(perUnit))))
			}
		}
	}
	return index.of(sums)
}

// IndexOf gives the index of leaves whose costs are summed by the period of their
// quantities, and then by that of their prices.
func IndexOf(costs [2][2]money.Amount, leaves int) Index {
	var sums [2][2]*big.Int
	for q := range costs {
		for p := range costs[q] {
			sums[q][p] = costs[q][p].Big()
		}
	}
	return Index{Leaves: leaves}.of(sums)
}

func (x Index) of(sums [2][2]*big.Int) Index {
	laspeyres, paasche := ratio(sums[0][1], sums[0][0]), ratio(sums[1][1], sums[1][0])
	x.Laspeyres, x.Paasche = shown(laspeyres), shown(paasche)
	if laspeyres != nil && paasche != nil {
		x.Fisher = root(laspeyres.Mul(laspeyres, paasche))
	}
	x.Now, x.Then = known(sums[1][1]), known(sums[1][0])
	return x
}

// ratio is a over b, nil unless both are above zero.
func ratio(a, b *big.Int) *big.Rat {
	if a.Sign() <= 0 || b.Sign() <= 0 {
		return nil
	}
	return new(big.Rat).SetFrac(a, b)
}

func shown(r *big.Rat) money.Null {
	if r == nil {
		return money.Null{}
	}
	return known(nearest(new(big.Rat).Mul(r, new(big.Rat).SetInt64(perUnit))))
}

// root is the square root with 12 decimals: that of 4·r·10²⁴ rounded down, halved
// with what is over rounded up.
func root(r *big.Rat) money.Null {
	scaled := times(integer(4), r.Num(), integer(perUnit), integer(perUnit))
	scaled.Quo(scaled, r.Denom()).Sqrt(scaled)
	return known(scaled.Rsh(scaled.Add(scaled, integer(1)), 1))
}

func known(units *big.Int) money.Null {
	a, err := money.FromBig(units)
	return money.Null{Amount: a, Valid: err == nil}
}
