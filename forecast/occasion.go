package forecast

import (
	"math"
	"slices"
)

// Occasion is what a calendar knows of a series: days unlike others, or a day from which
// on it is of another size.
type Occasion struct {
	Name    string
	Steps   []int   // from the first value of the series, ascending; those behind its last are ahead
	Lasting bool    // from each of its steps on, as after a launch; else on these steps alone, as on holidays
	Effect  float64 // by which it multiplies; 0 for what the past says
}

// Effect is what an occasion does to the steps ahead.
type Effect struct {
	Name    string
	Lasting bool
	Ahead   []int   // its steps, 0 for the first
	Factor  float64 // by which it multiplies; 1 where nobody knows
	Learned int     // steps of the past that say so, 0 for a declared factor
	Known   bool
}

// What an effect is learned from.
const (
	leastUnlike = 2  // measured steps of an occasion
	mostEffect  = 20 // times as much, or as little, at most
)

// seen are occasions as the values before an origin know them.
type seen struct {
	effects []Effect
	plain   []float64 // the values without them: on their days as on others, and on the level of today
}

// see takes the occasions out of values: what stands on a holiday becomes what stands a
// season before and after, what stands before a launch comes onto the level after it.
// Nothing after the values is looked at.
//
// Worked example: weeks of 100 a day with a holiday of 20, twice. The holidays become gaps,
// and the gaps 100; the effect is 40 / 200, so that a holiday ahead is a fifth of its day.
func see(values []float64, occasions []Occasion, ask *Ask) *seen {
	s := &seen{plain: values}
	if len(occasions) == 0 || !nonNegative(values) {
		return s
	}
	s.plain = slices.Clone(values)
	for i := range occasions {
		if !occasions[i].Lasting {
			for _, at := range within(occasions[i].Steps, 0, len(values)) {
				s.plain[at] = math.NaN()
			}
		}
	}
	season := plainSeason
	if len(ask.Periods) > 0 {
		season = ask.Periods[0]
	}
	usual := gapless(s.plain, season)
	for i := range occasions {
		o := &occasions[i]
		e := Effect{Name: o.Name, Lasting: o.Lasting, Factor: 1}
		for _, at := range within(o.Steps, len(values), len(values)+ask.Horizon) {
			e.Ahead = append(e.Ahead, at-len(values))
		}
		if o.Lasting {
			s.level(o, &e, usual, season)
		} else {
			e.learn(o, values, usual)
		}
		s.effects = append(s.effects, e)
	}
	return s
}

// moments are occasions by steps of values that begin later.
func moments(occasions []Occasion, cut int) []Occasion {
	if cut == 0 {
		return occasions
	}
	out := slices.Clone(occasions)
	for i := range out {
		out[i].Steps = nil
		for _, at := range occasions[i].Steps {
			out[i].Steps = append(out[i].Steps, at-cut)
		}
	}
	return out
}

// within are the steps from low on and below high.
func within(steps []int, low, high int) []int {
	from, _ := slices.BinarySearch(steps, low)
	to, _ := slices.BinarySearch(steps, high)
	return steps[from:to]
}

// learn says what a holiday does: as declared, or what its days came to by what as many
// usual days would have.
func (e *Effect) learn(o *Occasion, values, usual []float64) {
	if e.declared(o) {
		return
	}
	came, would, count := 0.0, 0.0, 0
	for _, at := range within(o.Steps, 0, len(values)) {
		if given(values[at]) && usual[at] > 0 {
			came, would, count = came+values[at], would+usual[at], count+1
		}
	}
	if count >= leastUnlike {
		e.Factor, e.Learned, e.Known = min(came/would, mostEffect), count, true
	}
}

func (e *Effect) declared(o *Occasion) bool {
	if o.Effect > 0 {
		e.Factor, e.Known = min(max(o.Effect, 1.0/mostEffect), mostEffect), true
	}
	return e.Known
}

// level says what a launch does, and brings what stands before an earlier one onto the
// level after it. A launch that is younger than two seasons does what is declared of it.
func (s *seen) level(o *Occasion, e *Effect, usual []float64, season int) {
	known, product, count := e.declared(o), 1.0, 0
	for _, at := range within(o.Steps, 1, len(usual)) {
		ratio, measured := stepAt(usual, at, season)
		switch {
		case measured:
			product, count = product*ratio, count+1
		case known:
			ratio = e.Factor
		default:
			continue
		}
		for i := range at {
			s.plain[i] *= ratio
		}
	}
	if !known && count > 0 {
		e.Factor, e.Learned, e.Known = math.Pow(product, 1/float64(count)), count, true
	}
}

// aroundStep is how many seasons on either side of a launch are compared.
const aroundStep = 4

// stepAt is the level after a step by that before it, false where too few seasons or
// nothing above zero stand on one side.
func stepAt(y []float64, at, season int) (float64, bool) {
	before := y[max(0, at-aroundStep*season):at]
	after := y[at:min(len(y), at+aroundStep*season)]
	before, after = before[len(before)%season:], after[:len(after)-len(after)%season]
	if len(before) < shiftBefore*season || len(after) < shiftAfter*season {
		return 1, false
	}
	low, high := mean(before), mean(after)
	if low <= 0 || high <= 0 {
		return 1, false
	}
	return min(max(high/low, 1.0/mostEffect), mostEffect), true
}

// factors are by what each step ahead is multiplied, nil for nothing.
func (s *seen) factors(horizon int) []float64 {
	return multiplied(s.effects, horizon)
}

// sizes are by what launches alone multiply each step ahead, nil for nothing: what is of
// another size is wrong by as much more, or less. A holiday is not known any better for
// being small.
func (s *seen) sizes(horizon int) []float64 {
	return multiplied(slices.DeleteFunc(slices.Clone(s.effects), func(e Effect) bool { return !e.Lasting }), horizon)
}

func multiplied(effects []Effect, horizon int) []float64 {
	var out []float64
	for i := range effects {
		e := &effects[i]
		if e.Factor == 1 || len(e.Ahead) == 0 {
			continue
		}
		if out == nil {
			out = slices.Repeat([]float64{1}, horizon)
		}
		for _, at := range e.Ahead {
			last := at + 1
			if e.Lasting {
				last = horizon
			}
			for k := at; k < last; k++ {
				out[k] *= e.Factor
			}
		}
	}
	return out
}

// ahead are the effects on the steps to come.
func (s *seen) ahead() []Effect {
	return slices.DeleteFunc(slices.Clone(s.effects), func(e Effect) bool { return len(e.Ahead) == 0 })
}
