package pricebook

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// maxProblems bounds how many problems one error lists.
const maxProblems = 20

// shortRow is the length of a short line, in bytes: a guess that spares the
// growing of long tables.
const shortRow = 128

// column is one field of a CSV file of T: how it is read and how it is written.
type column[T any] struct {
	name  string
	read  func(*T, string) error
	write func(*T) string
}

// ReadFacts reads facts from CSV. The first line names the columns, in any
// order; columns may be left out, unknown ones are refused. The error lists up
// to 20 problems with line and field; its kind is invalid.
func ReadFacts(r io.Reader) ([]Fact, error) {
	facts, err := readTable(r, "read price facts", factColumns())
	for i := range facts {
		facts[i].withDefaults()
	}
	return facts, err
}

// WriteFacts writes facts as CSV, in the order given, so that ReadFacts gives
// them back. The error is that of w.
func WriteFacts(w io.Writer, facts []Fact) error {
	return writeTable(w, factColumns(), facts)
}

// ReadAliases reads the dated alias table from CSV with the columns
// seller, match, kind, sku, region, valid_from, valid_to and note. The only kind
// is exact. The error lists up to 20 problems with line and field.
func ReadAliases(r io.Reader) ([]Alias, error) {
	return readTable(r, "read price aliases", aliasColumns())
}

// WriteAliases writes what ReadAliases reads. The error is that of w.
func WriteAliases(w io.Writer, aliases []Alias) error {
	return writeTable(w, aliasColumns(), aliases)
}

// table reads records of one CSV file and gathers what is wrong with them.
type table[T any] struct {
	csv      *csv.Reader
	columns  []column[T] // by position in the file
	rows     []T
	words    map[string]string // those of the rows, each kept once: a long table repeats itself
	block    *strings.Builder  // that the words are written in, one behind the other
	problems []string
}

func readTable[T any](r io.Reader, op string, columns []column[T]) ([]T, error) {
	t := &table[T]{csv: csv.NewReader(r), words: map[string]string{}, block: &strings.Builder{}}
	t.csv.ReuseRecord = true
	if sized, ok := r.(interface{ Len() int }); ok {
		t.rows = make([]T, 0, sized.Len()/shortRow)
	}
	if err := t.header(columns); err != nil {
		return nil, spend.Errorf(spend.KindInvalid, op, "%w", err).
			WithHint("the first line must name the columns: %s", strings.Join(names(columns), ","))
	}
	for len(t.problems) < maxProblems {
		record, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, spend.Errorf(spend.KindInvalid, op, "%w", errors.Join(listed(t.problems), err))
		}
		t.row(record)
	}
	if len(t.problems) > 0 {
		return nil, spend.Errorf(spend.KindInvalid, op, "%w", listed(t.problems)).WithHint("correct these lines and read the file again")
	}
	return t.rows, nil
}

func (t *table[T]) header(columns []column[T]) error {
	record, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, name := range record {
		name = strings.TrimPrefix(name, "\ufeff")
		i := slices.IndexFunc(columns, func(c column[T]) bool { return c.name == name })
		if i < 0 || seen[name] {
			return fmt.Errorf("line 1: column %.40q is unknown or twice there", name)
		}
		seen[name] = true
		t.columns = append(t.columns, columns[i])
	}
	return nil
}

func (t *table[T]) row(record []string) {
	t.rows = append(t.rows, *new(T))
	row := &t.rows[len(t.rows)-1]
	for i, text := range record {
		if text == "" {
			continue
		}
		if err := t.columns[i].read(row, t.word(text)); err != nil {
			line, _ := t.csv.FieldPos(i)
			t.problems = append(t.problems, fmt.Sprintf("line %d, %s: %v", line, t.columns[i].name, err))
		}
	}
}

// blockBytes is the length of a block of words: tens of thousands of small strings would
// be as many things for the collector to look at.
const blockBytes = 16 << 10

// word gives a word of the table that does not hold its line in memory.
func (t *table[T]) word(text string) string {
	word, known := t.words[text]
	if known {
		return word
	}
	if t.block.Len()+len(text) > t.block.Cap() {
		t.block = &strings.Builder{}
		t.block.Grow(max(blockBytes, len(text)))
	}
	at := t.block.Len()
	t.block.WriteString(text)
	word = t.block.String()[at:]
	t.words[word] = word
	return word
}

func writeTable[T any](w io.Writer, columns []column[T], rows []T) error {
	out := csv.NewWriter(w)
	record := make([]string, len(columns))
	copy(record, names(columns))
	if err := out.Write(record); err != nil {
		return err
	}
	for i := range rows {
		for j, c := range columns {
			record[j] = c.write(&rows[i])
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func names[T any](columns []column[T]) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.name
	}
	return all
}

// listed makes one error of many problems, one a line, and says how many more
// there are. Nil for none.
func listed(problems []string) error {
	switch n := len(problems); {
	case n == 0:
		return nil
	case n == 1:
		return errors.New(problems[0])
	case n > maxProblems:
		problems = append(problems[:maxProblems:maxProblems], fmt.Sprintf("and %d more", n-maxProblems))
		fallthrough
	default:
		return fmt.Errorf("%d problems:\n  %s", n, strings.Join(problems, "\n  "))
	}
}
