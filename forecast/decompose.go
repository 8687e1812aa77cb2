package forecast

// Widths of the local lines, in values: of the season by slot, and of one decomposition.
const (
	seasonWidth = 11
	passes      = 2
)

// decomposed takes each season out of y in turn, forecasts the rest by inner, and adds the
// last cycle of each season: STL for several periods, without its robust weights.
func decomposed(y []float64, horizon int, periods []int, inner func([]float64, int) []float64) []float64 {
	rest := append([]float64(nil), y...)
	seasons := make([][]float64, len(periods))
	for range passes {
		for j, m := range periods {
			for i, s := range seasons[j] {
				rest[i] += s
			}
			seasons[j] = seasonOf(rest, m)
			for i, s := range seasons[j] {
				rest[i] -= s
			}
		}
	}
	out := inner(rest, horizon)
	for j, m := range periods {
		for k, s := range seasonalNaive(seasons[j], horizon, m) {
			out[k] += s
		}
	}
	return out
}

// seasonOf smooths the values of each slot along the cycles, without the trend in them.
func seasonOf(y []float64, m int) []float64 {
	trend := edged(centred(y, m))
	season := make([]float64, len(y))
	for slot := range m {
		var cycle []float64
		for i := slot; i < len(y); i += m {
			cycle = append(cycle, y[i]-trend[i])
		}
		for j, v := range local(cycle, seasonWidth) {
			season[slot+j*m] = v
		}
	}
	level := edged(centred(season, m))
	for i := range season {
		season[i] -= level[i]
	}
	return season
}

// edged holds the nearest moving average at the ends.
func edged(trend []float64) []float64 { return interpolated(trend) }

// local is a line through the neighbours of each value, near ones with tricube weights.
func local(y []float64, width int) []float64 {
	out := make([]float64, len(y))
	for i := range y {
		out[i] = localAt(y, i, width)
	}
	return out
}

func localAt(y []float64, at, width int) float64 {
	low := max(0, min(at-width/2, len(y)-width))
	high := min(len(y), low+width)
	reach := float64(max(at-low, high-1-at, width/2)) + 1
	var w, wx, wxx, wy, wxy float64
	for i := low; i < high; i++ {
		x := float64(i - at)
		u := x / reach
		if u < 0 {
			u = -u
		}
		near := 1 - u*u*u
		weight := near * near * near
		w += weight
		wx += weight * x
		wxx += weight * x * x
		wy += weight * y[i]
		wxy += weight * x * y[i]
	}
	det := w*wxx - wx*wx
	if det <= 1e-12*w*wxx {
		return wy / w
	}
	return (wxx*wy - wx*wxy) / det
}
