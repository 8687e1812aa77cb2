package history

import (
	"fmt"
	"io"
	"strings"
)

// dumpRows reads the records of one table out of a dump of PostgreSQL in plain SQL:
// blocks of COPY … FROM stdin, and INSERT statements. All other statements are passed.
type dumpRows struct {
	s       *stream
	product *Product

	created []place  // of the table's columns, from its CREATE TABLE
	columns []place  // of the columns at hand
	at      dumpMode // where the next byte stands
	found   bool     // the table's data came
}

type dumpMode uint8

const (
	between  dumpMode = iota // statements
	copying                  // the table's lines
	skipping                 // another table's lines
	values                   // the table's tuples
)

func (d *dumpRows) next(r *row) error {
	for {
		d.s.mayBlank(d.at)
		r.begin(d.s)
		if _, ok := d.s.peek(); !ok {
			return d.end()
		}
		switch d.at {
		case copying, skipping:
			if given, err := d.copied(r); given || err != nil {
				return err
			}
		case values:
			if given, err := d.tuple(r); given || err != nil {
				return err
			}
		case between:
			if err := d.statement(); err != nil {
				return err
			}
		}
	}
}

// mayBlank passes white space, which in the lines of a COPY belongs to the data.
func (s *stream) mayBlank(mode dumpMode) {
	if mode == between || mode == values {
		s.blank()
	}
}

func (d *dumpRows) end() error {
	switch err := d.s.failed(); {
	case err != nil:
		return err
	case d.at != between:
		return d.s.torn("inside of the data of a table")
	case !d.found:
		return invalid("the dump has no data of the table %s", d.product.Table).
			WithHint("dump it with: pg_dump --data-only --table='\"%s\"'", d.product.Table)
	}
	return io.EOF
}

// statement reads one up to where its data begin, or passes it.
func (d *dumpRows) statement() error {
	l := sqlLexer{s: d.s}
	switch b, _ := d.s.peek(); b {
	case '\\': // an order to psql
		d.s.endLine()
		return nil
	case '-': // a comment
		return l.token(nil)
	}
	var word cell
	l.word(&word)
	switch strings.ToUpper(string(word.text)) {
	case "COPY":
		return d.copyFrom(&l)
	case "INSERT":
		return d.insert(&l)
	case "CREATE":
		return d.create(&l)
	}
	return l.end(nil)
}

func (d *dumpRows) copyFrom(l *sqlLexer) error {
	var head cell
	if err := l.end(&head); err != nil {
		return err
	}
	table, columns, rest := splitHead(string(head.text))
	if !strings.Contains(strings.ToLower(rest), "from stdin") {
		return nil
	}
	d.s.endLine()
	if d.at = skipping; table != d.product.Table {
		return nil
	}
	d.at, d.found = copying, true
	return d.open(columns)
}

func (d *dumpRows) insert(l *sqlLexer) error {
	var head cell
	found, err := l.upTo("VALUES", &head)
	if err != nil || !found {
		return err
	}
	table, columns, _ := splitHead(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(head.text)), "INTO")))
	if table != d.product.Table {
		return l.end(nil)
	}
	d.at, d.found = values, true
	return d.open(columns)
}

// create learns the columns of the table, for data that do not name them.
func (d *dumpRows) create(l *sqlLexer) error {
	var head cell
	if err := l.end(&head); err != nil {
		return err
	}
	text := strings.TrimSpace(string(head.text))
	rest, found := strings.CutPrefix(text, "TABLE ")
	if !found {
		return nil
	}
	table, columns, _ := splitHead(strings.TrimPrefix(strings.TrimSpace(rest), "IF NOT EXISTS "))
	if table == d.product.Table {
		d.created = d.product.placesOf(columns)
	}
	return nil
}

// open sets the columns of the data that follow.
func (d *dumpRows) open(columns []string) error {
	if d.columns = d.product.placesOf(columns); len(columns) == 0 {
		d.columns = d.created
	}
	if len(d.columns) == 0 {
		return invalid("line %d does not name the columns of %s", d.s.line, d.product.Table).WithHint("dump with --column-inserts, or with the table's definition")
	}
	if lacking := d.product.lacking(d.columns); len(lacking) > 0 {
		return invalid("the table %s lacks the columns %s", d.product.Table, strings.Join(lacking, ", ")).WithHint("docs/histories.md lists what is read")
	}
	return nil
}

// place is that of a field by its number.
func (d *dumpRows) place(n int) place {
	if d.at == skipping || n >= len(d.columns) {
		return place{slot: -1}
	}
	return d.columns[n]
}

// copied takes a line of COPY data: fields between tabs, with escapes of backslashes.
func (d *dumpRows) copied(r *row) (given bool, err error) {
	for n := 0; ; n++ {
		var last, marked bool
		if last, marked, err = d.copyField(r.cell(d.place(n))); err != nil {
			return false, err
		}
		r.put(d.place(n))
		switch {
		case marked && n == 0 && last:
			d.at = between
			return false, nil
		case !last:
			continue
		case d.at == skipping:
			return false, nil
		case n+1 != len(d.columns):
			r.fault = fmt.Sprintf("has %d columns where the table has %d", n+1, len(d.columns))
		}
		return true, nil
	}
}

// copyField takes a field with what ends it: whether that is the end of the line, and
// whether the field is the mark behind the data, \. alone.
func (d *dumpRows) copyField(c *cell) (last, marked bool, err error) {
	for length := 0; ; {
		if !d.s.until("\t\n\\", func(b []byte) { length += len(b); c.keep(b) }) {
			return false, false, d.s.torn("inside of the data of a table")
		}
		b, _ := d.s.next()
		switch b {
		case '\n':
			return true, marked && length == 0, nil
		case '\t':
			return false, false, nil
		}
		escaped, ok := d.s.next()
		switch {
		case !ok:
			return false, false, d.s.torn("inside of the data of a table")
		case escaped == 'N' && length == 0:
			c.null()
		case escaped == '.' && length == 0:
			marked = true
		default:
			length++
			c.keepByte(unescaped(escaped))
		}
	}
}

// unescaped is what stands for a byte behind a backslash. Numbers of bytes are not
// written by pg_dump.
func unescaped(b byte) byte {
	switch b {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	}
	return b
}

// tuple takes one row of an INSERT, or finds its end.
func (d *dumpRows) tuple(r *row) (given bool, err error) {
	l := sqlLexer{s: d.s}
	switch b, _ := d.s.next(); b {
	case ',':
		return false, nil
	case ';':
		d.at = between
		return false, nil
	case '(':
	default: // ON CONFLICT DO NOTHING, RETURNING
		d.at = between
		return false, l.end(nil)
	}
	for n, last := 0, false; !last; n++ {
		if last, err = l.value(r.cell(d.place(n))); err != nil {
			return false, err
		}
		r.put(d.place(n))
		if last && n+1 != len(d.columns) {
			r.fault = fmt.Sprintf("has %d values where the table has %d columns", n+1, len(d.columns))
		}
	}
	return true, nil
}
