package paper_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/board/boardtest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/paper"
	"github.com/bursarhq/bursar/variance"
)

func printed(t testing.TB, r *board.Pack, size paper.Size) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := paper.PDF(&file, r, size); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// long is a report of more teams and workflows than a page has lines, with long names.
func long(t testing.TB) *board.Pack {
	t.Helper()
	m := boardtest.Material(t)
	for i := range 70 {
		name := fmt.Sprintf("team-%02d-of-the-north-and-the-south-and-everything-between-them", i)
		m.Teams.Slices = append(m.Teams.Slices, variance.Slice{Keys: []string{name}, Before: money.Must("1234567.125"), After: money.Must("2345678.5")})
		row := m.Outcomes[1].Rows[0]
		row.Workflow = strings.Repeat("w", 60) + fmt.Sprint(i)
		m.Outcomes[1].Rows = append(m.Outcomes[1].Rows, row)
	}
	m.Teams.Total.After = money.Must("164197645.015")
	r, err := board.Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

// TestLinksLeadToTheServer gives sources an address: each form leads there.
func TestLinksLeadToTheServer(t *testing.T) {
	t.Parallel()
	r, err := board.Compose(boardtest.Material(t))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(printed(t, &r, paper.A4)), "/URI") {
		t.Error("a relative link leads out of the PDF")
	}
	const address = "https://bursar.example.com/api/v1/spend?by=seller"
	r.Sources = slices.Clone(r.Sources)
	r.Sources[1].Link = address
	if file := string(printed(t, &r, paper.A4)); !strings.Contains(file, "/URI ("+address+")") {
		t.Error("the PDF has no link to the server")
	}
	var text, sheet bytes.Buffer
	if err := paper.Markdown(&text, &r); err != nil || !strings.Contains(text.String(), "2. provisional: [`bursar … # vendors`](<"+address+">)") {
		t.Errorf("%v, Markdown has no link to the server:\n%s", err, &text)
	}
	if err := paper.Spreadsheet(&sheet, &r); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&sheet)
	if err != nil {
		t.Fatal(err)
	}
	if found, link, err := book.GetCellHyperLink("Sources", "B3"); err != nil || !found || link != address {
		t.Errorf("the workbook leads to %q, %v", link, err)
	}
	if found, _, err := book.GetCellHyperLink("Sources", "B2"); err != nil || found {
		t.Errorf("a relative link leads out of the workbook, %v", err)
	}
}

// TestPDFGolden holds what each page says, line by line, against a file.
func TestPDFGolden(t *testing.T) {
	t.Parallel()
	var got []string
	for i, page := range readPDF(t, printed(t, report(t), paper.A4)) {
		got = append(append(got, fmt.Sprintf("== page %d", i+1)), linesOf(page)...)
	}
	file := filepath.Join("testdata", "board.pdf.txt")
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), got); diff != "" {
		t.Errorf("the pages changed; -update if that is meant (-want +got):\n%s", diff)
	}
}

// TestPDFSaysWhatTheReportSays reads the pages back: each sentence, and each row of each
// table with its figures in their order.
func TestPDFSaysWhatTheReportSays(t *testing.T) {
	t.Parallel()
	for _, r := range []*board.Pack{report(t), long(t)} {
		saysTheReport(t, r, allOf(readPDF(t, printed(t, r, paper.Letter))))
	}
}

func saysTheReport(t *testing.T, r *board.Pack, all string) {
	t.Helper()
	for i := range r.Sections {
		for _, s := range r.Sections[i].Text {
			if !strings.Contains(all, s.Text) {
				t.Errorf("no page says %q", s.Text)
			}
		}
		for k := range r.Sections[i].Tables {
			found := r.Sections[i].Tables[k].Folded()
			for _, row := range append(slices.Clone(found.Rows), found.Total) {
				if want := figuresOf(row); !strings.Contains(all, want) {
					t.Errorf("%s: no line has %q", found.ID, want)
				}
			}
			for _, s := range r.Sources {
				if usedBy(&found, s.ID) && !strings.Contains(all, s.Finality+": "+s.Question) {
					t.Errorf("%s: its source %s stands nowhere", found.ID, s.ID)
				}
			}
		}
	}
}

// figuresOf are the cells of a row after its name, which may be broken over lines, and up
// to the next text.
func figuresOf(row []board.Cell) string {
	var b strings.Builder
	for k, c := range row {
		if k > 0 && c.Unit == board.Text {
			break
		} else if k == 0 {
			continue
		}
		b.WriteString(c.Shown + " ")
	}
	return b.String()
}

func usedBy(t *board.Table, id string) bool {
	for _, row := range t.Rows {
		for _, c := range row {
			if c.Amount.Valid && c.Source == id {
				return true
			}
		}
	}
	return false
}

// TestPDFContentsLead looks up each line of the contents on the page that it names.
func TestPDFContentsLead(t *testing.T) {
	t.Parallel()
	r := long(t)
	file := printed(t, r, paper.A4)
	pages := readPDF(t, file)
	contents := slices.Concat(linesOf(pages[0]), linesOf(pages[1])) // of the title page or the one behind it
	headings := 2
	for i := range r.Sections {
		headings += 1 + len(r.Sections[i].Tables)
		for _, title := range append([]string{r.Sections[i].Title}, titlesOf(&r.Sections[i])...) {
			at := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(title) + ` \| (\d+)$`).FindStringSubmatch(strings.Join(contents, "\n"))
			if at == nil {
				t.Errorf("the contents have no %q", title)
				continue
			}
			var page int
			if _, err := fmt.Sscan(at[1], &page); err != nil || page > len(pages) || !slices.Contains(linesOf(pages[page-1]), title) {
				t.Errorf("%q is not on page %s", title, at[1])
			}
		}
	}
	if got := bytes.Count(file, []byte("/Parent ")) - len(pages); got != headings {
		t.Errorf("%d bookmarks, want %d", got, headings)
	}
	if last := linesOf(pages[len(pages)-1]); !slices.ContainsFunc(last, func(l string) bool { return strings.HasSuffix(l, fmt.Sprintf("Page %d of %[1]d", len(pages))) }) {
		t.Errorf("the last page is not numbered %d: %q", len(pages), last)
	}
}

func titlesOf(s *board.Section) (titles []string) {
	for i := range s.Tables {
		titles = append(titles, s.Tables[i].Title)
	}
	return titles
}

// TestPDFIsTheSameAgain prints twice, and tells paper and properties apart.
func TestPDFIsTheSameAgain(t *testing.T) {
	t.Parallel()
	for size, box := range map[paper.Size]string{paper.A4: "[0 0 595.28 841.89]", paper.Letter: "[0 0 612.00 792.00]"} {
		first, second := printed(t, report(t), size), printed(t, report(t), size)
		if !bytes.Equal(first, second) {
			t.Errorf("%s: the same report gives other bytes", size)
		}
		for _, want := range []string{"/MediaBox " + box, "/CreationDate (D:20261120000000)", "/Producer (", "/Outlines "} {
			if !bytes.Contains(first, []byte(want)) {
				t.Errorf("%s: the file has no %s", size, want)
			}
		}
	}
	if err := paper.PDF(&bytes.Buffer{}, report(t), "a3"); err == nil {
		t.Error("an unknown size is printed")
	}
}

// FuzzPDF gives names that no font has, that never end, or that are markup of a PDF.
func FuzzPDF(f *testing.F) {
	f.Add("claims", "openai", int64(1))
	f.Add(") Tj ET (\\", "理赔\U0001F600\U00010000", int64(-1))
	f.Add(strings.Repeat("x", 4000), "\xff\x00\r\n", int64(1)<<62)
	f.Fuzz(func(t *testing.T, team, vendor string, amount int64) {
		m := boardtest.Material(t)
		m.Teams.Slices[0].Keys, m.Vendors.Rows[0].Keys = []string{team}, []string{vendor}
		m.Vendors.Rows[0].Values[0] = money.Known(money.FromInt(amount))
		r, err := board.Compose(m)
		if err != nil {
			t.Fatal(err)
		}
		for i, page := range readPDF(t, printed(t, &r, paper.A4)) {
			for _, s := range page {
				if s.x < 51 || s.x > 545 || s.y < 34 || s.y > 808 {
					t.Errorf("page %d: %q stands at %v, %v", i+1, s.text, s.x, s.y)
				}
			}
		}
	})
}
