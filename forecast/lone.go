package forecast

import (
	"math"
	"slices"
)

// When the last value stands alone.
const (
	loneTimes = 4  // times as far off as all but the wildest values before it
	loneLeast = 20 // values before it of which that is known
)

// settled takes a last value that is far off, alone, as what was to be expected: the next
// ones have yet to say whether it is a new level, or happened once, as an incident, a credit
// and a day that is not all told do.
//
// Worked example: after 90 days around 100, of which 5 % were further off than 20, a day of
// 1,000 is taken as 100. After a day of 990 it is kept: the one before it says so too.
func settled(y []float64, periods []int) []float64 {
	m := 1
	for _, period := range periods {
		if len(y) > 3*period+3+loneLeast {
			m = period
		}
	}
	last, first := len(y)-1, 3*m+3
	if last < first+loneLeast {
		return y
	}
	var off []float64
	for i := first; i < last; i++ {
		off = append(off, math.Abs(y[i]-expected(y, i, m)))
	}
	slices.Sort(off)
	bound := loneTimes * off[len(off)-1-int(wild*float64(len(off)))]
	if bound == 0 { // it mostly is as expected
		bound = off[len(off)-1]
	}
	said := expected(y, last, m)
	if math.Abs(y[last]-said) <= bound || !alone(y, m, bound) {
		return y
	}
	out := slices.Clone(y)
	out[last] = said
	return out
}

// alone says whether no value of the season before the last one was as far off on its side.
func alone(y []float64, m int, bound float64) bool {
	last := len(y) - 1
	side := math.Copysign(1, y[last]-expected(y, last, m))
	for i := last - max(m, 3); i < last; i++ {
		if side*(y[i]-slot(y, i, m)) > bound {
			return false
		}
	}
	return true
}

// expected is the nearest to y[i] of what lies between its slot in the last seasons and that
// moved as far as the three values before it were off theirs: a level may have moved, and a
// weekend moves less than a weekday.
func expected(y []float64, i, m int) float64 {
	still := slot(y, i, m)
	moved := still + middle(y[i-1]-slot(y, i-1, m), y[i-2]-slot(y, i-2, m), y[i-3]-slot(y, i-3, m))
	return min(max(y[i], min(still, moved)), max(still, moved))
}

// slot is the median of the same place in the three seasons before.
func slot(y []float64, i, m int) float64 { return middle(y[i-m], y[i-2*m], y[i-3*m]) }

// middle is the median of three.
func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }
