package paper

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/bursarhq/bursar/board"
)

// The measures of a page, in millimetres, and of letters, in points.
const (
	side   = 18.0 // margins left and right
	top    = 22.0 // where the text begins
	bottom = 20.0 // where it ends, from below
	edge   = 12.0 // of the running lines, from above and below

	lead  = 11.0
	body  = 9.5
	small = 7.5
)

// The shades of grey.
const (
	ink  = 17
	pale = 85
	line = 185
)

// press sets a report on pages. All places are its own: nothing flows by itself.
type press struct {
	pdf     *fpdf.Fpdf
	report  *board.Pack
	known   *layout
	entries []entry // headings that are set
	links   []int   // of the contents, in the order of headings
	asked   map[string]int
	fonts   []*sfnt.Font
	spelt   bool // a sign was missing
	y       float64
}

func newPress(r *board.Pack, size Size, known *layout) *press {
	p := &press{pdf: fpdf.New("P", "mm", string(size), ""), report: r, known: known, asked: map[string]int{}}
	for _, f := range []struct {
		family, style string
		letters       []byte
	}{{"Go", "", goregular.TTF}, {"Go", "B", gobold.TTF}, {"Go Mono", "", gomono.TTF}} {
		// The library writes into the letters that it is given (go-pdf/fpdf 0.12, getMetrics).
		p.pdf.AddUTF8FontFromBytes(f.family, f.style, bytes.Clone(f.letters))
		parsed, err := sfnt.Parse(f.letters)
		if err != nil {
			p.pdf.SetError(err)
			continue
		}
		p.fonts = append(p.fonts, parsed)
	}
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.SetCatalogSort(true)
	p.pdf.SetCreationDate(r.AsOf.UTC())
	p.pdf.SetModificationDate(r.AsOf.UTC())
	p.pdf.SetTitle(r.Title+", "+r.Period.Name, true)
	p.pdf.SetSubject("Board report, compared with "+r.Before.Name, true)
	p.pdf.SetCreator("Bursar", true)
	p.pdf.SetProducer("Bursar", true)
	p.pdf.SetLang("en")
	p.pdf.SetDisplayMode("fullpage", "single")
	return p
}

func (p *press) left() float64 { return side }

func (p *press) right() float64 {
	width, _ := p.pdf.GetPageSize()
	return width - side
}

func (p *press) wide() float64 { return p.right() - p.left() }

func (p *press) end() float64 {
	_, height := p.pdf.GetPageSize()
	return height - bottom
}

// page begins a page with its running lines.
func (p *press) page() {
	p.pdf.AddPage()
	_, height := p.pdf.GetPageSize()
	p.set(style{size: small, grey: true})
	if p.pdf.PageNo() > 1 {
		p.say(p.left(), edge, p.fitted(p.report.Title+", "+p.report.Period.Name, p.wide()-40))
	}
	p.say(p.left(), height-edge, "As the ledger stood on "+p.report.AsOf.UTC().Format(time.RFC3339))
	p.sayRight(p.right(), height-edge, fmt.Sprintf("Page %d of %d", p.pdf.PageNo(), max(p.known.pages, p.pdf.PageNo())))
	if p.report.Demo {
		p.set(style{size: small, bold: true})
		p.sayRight(p.right(), edge, "DEMO")
	}
	p.y = top
}

// room begins a page where what comes would not fit on this one.
func (p *press) room(height float64) {
	if p.y+height > p.end() && p.y > top {
		p.page()
	}
}

// style is how a text is set.
type style struct {
	size       float64 // points
	bold, mono bool
	grey       bool
	indent     float64
}

const millimetres = 25.4 / 72 // in a point

func (s style) height() float64 { return s.size * 1.4 * millimetres }

// baseline is where letters stand in a line that begins at a height.
func (s style) baseline(y float64) float64 { return y + s.size*1.05*millimetres }

func (p *press) set(s style) {
	family, weight, shade := "Go", "", ink
	if s.mono {
		family = "Go Mono"
	} else if s.bold {
		weight = "B"
	}
	if s.grey {
		shade = pale
	}
	p.pdf.SetFont(family, weight, s.size)
	p.pdf.SetTextColor(shade, shade, shade)
}

func (p *press) say(x, y float64, text string) { p.pdf.Text(x, y, p.signs(text)) }

func (p *press) sayRight(x, y float64, text string) { p.say(x-p.width(text), y, text) }

func (p *press) width(text string) float64 { return p.pdf.GetStringWidth(p.signs(text)) }

// paragraph sets a text in as many lines as it needs.
func (p *press) paragraph(text string, s style) {
	p.set(s)
	for _, l := range p.wrapped(text, p.wide()-s.indent) {
		if p.y+s.height() > p.end() {
			p.page()
			p.set(s)
		}
		p.say(p.left()+s.indent, s.baseline(p.y), l)
		p.y += s.height()
	}
}

func (p *press) heightOf(text string, s style) float64 {
	p.set(s)
	return s.height() * float64(len(p.wrapped(text, p.wide()-s.indent)))
}

// wrapped breaks a text between words, and within a word that is wider than a line.
func (p *press) wrapped(text string, width float64) []string {
	var lines []string
	current := ""
	for _, word := range p.words(p.signs(text)) {
		if current != "" && p.width(current+" "+word) <= width {
			current += " " + word
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		for current = word; p.width(current) > width; {
			n := p.fits(current, width)
			if n == len(current) {
				break
			}
			lines, current = append(lines, current[:n]), current[n:]
		}
	}
	return append(lines, current)
}

// words parts a text, and keeps a figure with its currency or sign of per cent.
func (p *press) words(text string) (words []string) {
	for _, word := range strings.Fields(text) {
		unit := strings.Trim(word, ".,;:()")
		if n := len(words); n > 0 && (unit == "%" || unit == string(p.report.Currency)) {
			if last := words[n-1]; strings.ContainsAny(last[len(last)-1:], "0123456789") {
				words[n-1] += " " + word
				continue
			}
		}
		words = append(words, word)
	}
	return words
}

// fits is how many bytes of a word fit into a width, at least those of one letter; where
// it can, the word is broken after a hyphen or the like.
func (p *press) fits(word string, width float64) (n int) {
	for i, r := range word {
		end := i + utf8.RuneLen(r)
		if n > 0 && p.width(word[:end]) > width {
			return n
		}
		n = end
	}
	return n
}

// fitted cuts a text that is too wide, and says so by an ellipsis.
func (p *press) fitted(text string, width float64) string {
	text = p.signs(text)
	if p.width(text) <= width {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && p.width(string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// signs spells what the fonts have no letter for by its number, so that names stay apart.
func (p *press) signs(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
		return text
	}
	var b strings.Builder
	var buffer sfnt.Buffer
	for _, r := range text {
		switch {
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		case p.lacks(&buffer, r):
			p.spelt = true
			fmt.Fprintf(&b, "[U+%04X]", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (p *press) lacks(buffer *sfnt.Buffer, r rune) bool {
	if r < 0x7f {
		return false
	}
	return slices.ContainsFunc(p.fonts, func(f *sfnt.Font) bool {
		glyph, err := f.GlyphIndex(buffer, r)
		return err != nil || glyph == 0 || r > 0xffff
	})
}

// rule draws a line over the whole width.
func (p *press) rule(y, thickness float64) {
	p.pdf.SetDrawColor(ink, ink, ink)
	p.pdf.SetLineWidth(thickness)
	p.pdf.Line(p.left(), y, p.right(), y)
}
