package vendor

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

const maxShown = 40 // columns, and letters of one, in a message

// header is what the cells of a row are called.
type header struct {
	names  []string       // as they are written
	column map[string]int // by their plain names
}

// table is a CSV file with a header.
type table struct {
	header
	csv   *csv.Reader
	limit *limit // of one row
	half  int64  // the line of the last row, where that is none whole
}

// longRow is how long a row may be so that what is kept of it may hold all of it.
const longRow = 4 << 10

// plain is a column's name without what differs between two downloads: case, and
// spaces around and within.
func plain(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// openTable reads the header. The delimiter is the one that cuts it into most columns.
func openTable(in io.Reader, head []byte) (*table, error) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	row := &limit{in: in, left: maxRecord}
	t := &table{csv: csv.NewReader(row), limit: row, header: header{column: map[string]int{}}}
	t.csv.FieldsPerRecord, t.csv.ReuseRecord = -1, true
	t.csv.Comma = ','
	for _, d := range ";\t" {
		if bytes.Count(line, []byte(string(d))) > bytes.Count(line, []byte(string(t.csv.Comma))) {
			t.csv.Comma = d
		}
	}
	return t, t.readHeader()
}

func (t *table) readHeader() error {
	names, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return spend.Errorf(spend.KindInvalid, "read export", "the file is empty").WithHint("download it again")
	}
	if err != nil {
		return spend.Errorf(spend.KindInvalid, "read export", "its first line is no header of a CSV file").WithHint("give the file as it was downloaded")
	}
	var twice []string
	for i, name := range names {
		p := plain(name)
		if _, known := t.column[p]; known && p != "" {
			twice = append(twice, name)
		}
		t.column[p] = i
		t.names = append(t.names, strings.TrimSpace(name))
	}
	if len(twice) > 0 {
		return spend.Errorf(spend.KindInvalid, "read export", "columns that appear twice: %s", quoted(twice)).WithHint("give the file as it was downloaded")
	}
	return nil
}

func (t *table) found() (*header, []string) { return &t.header, t.names }

// next gives the next row; one that is torn comes with its problem. A file that ends with
// one was cut off: nobody knows how many rows are missing, and they would be taken back.
func (t *table) next() (*row, error) {
	t.limit.left = maxRecord
	cells, err := t.csv.Read()
	apart(cells)
	number, _ := 0, 0
	if len(cells) > 0 {
		number, _ = t.csv.FieldPos(0)
	}
	r := &row{head: &t.header, cells: cells, number: int64(number)}
	var torn *csv.ParseError
	switch {
	case errors.Is(err, io.EOF) && t.half > 0:
		return nil, spend.Errorf(spend.KindInvalid, "read export", "it ends within the row of line %d: the file was cut off", t.half).
			WithHint("nothing of it is booked, for what is missing would be taken back; download it again")
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case errors.As(err, &torn):
		r.number, r.cells = int64(torn.StartLine), []string{fmt.Sprint(torn.StartLine)}
		r.bad("", "has a quote that does not end, or one within a cell")
	case err != nil:
		return nil, broken(err)
	case len(cells) != len(t.names):
		r.bad("", "has %d cells where the header has %d", len(cells), len(t.names))
	}
	if t.half = 0; torn != nil || len(cells) < len(t.names) {
		t.half = r.number
	}
	return r, nil
}

// apart makes a text of its own of each cell of a long row: one that is kept keeps no other.
func apart(cells []string) {
	size := 0
	for _, cell := range cells {
		size += len(cell)
	}
	for i := range cells {
		if size > longRow {
			cells[i] = strings.Clone(cells[i])
		}
	}
}

// quoted lists names for a message, cut to a length that a person reads.
func quoted(names []string) string {
	shown := make([]string, 0, min(len(names), maxShown))
	for _, n := range names[:min(len(names), maxShown)] {
		shown = append(shown, fmt.Sprintf("%q", short(n)))
	}
	list := strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

// short is a name, cut to a length that a person reads.
func short(name string) string {
	if letters := []rune(name); len(letters) > maxShown {
		return string(letters[:maxShown]) + "…"
	}
	return name
}

// missing are the names of columns that the header does not have.
func (h *header) missing(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, there := h.column[name]
		return there
	})
}
