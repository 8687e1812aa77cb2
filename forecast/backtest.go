package forecast

import "math"

// How the past is tried.
const (
	folds      = 8 // rolling origins, where the question names no number
	leastValue = 4 // values before the first origin, at least
)

// fold is one origin of the past: what each method said there, and what came.
type fold struct {
	forecasts [][]float64 // by method, nil where it had too few values
	came      []float64
	unit      float64 // variation of the values before the origin
	usual     float64
}

// rooms are how many values shall stand before the earliest origin: two of the longest
// seasons, or less where that would leave too few origins.
func rooms(periods []int) []int {
	out := []int{leastValue}
	for _, m := range periods {
		out = append([]int{2*m + 2, m + 32}, out...)
	}
	return out
}

// rolling are the rolling origins, the latest first, a horizon apart. A history that is
// too short for all of them has them half a horizon apart, which is sparse: the steps
// after them overlap, and only every second one is evidence of its own.
//
// After a step of the level there are twice as many and one more, where there is room: an
// interval of 80 % then leaves out the worst on either side, as that of the step is.
func (a *Ask) rolling(n int, stepped bool) (out []int, sparse bool) {
	horizon, most := a.Horizon, a.origins()
	space, count := 0, 0
	for _, room := range rooms(a.Periods) {
		space = max(0, n-room)
		if count = min(most, space/horizon); count == most {
			break
		}
	}
	if more := 2*most + 1; stepped && space >= more*horizon {
		most, count = more, more
	}
	stride := horizon
	if sparse = count < most; sparse && count > 0 {
		stride = (horizon + 1) / 2
		count = min(2*most-1, 1+(space-horizon)/stride)
	}
	for i := range count {
		out = append(out, n-horizon-i*stride)
	}
	return out, sparse
}

// backtest lets each method forecast from each origin, by what stands before it alone.
func (s *study) backtest() []fold {
	var out []fold
	var at []int
	at, s.sparse = s.ask.rolling(len(s.values), s.stepped > 0)
	for _, origin := range at {
		marked := see(s.values[:origin], s.marks, s.ask)
		before := s.prepared(marked.plain)
		f := fold{
			forecasts: s.tryAll(before, marked.factors(s.ask.Horizon)),
			came:      s.values[origin : origin+s.ask.Horizon],
			unit:      variation(before, s.first()),
			usual:     usual(before, s.first()),
		}
		if s.holdsStep(origin) {
			f.unit, f.usual = s.unit, s.now
		}
		out = append(out, f)
	}
	return out
}

// holdsStep says whether the errors of an origin are those of the step itself, which ends in
// what came or is too young there to be seen: what has grown since is what they hold, and
// they are not scaled by it once more.
func (s *study) holdsStep(origin int) bool {
	seen := s.stepped + shiftAfter*seasonOfSteps(s.first())
	return s.stepped > 0 && origin < seen && origin+s.ask.Horizon > s.stepped
}

// prepared are values without gaps, without a lone last one and on one level, by themselves
// alone.
func (s *study) prepared(before []float64) []float64 {
	return levelled(s.told(before), s.first())
}

// told are values without gaps and without a lone last one.
func (s *study) told(before []float64) []float64 {
	return settled(gapless(before, s.first()), s.ask.Periods)
}

// tryAll is what each method says after prepared values, with what occasions do to it.
func (s *study) tryAll(y, factors []float64) [][]float64 {
	out := make([][]float64, len(s.pool))
	for i, m := range s.pool {
		if len(y) >= m.needs {
			out[i] = forecastBy(m, y, s.ask.Horizon)
		}
		for k := range out[i] {
			if factors != nil {
				out[i][k] *= factors[k]
			}
		}
	}
	return out
}

// absolute is the mean absolute error of a forecast over what was measured, NaN without.
func absolute(forecast, came []float64) float64 {
	sum, count := 0.0, 0.0
	for k, v := range came {
		if given(v) {
			sum += math.Abs(v - forecast[k])
			count++
		}
	}
	return sum / count
}

// scores are the errors of each method over the folds but one, set against those of the
// reference over the same folds: below 1 is better than it. Infinite is never tried.
func scores(tried []fold, without int, pool []method) []float64 {
	out := make([]float64, len(pool))
	for i := range out {
		own, reference, origins := 0.0, 0.0, 0
		for f := range tried {
			if f == without || tried[f].forecasts[i] == nil {
				continue
			}
			if e := absolute(tried[f].forecasts[i], tried[f].came); given(e) {
				origins++
				own += e
				reference += absolute(tried[f].forecasts[0], tried[f].came)
			}
		}
		if out[i] = ratio(own, reference); origins < pool[i].folds {
			out[i] = math.Inf(1)
		}
	}
	return out
}

func ratio(own, reference float64) float64 {
	switch {
	case reference > 0:
		return own / reference
	case own > 0:
		return math.Inf(1)
	}
	return 1
}
