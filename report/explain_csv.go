package report

import (
	"cmp"
	"encoding/csv"
	"io"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/variance"
)

// ExplainCSV writes the slices of an explanation, exact, and the total as a last line
// whose first cell is TOTAL.
func ExplainCSV(w io.Writer, e *Explanation) error {
	head := []string{"slice"}
	for _, d := range e.By {
		head = append(head, string(d))
	}
	lines := [][]string{append(append(head, "before", "after", "change"), variance.Drivers()...)}
	for i := range e.Bill.Slices {
		cells, err := explainRecord("", e.Bill.Slices[i].Keys, &e.Bill.Slices[i])
		if err != nil {
			return err
		}
		lines = append(lines, cells)
	}
	last, err := explainRecord("TOTAL", make([]string, len(e.By)), &e.Bill.Total)
	return cmp.Or(err, csv.NewWriter(w).WriteAll(append(lines, last)))
}

func explainRecord(first string, keys []string, s *variance.Slice) ([]string, error) {
	cells := []string{first}
	for _, k := range keys {
		cells = append(cells, Safe(k))
	}
	change, err := s.Change()
	for _, a := range append([]money.Amount{s.Before, s.After, change}, s.Effects...) {
		cells = append(cells, a.String())
	}
	return cells, err
}
