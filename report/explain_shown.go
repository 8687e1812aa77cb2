package report

import (
	"errors"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/variance"
)

// told is a slice in the figures of a table: what it cost before, and its headlines;
// rounded, they still sum.
type told struct {
	before    money.Amount
	headlines []money.Amount
}

// toldSlices rounds every figure of the slices; the last is the total. Every column sums
// to its rounded total, every row to its change, and no figure of a slice is off by a
// whole unit of the last place, but in the dearest one, which takes what the rounding of
// the totals leaves.
func toldSlices(e *Explanation, digits int) ([]told, error) {
	sum := variance.Slice{Effects: make([]money.Amount, len(variance.Drivers()))}
	g := grid{digits: digits, step: placeOf(digits)}
	dearest := 0
	for i := range e.Bill.Slices {
		s := &e.Bill.Slices[i]
		if err := sum.Add(s); err != nil {
			return nil, err
		}
		cells, err := cellsOf(s)
		if err != nil {
			return nil, err
		}
		if s.After.Abs().Cmp(e.Bill.Slices[dearest].After.Abs()) > 0 {
			dearest = i
		}
		g.cells = append(g.cells, cells)
	}
	headlines, err := toldHeadlines(&sum, digits, [2]money.Amount{sum.Before.Round(digits), sum.After.Round(digits)})
	if err != nil {
		return nil, err
	}
	total := told{sum.Before.Round(digits), headlines}
	if len(g.cells) > 0 {
		if err := g.meet(&sum, &total, dearest); err != nil {
			return nil, err
		}
	}
	if err := g.even(); err != nil {
		return nil, err
	}
	var found []told
	for _, row := range g.cells {
		found = append(found, told{row[0], row[1 : len(row)-1]})
	}
	return append(found, total), nil
}

// cellsOf is a slice in columns that sum to nothing: what it cost before, its headlines,
// and the negative of what it costs after.
func cellsOf(s *variance.Slice) ([]money.Amount, error) {
	cells := []money.Amount{s.Before}
	for _, h := range variance.Headlines() {
		a, err := s.Headline(h)
		if err != nil {
			return nil, err
		}
		cells = append(cells, a)
	}
	return closed(cells)
}

// closed adds the negative of the sum.
func closed(cells []money.Amount) ([]money.Amount, error) {
	sum, err := money.Sum(cells...)
	return append(cells, sum.Neg()), err
}

// meet makes the columns sum to the total as it is told, by one row.
func (g *grid) meet(sum *variance.Slice, total *told, row int) error {
	exact, err := cellsOf(sum)
	if err != nil {
		return err
	}
	want, err := closed(append([]money.Amount{total.before}, total.headlines...))
	if err != nil {
		return err
	}
	for j := range want {
		if err := errors.Join(addTo(&g.cells[row][j], want[j]), addTo(&g.cells[row][j], exact[j].Neg())); err != nil {
			return err
		}
	}
	return nil
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

func (r *told) change() (money.Amount, error) { return money.Sum(r.headlines...) }
