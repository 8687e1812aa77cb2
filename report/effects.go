package report

import (
	"encoding/csv"
	"io"

	"github.com/bursarhq/bursar/variance"
)

// EffectsCSV writes what a change is made of: a line for each leaf, and the total. The
// amounts are exact. Names are kept from being run as formulas.
func EffectsCSV(w io.Writer, r *variance.Result) error {
	out := csv.NewWriter(w)
	head := []string{"leaf"}
	for _, name := range r.Effects {
		head = append(head, Safe(name))
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range r.Leaves {
		if err := out.Write(effects(&r.Leaves[i])); err != nil {
			return err
		}
	}
	if err := out.Write(effects(&r.Total)); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func effects(r *variance.Row) []string {
	cells := []string{Safe(r.Leaf)}
	for _, a := range r.Amounts {
		cells = append(cells, a.String())
	}
	return cells
}
