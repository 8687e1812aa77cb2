package history

import (
	"bytes"
	"cmp"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

// Options say what a file's own words do not.
type Options struct {
	Source string // replaces the product's name; of two installations each has its own
	Seller string // of records that do not say who sold the tokens; "" leaves them unpriced
}

// Reader hands out the records of one file in their order. It is for one goroutine.
type Reader struct {
	product *Product
	options Options
	s       *stream
	rows    rows
	row     row
	queue   []connect.Record // of the record at hand, not handed out yet
	failed  error
}

// rows gives the records of a file as they are written. io.EOF marks the end of them.
type rows interface {
	next(*row) error
}

// Open reads a file of a product, whose form is told by its first bytes. Nothing is read
// before the first Next.
func Open(in io.Reader, p *Product, o Options) *Reader {
	o.Source = cmp.Or(o.Source, p.Name)
	return &Reader{product: p, options: o, s: newStream(in), row: row{cells: make([]cell, len(p.columns))}}
}

// Position is the place behind the last record that was read.
func (r *Reader) Position() connect.Position {
	return connect.Position{Offset: r.s.offset(), Line: r.s.line}
}

// Next gives the next record. A mistake of a record is told by its Problems and does not
// end the reading. io.EOF marks the end; any other error is final: the file is none of
// the product, breaks off in the middle of a record, or cannot be read on.
func (r *Reader) Next() (connect.Record, error) {
	for len(r.queue) == 0 {
		if r.failed == nil {
			r.failed = r.read()
		}
		if len(r.queue) == 0 && r.failed != nil {
			return connect.Record{}, r.failed
		}
	}
	rec := r.queue[0]
	r.queue = r.queue[1:]
	return rec, nil
}

// read makes records of the next row; one that tells no call makes none.
func (r *Reader) read() error {
	if r.rows == nil {
		if err := r.open(); err != nil {
			return err
		}
	}
	if err := r.rows.next(&r.row); err != nil {
		return err
	}
	one := reading{row: &r.row, options: &r.options, product: r.product, Record: r.product.record(&r.options)}
	if one.fault() {
		one.emit()
	} else {
		r.product.read(&one)
	}
	r.queue = r.queue[:0]
	hash := r.s.digest()
	for i := range one.made {
		rec := &one.made[i]
		rec.Line, rec.End, rec.Hash = r.row.line, r.s.offset(), hash
		r.queue = append(r.queue, *rec)
	}
	return nil
}

// fault is a problem of the row as a whole.
func (r *reading) fault() bool {
	msg := r.row.fault
	for i := range r.row.cells {
		switch c := &r.row.cells[i]; {
		case msg != "":
		case c.long:
			msg = "has more than 1 MiB in " + r.product.columns[i].names[0]
		case !utf8.Valid(c.text):
			msg = "is not UTF-8 in " + r.product.columns[i].names[0] + "; convert the file, for instance with iconv -f WINDOWS-1252 -t UTF-8"
		}
	}
	if msg != "" {
		r.Problems = []spend.Problem{{Field: "record", Msg: msg}}
	}
	return msg != ""
}

// open finds out how the file is written.
func (r *Reader) open() error {
	head, err := r.s.open()
	if err != nil {
		return err
	}
	head = bytes.TrimSpace(head)
	switch {
	case len(head) == 0:
		return invalid("the file is empty").WithHint("give an export of %s", r.product.Title)
	case bytes.HasPrefix(head, []byte("PGDMP")):
		return invalid("it is a dump in PostgreSQL's own form").WithHint("write it as text: pg_restore --data-only -f dump.sql FILE")
	case head[0] == '{' || head[0] == '[':
		r.rows = &jsonRows{s: r.s, places: r.product.places()}
	case !isSQL(head):
		r.rows = &csvRows{s: r.s, product: r.product}
	case r.product.Table == "":
		return invalid("it is SQL, which is not read for %s", r.product.Title).WithHint("give an export as CSV, JSON or JSON Lines")
	default:
		r.rows = &dumpRows{s: r.s, product: r.product}
	}
	return nil
}

// isSQL says that a file begins as a dump does: with a comment, an order to psql or a
// statement.
func isSQL(head []byte) bool {
	line, _, _ := strings.Cut(string(head), "\n")
	for _, start := range []string{"--", `\`, "SET ", "COPY ", "INSERT INTO ", "CREATE ", "BEGIN", "SELECT pg_catalog"} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}
