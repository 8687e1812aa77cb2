package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Text writes an answer for a person: aligned columns, a total, and below it
// what no total may hide.
func Text(w io.Writer, t *spend.Table) error {
	columns, err := columnsOf(t)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	lines := [][]string{header(t)}
	for i := range t.Rows {
		lines = append(lines, line(t, &t.Rows[i], i, columns))
	}
	lines = append(lines, totalLine(t, columns))
	for _, cells := range padded(lines, len(t.Query.By)+leading(t)) {
		if _, err := fmt.Fprintln(out, strings.Join(cells, "\t")+"\t"); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return footer(w, t, columns)
}

// column is one measure ready to be shown: a cell for each row and the total.
type column struct {
	cells []string
	total string
	shown []money.Null // the cells as numbers, rounded
}

func columnsOf(t *spend.Table) ([]column, error) {
	var columns []column
	for i, m := range t.Query.Measures {
		now, before := series{total: at(t.Totals.Values, i)}, series{total: at(t.Totals.Previous, i)}
		for r := range t.Rows {
			now.rows = append(now.rows, at(t.Rows[r].Values, i))
			before.rows = append(before.rows, at(t.Rows[r].Previous, i))
		}
		c, err := now.column(m)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
		if !t.Query.Previous {
			continue
		}
		if c, err = before.column(m); err != nil {
			return nil, err
		}
		columns = append(columns, c, changes(t, i))
	}
	return columns, nil
}

// series is one measure over the rows of a table.
type series struct {
	rows  []money.Null
	total money.Null
}

func (s series) column(m spend.Measure) (column, error) {
	digits := 0
	switch {
	case IsCost(m):
		digits = costDigits(s.total.Amount)
	case !m.Additive() && m.Distinct() == "":
		digits = 3
	}
	rows := slices.Clone(s.rows)
	if m.Additive() {
		if err := shown(rows, digits); err != nil {
			return column{}, err
		}
	}
	c := column{total: cell(s.total, digits), shown: rows}
	for _, v := range rows {
		c.cells = append(c.cells, cell(v, digits))
	}
	return c, nil
}

func at(values []money.Null, i int) money.Null {
	if i >= len(values) {
		return money.Null{}
	}
	return values[i]
}

// shown rounds values so that what is printed still sums to the printed total.
func shown(values []money.Null, digits int) error {
	parts := make([]money.Amount, len(values))
	for i, v := range values {
		parts[i] = v.Amount
	}
	rounded, err := money.Shown(digits, parts)
	if err != nil {
		return err
	}
	for i := range values {
		values[i].Amount = rounded[i]
	}
	return nil
}

func cell(v money.Null, digits int) string {
	if !v.Valid {
		return "–"
	}
	return money.Grouped(v.Amount.Fixed(digits))
}

// changes shows each value against the window before, in percent.
func changes(t *spend.Table, i int) column {
	var c column
	for r := range t.Rows {
		c.cells = append(c.cells, change(at(t.Rows[r].Values, i), at(t.Rows[r].Previous, i)))
	}
	c.total = change(at(t.Totals.Values, i), at(t.Totals.Previous, i))
	return c
}

func change(now, before money.Null) string {
	switch {
	case !now.Valid && !before.Valid:
		return "–"
	case before.Amount.IsZero():
		return "new"
	}
	percent := (now.Amount.Approx()/before.Amount.Approx() - 1) * 100
	return fmt.Sprintf("%+.1f %%", percent)
}

func leading(t *spend.Table) int {
	if t.Query.Grain != spend.Whole {
		return 1
	}
	return 0
}

func header(t *spend.Table) []string {
	var cells []string
	if t.Query.Grain != spend.Whole {
		cells = append(cells, strings.ToUpper(string(t.Query.Grain)))
	}
	for _, d := range t.Query.By {
		cells = append(cells, strings.ToUpper(strings.TrimPrefix(string(d), "tag:")))
	}
	for i, m := range t.Query.Measures {
		name := strings.ToUpper(string(m))
		if IsCost(m) {
			name += " " + unit(t, i)
		}
		cells = append(cells, name)
		if t.Query.Previous {
			cells = append(cells, "BEFORE", "CHANGE")
		}
	}
	return cells
}

// unit is the currency of a measure: the organisation's, or that of the bills.
func unit(t *spend.Table, i int) string {
	switch {
	case !AsBilled(t.Query.Measures[i]) || i >= len(t.Totals.Currencies):
		return string(t.Currency)
	case t.Totals.Currencies[i] != "":
		return string(t.Totals.Currencies[i])
	}
	return "(as billed)"
}

func line(t *spend.Table, r *spend.Row, i int, columns []column) []string {
	var cells []string
	if t.Query.Grain != spend.Whole {
		cells = append(cells, bucket(r.Bucket, &t.Query))
	}
	for k := range t.Query.By {
		switch {
		case r.Few && k == 0:
			cells = append(cells, fmt.Sprintf("(other, fewer than %d people)", t.Query.Fewest))
		case r.Other && k == 0:
			cells = append(cells, "(other)")
		case r.Other:
			cells = append(cells, "")
		default:
			cells = append(cells, key(r.Keys[k]))
		}
	}
	for _, c := range columns {
		cells = append(cells, c.cells[i])
	}
	return cells
}

func totalLine(t *spend.Table, columns []column) []string {
	cells := make([]string, len(t.Query.By)+leading(t))
	if len(cells) > 0 {
		cells[0] = "TOTAL"
	}
	for _, c := range columns {
		cells = append(cells, c.total)
	}
	return cells
}

// padded left-aligns the first columns by filling them up: a tabwriter aligns
// all its columns to one side.
func padded(lines [][]string, left int) [][]string {
	for k := range left {
		width := 0
		for _, cells := range lines {
			width = max(width, len([]rune(cells[k])))
		}
		for _, cells := range lines {
			cells[k] += strings.Repeat(" ", width-len([]rune(cells[k])))
		}
	}
	return lines
}

// footer says what stands beside the total.
func footer(w io.Writer, t *spend.Table, columns []column) error {
	totals := &t.Totals
	other, err := toldBy(t, columns, totals.Other, func(r *spend.Row) bool { return r.Other })
	if err != nil {
		return err
	}
	unattributed, err := toldBy(t, columns, totals.Unattributed, func(r *spend.Row) bool {
		k := slices.Index(t.Query.By, "team")
		return k >= 0 && !r.Other && r.Keys[k] == ""
	})
	if err != nil {
		return err
	}
	digits := costDigits(totals.Cost)
	amount := func(a money.Amount) string { return money.Grouped(a.Fixed(digits)) + " " + string(t.Currency) }
	lines := []string{
		fmt.Sprintf("unattributed (no team): %s of %s", amount(unattributed), amount(totals.Cost)),
		fmt.Sprintf("unpriced: %s calls, %s prompt and %s completion tokens; exposure up to %s%s, not in the total",
			count(totals.Unpriced.Calls), count(totals.Unpriced.PromptTokens), count(totals.Unpriced.CompletionTokens), amount(totals.Exposure), exposureLeft(totals)),
	}
	if i := slices.Index(t.Query.Measures, spend.NotionalCost); i >= 0 && at(totals.Values, i).Valid {
		n := totals.Values[i].Amount
		lines = append(lines, fmt.Sprintf("notional: %s %s at list prices for usage that seats cover, in no cost", money.Grouped(n.Fixed(costDigits(n))), unit(t, i)))
	}
	if totals.OpenCalls != 0 {
		lines = append(lines, fmt.Sprintf("open: %s calls have begun and may cost up to %s, not in the total", count(totals.OpenCalls), amount(totals.OpenHolds)))
	}
	if slices.ContainsFunc(t.Rows, func(r spend.Row) bool { return r.Other }) {
		lines = append(lines, "other: "+amount(other))
	}
	if totals.UnconvertedLines != 0 {
		lines = append(lines, fmt.Sprintf("unconverted: %s lines with %s calls%s have no exchange rate%s, not in the total",
			count(totals.UnconvertedLines), count(totals.Unconverted), withoutRate(totals), into(t)))
	}
	if !totals.Provisional.IsZero() {
		lines = append(lines, "provisional: "+amount(totals.Provisional)+" is in the total and may still change")
	}
	if !t.Query.Restated.IsZero() {
		lines = append(lines, "restated by the organisation of "+t.Query.Restated.In(zoneOf(&t.Query)).Format(time.DateOnly)+": a view, booked nowhere")
	}
	_, err = fmt.Fprintln(w, "\n"+strings.Join(lines, "\n"))
	return err
}

// toldBy is a part of the cost as the rows above tell it that make it up; rounded so that
// they sum to the total, they may be a cent beside it. Where no rows do, it is itself.
//
// Example: 3.335 in (other) beside 3.335 and 3.33 is 3.33 in its row, and below the table too.
func toldBy(t *spend.Table, columns []column, part money.Amount, of func(*spend.Row) bool) (money.Amount, error) {
	i := slices.Index(t.Query.Measures, spend.Cost)
	if i < 0 {
		return part, nil
	}
	shown := columns[i*len(columns)/len(t.Query.Measures)].shown
	var exact, told []money.Amount
	for r := range t.Rows {
		if of(&t.Rows[r]) {
			exact, told = append(exact, at(t.Rows[r].Values, i).Amount), append(told, shown[r].Amount)
		}
	}
	sum, err := money.Sum(exact...)
	if err != nil || sum != part {
		return part, err
	}
	return money.Sum(told...)
}

// exposureLeft names the exposure that no rate converts.
func exposureLeft(t *spend.Totals) string {
	var text string
	for _, m := range t.ExposureLeft {
		text += fmt.Sprintf(" and %s %s without an exchange rate", money.Grouped(m.Amount.Fixed(2)), m.Currency)
	}
	return text
}

func zoneOf(q *spend.Query) *time.Location {
	if q.Zone == nil {
		return time.UTC
	}
	return q.Zone
}

// into names the currency that lines have no rate into. Those that are billed in the
// currency of the answer wait for one into that of the books.
func into(t *spend.Table) string {
	own := func(m money.Money) bool { return m.Currency == t.Currency }
	if slices.ContainsFunc(t.Totals.WithoutRate, own) {
		return " of their days"
	}
	return " into " + string(t.Currency)
}

// withoutRate tells the amounts that wait for an exchange rate.
func withoutRate(t *spend.Totals) string {
	if len(t.WithoutRate) == 0 {
		return ""
	}
	parts := make([]string, len(t.WithoutRate))
	for i, m := range t.WithoutRate {
		parts[i] = money.Grouped(m.Amount.Fixed(costDigits(m.Amount))) + " " + string(m.Currency)
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func count(n int64) string { return money.Grouped(fmt.Sprint(n)) }
