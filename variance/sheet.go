package variance

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// What one file may hold, so that reading it takes bounded memory.
const (
	MaxLeaves   = 1_000_000
	maxBytes    = 512 << 20
	maxName     = 1_024  // bytes of a leaf's name
	maxProblems = 10_000 // named; the rest is counted
)

// sheet is a CSV file with a header and one leaf a row, and what is wrong with it.
type sheet struct {
	op       string
	in       *csv.Reader
	limit    *io.LimitedReader
	header   []string
	line     int            // of the row that was read last
	lines    map[string]int // of each leaf
	problems []string
	count    int // of problems, those that are not named among them
}

// open reads the header. Its names are as written, without the spaces around them.
func open(op string, in io.Reader) (*sheet, error) {
	limit := &io.LimitedReader{R: in, N: maxBytes}
	s := &sheet{op: op, in: csv.NewReader(limit), limit: limit, lines: map[string]int{}}
	s.in.FieldsPerRecord = -1
	header, err := s.in.Read()
	if errors.Is(err, io.EOF) {
		return nil, spend.Errorf(spend.KindInvalid, op, "the file is empty").WithHint("its first line names the columns")
	}
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, op, "line 1: %w", err).WithHint("the first line names the columns, separated by commas")
	}
	seen := map[string]bool{}
	for i, name := range header {
		if i == 0 {
			name = strings.TrimPrefix(name, "\ufeff")
		}
		name = strings.TrimSpace(name)
		if seen[name] {
			s.report(1, "column %.60q stands twice", name)
		}
		seen[name] = true
		s.header = append(s.header, name)
	}
	return s, nil
}

// report keeps a problem of a line.
func (s *sheet) report(line int, format string, args ...any) {
	if s.count++; s.count <= maxProblems {
		s.problems = append(s.problems, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
	}
}

// row gives the cells of the next row by column, nil at the end. Rows that cannot be
// read are reported and passed over.
func (s *sheet) row() (map[string]string, error) {
	for {
		cells, err := s.in.Read()
		var malformed *csv.ParseError
		switch {
		case errors.Is(err, io.EOF) && s.limit.N <= 0:
			return nil, spend.Errorf(spend.KindExhausted, s.op, "the file has %d bytes or more", maxBytes).WithHint("split it, or sum leaves first")
		case errors.Is(err, io.EOF):
			return nil, nil
		case errors.As(err, &malformed):
			s.report(malformed.StartLine, "%v", malformed.Err)
			continue
		case err != nil:
			return nil, spend.Errorf(spend.KindInvalid, s.op, "%w", err).WithHint("give a file that can be read")
		}
		s.line, _ = s.in.FieldPos(0)
		if len(cells) != len(s.header) {
			s.report(s.line, "it has %d cells, the header has %d", len(cells), len(s.header))
			continue
		}
		return s.named(cells), nil
	}
}

func (s *sheet) named(cells []string) map[string]string {
	row := make(map[string]string, len(cells))
	for i, name := range s.header {
		row[name] = cells[i]
	}
	return row
}

// leaf reads the name of a row's leaf: each stands once, and the sum has its own line.
func (s *sheet) leaf(row map[string]string) string {
	name := row["leaf"]
	first, twice := s.lines[name]
	switch {
	case name == "":
		s.report(s.line, "leaf: it has no name")
	case len(name) > maxName:
		s.report(s.line, "leaf: its name has %d bytes, more than %d", len(name), maxName)
	case name == total:
		s.report(s.line, "leaf: %q is the name of the last line of the answer; give the leaf another name", total)
	case twice:
		s.report(s.line, "leaf: %s stands on line %d too; a leaf has one row", clipped(name), first)
	default:
		s.lines[name] = s.line
	}
	return name
}

// number reads a cell, whose problem it reports.
func (s *sheet) number(row map[string]string, column string) (Number, bool) {
	n, err := ParseNumber(row[column])
	if err != nil {
		s.report(s.line, "%s: %v", column, err)
	}
	return n, err == nil
}

// checked reports the problems of a row that could be read.
func (s *sheet) checked(found []spend.Problem) {
	for _, p := range found {
		s.report(s.line, "%s", p)
	}
}

// err is every problem at once, nil when there is none.
func (s *sheet) err() error {
	if s.count == 0 {
		return nil
	}
	text := strings.Join(s.problems, "\n")
	if more := s.count - len(s.problems); more > 0 {
		text += fmt.Sprintf("\nand %d more", more)
	}
	return spend.Errorf(spend.KindInvalid, s.op, "%d problems, nothing was answered:\n%s", s.count, text).
		WithHint("mend the lines; bursar explain --help says what a file looks like")
}
