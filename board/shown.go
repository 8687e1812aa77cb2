package board

import (
	"errors"
	"strings"

	"github.com/bursarhq/bursar/money"
)

// digitsOf is the number of decimals that shows money: cents, or more where a total
// would show fewer than four digits of itself.
func digitsOf(total money.Amount) int {
	switch abs := total.Abs(); {
	case abs.IsZero(), abs.Cmp(money.FromInt(10)) >= 0:
		return 2
	case abs.Cmp(money.Must("0.1")) >= 0:
		return 4
	}
	return 8
}

// round sets what is shown of every cell. What is given sums to its rounded total, and
// a change is that of the figures as they are shown.
func (b *builder) round() {
	for k, c := range b.Columns {
		switch {
		case c.Unit == Text:
			for _, row := range b.lines() {
				row[k].Shown = row[k].Text
			}
		case c.Rule == Given && b.Total != nil && !c.Loose:
			b.roundSummed(k)
		default:
			for _, row := range b.lines() {
				row[k].Shown = b.shown(&row[k], c.Rule)
			}
		}
	}
	for k, c := range b.Columns {
		if c.Rule == Change && c.Unit == Money {
			b.roundChange(k)
		}
	}
}

// lines are the rows and the total.
func (b *builder) lines() [][]Cell {
	if b.Total == nil {
		return b.Rows
	}
	return append(b.Rows[:len(b.Rows):len(b.Rows)], b.Total)
}

func (b *builder) roundSummed(k int) {
	parts := make([]money.Amount, len(b.Rows))
	for i, row := range b.Rows {
		parts[i] = row[k].Amount.Amount
	}
	digits := b.places(b.Columns[k].Unit)
	rounded, err := money.Shown(digits, parts)
	if b.Chart == Waterfall {
		rounded, err = steps(digits, parts)
	}
	if err != nil {
		b.err = errors.Join(b.err, err)
		return
	}
	for i, row := range b.Rows {
		cell := Cell{Amount: money.Null{Amount: rounded[i], Valid: row[k].Amount.Valid}, Unit: row[k].Unit}
		row[k].Shown = b.shown(&cell, Given)
	}
	b.Total[k].Shown = b.shown(&b.Total[k], Given)
}

// steps rounds the sum up to each part, and gives by how much that grew: where a waterfall
// begins and ends is what other tables show, and no step is off by more than a last digit.
//
// Example: 100.005, 70.015 and −20.005 in cents are 100.00, 70.02 and −20.00, together
// 150.02.
func steps(digits int, parts []money.Amount) ([]money.Amount, error) {
	out := make([]money.Amount, len(parts))
	var sum money.Amount
	for i, part := range parts {
		next, err := sum.Add(part)
		if err != nil {
			return nil, err
		}
		if out[i], err = next.Round(digits).Sub(sum.Round(digits)); err != nil {
			return nil, err
		}
		sum = next
	}
	return out, nil
}

// roundChange shows a column of differences.
func (b *builder) roundChange(k int) {
	for _, row := range b.lines() {
		if row[k].Amount.Valid {
			b.roundedChange(row, k)
		}
	}
}

// roundedChange shows the difference of what is shown.
func (b *builder) roundedChange(row []Cell, k int) {
	of := b.Columns[k].Of
	earlier, err1 := money.Parse(strings.ReplaceAll(row[of[0]].Shown, ",", ""))
	later, err2 := money.Parse(strings.ReplaceAll(row[of[1]].Shown, ",", ""))
	change, err3 := later.Sub(earlier)
	b.err = errors.Join(b.err, err1, err2, err3)
	row[k].Shown = signed(change, b.digits)
}

// places are the decimals of a unit.
func (b *builder) places(u Unit) int {
	switch u {
	case Money:
		return b.digits
	case Each, Ratio:
		return 4
	}
	return 0
}

// shown rounds one cell by itself.
func (b *builder) shown(c *Cell, r Rule) string {
	if !c.Amount.Valid {
		return "–"
	}
	switch {
	case c.Unit == Percent:
		hundred, err := c.Amount.Amount.MulInt(100)
		b.err = errors.Join(b.err, err)
		if r == Growth {
			return signed(hundred, 1) + " %"
		}
		return money.Grouped(hundred.Fixed(1)) + " %"
	case r == Change:
		return signed(c.Amount.Amount, b.places(c.Unit))
	case c.Unit == Count:
		return money.Grouped(c.Amount.Amount.String())
	}
	return money.Grouped(c.Amount.Amount.Fixed(b.places(c.Unit)))
}

// signed shows a plus where there is one.
func signed(a money.Amount, digits int) string {
	text := money.Grouped(a.Fixed(digits))
	if a.Round(digits).Sign() > 0 {
		return "+" + text
	}
	return text
}
