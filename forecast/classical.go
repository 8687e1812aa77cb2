package forecast

import "math"

// indices are the classical multiplicative indices of a season, by slot of y[i], i mod m,
// or nil where the season is not significant or a value is not positive.
func indices(y []float64, m int) []float64 {
	if m < 2 || len(y) < 3*m || !seasonal(y, m) {
		return nil
	}
	trend := centred(y, m)
	sums, counts := make([]float64, m), make([]float64, m)
	for i, t := range trend {
		if !given(t) || t <= 0 {
			continue
		}
		sums[i%m] += y[i] / t
		counts[i%m]++
	}
	total := 0.0
	for slot := range sums {
		if counts[slot] == 0 || sums[slot] <= 0 {
			return nil
		}
		sums[slot] /= counts[slot]
		total += sums[slot]
	}
	for slot := range sums {
		sums[slot] *= float64(m) / total
	}
	return sums
}

// seasonal is the M4 test: the autocorrelation at lag m is beyond its 90 % bound.
func seasonal(y []float64, m int) bool {
	level, spread := mean(y), 0.0
	for _, v := range y {
		spread += (v - level) * (v - level)
	}
	if spread == 0 {
		return false
	}
	squares, last := 0.0, 0.0
	for lag := 1; lag <= m; lag++ {
		last = 0
		for i := lag; i < len(y); i++ {
			last += (y[i] - level) * (y[i-lag] - level)
		}
		last /= spread
		if lag < m {
			squares += last * last
		}
	}
	return math.Abs(last) > 1.645*math.Sqrt((1+2*squares)/float64(len(y)))
}

// centred is the centred moving average over one season, NaN within half a season of
// the ends; an even season takes half of each outer value.
func centred(y []float64, m int) []float64 {
	out := make([]float64, len(y))
	half := m / 2
	for i := range out {
		if i < half || i+half >= len(y) {
			out[i] = math.NaN()
			continue
		}
		sum := 0.0
		for _, v := range y[i-half : i+half+1] {
			sum += v
		}
		if m%2 == 0 {
			sum -= (y[i-half] + y[i+half]) / 2
		}
		out[i] = sum / float64(m)
	}
	return out
}

// adjusted forecasts y without its season by inner, and puts the season back.
func adjusted(y []float64, horizon, m int, inner func([]float64, int) []float64) []float64 {
	index := indices(y, m)
	if index == nil {
		return inner(y, horizon)
	}
	plain := make([]float64, len(y))
	for i, v := range y {
		plain[i] = v / index[i%m]
	}
	out := inner(plain, horizon)
	for k := range out {
		out[k] *= index[(len(y)+k)%m]
	}
	return out
}
