package board

import (
	"errors"
	"slices"

	"github.com/bursarhq/bursar/money"
)

// builder makes a table row by row; the first error that it meets is kept.
type builder struct {
	Table
	digits   int  // of money, as it is shown
	unsummed bool // a row stands for several, so that squares have no sum
	ranked   int  // the column by which rows stay when a long table is folded, 0 for never
	err      error
}

// add appends a row: its name, and an amount for each column that is given.
func (b *builder) add(source, name string, given ...money.Null) {
	row := make([]Cell, len(b.Columns))
	for k, c := range b.Columns {
		row[k] = Cell{Unit: c.Unit, Source: source}
		switch {
		case c.Unit == Text && k == 0:
			row[k] = Cell{Unit: Text, Text: name}
		case c.Unit != Text && c.Rule == Given:
			row[k].Amount, given = given[0], given[1:]
		}
	}
	b.Rows = append(b.Rows, row)
}

// remark sets the text of a later column of the last row.
func (b *builder) remark(column int, text string) {
	b.Rows[len(b.Rows)-1][column] = Cell{Unit: Text, Text: text}
}

// table computes what follows from what is given, sums it under a name and rounds it
// all. Without a name there is no total.
func (b *builder) table(total string) Table {
	if total != "" {
		b.sum(total)
	}
	for _, row := range b.Rows {
		b.follow(row)
	}
	if b.Total != nil {
		b.follow(b.Total)
	}
	b.round()
	b.fold()
	if b.Rows == nil {
		b.Rows = [][]Cell{}
	}
	return b.Table
}

// sum adds up every column that is given.
func (b *builder) sum(name string) {
	b.Total = make([]Cell, len(b.Columns))
	for k, c := range b.Columns {
		b.Total[k] = Cell{Unit: c.Unit}
		if c.Unit == Text || c.Rule != Given || c.Loose {
			continue
		}
		sum := money.Known(money.Amount{})
		for _, row := range b.Rows {
			var err error
			sum.Amount, err = sum.Amount.Add(row[k].Amount.Amount)
			b.err = errors.Join(b.err, err)
			b.Total[k].Source = row[k].Source
		}
		b.Total[k].Amount = sum
	}
	b.Total[0].Text = name
}

// follow computes the columns of a row that follow from others.
func (b *builder) follow(row []Cell) {
	for k, c := range b.Columns {
		if c.Rule == Given {
			continue
		}
		var of [2]money.Null
		for i, column := range c.Of {
			of[i] = row[column].Amount
		}
		if c.Rule == Share && b.Total != nil {
			of[1] = b.Total[c.Of[0]].Amount
			of[1].Valid = of[1].Valid && !b.below(c.Of[0])
		}
		var err error
		row[k].Source = row[c.Of[0]].Source
		if row[k].Amount, err = c.Rule.of(of[0], of[1]); err != nil {
			b.err = errors.Join(b.err, err)
		}
		if isTotal := b.Total != nil && &row[0] == &b.Total[0]; isTotal && c.Loose {
			row[k].Amount = money.Null{}
		} else if isTotal && c.Rule == Square && row[k].Amount.Valid {
			row[k].Amount, err = b.squares(k)
			b.err = errors.Join(b.err, err)
		}
	}
}

// below says whether a part of a column is below zero, so that others can be more than
// all of it and nothing is a share.
func (t *Table) below(k int) bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool { return row[k].Amount.Amount.Sign() < 0 })
}

// squares sums a column of squares, which is not the square of a sum.
func (b *builder) squares(k int) (money.Null, error) {
	all := make([]money.Amount, len(b.Rows))
	for i, row := range b.Rows {
		all[i] = row[k].Amount.Amount
	}
	sum, err := money.Sum(all...)
	return money.Null{Amount: sum, Valid: !b.unsummed}, err
}

// of is what follows from two amounts, unknown where one of them is or a divisor is not
// above zero.
//
// Example: from 4 to 5 is a change of 1 and a growth of 0.25; a share of 0.6 squared is
// 3,600 points.
func (r Rule) of(a, b money.Null) (money.Null, error) {
	if !a.Valid || !b.Valid && r != Square {
		return money.Null{}, nil
	}
	var out money.Amount
	var err error
	switch r {
	case Change:
		out, err = b.Amount.Sub(a.Amount)
	case Growth:
		if out, err = b.Amount.Sub(a.Amount); err == nil {
			return quotient(out, a.Amount)
		}
	case Quotient, Share:
		return quotient(a.Amount, b.Amount)
	case Square:
		if out, err = a.Amount.MulInt(100); err == nil {
			out, err = out.Mul(out, 1)
		}
	}
	return money.Known(out), err
}

func quotient(a, b money.Amount) (money.Null, error) {
	if b.Sign() <= 0 {
		return money.Null{}, nil
	}
	out, err := money.FromInt(1).MulQuotient(a, b)
	return money.Known(out), err
}
