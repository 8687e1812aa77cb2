package vendor

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

const (
	maxFile   = 128 << 20 // bytes
	maxHeader = 64 << 10
	maxShown  = 40 // columns, and letters of one, in a message
)

// table is a CSV file with a header.
type table struct {
	csv    *csv.Reader
	names  []string       // as they are written
	column map[string]int // by their plain names
}

// plain is a column's name without what differs between two downloads: case, and
// spaces around and within.
func plain(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// openTable reads the header. The delimiter is the one that cuts it into most columns.
func openTable(in io.Reader) (*table, error) {
	b := bufio.NewReaderSize(io.LimitReader(in, maxFile+1), maxHeader)
	head, err := b.Peek(maxHeader)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, broken(err)
	}
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, mark) {
		_, _ = b.Discard(len(mark)) // they are in the buffer
		head = head[len(mark):]
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read export", "the file is no text in UTF-8").
			WithHint("save it as CSV UTF-8; a spreadsheet program may have kept another form")
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	t := &table{csv: csv.NewReader(b), column: map[string]int{}}
	t.csv.FieldsPerRecord, t.csv.ReuseRecord = -1, true
	t.csv.Comma = ','
	for _, d := range ";\t" {
		if bytes.Count(line, []byte(string(d))) > bytes.Count(line, []byte(string(t.csv.Comma))) {
			t.csv.Comma = d
		}
	}
	return t, t.header()
}

func (t *table) header() error {
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

// next gives the next row; one that is torn comes with its problem.
func (t *table) next() (*row, error) {
	cells, err := t.csv.Read()
	number, _ := 0, 0
	if len(cells) > 0 {
		number, _ = t.csv.FieldPos(0)
	}
	r := &row{table: t, cells: cells, number: int64(number)}
	var torn *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil, t.end()
	case errors.As(err, &torn):
		r.number, r.cells = int64(torn.StartLine), []string{fmt.Sprint(torn.StartLine)}
		r.bad("", "has a quote that does not end, or one within a cell")
	case err != nil:
		return nil, broken(err)
	case len(cells) != len(t.names):
		r.bad("", "has %d cells where the header has %d", len(cells), len(t.names))
	}
	return r, nil
}

// end is the end of the file, or of what is read of one.
func (t *table) end() error {
	if t.csv.InputOffset() > maxFile {
		return spend.Errorf(spend.KindExhausted, "read export", "the file is longer than %d MiB", maxFile>>20).
			WithHint("download fewer days at once; each day is complete in one file")
	}
	return io.EOF
}

func broken(err error) error {
	return spend.Errorf(spend.KindUnavailable, "read export", "it broke off: %w", err).WithHint("nothing of it is booked; import it again")
}

// quoted lists names for a message, cut to a length that a person reads.
func quoted(names []string) string {
	shown := make([]string, 0, min(len(names), maxShown))
	for _, n := range names[:min(len(names), maxShown)] {
		if letters := []rune(n); len(letters) > maxShown {
			n = string(letters[:maxShown]) + "…"
		}
		shown = append(shown, fmt.Sprintf("%q", n))
	}
	list := strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

// missing are the names of columns that the table does not have.
func (t *table) missing(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, there := t.column[name]
		return there
	})
}
