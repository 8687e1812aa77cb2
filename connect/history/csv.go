package history

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// csvRows reads the records of a CSV file with a header line.
type csvRows struct {
	s       *stream
	product *Product
	header  []place
}

// maxColumns bounds a header.
const maxColumns = 1000

// readHeader learns where the columns stand.
func (c *csvRows) readHeader() error {
	var names []string
	for last := false; !last; {
		var name cell
		fault, end, err := c.field(&name)
		if err != nil {
			return err
		}
		if fault != "" || len(names) == maxColumns {
			return spend.Errorf(spend.KindInvalid, "read header", "line 1 is no header of columns").WithHint("want the columns %s", c.wanted())
		}
		names, last = append(names, string(name.text)), end
	}
	c.header = c.product.placesOf(names)
	if lacking := c.product.lacking(c.header); len(lacking) > 0 {
		return spend.Errorf(spend.KindInvalid, "read header", "the columns %s are missing", strings.Join(lacking, ", ")).
			WithHint("is it a file of %s? docs/histories.md lists what is read", c.product.Title)
	}
	return nil
}

func (c *csvRows) wanted() string { return strings.Join(c.product.lacking(nil), ", ") }

func (c *csvRows) next(r *row) error {
	for b, ok := c.s.peek(); b == '\n' || b == '\r' || !ok; b, ok = c.s.peek() {
		if !ok {
			return c.s.ended()
		}
		c.s.next()
	}
	if c.header == nil {
		if err := c.readHeader(); err != nil {
			return err
		}
		return c.next(r)
	}
	r.begin(c.s)
	for n, last := 0, false; !last; n++ {
		at := place{slot: -1}
		if n < len(c.header) {
			at = c.header[n]
		}
		fault, end, err := c.field(r.cell(at))
		if err != nil {
			return err
		}
		if fault != "" {
			r.fault = fault
			c.s.endLine()
			return nil
		}
		r.put(at)
		if last = end; last && n+1 != len(c.header) {
			r.fault = fmt.Sprintf("has %d columns where the header has %d", n+1, len(c.header))
		}
	}
	return nil
}

// field takes one field with what separates it from the next. It says what is wrong
// with it, and whether it is the last of its record.
func (c *csvRows) field(to *cell) (fault string, last bool, err error) {
	if b, ok := c.s.peek(); ok && b == '"' {
		c.s.next()
		if err := c.quoted(to); err != nil {
			return "", false, err
		}
	} else if !c.s.until(",\r\n", to.keep) && !errors.Is(c.s.err, io.EOF) {
		return "", false, c.s.ended()
	}
	b, ok := c.s.peek()
	if b == '\r' {
		c.s.next()
		b, ok = c.s.peek()
	}
	switch {
	case !ok && !errors.Is(c.s.err, io.EOF):
		return "", false, c.s.ended()
	case !ok:
		return "", true, nil
	case b != ',' && b != '\n':
		return "has text behind a closing quote; a quote inside of a field is doubled", false, nil
	}
	c.s.next()
	return "", b == '\n', nil
}

// quoted takes the rest of a field in quotes, whatever its length.
func (c *csvRows) quoted(to *cell) error {
	start := c.s.line
	for {
		if !c.s.until(`"`, to.keep) {
			return c.s.torn(fmt.Sprintf("inside of a quote that was opened in line %d", start))
		}
		c.s.next()
		if b, ok := c.s.peek(); !ok || b != '"' {
			return nil
		}
		c.s.next()
		to.keepByte('"')
	}
}
