package forecast

import (
	"math"
	"slices"
)

// Series is one series of values at a fixed pace.
type Series struct {
	Name   string
	Values []float64 // one a step, NaN where nothing was measured; the first and the last are not NaN

	Occasions []Occasion // that a calendar knows of
}

// given says whether a value was measured.
func given(v float64) bool { return !math.IsNaN(v) }

// wild is the part of a series' differences that is left out of what is usual.
const wild = 0.05

// usual is the variation without the largest differences: one credit or incident changes
// it little.
func usual(values []float64, period int) float64 {
	if len(values) <= period {
		period = 1
	}
	var all []float64
	for i := period; i < len(values); i++ {
		if d := math.Abs(values[i] - values[i-period]); given(d) {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	if all = all[:len(all)-int(math.Ceil(wild*float64(len(all))))]; len(all) == 0 {
		return 0
	}
	return mean(all)
}

// gapless fills what was not measured, from what stands in values alone: with the mean of
// the nearest values whole seasons before and after, or with the line between its neighbours.
func gapless(values []float64, period int) []float64 {
	if !slices.ContainsFunc(values, math.IsNaN) {
		return values
	}
	if period == 1 {
		return interpolated(slices.Clone(values))
	}
	before, after := slices.Clone(values), slices.Clone(values)
	for i := period; i < len(values); i++ {
		if !given(before[i]) {
			before[i] = before[i-period]
		}
	}
	for i := len(values) - 1 - period; i >= 0; i-- {
		if !given(after[i]) {
			after[i] = after[i+period]
		}
	}
	filled := slices.Clone(values)
	for i, v := range values {
		switch {
		case given(v):
		case given(before[i]) && given(after[i]):
			filled[i] = (before[i] + after[i]) / 2
		case given(before[i]):
			filled[i] = before[i]
		default:
			filled[i] = after[i]
		}
	}
	return interpolated(filled)
}

// interpolated draws a line over each gap, and holds the nearest value at the ends.
func interpolated(values []float64) []float64 {
	last := -1
	for i, v := range values {
		if !given(v) {
			continue
		}
		for j := last + 1; j < i; j++ {
			values[j] = v
			if last >= 0 {
				values[j] = values[last] + (v-values[last])*float64(j-last)/float64(i-last)
			}
		}
		last = i
	}
	for j := last + 1; j < len(values); j++ {
		values[j] = 0
		if last >= 0 {
			values[j] = values[last]
		}
	}
	return values
}

// nonNegative says whether nothing measured is below zero.
func nonNegative(values []float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return v < 0 })
}

// noise is the part of its size below which a series' variation is that of its arithmetic.
const noise = 1e-12

// variation is the mean absolute difference between values a season apart: the unit in
// which errors of different series are compared. It is 0 when there is none.
func variation(values []float64, period int) float64 {
	if len(values) <= period {
		period = 1
	}
	sum, size, count := 0.0, 0.0, 0.0
	for i := period; i < len(values); i++ {
		if d := values[i] - values[i-period]; given(d) {
			sum += math.Abs(d)
			size += math.Abs(values[i])
			count++
		}
	}
	if sum <= noise*size {
		return 0
	}
	return sum / count
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
