package connect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bursarhq/bursar/spend"
)

// openCSV learns where the mapping's columns stand, from the header line, from
// the mapping or from where an earlier reader left off.
func (r *Reader) openCSV() error {
	header := r.mapping.named
	switch {
	case len(r.options.From.Header) > 0:
		header = r.options.From.Header
	case len(header) == 0 && r.options.From.Offset > 0:
		return spend.Errorf(spend.KindInvalid, "resume import", "the position names no header").
			WithHint("take the whole position of the earlier reader")
	case len(header) == 0:
		var err error
		if header, err = r.readHeader(); err != nil {
			return err
		}
	}
	r.header = header
	return r.locate()
}

func (r *Reader) readHeader() ([]string, error) {
	raw, err := r.split.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, spend.Errorf(spend.KindInvalid, "read header", "the file is empty").
			WithHint("expected columns: %s", strings.Join(r.wanted(), ", "))
	case err != nil:
		return nil, r.broken(err)
	case raw.problem() != "":
		return nil, spend.Errorf(spend.KindInvalid, "read header", "line %d %s", raw.line, raw.problem())
	}
	r.splitFields(&raw)
	header := make([]string, len(r.fields))
	for i, f := range r.fields {
		header[i] = string(bytes.TrimSpace(f))
	}
	return header, nil
}

// locate finds each column of the mapping in the header, exactly once.
func (r *Reader) locate() error {
	var missing, twice []string
	r.column = r.column[:0]
	for _, c := range r.mapping.columns {
		at := slices.Index(r.header, c.name)
		switch {
		case at < 0 && !c.optional:
			missing = append(missing, c.name)
		case at >= 0 && slices.Contains(r.header[at+1:], c.name):
			twice = append(twice, c.name)
		}
		r.column = append(r.column, at)
	}
	if len(missing)+len(twice) == 0 {
		return nil
	}
	var why []string
	if len(missing) > 0 {
		why = append(why, "missing columns: "+quoted(missing))
	}
	if len(twice) > 0 {
		why = append(why, "columns that appear twice: "+quoted(twice))
	}
	return spend.Errorf(spend.KindInvalid, "read header", "%s; the header found is %s", strings.Join(why, "; "), quoted(r.header)).
		WithHint("the mapping %s names the columns of the file, letter for letter; a file without a header line needs header: false and columns", r.mapping.Name)
}

// wanted lists the columns that the file must have.
func (r *Reader) wanted() (names []string) {
	for _, c := range r.mapping.columns {
		if !c.optional {
			names = append(names, c.name)
		}
	}
	return names
}

// quoted lists names for a message, cut to a length that a person reads.
func quoted(names []string) string {
	const most = 40
	shown := make([]string, 0, min(len(names), most))
	for _, n := range names[:min(len(names), most)] {
		if utf8.RuneCountInString(n) > most {
			n = string([]rune(n)[:most]) + "…"
		}
		shown = append(shown, strconv.Quote(n))
	}
	list := strings.Join(shown, ", ")
	if len(names) > most {
		list += fmt.Sprintf(" and %d more", len(names)-most)
	}
	return list
}

// csvCells fills the row's cells by slot.
func (r *Reader) csvCells(raw *stretch) {
	r.splitFields(raw)
	if len(r.fields) != len(r.header) {
		r.row.malformed(fmt.Sprintf("has %d columns where the header has %d", len(r.fields), len(r.header)))
		return
	}
	for slot, at := range r.column {
		r.row.cells[slot] = nil
		if at >= 0 {
			r.row.cells[slot] = r.fields[at]
		}
	}
}

// splitFields cuts a sound record into its fields. Quoted fields are unquoted
// in place.
func (r *Reader) splitFields(raw *stretch) {
	r.fields = r.fields[:0]
	for rest, more := raw.raw, true; more; {
		var field []byte
		if raw.quoted && len(rest) > 0 && rest[0] == '"' {
			field, rest, more = unquote(rest[1:])
		} else if i := bytes.IndexByte(rest, r.split.delimiter); i >= 0 {
			field, rest = rest[:i], rest[i+1:]
		} else {
			field, more = rest, false
		}
		r.fields = append(r.fields, field)
	}
}

// unquote reads up to the closing quote and passes the delimiter behind it. It
// gives the field, what follows, and whether another field does.
func unquote(b []byte) (field, rest []byte, more bool) {
	field = b[:0]
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			return append(field, b...), nil, false // the splitter lets no such record through
		}
		field, b = append(field, b[:i]...), b[i+1:]
		if len(b) == 0 || b[0] != '"' {
			break
		}
		field, b = append(field, '"'), b[1:]
	}
	if len(b) == 0 {
		return field, nil, false
	}
	return field, b[1:], true
}
