package pricebook

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Lineage says that a model is one step of a product line: its successor takes its
// place, so a move from one to the other is a migration and no change of price.
type Lineage struct {
	Line   string // "openai/flagship"
	Model  string // canonical identity without version, "openai/gpt-5.5"
	Since  time.Time
	Source Source
	Note   string // one line for a reader
}

func (l *Lineage) problems() (found []string) {
	complain := func(wrong bool, msg string) {
		if wrong {
			found = append(found, fmt.Sprintf("lineage of %s: %s", l.Model, msg))
		}
	}
	complain(l.Line == "" || l.Model == "", "line and model must not be empty")
	complain(l.Since.IsZero(), "the day of its launch is missing")
	return found
}

// WithLineage gives the same book with the product lines of models, which change no
// price and no hash. The error, of kind invalid, lists what is wrong with them.
func (b *Book) WithLineage(steps []Lineage) (*Book, error) {
	lined := *b
	lined.lineage = slices.Clone(steps)
	lined.lines, lined.families = make(map[string]string, len(steps)), map[string]string{}
	var problems []string
	for i := range steps {
		l := &steps[i]
		problems = append(problems, l.problems()...)
		if other, taken := lined.lines[l.Model]; taken && other != l.Line {
			problems = append(problems, fmt.Sprintf("lineage of %s: it is in %s and in %s", l.Model, other, l.Line))
		}
		lined.lines[l.Model] = l.Line
		lined.family(l)
	}
	if len(problems) > 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read lineage of models", "%w", listed(problems)).
			WithHint("correct these lines; nothing was loaded")
	}
	return &lined, nil
}

// family notes the line of a family; one with models in several lines has none.
func (b *Book) family(l *Lineage) {
	c := Canonical(l.Model)
	name := c.Developer + "/" + c.Family
	if line, known := b.families[name]; known && line != l.Line {
		b.families[name] = ""
		return
	}
	b.families[name] = l.Line
}

// Lineage gives the steps of all product lines, by line and day of launch.
func (b *Book) Lineage() []Lineage { return slices.Clone(b.lineage) }

// Line gives the product line of a model "developer/name": that of its lineage, or of
// its family's, or else its developer and family. A nil book knows no lineage.
//
// Example: gpt-5.5 and gpt-5.6-sol are both of openai/flagship, and so is gpt-5.1, which
// no lineage names; mistral-large-2512 is of mistral/mistral-large.
func (b *Book) Line(developer, family, model string) string {
	if b != nil {
		if line := b.lines[model]; line != "" {
			return line
		}
		if line := b.families[developer+"/"+family]; line != "" {
			return line
		}
	}
	return developer + "/" + family
}

// ReadLineage reads steps of product lines from CSV with the columns line, model,
// since, source, checked and note. The error lists up to 20 problems with line and field.
func ReadLineage(r io.Reader) ([]Lineage, error) {
	return readTable(r, "read lineage of models", lineageColumns())
}

// WriteLineage writes what ReadLineage reads. The error is that of w.
func WriteLineage(w io.Writer, steps []Lineage) error {
	return writeTable(w, lineageColumns(), steps)
}

func lineageColumns() []column[Lineage] {
	return []column[Lineage]{
		text("line", func(l *Lineage) *string { return &l.Line }),
		text("model", func(l *Lineage) *string { return &l.Model }),
		instant("since", func(l *Lineage) *time.Time { return &l.Since }),
		text("source", func(l *Lineage) *string { return &l.Source.Ref }),
		instant("checked", func(l *Lineage) *time.Time { return &l.Source.Checked }),
		text("note", func(l *Lineage) *string { return &l.Note }),
	}
}
