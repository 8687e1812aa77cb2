package board

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
)

// mostRows is how many rows of a table are printed; a longer one is folded.
const mostRows = 12

// Fold is how a long table is printed: some of its rows as they are, and the others as one
// that is exactly their sum. The table itself has them all.
type Fold struct {
	Kept   []int  `json:"kept"` // rows that stay, by their place from 0
	Others []Cell `json:"others"`
}

// Folded is a table as it is printed: itself where it is short, else with its others as
// the last row.
func (t *Table) Folded() Table {
	out := *t
	if t.Fold == nil {
		return out
	}
	out.Rows = make([][]Cell, 0, len(t.Fold.Kept)+1)
	for _, i := range t.Fold.Kept {
		out.Rows = append(out.Rows, t.Rows[i])
	}
	out.Rows = append(out.Rows, t.Fold.Others)
	out.Note = strings.TrimSpace(fmt.Sprintf("%s The workbook and JSON have all %d rows.", t.Note, len(t.Rows)))
	return out
}

// fold folds a rounded table with a total, where it is long. The rows with the most in the
// column that ranks them stay, in their order.
func (b *builder) fold() {
	if b.ranked == 0 || b.Total == nil || len(b.Rows) <= mostRows {
		return
	}
	places := make([]int, len(b.Rows))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int {
		return b.Rows[j][b.ranked].Amount.Amount.Abs().Cmp(b.Rows[i][b.ranked].Amount.Amount.Abs())
	})
	kept, rest := places[:mostRows-1], places[mostRows-1:]
	slices.Sort(kept)
	b.Fold = &Fold{Kept: kept, Others: b.others(rest)}
}

// others sums rows. What is shown of the sum is the sum of what is shown of them, so that
// a folded table adds up as it is printed.
func (b *builder) others(rows []int) []Cell {
	out := make([]Cell, len(b.Columns))
	for k, c := range b.Columns {
		out[k] = Cell{Unit: c.Unit}
		switch {
		case k == 0:
			out[k].Text = fmt.Sprintf("others (%d)", len(rows))
		case c.Rule == Given && c.Unit != Text && !c.Loose:
			out[k] = b.summed(k, rows)
		}
	}
	b.follow(out)
	for k, c := range b.Columns {
		switch {
		case c.Unit == Text:
			out[k].Shown = out[k].Text
		case c.Loose:
			out[k].Amount, out[k].Shown = money.Null{}, b.shown(&Cell{}, c.Rule)
		case c.Rule == Square:
			out[k] = b.summed(k, rows)
			out[k].Shown = b.shown(&out[k], c.Rule)
		case c.Rule == Change && c.Unit == Money:
			b.roundedChange(out, k)
		case c.Rule != Given:
			out[k].Shown = b.shown(&out[k], c.Rule)
		}
	}
	return out
}

// summed adds up a column of some rows, exactly and as it is shown.
func (b *builder) summed(k int, rows []int) Cell {
	out := Cell{Unit: b.Columns[k].Unit, Source: b.Rows[rows[0]][k].Source}
	var shown money.Amount
	for _, i := range rows {
		c := &b.Rows[i][k]
		if !c.Amount.Valid {
			continue
		}
		out.Amount.Valid = true
		part, err1 := money.Parse(strings.ReplaceAll(c.Shown, ",", ""))
		var err2, err3 error
		out.Amount.Amount, err2 = out.Amount.Amount.Add(c.Amount.Amount)
		shown, err3 = shown.Add(part)
		b.err = errors.Join(b.err, err1, err2, err3)
	}
	out.Shown = b.shown(&Cell{Amount: money.Null{Amount: shown, Valid: out.Amount.Valid}, Unit: out.Unit}, Given)
	return out
}
