package paper

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/spend"
)

// Size is the paper that a report is printed on.
type Size string

// The sizes.
const (
	A4     Size = "a4"     // 210 by 297 mm
	Letter Size = "letter" // 8.5 by 11 inches
)

// Sizes lists them.
func Sizes() []Size { return []Size{A4, Letter} }

// PDF writes a report as pages of a size: a title page with what is said in short and the
// contents, then the sections with their charts and tables, each with its sources. The
// same report gives the same bytes.
//
// The pages are laid out twice, since the contents come first and name pages that are not
// laid out yet.
func PDF(w io.Writer, r *board.Pack, size Size) error {
	if !slices.Contains(Sizes(), size) {
		return spend.Errorf(spend.KindInvalid, "print the report", "%.40q is no size of paper", size).WithHint("a4 or letter")
	}
	first, err := laidOut(r, size, &layout{})
	if err != nil {
		return err
	}
	p, err := laidOut(r, size, &layout{pages: first.pdf.PageCount(), entries: first.entries})
	if err != nil {
		return err
	}
	return p.pdf.Output(w)
}

// layout is what an earlier pass found: how many pages there are, and what begins where.
type layout struct {
	pages   int
	entries []entry
}

// entry is a line of the contents.
type entry struct {
	title string
	level int // 0 for a section, 1 for a table
	page  int
}

func laidOut(r *board.Pack, size Size, known *layout) (*press, error) {
	p := newPress(r, size, known)
	p.titlePage()
	for i := range r.Sections {
		p.section(&r.Sections[i])
	}
	p.sources()
	p.missing()
	if err := p.pdf.Error(); err != nil {
		return nil, spend.Errorf(spend.KindInternal, "print the report", "%w", err).WithHint("ask for html, which a browser prints")
	}
	return p, nil
}

// titlePage says what the report is about, what it says in short, and where.
func (p *press) titlePage() {
	p.page()
	p.y += 14
	p.paragraph(p.report.Title, style{size: 26, bold: true})
	p.y += 3
	for i, line := range head(p.report) {
		p.paragraph(line, style{size: 11, bold: i == 0, grey: i == 1})
		p.y++
	}
	p.y += 6
	p.rule(p.y, 0.5)
	p.y += 4
	for i := range p.report.Sections {
		if s := &p.report.Sections[i]; len(s.Text) > 0 {
			p.paragraph(s.Text[0].Text, style{size: body})
			p.y += 1.5
		}
	}
	p.y += 6
	p.contents()
}

// contents lists sections and tables with their pages; each line leads there. They stand
// on one page, their own where the first has no room for them.
func (p *press) contents() {
	p.room(10 + float64(len(p.planned()))*style{size: body}.height())
	p.paragraph("Contents", style{size: 13, bold: true})
	p.y++
	for i, e := range p.planned() {
		s := style{size: body, bold: e.level == 0, indent: 5 * float64(e.level)}
		height := s.height()
		p.room(height)
		link := p.pdf.AddLink()
		p.links = append(p.links, link)
		p.pdf.Link(p.left(), p.y, p.wide(), height, link)
		page := ""
		if i < len(p.known.entries) {
			page = fmt.Sprint(p.known.entries[i].page)
		}
		p.set(s)
		p.say(p.left()+s.indent, s.baseline(p.y), p.fitted(e.title, p.wide()-s.indent-15))
		p.sayRight(p.right(), s.baseline(p.y), page)
		p.y += height
	}
}

// planned are the headings in the order in which they will be set.
func (p *press) planned() []entry {
	var all []entry
	for i := range p.report.Sections {
		s := &p.report.Sections[i]
		all = append(all, entry{title: s.Title})
		for k := range s.Tables {
			all = append(all, entry{title: s.Tables[k].Title, level: 1})
		}
	}
	return append(all, entry{title: sourcesTitle}, entry{title: missingTitle})
}

const (
	sourcesTitle = "Sources"
	missingTitle = "What is not there yet"
)

// heading sets a title with its bookmark, and ends the link of the contents that leads
// here.
func (p *press) heading(title string, level int) {
	p.pdf.Bookmark(p.signs(title), level, p.y)
	if n := len(p.entries); n < len(p.links) {
		p.pdf.SetLink(p.links[n], p.y, p.pdf.PageNo())
	}
	p.entries = append(p.entries, entry{title, level, p.pdf.PageNo()})
	if level > 0 {
		p.paragraph(title, style{size: 10.5, bold: true})
		p.y++
		return
	}
	p.paragraph(title, style{size: 15, bold: true})
	p.rule(p.y+0.5, 0.5)
	p.y += 3
}

func (p *press) section(s *board.Section) {
	if len(p.entries) == 0 {
		p.page()
	} else {
		p.y += 9
	}
	said := 0.0
	for _, sentence := range s.Text {
		said += p.heightOf(sentence.Text, style{size: lead}) + 1.5
	}
	needs := 12 + said
	if len(s.Tables) > 0 {
		first := s.Tables[0].Folded()
		needs += apart + p.placed(&first).needs()
	}
	p.room(needs)
	p.heading(s.Title, 0)
	for _, sentence := range s.Text {
		p.paragraph(sentence.Text, style{size: lead})
		p.y += 1.5
	}
	for i := range s.Tables {
		t := s.Tables[i].Folded()
		p.table(&t)
	}
}

// absolute reports whether a link leads somewhere from a page that lies anywhere.
func absolute(link string) bool {
	return strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://")
}

// sources lists the questions; the lines under tables lead here.
func (p *press) sources() {
	p.y += 9
	p.room(40)
	p.heading(sourcesTitle, 0)
	p.paragraph("Anyone with the right to read can ask each question again, on the command line or at its address below a server's.", style{size: small, grey: true})
	for i, s := range p.report.Sources {
		p.y += 2
		question, address := style{size: small, mono: true, indent: 7}, style{size: small, mono: true, indent: 7, grey: true}
		p.room(p.heightOf(s.Question, question) + p.heightOf(s.Link, address) + style{size: small}.height())
		if link, found := p.asked[s.ID]; found {
			p.pdf.SetLink(link, p.y, p.pdf.PageNo())
		}
		p.set(style{size: small, bold: true})
		p.say(p.left(), style{size: small}.baseline(p.y), fmt.Sprintf("[%d]", i+1))
		p.paragraph(s.Finality, style{size: small, indent: 7})
		p.paragraph(s.Question, question)
		top := p.y
		p.paragraph(s.Link, address)
		if absolute(s.Link) {
			p.pdf.LinkString(p.left(), top, p.wide(), p.y-top, s.Link)
		}
	}
}

// missing lists what the report leaves out.
func (p *press) missing() {
	p.y += 9
	p.room(30)
	p.heading(missingTitle, 0)
	for _, m := range p.report.Missing {
		p.paragraph(m.Part+": "+m.Why, style{size: body})
		p.y++
	}
	if p.spelt {
		p.y += 2
		p.paragraph("Signs that these letters lack are spelt by their number, as in [U+4E2D].", style{size: small, grey: true})
	}
}

// sourceLines say under a table where its figures are from and how final they are; they
// lead to the list of sources.
func (p *press) sourceLines(t *board.Table) {
	set := style{size: small, grey: true}
	for _, s := range sourcesOf(p.report, t) {
		link, found := p.asked[s.ID]
		if !found {
			link = p.pdf.AddLink()
			p.asked[s.ID] = link
		}
		height := p.heightOf(s.line(), set)
		p.room(height)
		p.pdf.Link(p.left(), p.y, p.wide(), height, link)
		p.paragraph(s.line(), set)
	}
}

// line is what stands under a table of a source.
func (c *cited) line() string {
	return fmt.Sprintf("Source [%d], %s: %s", c.Number, c.Finality, c.Question)
}
