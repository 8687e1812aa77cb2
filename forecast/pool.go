package forecast

import "math"

// A method forecasts the steps after the values that it is given, which have no gaps.
type method struct {
	name  string
	needs int // values, at least
	folds int // earlier origins with as many before them, at least, to be chosen at all
	run   func(y []float64, horizon int) []float64
}

// pool is what a question lets compete. The first is the reference: it needs the least.
func pool(ask *Ask) []method {
	periods, first := ask.Periods, 1
	if len(periods) > 0 {
		first = periods[0]
	}
	all := []method{
		{"naive", 1, 0, naive},
		{"drift", 2, 0, drift},
		{"simple", 3, 0, func(y []float64, h int) []float64 { return adjusted(y, h, first, simple) }},
		{"theta", 3, 0, func(y []float64, h int) []float64 { return adjusted(y, h, first, theta) }},
		{"damped", 10, 0, func(y []float64, h int) []float64 { return adjusted(y, h, first, dampedTrend) }},
		{"autoregressive", 30, 0, func(y []float64, h int) []float64 { return autoregressed(y, h, 1, []int{1, 2, 3, 7}) }},
	}
	for i, m := range periods {
		all = append(all, seasonalMethods(m, periods[:i+1])...)
	}
	return append(all, yearlyMethods(ask, first)...)
}

// seasonalMethods are those of one period; upTo are the periods up to it.
func seasonalMethods(m int, upTo []int) []method {
	lags := []int{1, 2, m, m + 1}
	if len(upTo) > 1 {
		lags = []int{1, 2, upTo[0], upTo[0] + 1}
	}
	taken := func(y []float64, h int) []float64 { return decomposed(y, h, upTo, dampedTrend) }
	regressed := func(y []float64, h int) []float64 { return autoregressed(y, h, m, lags) }
	return []method{
		{"seasonal naive", m, 0, func(y []float64, h int) []float64 { return seasonalNaive(y, h, m) }},
		{"slot mean", 2 * m, 0, func(y []float64, h int) []float64 { return slotMean(y, h, m) }},
		{"slot median", 3 * m, 0, func(y []float64, h int) []float64 { return slotMedian(y, h, m) }},
		{"holt-winters", 3 * m, 0, func(y []float64, h int) []float64 { return damped(y, h, m) }},
		{"decomposed", 2*m + 2, 0, taken},
		{"decomposed on logs", 2*m + 2, 0, onLogs(taken)},
		{"regressed", m + lags[3] + 30, 0, regressed},
		{"regressed on logs", m + lags[3] + 30, 0, onLogs(regressed)},
	}
}

func dampedTrend(y []float64, horizon int) []float64 { return damped(y, horizon, 1) }

// onLogs runs a method on the logarithms of 1 + y, where no value is negative.
func onLogs(inner func([]float64, int) []float64) func([]float64, int) []float64 {
	return func(y []float64, horizon int) []float64 {
		if !nonNegative(y) {
			return inner(y, horizon)
		}
		logs := make([]float64, len(y))
		for i, v := range y {
			logs[i] = math.Log1p(v)
		}
		out := inner(logs, horizon)
		for k, v := range out {
			out[k] = math.Expm1(v)
		}
		return out
	}
}

// forecastBy runs a method and keeps its answer within reach of the history: what is no
// number, or beyond the span of the values on either side, becomes the nearest that is.
func forecastBy(m method, y []float64, horizon int) []float64 {
	out := m.run(y, horizon)
	low, high := y[0], y[0]
	for _, v := range y {
		low, high = min(low, v), max(high, v)
	}
	reach := high - low
	floor, ceiling := low-reach, high+reach
	if low >= 0 {
		floor = max(0, floor)
	}
	for k, v := range out {
		if math.IsNaN(v) {
			v = y[len(y)-1]
		}
		out[k] = min(max(v, floor), ceiling)
	}
	return out
}
