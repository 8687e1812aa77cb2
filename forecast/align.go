package forecast

import (
	"cmp"
	"math"
	"slices"
)

// series puts the points of each series on its steps, from its first value to its last.
func (s *sheet) series() ([]Series, error) {
	if len(s.names) == 0 && s.count == 0 {
		return nil, refused("the file has no rows under its header")
	}
	var out []Series
	steps := int64(0)
	for _, name := range s.names {
		points := s.ordered(name)
		delete(s.points, name)
		if len(points) == 0 {
			continue
		}
		span := points[len(points)-1].index - points[0].index
		if span < 0 || span >= MaxSpan { // below 0 it has overflowed
			s.report(points[len(points)-1].line, "index: series %.60q spans more than %d steps from %d; number them one by one",
				name, MaxSpan, points[0].index)
			continue
		}
		if steps += span + 1; steps > MaxSteps {
			return nil, tooLarge("its series span more than %d steps together, gaps included", MaxSteps)
		}
		out = append(out, Series{Name: name, Values: onSteps(points, span+1)})
	}
	return out, s.err()
}

// ordered are the points of a series by index, from the first that has a value to the
// last. A second one for an index is a problem of its line.
func (s *sheet) ordered(name string) []point {
	points := s.points[name]
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.line, b.line))
	})
	for i := 1; i < len(points); i++ {
		if points[i].index == points[i-1].index {
			s.report(points[i].line, "index: %d of series %.60q stands on line %d too", points[i].index, name, points[i-1].line)
		}
	}
	all := points
	for len(points) > 0 && math.IsNaN(points[0].value) {
		points = points[1:]
	}
	for len(points) > 0 && math.IsNaN(points[len(points)-1].value) {
		points = points[:len(points)-1]
	}
	if len(points) == 0 {
		s.report(all[0].line, "value: series %.60q has none", name)
	}
	return points
}

func onSteps(points []point, steps int64) []float64 {
	values := make([]float64, steps)
	for i := range values {
		values[i] = math.NaN()
	}
	for _, p := range points {
		values[p.index-points[0].index] = p.value
	}
	return values
}
