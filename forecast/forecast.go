package forecast

import (
	"runtime"
	"sync"
)

// Answer is what comes next in one series.
type Answer struct {
	Name    string
	Mean    []float64 // by step
	Bounds  []Bounds  // by level, in the order of the question
	Methods []string  // that were averaged, the heaviest first
	Origins int       // a horizon apart, from which the past was tried
	Total   Total     // of all steps
	Effects []Effect  // of the occasions ahead
	Likened bool      // too short to be forecast by itself, see Tree
	Analogy string    // to what, where it is likened
	Driven  bool      // the sum of what drives it, see Node
	Priced  float64   // of the total, what known factors have added to it or taken away

	paths [][]float64 // by origin and step: what it was wrong by, at the size of today; nil where origins overlap

	unpriced []float64   // the mean by step before known factors
	measured [][]float64 // paths before known factors
}

// Bounds is one level's interval, or the reason why there is none.
type Bounds struct {
	Level     int       // per cent
	Low, High []float64 // by step, nil where the level is refused
	Refused   string    // why, "" where it is not
}

// study is one series on its way to an answer.
type study struct {
	ask     *Ask
	name    string
	values  []float64
	marks   []Occasion // by steps of values
	pool    []method
	tried   []fold
	sparse  bool        // the origins overlap
	errors  [][]float64 // by fold and step, of the combination that the other folds chose
	units   []float64   // by fold
	usual   []float64   // by fold, the usual variation of what stood before it; then that of all
	unit    float64
	now     float64   // the usual variation of all
	stepped int       // first value of the level of today, 0 without a step
	sizes   []float64 // by step, what launches ahead make of the size of errors; nil for nothing
	answer  Answer
}

// sizeAt is what launches make of the size of errors at a step.
func (s *study) sizeAt(k int) float64 {
	if s.sizes == nil {
		return 1
	}
	return s.sizes[k]
}

// first is the shortest period, 1 without any.
func (s *study) first() int {
	if len(s.ask.Periods) == 0 {
		return 1
	}
	return s.ask.Periods[0]
}

// All answers for every series, in their order. The series of one question are siblings:
// they lend each other their errors where one has too few. No series may be empty.
func All(series []Series, ask *Ask) ([]Answer, error) {
	if err := ask.check(len(series)); err != nil {
		return nil, err
	}
	studies := make([]*study, len(series))
	each(len(series), func(i int) { studies[i] = examine(&series[i], ask) })
	lent := lend(studies)
	answers := make([]Answer, len(series))
	each(len(series), func(i int) { answers[i] = studies[i].bounded(lent) })
	return answers, nil
}

// each does the same for every index, on all processors. What is done for one is its own.
func each(n int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// examine tries the past of a series and forecasts its mean.
func examine(series *Series, ask *Ask) *study {
	cut := max(0, len(series.Values)-ask.history())
	values := series.Values[cut:]
	s := &study{ask: ask, name: series.Name, values: values, marks: moments(series.Occasions, cut), pool: pool(ask)}
	marked := see(values, s.marks, ask)
	known := s.prepared(marked.plain)
	s.stepped = stepped(s.told(marked.plain), s.first())
	s.unit, s.now, s.sizes = variation(known, s.first()), usual(known, s.first()), marked.sizes(ask.Horizon)
	s.tried = s.backtest()
	answers := s.tryAll(known, marked.factors(ask.Horizon))
	weights := s.weigh(scores(s.tried, -1, s.pool), answers)
	s.answer = Answer{Name: series.Name, Effects: marked.ahead(), Mean: s.combined(answers, weights), Methods: s.heaviest(weights), Origins: s.apart(len(s.tried))}
	s.errors = s.ownErrors()
	for f := range s.tried {
		s.units, s.usual = append(s.units, s.tried[f].unit), append(s.usual, s.tried[f].usual)
	}
	s.usual = append(s.usual, s.now)
	if !s.sparse {
		s.answer.paths = s.today()
	}
	s.tried = nil
	return s
}

// apart is how many of the origins lie a horizon apart.
func (s *study) apart(origins int) int {
	if s.sparse {
		return (origins + 1) / 2
	}
	return origins
}

// heaviest names the methods that were averaged.
func (s *study) heaviest(weights []float64) []string {
	var names []string
	for {
		best := -1
		for i, w := range weights {
			if w > 0 && (best < 0 || w > weights[best]) {
				best = i
			}
		}
		if best < 0 {
			return names
		}
		names = append(names, s.pool[best].name)
		weights[best] = 0
	}
}

// grown is how many times larger, or smaller, a series' variation may have become since an
// origin for its errors there to be scaled along. What goes beyond is one wild stretch,
// not growth.
const grown = 5

// today are the errors of each fold at the size of today's variation.
func (s *study) today() [][]float64 {
	out := make([][]float64, len(s.errors))
	for f, errors := range s.errors {
		size := 1.0
		if s.units[f] > 0 {
			size = s.units[f] * s.growth(f)
		}
		for k, e := range errors {
			out[f] = append(out[f], e*size*s.sizeAt(k))
		}
	}
	return out
}

// growth is how many times larger a series varies today than at an origin.
func (s *study) growth(f int) float64 {
	then, now := s.usual[f], s.usual[len(s.errors)]
	if then == 0 || now == 0 {
		return 1
	}
	return max(1.0/grown, min(grown, now/then))
}

// ownErrors are the errors of each fold in units of its own variation, by the combination
// that the other folds choose: the fold that is judged has no say in it.
func (s *study) ownErrors() [][]float64 {
	var out [][]float64
	for f := range s.tried {
		t := &s.tried[f]
		weights := s.weigh(scores(s.tried, f, s.pool), t.forecasts)
		said := s.combined(t.forecasts, weights)
		errors := make([]float64, len(said))
		for k, v := range said {
			errors[k] = t.came[k] - v
			if t.unit > 0 {
				errors[k] /= t.unit
			}
		}
		out = append(out, errors)
	}
	return out
}
