package budget

import (
	"slices"
	"strconv"

	"github.com/bursarhq/bursar/document"
)

// Set is an immutable set of limits, compiled so that a call looks only at
// those that may match it.
type Set struct {
	limits []limit // budgets first, in their order
	byID   map[string]int32
	index  index
}

// limit is a budget or a rate, ready to be tried.
type limit struct {
	budget  *Budget // nil of a rate
	rate    *Rate   // nil of a budget
	pace    *Rate   // what fills its buckets: the rate, or the pace of a budget that throttles
	where   []condition
	exempt  [][]condition
	each    []dimension
	run     bool // for calls that name a run alone
	evident bool
}

func (l *limit) id() string {
	if l.budget != nil {
		return l.budget.ID
	}
	return l.rate.ID
}

// Compile checks limits and makes them ready to decide by. Counted says of which
// workflows the results are counted; nil of none. Every mistake is reported at
// once, in an error of kind invalid.
func Compile(budgets []Budget, rates []Rate, counted func(workflow string) bool) (*Set, error) {
	var found document.Problems
	s := &Set{}
	for i := range budgets {
		b := budgets[i]
		b.check(nameOf("budgets", i, b.ID), &found)
		l := limit{budget: &b, pace: b.Pace.rate(), evident: b.evident(counted), run: b.Window.Period == EachRun}
		b.Each = b.Apart()
		s.add(l, b.Scope, b.Exempt, b.Each)
		allowed := b.AtLimit.Admits() || l.evident || !b.Override.Until.IsZero()
		found.Add(!allowed, nameOf("budgets", i, b.ID)+".at_limit", "%s may not stop calls of owned production work of which no results are counted: "+
			"count them, add per_outcome, or write an override with a reason and a day", b.AtLimit)
	}
	for i := range rates {
		r := rates[i]
		r.check(nameOf("rates", i, r.ID), &found)
		s.add(limit{rate: &r, pace: &r}, r.Scope, r.Exempt, r.Each)
	}
	s.unique(&found)
	if err := found.Err(refused); err != nil {
		return nil, err
	}
	s.index = newIndex(s.limits)
	return s, nil
}

func (s *Set) add(l limit, scope Selector, exempt []Selector, each []string) {
	l.where = scope.conditions()
	for _, e := range exempt {
		l.exempt = append(l.exempt, e.conditions())
	}
	for _, name := range each {
		if d, known := dimensionOf(name); known {
			l.each = append(l.each, d)
		}
	}
	s.limits = append(s.limits, l)
}

func (s *Set) unique(found *document.Problems) {
	s.byID = make(map[string]int32, len(s.limits))
	for i := range s.limits {
		id := s.limits[i].id()
		_, taken := s.byID[id]
		found.Add(taken && id != "", clip(id), "is the id of two limits")
		s.byID[id] = int32(i)
	}
}

func (s *Set) find(id string) (int32, bool) {
	i, known := s.byID[id]
	return i, known
}

func nameOf(list string, i int, id string) string {
	if isName(id) {
		return id
	}
	return list + "[" + strconv.Itoa(i+1) + "]"
}

// looksAt says that a limit counts a subject.
func (l *limit) looksAt(v *values, s *Subject) bool {
	if l.run && s.Run == "" || !matches(l.where, v, s) {
		return false
	}
	return !slices.ContainsFunc(l.exempt, func(all []condition) bool { return matches(all, v, s) })
}

// keyOf joins the values that a subject has in the dimensions of each.
func (l *limit) keyOf(v *values, s *Subject) string {
	switch len(l.each) {
	case 0:
		return ""
	case 1:
		return l.each[0].of(v, s)
	}
	var key []byte
	for i, d := range l.each {
		if i > 0 {
			key = append(key, separator...)
		}
		key = append(key, d.of(v, s)...)
	}
	return string(key)
}

// separator stands between the values of a key; no value holds it.
const separator = "\x00"
