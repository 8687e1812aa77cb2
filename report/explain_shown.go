package report

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/variance"
)

// told is a slice in the figures of a table: what it cost before, and its headlines;
// rounded, they still sum.
type told struct {
	before    money.Amount
	headlines []money.Amount
}

// toldSlices rounds every figure of the slices; the last is the total. What is rounded
// is the sum of the slices up to each, and shown is by how much that grew: so every
// column sums to its rounded total, every row to its change, and no figure is off by
// more than the last digit or two.
func toldSlices(e *Explanation, digits int) ([]told, error) {
	sum := variance.Slice{Effects: make([]money.Amount, len(variance.Drivers()))}
	total := told{headlines: make([]money.Amount, len(variance.Headlines()))}
	var found []told
	for i := range e.Bill.Slices {
		if err := sum.Add(&e.Bill.Slices[i]); err != nil {
			return nil, err
		}
		costs := [2]money.Amount{sum.Before.Round(digits), sum.After.Round(digits)}
		headlines, err := toldHeadlines(&sum, digits, costs)
		if err != nil {
			return nil, err
		}
		grown := told{costs[0], headlines}
		row, err := grown.less(&total)
		if err != nil {
			return nil, err
		}
		found, total = append(found, row), grown
	}
	return append(found, total), nil
}

// toldHeadlines rounds the headlines of a slice. The cent that its rounded costs may
// differ by is the largest one's.
func toldHeadlines(s *variance.Slice, digits int, costs [2]money.Amount) ([]money.Amount, error) {
	var all []money.Amount
	for _, h := range variance.Headlines() {
		sum, err := s.Headline(h)
		if err != nil {
			return nil, err
		}
		all = append(all, sum)
	}
	all, err := money.Shown(digits, all)
	if err != nil {
		return nil, err
	}
	largest := 0
	for i, a := range all {
		if a.Abs().Cmp(all[largest].Abs()) > 0 {
			largest = i
		}
	}
	left, err := money.Sum(append([]money.Amount{costs[1].Neg(), costs[0]}, all...)...)
	if err != nil {
		return nil, err
	}
	all[largest], err = all[largest].Sub(left)
	return all, err
}

func (r *told) less(other *told) (row told, err error) {
	if row.before, err = r.before.Sub(other.before); err != nil {
		return row, err
	}
	for i, a := range r.headlines {
		if a, err = a.Sub(other.headlines[i]); err != nil {
			return row, err
		}
		row.headlines = append(row.headlines, a)
	}
	return row, nil
}

func (r *told) change() (money.Amount, error) { return money.Sum(r.headlines...) }
