//go:build office

package paper_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/paper"
)

// run runs a program of the office packages and gives what it wrote.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v %s; apt-get install libreoffice-calc-nogui poppler-utils", name, err, failed.String())
	}
	return out
}

// words is what pdftotext tells of the places of words, in points from the upper left.
type words struct {
	Pages []struct {
		Width  float64 `xml:"width,attr"`
		Height float64 `xml:"height,attr"`
		Words  []word  `xml:"word"`
	} `xml:"body>doc>page"`
}

type word struct {
	Left   float64 `xml:"xMin,attr"`
	Top    float64 `xml:"yMin,attr"`
	Right  float64 `xml:"xMax,attr"`
	Bottom float64 `xml:"yMax,attr"`
	Text   string  `xml:",chardata"`
}

// covers says whether words lie on each other; boxes reach above and below letters.
func (w *word) covers(o *word) bool {
	across := min(w.Right, o.Right) - max(w.Left, o.Left)
	down := min(w.Bottom, o.Bottom) - max(w.Top, o.Top)
	return across > 0.3 && down > 0.4*min(w.Bottom-w.Top, o.Bottom-o.Top)
}

// TestOfficePages renders the pages as pictures and looks at them: none is empty, nothing
// leaves the margins, no word lies on another, charts have ink, and the text is that of
// the tables.
func TestOfficePages(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*board.Pack{"small": report(t), "long": long(t)} {
		for _, size := range paper.Sizes() {
			t.Run(name+" on "+string(size), func(t *testing.T) {
				t.Parallel()
				folder := t.TempDir()
				file := filepath.Join(folder, "board.pdf")
				written := printed(t, r, size)
				if err := os.WriteFile(file, written, 0o600); err != nil {
					t.Fatal(err)
				}
				var found words
				if err := xml.Unmarshal(run(t, "pdftotext", "-bbox", file, "-"), &found); err != nil {
					t.Fatal(err)
				}
				run(t, "pdftoppm", "-r", "72", "-gray", file, filepath.Join(folder, "page"))
				pictures, err := filepath.Glob(filepath.Join(folder, "page-*.pgm"))
				if want := len(readPDF(t, written)); err != nil || len(pictures) != want || len(found.Pages) != want {
					t.Fatalf("%d pictures and %d pages, want %d", len(pictures), len(found.Pages), want)
				}
				charts := 0
				for i := range found.Pages {
					charts += lookAt(t, i+1, pictureOf(t, pictures[i]), found.Pages[i].Words)
				}
				if want := chartsOf(r); charts != want {
					t.Errorf("%d charts are drawn, want %d", charts, want)
				}
				saysAll(t, r, &found)
			})
		}
	}
}

func chartsOf(r *board.Pack) (n int) {
	for i := range r.Sections {
		for k := range r.Sections[i].Tables {
			if r.Sections[i].Tables[k].Chart != "" {
				n++
			}
		}
	}
	return n
}

// gray is a picture with 72 dots an inch, so that a dot is a point.
type gray struct {
	width, height int
	dots          []byte
}

func pictureOf(t *testing.T, file string) *gray {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var g gray
	if n, err := fmt.Sscanf(string(raw[:min(len(raw), 40)]), "P5\n%d %d\n255\n", &g.width, &g.height); n != 2 || err != nil {
		t.Fatalf("%s is no picture: %v", file, err)
	}
	g.dots = raw[len(raw)-g.width*g.height:]
	return &g
}

// ink counts the dots of a rectangle that are darker than a shade.
func (g *gray) ink(left, top, right, bottom int, shade byte) (n int) {
	for y := max(0, top); y < min(bottom, g.height); y++ {
		for x := max(0, left); x < min(right, g.width); x++ {
			if g.dots[y*g.width+x] < shade {
				n++
			}
		}
	}
	return n
}

// longest is the longest row of dark dots four high in a rectangle; letters have short
// ones, and lines are not as high.
func (g *gray) longest(left, top, right, bottom int) (most int) {
	for y := top; y < bottom; y++ {
		row := 0
		for x := left; x < right; x++ {
			row++
			if g.ink(x, y, x+1, y+4, 81) < 4 {
				row = 0
			}
			most = max(most, row)
		}
	}
	return most
}

// lookAt looks at one page, and gives how many charts it has.
func lookAt(t *testing.T, page int, g *gray, all []word) (charts int) {
	t.Helper()
	const side, above, below = 50, 24, 24
	within := g.ink(side, above, g.width-side, g.height-below, 240)
	if outside := g.ink(0, 0, g.width, g.height, 240) - within; outside > 0 {
		t.Errorf("page %d: %d dots are outside the margins", page, outside)
	}
	if g.ink(side, 60, g.width-side, g.height-60, 160) < 500 {
		t.Errorf("page %d is empty between its running lines", page)
	}
	for i := range all {
		for k := range all[:i] {
			if all[i].covers(&all[k]) {
				t.Errorf("page %d: %q lies on %q", page, all[i].Text, all[k].Text)
			}
		}
		if w := &all[i]; w.Text == "Hatched:" { // the legend below a chart
			charts++
			if longest := g.longest(160, int(w.Top)-60, g.width-side, int(w.Top)); longest < 15 {
				t.Errorf("page %d: the longest bar above %q has %d dots", page, w.Text, longest)
			}
		}
	}
	return charts
}

// saysAll looks for whatever tables show among the words of the pages.
func saysAll(t *testing.T, r *board.Pack, found *words) {
	t.Helper()
	said := map[string]bool{}
	for i := range found.Pages {
		for _, w := range found.Pages[i].Words {
			said[w.Text] = true
		}
	}
	for i := range r.Sections {
		for k := range r.Sections[i].Tables {
			table := r.Sections[i].Tables[k].Folded()
			for _, row := range append(slices.Clone(table.Rows), table.Total) {
				for _, c := range row {
					if c.Unit == board.Text {
						continue
					}
					for _, part := range strings.Fields(c.Shown) {
						if !said[part] {
							t.Errorf("%s: no page says %q", table.ID, c.Shown)
						}
					}
				}
			}
		}
	}
}

// always makes LibreOffice count every formula of a file anew.
const always = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// recalculated is a workbook as LibreOffice saves it, all of it counted anew.
func recalculated(t *testing.T, book *excelize.File) *excelize.File {
	t.Helper()
	folder := t.TempDir()
	profile := filepath.Join(folder, "profile", "user")
	if err := os.MkdirAll(profile, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "registrymodifications.xcu"), []byte(always), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "board.xlsx")
	if err := book.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	run(t, "soffice", "-env:UserInstallation=file://"+filepath.Dir(profile), "--headless", "--norestore",
		"--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(folder, "again"), file)
	again, err := excelize.OpenFile(filepath.Join(folder, "again", "board.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

// TestOfficeWorkbook has LibreOffice count the workbook, as it is and with all money of
// its data doubled, so that no figure can be one that was only kept.
func TestOfficeWorkbook(t *testing.T) {
	t.Parallel()
	r := report(t)
	var file bytes.Buffer
	if err := paper.Spreadsheet(&file, r); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if n := sameFigures(t, recalculated(t, book), r, 1); n < 90 {
		t.Errorf("only %d figures were looked at", n)
	}
	rows, err := book.GetRows("Data", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows[1:] {
		if v, err := strconv.ParseFloat(row[3], 64); err == nil && (row[5] == string(board.Money) || row[5] == string(board.Each)) {
			if err := book.SetCellValue("Data", fmt.Sprintf("D%d", i+2), 2*v); err != nil {
				t.Fatal(err)
			}
		}
	}
	sameFigures(t, recalculated(t, book), r, 2)
}

// sameFigures sets every figure of a workbook against the report's, whose money is times
// as much, and gives how many there are.
func sameFigures(t *testing.T, book *excelize.File, r *board.Pack, times float64) (n int) {
	t.Helper()
	for i := range r.Sections {
		s := &r.Sections[i]
		rows, err := book.GetRows(s.Title, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for k := range s.Tables {
			table := &s.Tables[k]
			at := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == table.Title })
			for j, cells := range append(slices.Clone(table.Rows), table.Total) {
				for c := range cells {
					if cells[c].Amount.Valid {
						n++
						sameFigure(t, rows[at+2+j][c], &cells[c], times)
					}
				}
			}
		}
	}
	return n
}

func sameFigure(t *testing.T, text string, c *board.Cell, times float64) {
	t.Helper()
	want := c.Amount.Amount.Approx()
	if c.Unit == board.Money || c.Unit == board.Each {
		want *= times
	}
	if got, err := strconv.ParseFloat(text, 64); err != nil || math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
		t.Errorf("LibreOffice has %q, the report %v: %s", text, want, c.Shown)
	}
}
