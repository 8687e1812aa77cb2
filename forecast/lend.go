package forecast

import "slices"

// leastSiblings is from how many series errors are borrowed: those of a few rise and fall
// together, and would make the interval too narrow.
const leastSiblings = 10

// pooled are the errors of all series of a question, each in units of its own series'
// variation, so that a series of cents can learn from one of millions.
type pooled struct {
	origins int
	steps   [][]float64 // by step, ascending
	sums    []float64   // of whole paths, ascending
	windows int         // stretches of time that they are of
}

// lend gathers the errors of the series that vary. Of many series every few lend, so that
// the memory is bounded and the order of the series means little.
func lend(studies []*study) *pooled {
	p := &pooled{}
	lenders := slices.DeleteFunc(slices.Clone(studies), func(s *study) bool { return s.unit == 0 || len(s.errors) == 0 })
	if len(lenders) < leastSiblings {
		return p
	}
	stride := 1 + len(lenders)*lenders[0].ask.origins()/mostLent
	p.steps = make([][]float64, lenders[0].ask.Horizon)
	for i := 0; i < len(lenders); i += stride {
		p.borrow(lenders[i])
		sums := lenders[i].pathSums(lenders[i].errors)
		p.sums, p.windows = append(p.sums, sums...), max(p.windows, len(sums))
	}
	for _, errors := range p.steps {
		slices.Sort(errors)
	}
	slices.Sort(p.sums)
	return p
}

// borrow takes the errors of the origins that lie a horizon apart.
func (p *pooled) borrow(from *study) {
	stride := 1
	if from.sparse {
		stride = 2
	}
	for f := 0; f < len(from.errors); f += stride {
		p.origins++
		p.add(from.errors[f])
	}
}

func (p *pooled) add(errors []float64) {
	for k, e := range errors {
		if given(e) {
			p.steps[k] = append(p.steps[k], e)
		}
	}
}

func (p *pooled) at(k int) []float64 { return p.steps[k] }

// enough says whether each step has as many errors as a level needs.
func (p *pooled) enough(level int) bool {
	return !slices.ContainsFunc(p.steps, func(errors []float64) bool { return len(errors) < needed(level) })
}
