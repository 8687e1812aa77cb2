package variance

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
)

// leveller brings the totals of rounded effects to their exact sums, rounded: single
// units move between two effects of a leaf, from one that was rounded up to one that
// was rounded down, where the most is gained. The change of a leaf stays what it is,
// and an effect that is exact is not touched.
//
// Example: a leaf of ⅔ and ⅓ is 1 and 0 units; three of them are 3 and 0, where 2 and 1
// is due, so the first by name becomes 0 and 1.
type leveller struct {
	rows []Row
	left [][]int64 // exact less rounded, in 10⁻¹² of a unit, by leaf and effect
}

// note keeps what the rounding of a leaf's effects left, between −1 and 1 units.
func (l *leveller) note(exact []fraction, units []*big.Int) {
	left := make([]int64, len(exact))
	for j, f := range exact {
		rest := minus(times(f.num, integer(perUnit)), times(units[j], f.den))
		left[j] = rest.Quo(rest.Mul(rest, integer(perUnit)), f.den).Int64()
	}
	l.left = append(l.left, left)
}

// level moves what is due, effect by effect in the order of their names.
func (l *leveller) level(effects []string) error {
	due := l.due(len(effects))
	order := make([]int, len(effects))
	for j := range order {
		order[j] = j
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(effects[a], effects[b]) })
	for _, from := range order {
		for _, to := range order {
			n := min(-due[from], due[to])
			if n <= 0 {
				continue
			}
			moved, err := l.move(from, to, n)
			if err != nil {
				return err
			}
			due[from] += moved
			due[to] -= moved
		}
	}
	return nil
}

// due is how many units the total of each effect lacks, rounded.
func (l *leveller) due(effects int) []int64 {
	sums := make([]int64, effects)
	for _, left := range l.left {
		for j, n := range left {
			sums[j] += n
		}
	}
	for j, sum := range sums {
		sums[j] = (sum + int64(cmp.Compare(sum, 0))*perUnit/2) / perUnit
	}
	return sums
}

// move takes up to n units from one effect to another, and says how many.
func (l *leveller) move(from, to int, n int64) (moved int64, err error) {
	var leaves []int
	for i, left := range l.left {
		if left[from] < 0 && left[to] > 0 {
			leaves = append(leaves, i)
		}
	}
	gain := func(i int) int64 { return l.left[i][to] - l.left[i][from] }
	slices.SortFunc(leaves, func(a, b int) int {
		return cmp.Or(cmp.Compare(gain(b), gain(a)), strings.Compare(l.rows[a].Leaf, l.rows[b].Leaf))
	})
	// A unit is taken from what was rounded up and given to what was rounded down.
	for _, i := range leaves[:min(n, int64(len(leaves)))] {
		amounts, left := l.rows[i].Amounts, l.left[i]
		if amounts[from], err = amounts[from].Sub(money.FromUnits(1)); err != nil {
			return moved, err
		}
		if amounts[to], err = amounts[to].Add(money.FromUnits(1)); err != nil {
			return moved, err
		}
		left[from] += perUnit
		left[to] -= perUnit
		moved++
	}
	return moved, nil
}
