package paper

// The measures of a chart on paper. Charts are drawn in grey, so what is filled and what
// is hatched stay apart on any printer.
const (
	chartLetters = 6.8 // points
	hatchStep    = 1.1 // millimetres between the lines of a hatch
	filled       = 60
	hatched      = 110
)

// scaled is how many millimetres a unit of a chart has on this paper.
func (p *press) scaled() float64 { return p.wide() / chartWidth }

func (g *grid) chartHeight() float64 {
	if g.chart == nil {
		return 0
	}
	return g.chart.Height*g.press.scaled() + style{size: small}.height()
}

// draw sets the chart of a table, and what its fillings mean.
func (g *grid) draw() {
	if g.chart == nil {
		return
	}
	p, unit := g.press, g.press.scaled()
	for _, b := range g.chart.Bars {
		p.bar(p.left()+b.X*unit, p.y+b.Y*unit, [2]float64{b.Width * unit, b.Height * unit}, b.Hatched)
	}
	p.pdf.SetDrawColor(ink, ink, ink)
	for _, l := range g.chart.Labels {
		p.label(l, unit)
	}
	p.y += g.chart.Height * unit
	p.paragraph(g.chart.Legend, style{size: small, grey: true})
	p.y += 1.5
}

func (p *press) bar(x, y float64, size [2]float64, isHatched bool) {
	p.pdf.SetDrawColor(ink, ink, ink)
	p.pdf.SetLineWidth(0.2)
	if !isHatched {
		p.pdf.SetFillColor(filled, filled, filled)
		p.pdf.Rect(x, y, size[0], size[1], "FD")
		return
	}
	p.pdf.ClipRect(x, y, size[0], size[1], false)
	p.pdf.SetDrawColor(hatched, hatched, hatched)
	p.pdf.SetLineWidth(0.35)
	for at := x - size[1]; at < x+size[0]; at += hatchStep {
		p.pdf.Line(at, y+size[1], at+size[1], y)
	}
	p.pdf.ClipEnd()
	p.pdf.SetDrawColor(ink, ink, ink)
	p.pdf.SetLineWidth(0.2)
	p.pdf.Rect(x, y, size[0], size[1], "D")
}

// label sets a text of a chart, in smaller letters where it would leave the page.
func (p *press) label(l label, unit float64) {
	s := style{size: chartLetters}
	p.set(s)
	x, y := p.left()+l.X*unit, p.y+l.Y*unit
	space := p.right() - x
	if l.Ended {
		space = x - p.left()
	}
	if width := p.width(l.Text); width > space {
		s.size *= space / width
		p.set(s)
	}
	if l.Ended {
		p.sayRight(x, y, l.Text)
		return
	}
	p.say(x, y, l.Text)
}
