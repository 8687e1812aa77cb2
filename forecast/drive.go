package forecast

import "math"

// drivenBetter says whether the sum of what drives a series would have been no further off
// at the earlier origins than the series' own past, both at the prices of then: what is
// driven is forecast by quantities unless that is known to be worse.
func (a *Answer) drivenBetter(parts []*Answer) bool {
	own, sum := 0.0, 0.0
	for f, errors := range a.paths {
		for k, e := range errors {
			all := errorOf(parts, f, k)
			if given(e) && given(all) {
				own, sum = own+math.Abs(e), sum+math.Abs(all)
			}
		}
	}
	return sum <= own*drivenSlack
}

// errorOf is what the sum of parts was wrong by at a step of an origin, at the prices of
// then; NaN where one was not tried there.
func errorOf(parts []*Answer, f, k int) float64 {
	sum := 0.0
	for _, p := range parts {
		if f >= len(p.measured) {
			return math.NaN()
		}
		sum += p.measured[f][k]
	}
	return sum
}

// drivenSlack is how much further off the sum may be: it knows of price changes what the
// past of the whole does not, and a difference of a few hundredths is noise.
const drivenSlack = 1.05

// pricedParts are by what known prices multiply the sum of parts, by step: the quantities
// that are forecast say what a change does, also where the series goes by its own past.
func pricedParts(parts []*Answer) []float64 {
	factors := make([]float64, len(parts[0].Mean))
	for k := range factors {
		before, after := 0.0, 0.0
		for _, p := range parts {
			before += p.unpriced[k]
			after += p.Mean[k]
		}
		if factors[k] = 1; before > 0 && after >= 0 {
			factors[k] = after / before
		}
	}
	return factors
}
