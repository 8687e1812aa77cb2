package vendor

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// row is one row on its way to lines.
type row struct {
	head    *header
	options *Options
	kind    *kind
	cells   []string
	number  int64
	found   []spend.Problem
	lines   []Line
	asked   map[string]bool // columns that were looked at, of any row
	empty   bool            // nothing was used in its span
	foreign bool            // it is of another product
}

// bad adds a problem of a column, or of the whole row.
func (r *row) bad(column, format string, args ...any) {
	field, msg := "row", fmt.Sprintf(format, args...)
	if column != "" {
		field = column
	}
	r.found = append(r.found, spend.Problem{Field: field, Msg: msg})
}

// hash digests the row as it stands in the file.
func (r *row) hash() spend.ID { return spend.Digest(r.cells...) }

// text gives a cell without space around it, nothing for a column that is not there.
func (r *row) text(column string) string {
	r.asked[column] = true
	i, there := r.head.column[column]
	if !there || i >= len(r.cells) {
		return ""
	}
	if s := strings.TrimSpace(r.cells[i]); s != "NULL" { // as some write that there is nothing
		return s
	}
	return ""
}

// has says that the file has a column.
func (r *row) has(column string) bool { _, there := r.head.column[column]; return there }

// label gives a cell that names something. A secret is left out: what is downloaded
// has names and ids of keys, and who puts a key there would find it in every report.
func (r *row) label(column string) string {
	s := r.text(column)
	if len(s) > maxLabel {
		r.bad(column, "is %d bytes long; at most %d are kept", len(s), maxLabel)
		return ""
	}
	return withheld(s)
}

// maxLabel is what the ledger keeps of a name.
const maxLabel = 512

func withheld(s string) string {
	if auth.IsKey(s) {
		return "(withheld)"
	}
	return s
}

// decimal reads a decimal number, false when the cell is empty or holds none.
func (r *row) decimal(column, text string) (money.Amount, bool) {
	if text == "" {
		return money.Amount{}, false
	}
	if strings.Contains(text, ",") {
		r.bad(column, "holds %s: a comma may be a decimal sign or part thousands; export with a point as the decimal sign and nothing between thousands", shown(text))
		return money.Amount{}, false
	}
	a, _, err := money.ParseRounded(text)
	if err != nil {
		r.bad(column, "holds %s; want a number such as 12.5", shown(text))
	}
	return a, err == nil
}

// shown repeats a cell in a message only when it is a number or a date gone wrong.
func shown(s string) string {
	if strings.Trim(s, "0123456789.,-+:/ $T") != "" || len(s) > 40 {
		return fmt.Sprintf("a text of %d bytes", len(s))
	}
	return strconv.Quote(s)
}

// count reads a whole number of 0 or more.
func (r *row) count(column string) int64 { return r.whole(column, 1) }

// tokens reads a count of tokens in the unit that was stated.
func (r *row) tokens(column string) int64 { return r.whole(column, r.options.Unit.perCount()) }

func (r *row) whole(column string, scale int64) int64 {
	a, given := r.decimal(column, r.text(column))
	if !given {
		return 0
	}
	scaled, err := a.MulInt(scale)
	n, whole := scaled.Int()
	if err != nil || !whole || n < 0 || n > 1_000_000_000_000_000 {
		r.bad(column, "is %s; want a whole number of 0 to 10^15%s", a, r.options.Unit.suffix())
		return 0
	}
	return n
}

// amount reads money in the unit that was stated, and by how much it may be off: half
// of the last digit that is written.
func (r *row) amount(column string) (a, rounding money.Amount, given bool) {
	text := strings.TrimPrefix(r.text(column), "$")
	a, given = r.decimal(column, text)
	if !given {
		return a, rounding, false
	}
	per := r.options.Unit.perAmount()
	if a, err := a.MulRatio(1, per); err == nil {
		return a, precision(text, per), true
	}
	r.bad(column, "is beyond all amounts")
	return a, rounding, false
}

// rest is what rounding took off an amount, in units of 10⁻¹² of the currency: many rows
// of one line are summed before they are rounded.
func (r *row) rest(column string) money.Amount {
	a, rest, err := money.ParseFine(strings.TrimPrefix(r.text(column), "$"))
	per := r.options.Unit.perAmount()
	if err != nil || per == 1 {
		return rest
	}
	whole, _ := a.MulRatio(1, per) // nearer to zero than what was read
	whole, _ = whole.MulInt(per)
	left, _ := a.Sub(whole)
	units, _ := left.Units()
	rest, _ = rest.Add(money.FromInt(units))
	rest, _ = rest.MulRatio(1, per)
	return rest
}

// precision is half of the last digit of a written number, over a scale.
//
// Example: 0.12 may be anything from 0.115 to 0.125, so half its last digit is 0.005.
func precision(text string, per int64) money.Amount {
	_, fraction, _ := strings.Cut(text, ".")
	half := money.Must("0.5")
	for range min(len(fraction), 11) {
		half, _ = half.MulRatio(1, 10) // far above the smallest amount
	}
	half, _ = half.MulRatio(1, per) // the same
	return half
}

// day reads a date in the zone of the options.
func (r *row) day(column string) (at time.Time, day string) {
	text := r.text(column)
	at, err := time.ParseInLocation(time.DateOnly, text, r.options.Zone)
	if err != nil {
		r.bad(column, "holds %s; want a day like 2026-11-22", shown(text))
		return time.Time{}, ""
	}
	return at.UTC(), text
}
