package paper

import (
	"fmt"
	"math"

	"github.com/bursarhq/bursar/board"
)

// The measures of a chart, in its own units.
const (
	chartWidth = 900
	nameWidth  = 230
	valueWidth = 120
	barHeight  = 14
	barGap     = 10
	mostBars   = 12 // rows that are drawn; the table has all
)

// picture is a chart as shapes. Places on paper are no amounts of money, so they are
// floating point.
type picture struct {
	Width, Height int
	Bars          []bar
	Labels        []label
	Legend        string
}

type bar struct {
	X, Y, Width, Height string
	Hatched             bool
}

type label struct {
	X, Y, Text, Anchor string
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
type scale struct{ low, high float64 }

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
	rows := t.Rows[:min(len(t.Rows), mostBars)]
	var s scale
	for _, row := range rows {
		s.hold(row[1].Amount.Amount.Approx())
		s.hold(row[2].Amount.Amount.Approx())
	}
	y := barGap
	for _, row := range rows {
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
	var s scale
	at := 0.0
	for _, row := range t.Rows {
		at += row[1].Amount.Amount.Approx()
		s.hold(at)
	}
	y, from := barGap, 0.0
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

func (p *picture) step(s *scale, row []board.Cell, ends [2]float64, y int) {
	p.name(row[0].Shown, y+barHeight-3)
	p.bar(s, ends, y, ends[1] < ends[0])
	p.value(s, math.Max(ends[0], ends[1]), row[1].Shown, y)
}

func (p *picture) bar(s *scale, ends [2]float64, y int, hatched bool) {
	left, right := s.x(math.Min(ends[0], ends[1])), s.x(math.Max(ends[0], ends[1]))
	p.Bars = append(p.Bars, bar{place(left), fmt.Sprint(y), place(math.Max(right-left, 1)), fmt.Sprint(barHeight), hatched})
}

func (p *picture) name(text string, y int) {
	if letters := []rune(text); len(letters) > 30 {
		text = string(letters[:29]) + "…"
	}
	p.Labels = append(p.Labels, label{fmt.Sprint(nameWidth - 10), fmt.Sprint(y), text, "end"})
}

func (p *picture) value(s *scale, at float64, text string, y int) {
	p.Labels = append(p.Labels, label{place(s.x(at) + 6), fmt.Sprint(y + barHeight - 3), text, "start"})
}

func place(v float64) string { return fmt.Sprintf("%.1f", v) }
