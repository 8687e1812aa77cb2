package forecast

import (
	"fmt"
	"math"
	"slices"
)

// Node is one series of a hierarchy: a whole, or a part of another one. The values of all
// nodes end with the same step.
type Node struct {
	Series
	Parent int // place of what it is a part of, which stands before it; -1 for a whole

	Factors []float64 // by step, what is known to multiply it: prices to come; nil for nothing
	Like    *Likeness // what it is like while it is too young; nil for what it is a part of
	Driven  bool      // its parts are what drives it, quantities at the prices of today, and not shown
}

// Tree answers for every node of a hierarchy, in their order, so that at each step parts
// add up to their whole. A node with fewer than least values is forecast by analogy.
//
// Each node that is old enough is forecast by itself, then every whole becomes the sum of
// its parts: in simulated companies a whole that is handed down to its parts cost them a
// quarter of their coverage, since a step of one moved all others. The bounds of a whole
// are made of the errors that the sum would have made at each earlier origin, or where
// too many parts are younger than that, of its own, moved in proportion.
//
// Example: a whole with parts of 60 and 40 is 100. Had it been forecast as 120 with bounds
// of 90 and 150, these would move to 75 and 125.
func Tree(nodes []Node, ask *Ask, least int) ([]Answer, error) {
	old := make([]int, len(nodes)) // place among those that are forecast by themselves, -1 for none
	var series []Series
	for i := range nodes {
		old[i] = -1
		if nodes[i].Parent < 0 || len(nodes[i].Values) >= least {
			old[i] = len(series)
			series = append(series, ended(&nodes[i].Series, ask))
		}
	}
	forecasts, err := All(series, ask)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(nodes))
	for i := range nodes {
		if old[i] >= 0 {
			answers[i] = forecasts[old[i]]
			continue
		}
		answers[i] = byAnalogy(nodes, i, func(n int) *Answer {
			if old[n] < 0 {
				return nil
			}
			return &forecasts[old[n]]
		}, ask)
		answers[i].refuse(fmt.Sprintf("%d steps of history, fewer than %d: forecast by analogy", len(nodes[i].Values), least))
	}
	for i := range nodes {
		answers[i].price(nodes[i].Factors)
	}
	addUp(nodes, answers, ask)
	return answers, nil
}

// byAnalogy forecasts what is too young by what it is like, or by what it is a part of.
// Known is the forecast of a node by itself, nil where there is none.
func byAnalogy(nodes []Node, i int, known func(int) *Answer, ask *Ask) Answer {
	model := nodes[i].Parent
	for known(model) == nil {
		model = nodes[model].Parent
	}
	s, like := &nodes[i].Series, nodes[i].Like
	a := likened(s, &nodes[model].Series, known(model), ask)
	a.Analogy = "what it is a part of"
	if like == nil {
		return a
	}
	if course := known(like.Nodes[0]); !like.Aged && course != nil {
		if a = likened(s, &nodes[like.Nodes[0]].Series, course, ask); len(s.Values) == 0 {
			a.follow(like, course)
		}
		a.Analogy = like.Because
	}
	if like.Aged {
		models := make([]*Series, len(like.Nodes))
		for j, n := range like.Nodes {
			models[j] = &nodes[n].Series
		}
		a.grow(s, like, models, known(model))
		a.Analogy = like.Because
	}
	a.sumAgain()
	return a
}

// price multiplies the steps by what is known to come, with the errors they would have had.
func (a *Answer) price(factors []float64) {
	a.unpriced, a.measured = slices.Clone(a.Mean), a.paths
	for k, factor := range factors {
		a.Priced += a.Mean[k] * (factor - 1)
		a.move(k, a.Mean[k]*factor)
	}
	a.rescale(factors)
	a.sumAgain()
}

// rescale multiplies what it was wrong by at each step.
func (a *Answer) rescale(factors []float64) {
	if len(factors) == 0 {
		return
	}
	paths := make([][]float64, len(a.paths))
	for f, errors := range a.paths {
		paths[f] = slices.Clone(errors)
		for k := range paths[f] {
			paths[f][k] *= factors[k]
		}
	}
	a.paths = paths
}

// ended gives a series whose last value was not measured the one a season before in its
// place, so that every series ends where the question begins.
func ended(s *Series, ask *Ask) Series {
	if len(s.Values) == 0 || given(s.Values[len(s.Values)-1]) {
		return *s
	}
	season := 1
	if len(ask.Periods) > 0 {
		season = ask.Periods[0]
	}
	filled := *s
	filled.Values = gapless(s.Values, season)
	return filled
}

// refuse takes every level back.
func (a *Answer) refuse(why string) {
	for i := range a.Bounds {
		a.Bounds[i] = Bounds{Level: a.Bounds[i].Level, Refused: why}
		a.Total.Bounds[i] = TotalBounds{Level: a.Bounds[i].Level, Refused: why}
	}
}

// addUp makes every whole the sum of its parts, from the bottom up.
func addUp(nodes []Node, answers []Answer, ask *Ask) {
	parts := make([][]*Answer, len(nodes))
	for i := len(nodes) - 1; i >= 0; i-- {
		whole := &answers[i]
		switch {
		case len(parts[i]) == 0:
		case nodes[i].Driven && !whole.drivenBetter(parts[i]):
			whole.price(pricedParts(parts[i]))
		default:
			whole.become(parts[i])
			whole.Driven = nodes[i].Driven
			whole.learn(summed(whole, parts[i]), &nodes[i].Series, ask)
		}
		if p := nodes[i].Parent; p >= 0 {
			parts[p] = append(parts[p], whole)
		}
	}
}

// become makes an answer the sum of others.
func (a *Answer) become(parts []*Answer) {
	a.Priced = 0
	for _, p := range parts {
		a.Priced += p.Priced
	}
	for k := range a.Mean {
		sum := 0.0
		for _, p := range parts {
			sum += p.Mean[k]
		}
		a.move(k, sum)
	}
	a.sumAgain()
}

// leastKnown is the part of a whole of which the errors must be known at an earlier origin.
const leastKnown = 0.8

// summed are the errors that a sum of parts would have made at earlier origins, as far
// back as not too many of them are too young to have been forecast there.
func summed(whole *Answer, parts []*Answer) [][]float64 {
	var out [][]float64
	for f := range whole.paths {
		errors, known := make([]float64, len(whole.Mean)), 0.0
		for _, p := range parts {
			if f >= len(p.paths) {
				continue
			}
			known += math.Abs(p.Total.Mean)
			for k, e := range p.paths[f] {
				errors[k] += e
			}
		}
		if known < leastKnown*math.Abs(whole.Total.Mean) {
			break
		}
		out = append(out, errors)
	}
	return out
}

// learn gives a whole the bounds that the summed errors of its parts make, for the levels
// for which they suffice.
func (a *Answer) learn(errors [][]float64, of *Series, ask *Ask) {
	a.paths = errors
	s := study{ask: ask, name: a.Name, values: of.Values, errors: errors, units: make([]float64, len(errors)), usual: make([]float64, len(errors)+1), unit: 1, answer: Answer{Mean: a.Mean}}
	learnt := s.bounded(&pooled{})
	for i := range ask.Levels {
		if learnt.Bounds[i].Refused == "" {
			a.Bounds[i] = learnt.Bounds[i]
		}
		if learnt.Total.Bounds[i].Refused == "" {
			a.Total.Bounds[i] = learnt.Total.Bounds[i]
		}
	}
	a.widen()
}

// widen makes each level hold the ones below it, whose errors may be other ones.
func (a *Answer) widen() {
	s := study{answer: *a}
	s.nest()
	inner := -1
	for i := range a.Total.Bounds {
		b := &a.Total.Bounds[i]
		if b.Refused != "" {
			continue
		}
		if inner >= 0 {
			b.Low, b.High = min(b.Low, a.Total.Bounds[inner].Low), max(b.High, a.Total.Bounds[inner].High)
		}
		inner = i
	}
}

// move puts a mean elsewhere and takes the bounds of its step along.
func (a *Answer) move(k int, to float64) {
	from := a.Mean[k]
	a.Mean[k] = to
	for i := range a.Bounds {
		if b := &a.Bounds[i]; b.Refused == "" {
			b.Low[k], b.High[k] = moved(b.Low[k], from, to), moved(b.High[k], from, to)
		}
	}
}

// sumAgain sums the steps anew and takes the bounds of the total along.
func (a *Answer) sumAgain() {
	from := a.Total.Mean
	a.Total.Mean = 0
	for _, m := range a.Mean {
		a.Total.Mean += m
	}
	for i := range a.Total.Bounds {
		if b := &a.Total.Bounds[i]; b.Refused == "" {
			b.Low, b.High = moved(b.Low, from, a.Total.Mean), moved(b.High, from, a.Total.Mean)
		}
	}
}

// moved is a bound in its old proportion to a mean, or at its old distance where the mean
// has no proportions.
func moved(bound, from, to float64) float64 {
	if from > 0 && to > 0 {
		return bound * (to / from)
	}
	return bound + to - from
}
