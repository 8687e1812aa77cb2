package report

import (
	"encoding/csv"
	"io"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// CSV writes the rows of an answer, exact, and its totals as a last line whose
// first cell is TOTAL. Cells are kept from being run as formulas.
func CSV(w io.Writer, t *spend.Table) error {
	out := csv.NewWriter(w)
	head := []string{"bucket"}
	for _, d := range t.Query.By {
		head = append(head, string(d))
	}
	for _, m := range t.Query.Measures {
		head = append(head, string(m))
		if t.Query.Previous {
			head = append(head, string(m)+"_previous")
		}
	}
	lines := [][]string{append(head, "other")}
	for i := range t.Rows {
		lines = append(lines, record(t, &t.Rows[i]))
	}
	total := spend.Row{Keys: make([]string, len(t.Query.By)), Values: t.Totals.Values, Previous: t.Totals.Previous}
	last := record(t, &total)
	last[0] = "TOTAL"
	lines = append(lines, last)
	return out.WriteAll(lines)
}

func record(t *spend.Table, r *spend.Row) []string {
	cells := []string{""}
	if !r.Bucket.IsZero() {
		cells[0] = r.Bucket.Format(time.RFC3339)
	}
	for k := range t.Query.By {
		value := ""
		if k < len(r.Keys) {
			value = r.Keys[k]
		}
		cells = append(cells, Safe(value))
	}
	for i := range t.Query.Measures {
		cells = append(cells, exact(at(r.Values, i)))
		if t.Query.Previous {
			cells = append(cells, exact(at(r.Previous, i)))
		}
	}
	if r.Other {
		return append(cells, "true")
	}
	return append(cells, "false")
}

func exact(v money.Null) string {
	if !v.Valid {
		return ""
	}
	return v.Amount.String()
}
