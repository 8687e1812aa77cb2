package money

// steps[d] is the number of units in the last place of d decimals: rounding to
// cents, 2 decimals, is rounding to multiples of steps[2] = 10¹⁰ units. It is a constant.
var steps = [decimals + 1]uint64{
	1e12, 1e11, 1e10, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1e0,
}

// Round returns a to that many decimals, half to even: 2.345 and 2.335 to 2
// decimals are both 2.34. digits below 0 count as 0, above 12 as 12.
//
// Within half a step of the ends of the range the nearest multiple is no amount
// any more; there Round goes to the last multiple inside. That takes an amount
// above 99,999,999,999,999,999,999,999,999.
func (a Amount) Round(digits int) Amount {
	step := steps[clampDigits(digits)]
	m := a.magnitude()
	if rounded, ok := m.nearest(step).times(step); ok && rounded.isAmount() {
		return rounded.twos(a.hi < 0)
	}
	_, rest := m.divide(step)
	return m.minus(magnitude{lo: rest}).twos(a.hi < 0)
}

func clampDigits(digits int) int { return max(0, min(digits, decimals)) }
