package paper

import (
	"strings"

	"github.com/bursarhq/bursar/board"
)

// The measures of a table, in millimetres, and its letters, in points: the largest with
// which it fits.
const (
	padding    = 1.3  // left and right in a cell
	gutter     = 3    // more, before texts beside figures
	leading    = 0.9  // above and below
	narrowest  = 30   // a column of texts, where it has as much to say
	keptOnPage = 3    // rows that stay with their heading
	apart      = 4    // above a title
	whole      = 0.65 // of a page: a table that is no higher is not broken
)

func letters() []float64 { return []float64{8.5, 8, 7.5, 7, 6.5, 6} }

// grid is a table with its place on paper: the width of each column, and the lines of
// each cell.
type grid struct {
	*board.Table
	press  *press
	size   float64
	widths []float64
	chart  *picture
}

// placed finds the largest letters with which a table is no wider than the page. Where
// even the smallest are too large, figures are broken rather than cut.
func (p *press) placed(t *board.Table) *grid {
	g := &grid{Table: t, press: p, chart: bars(*t)}
	for _, g.size = range letters() {
		if g.measure() {
			return g
		}
	}
	sum := 0.0
	for _, w := range g.widths {
		sum += w
	}
	for k := range g.widths {
		g.widths[k] *= p.wide() / sum
	}
	return g
}

// measure gives each column of figures what it needs, those of texts what is left, and
// says whether that is enough.
func (g *grid) measure() bool {
	least, wanted := make([]float64, len(g.Columns)), make([]float64, len(g.Columns))
	for k, c := range g.Columns {
		wanted[k] = g.widest(k)
		least[k] = wanted[k]
		if c.Unit == board.Text {
			least[k] = min(wanted[k], narrowest)
		}
	}
	free := g.press.wide() - total(least)
	if g.widths = least; free < 0 {
		return false
	}
	more := total(wanted) - total(least)
	for k := range least {
		if more > 0 {
			least[k] += (wanted[k] - least[k]) * min(1, free/more)
		}
	}
	if free > more {
		scale := g.press.wide() / total(least)
		for k := range least {
			least[k] *= scale
		}
	}
	return true
}

// widest is the width of the widest cell of a column; a heading may break between words.
func (g *grid) widest(k int) float64 {
	g.press.set(style{size: g.size, bold: true})
	most := 0.0
	for _, word := range strings.Fields(heading(g.press.report, g.Columns[k])) {
		most = max(most, g.press.width(word))
	}
	if g.Total != nil {
		most = max(most, g.press.width(g.Total[k].Shown))
	}
	g.press.set(style{size: g.size})
	for _, row := range g.Rows {
		most = max(most, g.press.width(row[k].Shown))
	}
	return most + g.before(k) + padding + 0.1
}

// before is the space on the left of what a column says.
func (g *grid) before(k int) float64 {
	if k > 0 && g.Columns[k].Unit == board.Text {
		return padding + gutter
	}
	return padding
}

// lines are those that a cell needs.
func (g *grid) lines(k int, text string) []string {
	return g.press.wrapped(text, g.widths[k]-g.before(k)-padding)
}

func total(all []float64) (sum float64) {
	for _, v := range all {
		sum += v
	}
	return sum
}

// needs is the height of all that stays together: a table that is not high, or the title,
// the chart, the heading and the first rows.
func (g *grid) needs() float64 {
	height := 8 + g.chartHeight() + g.height(g.heads(), true)
	all := height + g.tail()
	for i, row := range g.Rows {
		all += g.height(shownOf(row), false)
		if i < keptOnPage {
			height += g.height(shownOf(row), false)
		}
	}
	if all <= whole*(g.press.end()-top) {
		return all
	}
	return height
}

// tail is the height of what stays with the last row: total, note and sources.
func (g *grid) tail() float64 {
	height, s := 2.5, style{size: small}
	if g.Total != nil {
		height += g.height(shownOf(g.Total), true)
	}
	if g.Note != "" {
		height += g.press.heightOf(g.Note, s)
	}
	for _, l := range sourcesOf(g.press.report, g.Table) {
		height += g.press.heightOf(l.line(), s)
	}
	return height
}

func (g *grid) heads() []string {
	heads := make([]string, len(g.Columns))
	for k, c := range g.Columns {
		heads[k] = heading(g.press.report, c)
	}
	return heads
}

func shownOf(row []board.Cell) []string {
	shown := make([]string, len(row))
	for k := range row {
		shown[k] = row[k].Shown
	}
	return shown
}

// height is that of a row: as many lines as its longest cell.
func (g *grid) height(texts []string, bold bool) float64 {
	s := style{size: g.size, bold: bold}
	g.press.set(s)
	most := 1
	for k, text := range texts {
		most = max(most, len(g.lines(k, text)))
	}
	return float64(most)*s.height() + 2*leading
}

// row sets one row and gives its height.
func (g *grid) row(texts []string, bold bool) {
	p, s := g.press, style{size: g.size, bold: bold}
	height, x := g.height(texts, bold), p.left()
	p.set(s)
	for k, text := range texts {
		for i, l := range g.lines(k, text) {
			at := s.baseline(p.y + leading + float64(i)*s.height())
			if g.Columns[k].Unit == board.Text {
				p.say(x+g.before(k), at, l)
				continue
			}
			p.sayRight(x+g.widths[k]-padding, at, l)
		}
		x += g.widths[k]
	}
	p.y += height
}

// table sets a table with its title, chart, note and sources. Rows that go on on another
// page have the heading again.
func (p *press) table(t *board.Table) {
	g := p.placed(t)
	p.y += apart
	p.room(g.needs())
	p.heading(t.Title, 1)
	g.draw()
	g.head()
	for i, row := range t.Rows {
		height := g.height(shownOf(row), false)
		if i == len(t.Rows)-1 {
			height += g.tail()
		}
		if p.y+height > p.end() {
			p.page()
			p.paragraph(t.Title+", continued", style{size: small, grey: true})
			g.head()
		}
		g.row(shownOf(row), false)
		p.hair()
	}
	if t.Total != nil {
		p.rule(p.y, 0.4)
		g.row(shownOf(t.Total), true)
		p.hair()
	}
	p.y += 1.5
	if t.Note != "" {
		p.paragraph(t.Note, style{size: small, grey: true})
		p.y += 0.5
	}
	p.sourceLines(t)
}

func (g *grid) head() {
	g.row(g.heads(), true)
	g.press.rule(g.press.y, 0.3)
}

// hair is the line between rows.
func (p *press) hair() {
	p.pdf.SetDrawColor(line, line, line)
	p.pdf.SetLineWidth(0.1)
	p.pdf.Line(p.left(), p.y, p.right(), p.y)
}
