package forecast

import "math"

// ridge keeps the weights of a regression small, in units of the mean square of its lags.
const ridge = 0.01

// autoregressed forecasts the change over a season from its own last values:
// d(t) = y(t) − y(t−m) on d at the lags, by ridge regression, rolled
// forward. Without a season, m is 1.
func autoregressed(y []float64, horizon, m int, lags []int) []float64 {
	changes := make([]float64, len(y)-m)
	for i := range changes {
		changes[i] = y[i+m] - y[i]
	}
	weights := regression(changes, lags)
	if weights == nil {
		return seasonalNaive(y, horizon, m)
	}
	all := append([]float64(nil), y...)
	for range horizon {
		next := 0.0
		for j, lag := range lags {
			next += weights[j] * changes[len(changes)-lag]
		}
		changes = append(changes, next)
		all = append(all, all[len(all)-m]+next)
	}
	return all[len(y):]
}

// regression gives the weights of the lags, nil when there are too few values for them.
func regression(d []float64, lags []int) []float64 {
	longest := 0
	for _, lag := range lags {
		longest = max(longest, lag)
	}
	if len(d) < longest+4*len(lags) {
		return nil
	}
	n := len(lags)
	rows := make([][]float64, n)
	for j := range rows {
		rows[j] = make([]float64, n+1)
	}
	for t := longest; t < len(d); t++ {
		for j, lag := range lags {
			for k := j; k < n; k++ {
				rows[j][k] += d[t-lag] * d[t-lags[k]]
			}
			rows[j][n] += d[t-lag] * d[t]
		}
	}
	for j := range rows {
		for k := range j {
			rows[j][k] = rows[k][j]
		}
	}
	for j := range rows {
		rows[j][j] += ridge * rows[j][j]
	}
	return solved(rows)
}

// solved eliminates a system of linear equations, nil when it has no single solution.
func solved(rows [][]float64) []float64 {
	n := len(rows)
	for i := range n {
		pivot := i
		for j := i + 1; j < n; j++ {
			if math.Abs(rows[j][i]) > math.Abs(rows[pivot][i]) {
				pivot = j
			}
		}
		rows[i], rows[pivot] = rows[pivot], rows[i]
		if math.Abs(rows[i][i]) < 1e-300 {
			return nil
		}
		for j := i + 1; j < n; j++ {
			eliminate(rows[j], rows[i], i)
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = rows[i][n]
		for j := i + 1; j < n; j++ {
			x[i] -= rows[i][j] * x[j]
		}
		x[i] /= rows[i][i]
	}
	return x
}

func eliminate(row, by []float64, at int) {
	factor := row[at] / by[at]
	for k := at; k < len(row); k++ {
		row[k] -= factor * by[k]
	}
}
