package forecast

import (
	"math"
	"slices"
)

// When the past counts as another level.
const (
	shiftShare  = 0.9 // of the variance of the season means that one step explains
	shiftBefore = 3   // seasons before the step, at least
	shiftAfter  = 2   // and after it
	plainSeason = 7   // values that are taken together where there is no season
)

// levelled brings what stands before a lasting step of the level onto the level after
// it: by their ratio where all is positive, else by their difference. A straight line is
// no step, since the best step explains three quarters of its variance only.
//
// Worked example: the squared distances of the seasons' means 10, 12, 11, 10, 30, 31, 32 from
// their mean sum to 707.71, those from 10.75 and 31 to 4.75. The step explains 99 %, and what
// stands before it is multiplied by 31 / 10.75.
func levelled(y []float64, m int) []float64 {
	m = seasonOfSteps(m)
	at := stepped(y, m)
	if at == 0 {
		return y
	}
	means := seasonMeans(y, m)
	season := len(means) - (len(y)-at)/m
	before, after := mean(means[:season]), mean(means[season:])
	out := slices.Clone(y)
	for i := range at {
		if before > 0 && after > 0 && nonNegative(y) {
			out[i] *= after / before
			continue
		}
		out[i] += after - before
	}
	return out
}

// seasonOfSteps is how many values are taken together where a step is looked for.
func seasonOfSteps(m int) int {
	if m == 1 {
		return plainSeason
	}
	return m
}

// stepped is the first value of the new level, 0 when there is no step.
func stepped(y []float64, m int) int {
	m = seasonOfSteps(m)
	means := seasonMeans(y, m)
	at := step(means)
	if at == 0 {
		return 0
	}
	return len(y) - (len(means)-at)*m
}

// seasonMeans are the means of whole seasons, counted from the end.
func seasonMeans(y []float64, m int) []float64 {
	var out []float64
	for i := len(y) % m; i+m <= len(y); i += m {
		out = append(out, mean(y[i:i+m]))
	}
	return out
}

// step is the first season of the new level, 0 when there is no step.
func step(means []float64) int {
	whole := squares(means)
	at, least := 0, math.Inf(1)
	for i := shiftBefore; i+shiftAfter <= len(means); i++ {
		if left := squares(means[:i]) + squares(means[i:]); left < least {
			at, least = i, left
		}
	}
	if whole == 0 || least > (1-shiftShare)*whole {
		return 0
	}
	return at
}

// squares is the sum of the squared distances from the mean.
func squares(values []float64) float64 {
	level, sum := mean(values), 0.0
	for _, v := range values {
		sum += (v - level) * (v - level)
	}
	return sum
}
