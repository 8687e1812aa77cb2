package paper

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/bursarhq/bursar/board"
)

// dataSheet holds what sources answered; all else are formulas over it.
const dataSheet = "Data"

// Spreadsheet writes a report as a workbook: a sheet of data, a row for each figure with
// its exact amount and its source, and a sheet for each section, whose figures refer to
// the data and whose columns and totals are live formulas. Numbers of a spreadsheet are
// floating point; the exact amount stands beside each as text.
func Spreadsheet(w io.Writer, r *board.Pack) error {
	b := &workbook{file: excelize.NewFile(), report: r, data: 1}
	b.keep(b.file.SetSheetName("Sheet1", dataSheet))
	b.line(dataSheet, 1, "Table", "Row", "Column", "Amount", "Exact", "Unit", "Source")
	for i := range r.Sections {
		b.section(&r.Sections[i])
	}
	b.sources()
	if b.err == nil {
		_, b.err = b.file.WriteTo(w)
	}
	if err := b.file.Close(); b.err == nil {
		b.err = err
	}
	return b.err
}

// workbook is being written; the first error is kept.
type workbook struct {
	file   *excelize.File
	report *board.Pack
	data   int // the last row of data
	err    error
}

func (b *workbook) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// line writes texts from the first column on. They are typed as texts, so that none is
// run as a formula.
func (b *workbook) line(sheet string, row int, texts ...string) {
	for k, text := range texts {
		b.keep(b.file.SetCellStr(sheet, at(k, row), text))
	}
}

func (b *workbook) section(s *board.Section) {
	_, err := b.file.NewSheet(s.Title)
	b.keep(err)
	row := 1
	for _, sentence := range s.Text {
		b.line(s.Title, row, sentence.Text)
		row++
	}
	for i := range s.Tables {
		row = b.table(s.Title, row+1, &s.Tables[i])
	}
	b.keep(b.file.SetColWidth(s.Title, "A", "A", 40))
	b.keep(b.file.SetColWidth(s.Title, "B", "J", 18))
}

// table writes a table below a row and gives the next free one.
func (b *workbook) table(sheet string, row int, t *board.Table) int {
	b.line(sheet, row, t.Title)
	heads := make([]string, len(t.Columns))
	for k, c := range t.Columns {
		heads[k] = heading(b.report, c)
	}
	b.line(sheet, row+1, heads...)
	p := &placed{Table: t, sheet: sheet, first: row + 2}
	for i, cells := range t.Rows {
		for k := range cells {
			b.cell(p, i, k)
		}
	}
	if t.Total != nil {
		for k := range t.Total {
			b.cell(p, len(t.Rows), k)
		}
	}
	b.line(sheet, p.total()+1, t.Note)
	return p.total() + 2
}

// placed is a table with its place on a sheet.
type placed struct {
	*board.Table
	sheet string
	first int // row of its first row
}

func (p *placed) total() int { return p.first + len(p.Rows) }

// cell writes one cell of a table: a name, a reference to the data, or a formula.
func (b *workbook) cell(p *placed, i, k int) {
	isTotal := i == len(p.Rows)
	cells := p.Total
	if !isTotal {
		cells = p.Rows[i]
	}
	c, name := &cells[k], at(k, p.first+i)
	switch {
	case c.Unit == board.Text:
		b.keep(b.file.SetCellStr(p.sheet, name, c.Text))
		return
	case !c.Amount.Valid:
		b.keep(b.file.SetCellStr(p.sheet, name, c.Shown))
		return
	case isTotal && (p.Columns[k].Rule == board.Given || p.Columns[k].Rule == board.Square):
		b.keep(b.file.SetCellFormula(p.sheet, name, fmt.Sprintf("SUM(%s:%s)", at(k, p.first), at(k, p.total()-1))))
	case p.Columns[k].Rule == board.Given:
		b.keep(b.file.SetCellFormula(p.sheet, name, b.datum(p, cells, k)))
	default:
		b.keep(b.file.SetCellFormula(p.sheet, name, p.formula(p.first+i, k)))
	}
	style, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: pattern(c)})
	b.keep(err)
	b.keep(b.file.SetCellStyle(p.sheet, name, name, style))
}

// datum adds a row of data and refers to it.
func (b *workbook) datum(p *placed, cells []board.Cell, k int) string {
	b.data++
	c := &cells[k]
	b.line(dataSheet, b.data, p.ID, cells[0].Text, p.Columns[k].Name, "", c.Amount.Amount.String(), string(c.Unit), b.asked(c.Source))
	b.keep(b.file.SetCellValue(dataSheet, at(3, b.data), c.Amount.Amount.Approx()))
	return dataSheet + "!" + at(3, b.data)
}

func (b *workbook) asked(id string) string {
	for _, s := range b.report.Sources {
		if s.ID == id {
			return s.Question + " (" + s.Finality + ")"
		}
	}
	return ""
}

// formula is how a cell follows from others of its row.
func (p *placed) formula(row, k int) string {
	c := p.Columns[k]
	first, second := at(c.Of[0], row), at(c.Of[1], row)
	switch c.Rule {
	case board.Change:
		return second + "-" + first
	case board.Growth:
		return fmt.Sprintf("(%s-%s)/%s", second, first, first)
	case board.Share:
		return first + "/" + at(c.Of[0], p.total())
	case board.Square:
		return "(" + first + "*100)^2"
	}
	return first + "/" + second
}

// pattern shows a number with as many decimals as the report does.
func pattern(c *board.Cell) *string {
	_, decimals, _ := strings.Cut(strings.TrimSuffix(c.Shown, " %"), ".")
	format := "#,##0"
	if decimals != "" {
		format += "." + strings.Repeat("0", len(decimals))
	}
	if c.Unit == board.Percent {
		format += "%"
	}
	return &format
}

// sources lists the questions, and what is left out.
func (b *workbook) sources() {
	const sheet = "Sources"
	_, err := b.file.NewSheet(sheet)
	b.keep(err)
	b.line(sheet, 1, "Question", "Link", "Finality")
	row := 2
	for _, s := range b.report.Sources {
		b.line(sheet, row, s.Question, s.Link, s.Finality)
		row++
	}
	b.line(sheet, row+1, "What is not there yet", "Why")
	for i, m := range b.report.Missing {
		b.line(sheet, row+2+i, m.Part, m.Why)
	}
}

// at names a cell: column 0 and row 1 are A1.
func at(column, row int) string { return string(rune('A'+column)) + fmt.Sprint(row) }
