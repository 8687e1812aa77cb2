package variance

import (
	"fmt"
	"math/big"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Result is a change and what it is made of.
type Result struct {
	Effects []string // their names, in order
	Leaves  []Row    // in the order that the leaves were given
	Total   Row      // the sum of the leaves
}

// Row is the effects of one leaf, or of all, in the order of their names. They sum
// to its change.
type Row struct {
	Leaf    string
	Amounts []money.Amount
}

// Change is the sum of the effects. The error wraps money.ErrOverflow.
func (r *Row) Change() (money.Amount, error) { return money.Sum(r.Amounts...) }

// Add sums rows into one, a slice of the whole.
func (r *Row) Add(other *Row) error {
	for i := range r.Amounts {
		sum, err := r.Amounts[i].Add(other.Amounts[i])
		if err != nil {
			return fmt.Errorf("add %s: %w", clipped(other.Leaf), err)
		}
		r.Amounts[i] = sum
	}
	return nil
}

// splitter is a way to split the change of each leaf.
type splitter interface {
	// change is that of a leaf.
	change(i int) fraction
	// effects are those of a leaf, over one denominator; they sum to its change.
	effects(i int) []fraction
}

// resolve rounds what a splitter says, leaf by leaf.
func resolve(op string, s splitter, effects, leaves []string) (Result, error) {
	exact := make([]fraction, len(leaves))
	for i := range leaves {
		exact[i] = s.change(i)
	}
	l := leveller{}
	for i, change := range changes(exact, leaves) {
		parts := s.effects(i)
		units := apportion(parts, change, effects)
		row, err := amounts(leaves[i], units)
		if err != nil {
			return Result{}, tooLarge(op, err)
		}
		l.note(parts, units)
		l.rows = append(l.rows, row)
	}
	if err := l.level(effects); err != nil {
		return Result{}, tooLarge(op, err)
	}
	result := Result{Effects: effects, Leaves: l.rows, Total: Row{Leaf: total, Amounts: make([]money.Amount, len(effects))}}
	for i := range result.Leaves {
		if err := result.Total.Add(&result.Leaves[i]); err != nil {
			return Result{}, tooLarge(op, err)
		}
	}
	return result, nil
}

func tooLarge(op string, err error) error {
	return spend.Errorf(spend.KindInvalid, op, "%w", err).WithHint("give quantities in a larger unit, and prices for that unit")
}

func amounts(leaf string, units []*big.Int) (Row, error) {
	row := Row{Leaf: leaf, Amounts: make([]money.Amount, len(units))}
	for i, u := range units {
		a, err := money.FromBig(u)
		if err != nil {
			return row, fmt.Errorf("an effect of leaf %s: %w", clipped(leaf), err)
		}
		row.Amounts[i] = a
	}
	return row, nil
}

// total names the last line of an answer.
const total = "total"

func clipped(leaf string) string { return fmt.Sprintf("%.60q", leaf) }
