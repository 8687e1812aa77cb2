package forecast

// naive repeats the last value.
func naive(y []float64, horizon int) []float64 { return seasonalNaive(y, horizon, 1) }

// seasonalNaive repeats the last season: f(k) = y[n − m + (k−1) mod m].
func seasonalNaive(y []float64, horizon, m int) []float64 {
	out := make([]float64, horizon)
	for k := range out {
		out[k] = y[len(y)-m+k%m]
	}
	return out
}

// drift goes on along the line from the first value to the last.
func drift(y []float64, horizon int) []float64 {
	out := naive(y, horizon)
	if len(y) < 2 {
		return out
	}
	slope := (y[len(y)-1] - y[0]) / float64(len(y)-1)
	for k := range out {
		out[k] += slope * float64(k+1)
	}
	return out
}

// What a slot of a season remembers.
const (
	rememberedSeasons = 4
	seasonDecay       = 0.7
)

// slotMean is, for each slot of the season, the mean of its last four values, each older
// one with 0.7 of the weight of the next.
func slotMean(y []float64, horizon, m int) []float64 {
	season := make([]float64, m)
	for slot := range season {
		sum, weights, weight := 0.0, 0.0, 1.0
		for i, seen := len(y)-m+slot, 0; i >= 0 && seen < rememberedSeasons; i, seen = i-m, seen+1 {
			sum += weight * y[i]
			weights += weight
			weight *= seasonDecay
		}
		season[slot] = sum / weights
	}
	return seasonalNaive(season, horizon, m)
}

// slotMedian is the median of each slot's last values, deaf to a single bad season.
func slotMedian(y []float64, horizon, m int) []float64 {
	season := make([]float64, m)
	for slot := range season {
		var seen []float64
		for i := len(y) - m + slot; i >= 0 && len(seen) < rememberedSeasons+1; i -= m {
			seen = append(seen, y[i])
		}
		season[slot] = median(seen)
	}
	return seasonalNaive(season, horizon, m)
}
