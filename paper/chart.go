package paper

import (
	"fmt"
	"math"
	"strconv"

	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/money"
)

// The measures of a chart, in its own units.
const (
	chartWidth = 900
	nameWidth  = 230
	valueWidth = 120
	barHeight  = 14
	barGap     = 10
	breakAt    = 12 // of a bar that does not begin at nothing
	breakGap   = 5
)

// picture is a chart as shapes. Places on paper are no amounts of money, so they are
// floating point.
type picture struct {
	Width, Height float64
	Bars          []bar
	Labels        []label
	Legend        string
}

type bar struct {
	X, Y, Width, Height float64
	Hatched             bool
}

type label struct {
	X, Y  float64
	Text  string
	Ended bool // it ends at its place instead of beginning there
}

// bars draws a table, nil where it is not to be drawn or has nothing to draw.
func bars(t board.Table) *picture {
	if len(t.Rows) == 0 {
		return nil
	}
	switch t.Chart {
	case board.Bars:
		return pairs(&t)
	case board.Waterfall:
		return waterfall(&t)
	}
	return nil
}

// scale says where amounts stand between the names and the values.
type scale struct{ low, high, step float64 }

func (s *scale) hold(v float64) { s.low, s.high = math.Min(s.low, v), math.Max(s.high, v) }

func (s *scale) x(v float64) float64 {
	if s.high == s.low {
		return nameWidth
	}
	return nameWidth + (v-s.low)/(s.high-s.low)*(chartWidth-nameWidth-valueWidth)
}

// pairs draws the earlier figure hatched and the later one filled, row by row.
func pairs(t *board.Table) *picture {
	p := &picture{Width: chartWidth, Legend: fmt.Sprintf("Hatched: %s. Filled: %s.", t.Columns[1].Name, t.Columns[2].Name)}
	var s scale
	for _, row := range t.Rows {
		s.hold(row[1].Amount.Amount.Approx())
		s.hold(row[2].Amount.Amount.Approx())
	}
	y := float64(barGap)
	for _, row := range t.Rows {
		p.name(row[0].Shown, y+barHeight+4)
		for k := 1; k <= 2; k++ {
			v := row[k].Amount.Amount.Approx()
			p.bar(&s, [2]float64{0, v}, y, k == 1)
			p.value(&s, math.Max(0, v), row[k].Shown, y)
			y += barHeight
		}
		y += barGap
	}
	p.Height = y
	return p
}

// waterfall draws the steps from the first row to the total; what adds is filled, what
// saves is hatched.
func waterfall(t *board.Table) *picture {
	p := &picture{Width: chartWidth, Legend: "Filled: totals and what adds. Hatched: what saves."}
	s := levels(t.Rows)
	if s.low > 0 {
		p.Legend += " The scale begins at " + s.begin() + ", so totals are broken off."
	}
	y, from := float64(barGap), 0.0
	for _, row := range t.Rows {
		to := from + row[1].Amount.Amount.Approx()
		p.step(&s, row, [2]float64{from, to}, y)
		from, y = to, y+barHeight+barGap
	}
	if t.Total != nil {
		p.step(&s, t.Total, [2]float64{0, t.Total[1].Amount.Amount.Approx()}, y)
		y += barHeight + barGap
	}
	p.Height = y
	return p
}

// levels is the scale of a waterfall. Where its steps are small beside its totals it does
// not begin at nothing, but so far below the lowest that the steps have most of the width.
//
// Example: levels of 5,440 to 5,698 begin at 5,300.
func levels(rows [][]board.Cell) (s scale) {
	at := rows[0][1].Amount.Amount.Approx()
	s = scale{low: at, high: at}
	for _, row := range rows[1:] {
		at += row[1].Amount.Amount.Approx()
		s.hold(at)
	}
	span := s.high - s.low
	if span == 0 || s.low < 2*span {
		s.hold(0)
		return s
	}
	s.step = math.Pow(10, math.Floor(math.Log10(span)))
	s.low = math.Floor((s.low-span/3)/s.step) * s.step
	return s
}

// begin writes where a scale begins.
func (s *scale) begin() string {
	digits := max(0, -int(math.Floor(math.Log10(s.step))))
	return money.Grouped(strconv.FormatFloat(s.low, 'f', digits, 64))
}

func (p *picture) step(s *scale, row []board.Cell, ends [2]float64, y float64) {
	p.name(row[0].Shown, y+barHeight-3)
	if s.low > 0 && ends[0] == 0 {
		p.Bars = append(p.Bars, bar{nameWidth, y, breakAt, barHeight, false})
		from := float64(nameWidth + breakAt + breakGap)
		p.Bars = append(p.Bars, bar{from, y, math.Max(s.x(ends[1])-from, 1), barHeight, false})
	} else {
		p.bar(s, ends, y, ends[1] < ends[0])
	}
	p.value(s, math.Max(ends[0], ends[1]), row[1].Shown, y)
}

func (p *picture) bar(s *scale, ends [2]float64, y float64, hatched bool) {
	left, right := s.x(math.Min(ends[0], ends[1])), s.x(math.Max(ends[0], ends[1]))
	p.Bars = append(p.Bars, bar{left, y, math.Max(right-left, 1), barHeight, hatched})
}

func (p *picture) name(text string, y float64) {
	if letters := []rune(text); len(letters) > 30 {
		text = string(letters[:29]) + "…"
	}
	p.Labels = append(p.Labels, label{nameWidth - 10, y, text, true})
}

func (p *picture) value(s *scale, at float64, text string, y float64) {
	p.Labels = append(p.Labels, label{s.x(at) + 6, y + barHeight - 3, text, false})
}

// place writes a place in tenths of a chart's units.
func place(v float64) string { return strconv.FormatFloat(math.Round(10*v)/10, 'f', -1, 64) }
