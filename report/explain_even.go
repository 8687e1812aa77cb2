package report

import (
	"slices"

	"github.com/bursarhq/bursar/money"
)

// grid is figures of which every row and every column sums to a multiple of the last place.
type grid struct {
	cells  [][]money.Amount
	digits int
	step   money.Amount // one in the last place
}

// even moves every figure to the multiple just below or above it, so that no row and no
// column changes its sum; a figure that is a multiple stays. What lies between multiples
// is moved in circles, up in one row as far as down in it, until one of them is there. No
// row and no column holds only one such figure, so there is a circle while there is any.
//
// Example: 0.5 and 0.5 over 0.5 and 0.5 become 1 and 0 over 0 and 1.
func (g *grid) even() error {
	for i := range g.cells {
		for j := range g.cells[i] {
			if err := g.evenOne(i, j); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *grid) evenOne(row, column int) error {
	for !g.rest(row, column).IsZero() {
		if err := g.turn(g.circle(row, column)); err != nil {
			return err
		}
	}
	return nil
}

// rest is what a figure has above the multiple below it.
func (g *grid) rest(row, column int) money.Amount {
	a := g.cells[row][column]
	rest, _ := a.Sub(a.Round(g.digits)) // half of the last place at most
	if rest.Sign() < 0 {
		rest, _ = rest.Add(g.step)
	}
	return rest
}

// circle gives rows and as many columns: each row holds one figure to move in its own
// column, and one in the next. It begins anywhere on the way from a figure along its row,
// along the column of what it meets, and so on, where that comes by again.
func (g *grid) circle(row, column int) (rows, columns []int) {
	columns = []int{column}
	for {
		if k := slices.Index(rows, row); k >= 0 {
			return append(rows[k+1:], row), columns[k+1:]
		}
		rows = append(rows, row)
		column = another(len(g.cells[row]), column, func(j int) bool { return !g.rest(row, j).IsZero() })
		if k := slices.Index(columns, column); k >= 0 {
			return rows[k:], columns[k:]
		}
		columns = append(columns, column)
		row = another(len(g.cells), row, func(i int) bool { return !g.rest(i, column).IsZero() })
	}
}

// another is the next of n, around and around, that is so.
func another(n, from int, is func(int) bool) int {
	at := (from + 1) % n
	for at != from && !is(at) {
		at = (at + 1) % n
	}
	return at
}

// turn moves the figures of a circle by the least that brings one of them to a multiple.
func (g *grid) turn(rows, columns []int) error {
	by := g.step
	for k, row := range rows {
		up, err := g.step.Sub(g.rest(row, columns[k]))
		if err != nil {
			return err
		}
		by = least(by, up, g.rest(row, columns[(k+1)%len(columns)]))
	}
	for k, row := range rows {
		cells, next := g.cells[row], columns[(k+1)%len(columns)]
		if err := addTo(&cells[columns[k]], by); err != nil {
			return err
		}
		if err := addTo(&cells[next], by.Neg()); err != nil {
			return err
		}
	}
	return nil
}

func least(a money.Amount, others ...money.Amount) money.Amount {
	for _, b := range others {
		if b.Cmp(a) < 0 {
			a = b
		}
	}
	return a
}

func addTo(a *money.Amount, b money.Amount) (err error) {
	*a, err = a.Add(b)
	return err
}

// placeOf is one in the last of some decimals.
func placeOf(digits int) money.Amount {
	units := int64(1)
	for range 12 - digits {
		units *= 10
	}
	return money.FromUnits(units)
}
