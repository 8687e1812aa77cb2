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
	b.lay(dataSheet)
	b.keep(b.file.SetColWidth(dataSheet, "A", "G", 18))
	b.line(dataSheet, 1, "Table", "Row", "Column", "Amount", "Exact", "Unit", "Source")
	for i := range r.Sections {
		b.section(&r.Sections[i])
	}
	b.sources()
	b.file.SetActiveSheet(min(1, len(r.Sections)))
	anew := true
	b.keep(b.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &anew}))
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

// section writes a sheet. Its figures stand beside their formulas, for what shows a
// workbook and does not count.
func (b *workbook) section(s *board.Section) {
	name := sheetName(s.Title)
	_, err := b.file.NewSheet(name)
	b.keep(err)
	b.lay(name)
	sheet, err := b.file.NewStreamWriter(name)
	b.keep(err)
	if b.err != nil {
		return
	}
	b.keep(sheet.SetColWidth(1, 1, 40))
	b.keep(sheet.SetColWidth(2, 10, 18))
	row := 1
	for _, sentence := range s.Text {
		b.keep(sheet.SetRow(at(0, row), []any{sentence.Text}))
		row++
	}
	for i := range s.Tables {
		row = b.table(sheet, row+1, &s.Tables[i])
	}
	b.keep(sheet.Flush())
}

// lay has a sheet printed across the page, as wide as that is.
func (b *workbook) lay(sheet string) {
	fits, wide, high, across := true, 1, 0, "landscape"
	b.keep(b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fits}))
	b.keep(b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &across, FitToWidth: &wide, FitToHeight: &high}))
}

// sheetName is a title as the name of a sheet may be: of 31 letters, without some signs.
func sheetName(title string) string {
	letters := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, title))
	return string(letters[:min(len(letters), 31)])
}

// table writes a table below a row and gives the next free one.
func (b *workbook) table(sheet *excelize.StreamWriter, row int, t *board.Table) int {
	heads := make([]any, len(t.Columns))
	for k, c := range t.Columns {
		s := &excelize.Style{Font: bold(), Alignment: &excelize.Alignment{WrapText: true}}
		if c.Unit != board.Text {
			s.Alignment.Horizontal = "right"
		} else if k > 0 {
			s.Alignment.Horizontal, s.Alignment.Indent = "left", 1
		}
		heads[k] = excelize.Cell{StyleID: b.style(s), Value: heading(b.report, c)}
	}
	b.keep(sheet.SetRow(at(0, row), []any{excelize.Cell{StyleID: b.style(&excelize.Style{Font: bold()}), Value: t.Title}}))
	b.keep(sheet.SetRow(at(0, row+1), heads))
	p := &placed{Table: t, first: row + 2}
	for i, cells := range t.Rows {
		b.row(sheet, p, i, cells)
	}
	if t.Total != nil {
		b.row(sheet, p, len(t.Rows), t.Total)
	}
	b.keep(sheet.SetRow(at(0, p.total()+1), []any{t.Note}))
	return p.total() + 2
}

// placed is a table with its place on a sheet.
type placed struct {
	*board.Table
	first int // row of its first row
}

func (p *placed) total() int { return p.first + len(p.Rows) }

func (b *workbook) row(sheet *excelize.StreamWriter, p *placed, i int, cells []board.Cell) {
	out := make([]any, len(cells))
	for k := range cells {
		out[k] = b.cell(p, i, k, cells)
	}
	b.keep(sheet.SetRow(at(0, p.first+i), out))
}

// cell is one cell of a table: a name, a reference to the data, or a formula.
func (b *workbook) cell(p *placed, i, k int, cells []board.Cell) excelize.Cell {
	isTotal := i == len(p.Rows)
	c, s := &cells[k], &excelize.Style{}
	if isTotal {
		s.Font = bold()
	}
	if k > 0 && c.Unit == board.Text {
		s.Alignment = &excelize.Alignment{Horizontal: "left", Indent: 1}
	}
	switch {
	case c.Unit == board.Text:
		return excelize.Cell{StyleID: b.style(s), Value: c.Text}
	case !c.Amount.Valid:
		s.Alignment = &excelize.Alignment{Horizontal: "right"}
		return excelize.Cell{StyleID: b.style(s), Value: c.Shown}
	}
	s.CustomNumFmt = pattern(c)
	out := excelize.Cell{StyleID: b.style(s), Value: c.Amount.Amount.Approx()}
	switch {
	case isTotal && (p.Columns[k].Rule == board.Given || p.Columns[k].Rule == board.Square):
		out.Formula = fmt.Sprintf("SUM(%s:%s)", at(k, p.first), at(k, p.total()-1))
	case p.Columns[k].Rule == board.Given:
		out.Formula = b.datum(p, cells, k)
	default:
		out.Formula = p.formula(p.first+i, k)
	}
	return out
}

func bold() *excelize.Font { return &excelize.Font{Bold: true, Family: "Calibri", Size: 11} }

func (b *workbook) style(s *excelize.Style) int {
	id, err := b.file.NewStyle(s)
	b.keep(err)
	return id
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
	b.lay(sheet)
	b.keep(b.file.SetColWidth(sheet, "A", "B", 80))
	b.line(sheet, 1, "Question", "Link", "Finality")
	row := 2
	for _, s := range b.report.Sources {
		b.line(sheet, row, s.Question, s.Link, s.Finality)
		if absolute(s.Link) {
			b.keep(b.file.SetCellHyperLink(sheet, at(1, row), s.Link, "External"))
		}
		row++
	}
	b.line(sheet, row+1, "What is not there yet", "Why")
	for i, m := range b.report.Missing {
		b.line(sheet, row+2+i, m.Part, m.Why)
	}
}

// at names a cell: column 0 and row 1 are A1.
func at(column, row int) string { return string(rune('A'+column)) + fmt.Sprint(row) }
