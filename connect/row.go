package connect

import (
	"fmt"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// row is one record on its way to an event: the cells that the mapping reads,
// by slot, nil where there is nothing, and the problems met so far.
type row struct {
	m     *Mapping
	cells [][]byte
	event spend.Event
	found []spend.Problem

	totals wire.Totals // room for the counts on their way to meters
}

// largestCount bounds one count of a record: 10^15, as for an event's meters.
const largestCount = 1_000_000_000_000_000

// get gives a cell's text without surrounding space, false when it is empty.
// The bytes are valid until the next record.
func (r *row) get(c *cell) ([]byte, bool) {
	if c.slot < 0 {
		return []byte(c.constant), c.constant != ""
	}
	b := r.at(c.slot)
	if len(b) == 0 && c.fallback != "" {
		return []byte(c.fallback), true
	}
	return b, len(b) > 0
}

// at gives the text in a slot; what the mapping calls empty is empty.
func (r *row) at(slot int) []byte {
	b := trim(r.cells[slot])
	for _, empty := range r.m.empty {
		if string(b) == empty {
			return nil
		}
	}
	return b
}

// trim cuts spaces and tabs off both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// bad adds a problem of a field that says from which column it came.
func (r *row) bad(field string, c *cell, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if c.slot >= 0 {
		msg = fmt.Sprintf("column %.60q ", r.m.columns[c.slot].name) + msg
	}
	r.found = append(r.found, spend.Problem{Field: field, Msg: msg})
}

// count reads a whole number from 0 to 10^15; 12.0 and 1e3 are whole.
func (r *row) count(c *cell, field string) (int64, bool) {
	b, given := r.get(c)
	if !given {
		return 0, false
	}
	n, plain := digits(b)
	if !plain {
		q, err := money.Parse(string(b))
		if n, plain = q.Int(); err != nil || !plain {
			r.bad(field, c, "holds %s; want a whole number of 0 or more", shown(b))
			return 0, false
		}
	}
	if n < 0 || n > largestCount {
		r.bad(field, c, "is %d; want 0 to 10^15", n)
		return 0, false
	}
	return n, true
}

// digits reads up to 15 plain digits.
func digits(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	for _, d := range b {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int64(d-'0')
	}
	return n, true
}

// amount reads a decimal number, rounded half to even at 12 decimals: what a
// binary float left behind the twelfth says nothing.
func (r *row) amount(c *cell, field string) (money.Amount, bool) {
	b, given := r.get(c)
	if !given {
		return money.Amount{}, false
	}
	a, _, err := money.ParseRounded(string(b))
	if err != nil {
		r.bad(field, c, "holds %s; want a decimal number such as 12.5", shown(b))
		return money.Amount{}, false
	}
	return a, true
}

// shown repeats a cell in a message only when it is a number or a date gone
// wrong; anything else may be text that must not leave the file.
func shown(b []byte) string {
	for _, c := range b {
		if (c < '0' || c > '9') && c != '.' && c != ',' && c != '-' && c != '+' && c != ':' && c != '/' && c != ' ' {
			return fmt.Sprintf("a text of %d bytes", len(b))
		}
	}
	if len(b) > 40 {
		return fmt.Sprintf("a number of %d digits", len(b))
	}
	return strconv.Quote(string(b))
}

// instant reads an instant out of a cell, false when it is empty or no instant.
func (r *row) instant(c *cell, field string) (time.Time, bool) {
	b, given := r.get(c)
	if !given {
		return time.Time{}, false
	}
	at, ok := r.m.time.parse(b)
	if !ok {
		r.bad(field, c, "holds %s; want %s", shown(b), r.m.time.words())
	}
	return at, ok
}
