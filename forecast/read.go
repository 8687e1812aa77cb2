package forecast

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// What one file may hold, so that reading it takes bounded memory.
const (
	MaxSeries   = 100_000
	MaxRows     = 5_000_000
	MaxSpan     = 1_000_000  // steps between the first index of a series and its last
	MaxSteps    = 10_000_000 // of all series together, gaps included
	maxBytes    = 512 << 20
	maxName     = 1_024  // bytes of a series' name
	maxProblems = 10_000 // named; the rest is counted
)

// point is one row of a file.
type point struct {
	index int64
	value float64
	line  int
}

// sheet is a file on its way in, and what is wrong with it.
type sheet struct {
	in       *csv.Reader
	limit    *io.LimitedReader
	column   [3]int // where series, index and value stand
	names    []string
	points   map[string][]point
	rows     int
	problems []string
	count    int // of problems, those that are not named among them
}

// Read reads a CSV file with the columns series, index and value, in any order: the index
// is a whole number, an index that is missing or has no value is a gap. Rows may come in
// any order; series keep that of their first row. The error lists every line that is wrong.
func Read(in io.Reader) ([]Series, error) {
	limit := &io.LimitedReader{R: in, N: maxBytes}
	s := &sheet{in: csv.NewReader(limit), limit: limit, points: map[string][]point{}}
	s.in.FieldsPerRecord = -1
	s.in.ReuseRecord = true
	if err := s.header(); err != nil {
		return nil, err
	}
	for {
		cells, line, err := s.row()
		if err != nil {
			return nil, err
		}
		if cells == nil {
			return s.series()
		}
		if err := s.read(cells, line); err != nil {
			return nil, err
		}
	}
}

// header finds the columns. A file with others is another file.
func (s *sheet) header() error {
	header, err := s.in.Read()
	if errors.Is(err, io.EOF) {
		return refused("the file is empty")
	}
	if err != nil {
		return refused("line 1: %w", err)
	}
	columns := []string{"series", "index", "value"}
	s.column = [3]int{-1, -1, -1}
	for i, name := range header {
		name = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		at := slices.Index(columns, name)
		switch {
		case at < 0:
			s.report(1, "column %.60q is not known; the columns are series, index and value", name)
		case s.column[at] >= 0:
			s.report(1, "column %.60q stands twice", name)
		default:
			s.column[at] = i
		}
	}
	for at, name := range columns {
		if s.column[at] < 0 {
			s.report(1, "column %s is missing", name)
		}
	}
	return s.err()
}

// row gives the next row and its line, nil at the end. Rows that cannot be read are
// reported and passed over.
func (s *sheet) row() ([]string, int, error) {
	for {
		cells, err := s.in.Read()
		var malformed *csv.ParseError
		switch {
		case errors.Is(err, io.EOF) && s.limit.N <= 0:
			return nil, 0, tooLarge("the file has %d bytes or more", maxBytes)
		case errors.Is(err, io.EOF):
			return nil, 0, nil
		case errors.As(err, &malformed):
			s.report(malformed.StartLine, "%v", malformed.Err)
			continue
		case err != nil:
			return nil, 0, refused("%w", err)
		}
		line, _ := s.in.FieldPos(0)
		if len(cells) != len(s.column) {
			s.report(line, "it has %d cells, the header has %d", len(cells), len(s.column))
			continue
		}
		return cells, line, nil
	}
}

// read keeps the point of a row, or reports each thing that is wrong with it.
func (s *sheet) read(cells []string, line int) error {
	if s.rows++; s.rows > MaxRows {
		return tooLarge("the file has more than %d rows", MaxRows)
	}
	name := cells[s.column[0]]
	before := s.count
	if name == "" || len(name) > maxName {
		s.report(line, "series: its name has %d bytes; 1 to %d are allowed", len(name), maxName)
	}
	index, err := strconv.ParseInt(strings.TrimSpace(cells[s.column[1]]), 10, 64)
	if err != nil {
		s.report(line, "index: %.60q is no whole number", cells[s.column[1]])
	}
	value, err := number(strings.TrimSpace(cells[s.column[2]]))
	if err != nil {
		s.report(line, "value: %.60q is no decimal of a size that can be reckoned with", cells[s.column[2]])
	}
	if s.count > before {
		return nil
	}
	known := s.points[name]
	if known == nil {
		if len(s.names) == MaxSeries {
			return tooLarge("the file has more than %d series", MaxSeries)
		}
		name = strings.Clone(name)
		s.names = append(s.names, name)
	}
	s.points[name] = append(known, point{index, value, line})
	return nil
}

// largest is how far from zero a value may lie, so that squares of sums stay finite.
const largest = 1e100

// number reads a value, NaN for an empty cell.
func number(cell string) (float64, error) {
	if cell == "" {
		return math.NaN(), nil
	}
	if strings.ContainsAny(cell, "xX_nN") { // hexadecimal, NaN and infinity
		return 0, strconv.ErrSyntax
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err == nil && math.Abs(v) > largest {
		err = strconv.ErrRange
	}
	return v, err
}

// report keeps a problem of a line.
func (s *sheet) report(line int, format string, args ...any) {
	if s.count++; s.count <= maxProblems {
		s.problems = append(s.problems, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
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
	return refused("%d problems, nothing was answered:\n%s", s.count, text)
}

func refused(format string, args ...any) error {
	return spend.Errorf(spend.KindInvalid, "read series", format, args...).
		WithHint("mend the lines; bursar forecast --help says what a file looks like")
}

func tooLarge(format string, args ...any) error {
	return spend.Errorf(spend.KindInvalid, "read series", format, args...).
		WithHint("split it, or leave out old values; what lies furthest back counts least")
}
