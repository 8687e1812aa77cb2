package forecast

import "math"

// How the season of a year is drawn.
const (
	yearWaves = 3 // sines of a year, of a half, of a third
	yearYears = 2 // years of history that it needs, and as many
	yearFolds = 3 // earlier origins with that much before them, so that chance does not choose it
)

// yearlyMethods take a season of the year out of what has two years of history, forecast
// the rest and put the season back.
func yearlyMethods(ask *Ask, first int) []method {
	if ask.Year == 0 {
		return nil
	}
	needs := yearYears * ask.Year
	of := func(inner func([]float64, int) []float64) func([]float64, int) []float64 {
		return func(y []float64, h int) []float64 { return yearly(y, h, ask.Year, inner) }
	}
	return []method{
		{"yearly level", needs, yearFolds, of(func(y []float64, h int) []float64 { return adjusted(y, h, first, simple) })},
		{"yearly trend", needs, yearFolds, of(func(y []float64, h int) []float64 { return damped(y, h, first) })},
	}
}

// yearly divides y by its season of the year, forecasts the rest by inner, and multiplies
// again. The season is drawn as three sines through the logarithms of y, beside a line for
// what has grown: 365 days of their own would each know two values.
func yearly(y []float64, horizon, year int, inner func([]float64, int) []float64) []float64 {
	weights := yearWeights(y, year)
	if weights == nil {
		return inner(y, horizon)
	}
	index := func(i int) float64 {
		sum := 0.0
		for j, x := range waves(i, year) {
			sum += weights[2+j] * x
		}
		return math.Exp(sum)
	}
	plain := make([]float64, len(y))
	for i, v := range y {
		plain[i] = v / index(i)
	}
	out := inner(plain, horizon)
	for k := range out {
		out[k] *= index(len(y) + k)
	}
	return out
}

// waves are the sines and cosines of a step.
func waves(i, year int) (x [2 * yearWaves]float64) {
	for j := range yearWaves {
		x[2*j], x[2*j+1] = math.Sincos(2 * math.Pi * float64((j+1)*(i%year)) / float64(year))
	}
	return x
}

// yearWeights are those of a constant, a line and the waves, by least squares on the
// logarithms of means of a week; nil where a value is below zero or nothing is above it.
func yearWeights(y []float64, year int) []float64 {
	level := mean(y)
	if level <= 0 || !nonNegative(y) {
		return nil
	}
	const n = 2 + 2*yearWaves
	rows := make([][]float64, n)
	for j := range rows {
		rows[j] = make([]float64, n+1)
	}
	for i, v := range edged(centred(y, plainSeason)) {
		x := [n]float64{1, float64(i) / float64(len(y))}
		wave := waves(i, year)
		copy(x[2:], wave[:])
		log := math.Log(max(v, level/100))
		for j := range n {
			for k := range n {
				rows[j][k] += x[j] * x[k]
			}
			rows[j][n] += x[j] * log
		}
	}
	return solved(rows)
}
