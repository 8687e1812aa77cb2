package variance

import (
	"math/big"
	"slices"
	"strings"
)

// apportion rounds exact parts to units of 10⁻¹² that sum to target, which is their
// exact sum rounded up or down: each part is rounded down, and the units left over go
// one each to the largest remainders, the first name first where they are equal. So a
// part that is exact stays as it is, and what each part is does not depend on the
// order. Parts of which the sum is negative are the mirror of their opposites.
//
// Example: 0.4, 0.4 and 1.2 units, named a, b and c, over 2 are 1, 0 and 1.
func apportion(exact []fraction, target *big.Int, names []string) []*big.Int {
	mirrored := leaning(exact, target, names) < 0
	parts, rests := make([]*big.Int, len(exact)), make([]fraction, len(exact))
	left := new(big.Int).Set(target)
	if mirrored {
		left.Neg(left)
	}
	var open []int
	for i, f := range exact {
		if mirrored {
			f = f.negated()
		}
		parts[i], rests[i] = f.units()
		left.Sub(left, parts[i])
		if rests[i].num.Sign() != 0 {
			open = append(open, i)
		}
	}
	if left.Sign() > 0 {
		slices.SortFunc(open, func(i, j int) int {
			if order := rests[j].compare(rests[i]); order != 0 {
				return order
			}
			return strings.Compare(names[i], names[j])
		})
		for _, i := range open[:left.Int64()] {
			parts[i].Add(parts[i], integer(1))
		}
	}
	if mirrored {
		for _, part := range parts {
			part.Neg(part)
		}
	}
	return parts
}

// leaning is the sign of the sum or, where that is zero, of the part that is not
// with the first name; exchanging the periods flips it.
func leaning(exact []fraction, target *big.Int, names []string) int {
	if target.Sign() != 0 {
		return target.Sign()
	}
	first := -1
	for i, f := range exact {
		if f.num.Sign() != 0 && (first < 0 || names[i] < names[first]) {
			first = i
		}
	}
	if first < 0 {
		return 0
	}
	return exact[first].num.Sign()
}

// changes rounds the change of every leaf so that they sum to that of the whole,
// which is rounded once.
func changes(exact []fraction, names []string) []*big.Int {
	sum, open := new(big.Int), new(big.Rat)
	for _, f := range exact {
		floor, rest := f.units()
		sum.Add(sum, floor)
		if rest.num.Sign() != 0 {
			open.Add(open, new(big.Rat).SetFrac(rest.num, rest.den))
		}
	}
	open.Add(open, new(big.Rat).SetInt(sum))
	return apportion(exact, nearest(open), names)
}
