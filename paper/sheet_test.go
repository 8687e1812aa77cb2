package paper_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/board/boardtest"
	"github.com/bursarhq/bursar/paper"
)

// TestFormulasGiveTheFigures evaluates every cell of every table and sets it against the
// report, and what is kept of it for programs that do not count as well.
func TestFormulasGiveTheFigures(t *testing.T) {
	t.Parallel()
	r := report(t)
	var book bytes.Buffer
	if err := paper.Spreadsheet(&book, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	formulas := 0
	for i := range r.Sections {
		s := &r.Sections[i]
		rows, err := f.GetRows(s.Title)
		if err != nil {
			t.Fatal(err)
		}
		for k := range s.Tables {
			formulas += evaluated(t, f, s.Title, rows, &s.Tables[k])
		}
	}
	if formulas < 80 {
		t.Errorf("only %d figures are formulas", formulas)
	}
}

// evaluated checks one table and says how many of its cells are formulas.
func evaluated(t *testing.T, f *excelize.File, sheet string, rows [][]string, table *board.Table) (formulas int) {
	t.Helper()
	title := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == table.Title })
	if title < 0 {
		t.Fatalf("%s has no table %q", sheet, table.Title)
	}
	for i, cells := range append(slices.Clone(table.Rows), table.Total) {
		for k, c := range cells {
			if !c.Amount.Valid {
				continue
			}
			name, err := excelize.CoordinatesToCellName(k+1, title+3+i)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := f.GetCellFormula(sheet, name); err == nil && formula != "" {
				formulas++
			}
			kept, err := f.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
			if near(t, kept, &c); err != nil {
				t.Error(err)
			}
			text, err := f.CalcCellValue(sheet, name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatalf("%s!%s: %v", sheet, name, err)
			}
			near(t, text, &c)
		}
	}
	return formulas
}

// near sets a figure of a sheet, which is floating point, against the report's.
func near(t *testing.T, text string, c *board.Cell) {
	t.Helper()
	got, err := strconv.ParseFloat(text, 64)
	if want := c.Amount.Amount.Approx(); err != nil || math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
		t.Errorf("a sheet has %q, the report %v", text, c.Amount)
	}
}

// FuzzSpreadsheet gives names that a workbook could take for formulas or break on: they
// stay texts.
func FuzzSpreadsheet(f *testing.F) {
	f.Add("=1+1", "openai")
	f.Add("@SUM(A1)", "\x00\xff<c>&\r\n")
	f.Add(strings.Repeat("x", 40_000), "+1")
	f.Fuzz(func(t *testing.T, team, vendor string) {
		m := boardtest.Material(t)
		m.Teams.Slices[0].Keys, m.Vendors.Rows[0].Keys = []string{team}, []string{vendor}
		r, err := board.Compose(m)
		if err != nil {
			t.Fatal(err)
		}
		var book bytes.Buffer
		if err := paper.Spreadsheet(&book, &r); err != nil {
			t.Fatal(err)
		}
		read, err := excelize.OpenReader(&book)
		if err != nil {
			t.Fatal(err)
		}
		defer read.Close()
		for _, sheet := range []string{"Spend", "On whom we lean"} {
			rows, err := read.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for i := range rows {
				if formula, err := read.GetCellFormula(sheet, fmt.Sprintf("A%d", i+1)); err != nil || formula != "" {
					t.Errorf("%s: the name in row %d is the formula %q", sheet, i+1, formula)
				}
			}
		}
	})
}
