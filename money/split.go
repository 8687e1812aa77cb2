package money

import (
	"fmt"
	"slices"
)

// Split divides a in proportion to the weights, one part for each, by largest
// remainder: every part is its exact share rounded down to a unit, and the
// units left over go one each to the largest remainders, the lowest index first
// where they are equal. So the parts sum to a, to the last unit.
//
//	100 over 1:1:1 = 33.333333333334, 33.333333333333, 33.333333333333
//	1,003 units over 1:1:998 = 1, 1, 1,001 units
//	  (shares 1.003, 1.003, 1000.994: the one unit left over goes to 0.994)
//
// A split of −a is the mirror of that of a. A zero weight gets zero; if all
// weights are zero the parts are those of equal weights. A negative weight is
// an error, and so is a list without weights unless a is zero.
func (a Amount) Split(weights []int64) ([]Amount, error) {
	if len(weights) == 0 && !a.IsZero() {
		return nil, fmt.Errorf("split %v over no weights: there is nobody to take it", a)
	}
	total, err := sumWeights(weights)
	if err != nil {
		return nil, fmt.Errorf("split %v: %w", a, err)
	}
	if total.isZero() {
		weights = slices.Repeat([]int64{1}, len(weights))
		total.lo = uint64(len(weights))
	}
	return a.magnitude().split(weights, total, a.hi < 0), nil
}

// maxParts bounds what one amount is cut into.
const maxParts = 10_000

// Parts divides a into equal parts, as few as keep each within ±most, which is
// above zero; one for what is within it. They sum to a, to the last unit.
//
//	600,000 in parts of at most 250,000 = 200,000, 200,000, 200,000
//
// More than 10,000 parts are an error.
func (a Amount) Parts(most int64) ([]Amount, error) {
	if most < 1 {
		return nil, fmt.Errorf("divide %v: parts of at most %d hold nothing", a, most)
	}
	whole, rest := a.magnitude().divide(perWhole)
	if rest > 0 {
		whole = whole.next()
	}
	n, rest := whole.divide(uint64(most))
	if rest > 0 || n.isZero() {
		n = n.next()
	}
	if n.compare(magnitude{lo: maxParts}) > 0 {
		return nil, fmt.Errorf("divide %v into parts of at most %d: more than %d parts", a, most, maxParts)
	}
	return a.Split(slices.Repeat([]int64{1}, int(n.lo)))
}

func sumWeights(weights []int64) (magnitude, error) {
	var total magnitude
	for i, w := range weights {
		if w < 0 {
			return total, fmt.Errorf("weight %d of %d is %d, want zero or more", i+1, len(weights), w)
		}
		total = total.plus(magnitude{lo: uint64(w)})
	}
	return total, nil
}

func (m magnitude) split(weights []int64, total magnitude, negative bool) []Amount {
	shares, rests := make([]magnitude, len(weights)), make([]magnitude, len(weights))
	left := m
	for i, w := range weights {
		shares[i], rests[i] = m.share(uint64(w), total)
		left = left.minus(shares[i])
	}
	for _, i := range byRemainder(rests)[:left.lo] {
		shares[i] = shares[i].next()
	}
	parts := make([]Amount, len(weights))
	for i, share := range shares {
		parts[i] = share.twos(negative)
	}
	return parts
}

// share returns m·weight/total rounded down, and the rest of that division.
func (m magnitude) share(weight uint64, total magnitude) (share, rest magnitude) {
	product := multiply(m, magnitude{lo: weight})
	if total.hi != 0 {
		return product.divideLong(total)
	}
	q, r := product.divide(total.lo)
	share, _ = q.narrow() // at most m, as weight is at most total
	return share, magnitude{lo: r}
}

// byRemainder returns the indices of the rests, largest rest first, the lowest
// index first among equals. The units to hand out are the sum of all rests over
// their divisor, so fewer than there are rests above zero: whoever has no rest
// gets none.
func byRemainder(rests []magnitude) []int {
	order := make([]int, len(rests))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return rests[j].compare(rests[i]) })
	return order
}
