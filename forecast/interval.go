package forecast

import (
	"fmt"
	"math"
	"slices"
)

// What an interval rests on.
const (
	band       = 6      // steps on either side whose errors stand for a step's
	leastFolds = 5      // origins of the series itself, at least; the errors of one hang together
	leastLent  = 20     // origins of all series together, at least, where a series borrows
	errorCost  = 5      // errors, of those that a level needs, for which there is an origin of their own
	mostLent   = 20_000 // errors that are lent for a step
)

// needed is how many errors a level needs, so that its bounds are among them: 2/α − 1,
// that is 9 for 80 % and 39 for 95 %.
func needed(level int) int {
	alpha := 100 - level
	return (200+alpha-1)/alpha - 1
}

// neededFolds is from how many origins they have to come.
func neededFolds(level int) int { return max(leastFolds, (needed(level)+errorCost-1)/errorCost) }

// bounded gives the answer its intervals, each wider level around the one before it.
func (s *study) bounded(siblings *pooled) Answer {
	for _, level := range s.ask.Levels {
		b := Bounds{Level: level}
		switch {
		case s.apart(len(s.errors)) >= neededFolds(level) && s.enough(level):
			b = s.interval(level, s.near)
		case s.unit > 0 && siblings.origins >= leastLent && siblings.enough(level):
			b = s.interval(level, siblings.at)
		default:
			b.Refused = s.refusal(level, siblings)
		}
		s.answer.Bounds = append(s.answer.Bounds, b)
	}
	s.nest()
	s.answer.Total = s.total(siblings)
	return s.answer
}

// enough says whether each step has as many errors as a level needs.
func (s *study) enough(level int) bool { return s.fewest() >= needed(level) }

// fewest is how many errors the step with the fewest has.
func (s *study) fewest() int {
	fewest := len(s.near(0))
	for k := range s.ask.Horizon {
		fewest = min(fewest, len(s.near(k)))
	}
	return fewest
}

// refusal names what a level lacks: origins, or errors of them where a horizon is short.
func (s *study) refusal(level int, siblings *pooled) string {
	origins := s.apart(len(s.errors))
	own := fmt.Sprintf("the errors of %d earlier origins, each with %d steps after it, and the history has room for %d", neededFolds(level), s.ask.Horizon, origins)
	if origins >= neededFolds(level) {
		own = fmt.Sprintf("%d errors for each step, and %d earlier origins with a horizon of %d have %d", needed(level), origins, s.ask.Horizon, s.fewest())
	}
	return fmt.Sprintf("%d %% needs %s; other series lent those of %d origins, where %d from %d series would do",
		level, own, siblings.origins, max(leastLent, needed(level)), leastSiblings)
}

// near are the errors of the steps around k, over all folds, ascending.
func (s *study) near(k int) []float64 {
	var out []float64
	for _, errors := range s.errors {
		for _, e := range errors[max(0, k-band):min(len(errors), k+band+1)] {
			if given(e) {
				out = append(out, e)
			}
		}
	}
	slices.Sort(out)
	return out
}

// interval takes the order statistics ⌊(N+1)α/2⌋ and ⌈(N+1)(1−α/2)⌉ of each step's errors
// and puts them around its mean.
func (s *study) interval(level int, errorsAt func(k int) []float64) Bounds {
	b := Bounds{Level: level, Low: make([]float64, s.ask.Horizon), High: make([]float64, s.ask.Horizon)}
	unit := s.unit
	if unit == 0 {
		unit = 1
	}
	floor := math.Inf(-1)
	if nonNegative(s.values) {
		floor = 0
	}
	for k, m := range s.answer.Mean {
		errors := errorsAt(k)
		tail, size := (len(errors)+1)*(100-level)/200, unit*s.sizeAt(k)
		b.Low[k] = max(floor, min(m, m+size*errors[tail-1]))
		b.High[k] = max(m, m+size*errors[len(errors)-tail])
	}
	return b
}

// nest widens each level to hold the ones below it, whose errors may be other ones.
func (s *study) nest() {
	var inner *Bounds
	for i := range s.answer.Bounds {
		outer := &s.answer.Bounds[i]
		if outer.Refused != "" {
			continue
		}
		for k := range outer.Low {
			if inner != nil {
				outer.Low[k], outer.High[k] = min(outer.Low[k], inner.Low[k]), max(outer.High[k], inner.High[k])
			}
		}
		inner = outer
	}
}
