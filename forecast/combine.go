package forecast

import (
	"cmp"
	"math"
	"slices"
)

// How the answers of the methods become one.
const (
	fewFolds = 3 // below it all methods weigh the same
	chosen   = 5 // methods that are averaged
)

// weigh gives the methods the inverse square of their scores: to the best five, or to all
// where the evidence is sparse.
func (s *study) weigh(score []float64, answers [][]float64) []float64 {
	weights := make([]float64, len(score))
	var order []int
	for i := range score {
		if answers[i] != nil && !math.IsInf(score[i], 1) {
			order = append(order, i)
		}
	}
	if !s.sparse {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[a], score[b]) })
		order = order[:min(chosen, len(order))]
	}
	for _, i := range order {
		weights[i] = 1
		if len(s.tried) >= fewFolds {
			weights[i] = 1 / (score[i]*score[i] + 1e-12)
		}
	}
	return weights
}

// combined is the weighted mean of the answers, or their weighted median where the
// evidence is sparse and a wild method may not have been found out.
func (s *study) combined(answers [][]float64, weights []float64) []float64 {
	out := make([]float64, s.ask.Horizon)
	for k := range out {
		var said []vote
		for i, answer := range answers {
			if answer != nil && weights[i] > 0 {
				said = append(said, vote{answer[k], weights[i]})
			}
		}
		if s.sparse {
			out[k] = weightedMedian(said)
			continue
		}
		out[k] = weightedMean(said)
	}
	return out
}

// vote is what a method says of a step, and its weight.
type vote struct{ value, weight float64 }

func weightedMean(votes []vote) float64 {
	sum, total := 0.0, 0.0
	for _, v := range votes {
		sum += v.weight * v.value
		total += v.weight
	}
	return sum / total
}

// weightedMedian is the first value with half of the weight at it or below it.
func weightedMedian(votes []vote) float64 {
	slices.SortFunc(votes, func(a, b vote) int { return cmp.Compare(a.value, b.value) })
	total := 0.0
	for _, v := range votes {
		total += v.weight
	}
	sum := 0.0
	for _, v := range votes {
		if sum += v.weight; 2*sum >= total {
			return v.value
		}
	}
	return math.NaN()
}
