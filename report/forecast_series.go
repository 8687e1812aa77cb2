package report

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// branch is one series of a forecast: the whole, a group of it, or what lies beyond the
// groups with rows of their own.
type branch struct {
	keys   []string // as many as it is deep
	other  bool
	parent int
	first  int // day of its first value
	known  []money.Null
	lines  []bool // by day: what has lines and is not known has no price
	parts  []int

	planned bool           // nothing is booked of it, and a launch says what it will be like
	booked  []money.Amount // by day, those ahead included: what is booked ahead, not in known; nil for nothing
}

// pastOf is what the ledger knows by day, on its way into a forecast.
type pastOf struct {
	f        *Foresight
	start    int    // number of the first day
	days     int    // until the last day with a feed, included
	least    int    // days of history, to be forecast by its own past
	silent   bool   // nothing at all was booked before the present day
	alone    string // why what is booked ahead is told alone, "" where something is forecast
	gaps     []bool
	branches []branch
	found    map[string]int
}

// dayNumber numbers the local dates.
func dayNumber(t time.Time) int {
	year, month, day := t.Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86_400)
}

// readPast sorts the lines of both answers into days.
func readPast(f *Foresight, past, fed *spend.Table) (*pastOf, error) {
	p := feedOf(f, fed)
	p.grow(nil, false, -1)
	for i := range past.Rows {
		if err := p.add(&past.Rows[i]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// feedOf is a past without series, of which it is known on which days something was booked.
func feedOf(f *Foresight, fed *spend.Table) *pastOf {
	zone := f.Past.Zone
	p := &pastOf{f: f, start: dayNumber(f.Past.From.In(zone)), found: map[string]int{}}
	p.readFeed(fed, dayNumber(f.Past.To.In(zone))-p.start)
	return p
}

// readFeed tells the days without a feed: nothing at all was booked on them, and on that
// day of the week there mostly is something. What follows the last day with a feed is not
// known yet; without any feed the present day is the first that is not.
func (p *pastOf) readFeed(fed *spend.Table, days int) {
	something := make([]bool, days)
	counts := slices.ContainsFunc(fed.Rows, func(r spend.Row) bool { return !r.Values[0].Amount.IsZero() })
	first := days
	for i := range fed.Rows {
		day := dayNumber(fed.Rows[i].Bucket.In(p.f.Past.Zone)) - p.start
		if day < 0 || day >= days || counts && fed.Rows[i].Values[0].Amount.IsZero() {
			continue
		}
		something[day] = true
		first, p.days = min(first, day), max(p.days, day+1)
	}
	if p.silent = first == days; p.silent {
		p.days = days
	}
	first = min(first, p.days)
	quiet := quietDays(something[:p.days], first)
	monday := min(days, p.days+6) // at the latest: a whole week is a feed that fell silent
	for p.days > first && p.days < monday && quiet[p.days%7] {
		p.days++ // a weekend
	}
	p.gaps = make([]bool, p.days)
	for day := first; day < p.days; day++ {
		p.gaps[day] = !something[day] && !quiet[day%7]
	}
}

// quietDays are the days of the week on which mostly nothing is booked, from the first day
// with a feed to the last one: what follows says nothing of them, nor does a silence between.
func quietDays(something []bool, first int) (quiet [7]bool) {
	var empty, all [7]int
	silent := silences(something, first)
	for day := first; day < len(something); day++ {
		if silent[day] {
			continue
		}
		all[day%7]++
		if !something[day] {
			empty[day%7]++
		}
	}
	for i := range quiet {
		quiet[i] = 2*empty[i] > all[i]
	}
	return quiet
}

// grow makes a branch below another one.
func (p *pastOf) grow(keys []string, other bool, parent int) int {
	at := len(p.branches)
	p.branches = append(p.branches, branch{keys: keys, other: other, parent: parent, first: p.days, known: make([]money.Null, p.days), lines: make([]bool, p.days)})
	if parent >= 0 {
		p.branches[parent].parts = append(p.branches[parent].parts, at)
	}
	return at
}

// branch finds the series of a row, and makes it and those above it where they are new.
func (p *pastOf) branch(keys []string, other bool) int {
	if other {
		keys = []string{"other"}
	}
	at := 0
	for depth := range keys {
		name := strings.Join(keys[:depth+1], "\x00")
		if other {
			name = "\x00\x00other"
		}
		next, known := p.found[name]
		if !known {
			next = p.grow(slices.Clone(keys[:depth+1]), other, at)
			p.found[name] = next
		}
		at = next
	}
	return at
}

// add books a row on its series and on all above it. What has no price is unknown, not
// zero; above it the rest is known.
func (p *pastOf) add(r *spend.Row) error {
	day := dayNumber(r.Bucket.In(p.f.Past.Zone)) - p.start
	if day < 0 || day >= p.days {
		return nil
	}
	for at := p.branch(r.Keys, r.Other); at >= 0; at = p.branches[at].parent {
		b := &p.branches[at]
		if b.lines[day] = true; !r.Values[0].Valid {
			continue
		}
		sum, err := b.known[day].Amount.Add(r.Values[0].Amount)
		if err != nil {
			return err
		}
		b.known[day], b.first = money.Known(sum), min(b.first, day)
	}
	return nil
}

// nodes are the series as the forecast takes them: from their first day on, a day with a
// feed and no line of their own is zero.
func (p *pastOf) nodes() []forecast.Node {
	nodes := make([]forecast.Node, len(p.branches))
	for i := range p.branches {
		b := &p.branches[i]
		values := make([]float64, 0, p.days-b.first)
		for day := b.first; day < p.days; day++ {
			switch {
			case b.known[day].Valid:
				values = append(values, b.known[day].Amount.Approx())
			case p.gaps[day], b.lines[day]:
				values = append(values, math.NaN())
			default:
				values = append(values, 0)
			}
		}
		var factors []float64
		if len(b.parts) == 0 && !b.other {
			factors = p.f.Prices.factors(b.keys, p.start+p.days, p.f.Days)
		}
		nodes[i] = forecast.Node{Factors: factors, Like: p.likeness(b), Series: forecast.Series{Name: strings.Join(b.keys, "/"), Values: values, Occasions: p.occasions(b)}, Parent: b.parent}
	}
	for i := range p.branches {
		nodes = p.drive(i, nodes)
	}
	return nodes
}

// before is what a series came to in the last days, as many as are forecast, with what was
// booked ahead of them.
func (p *pastOf) before(b *branch) (sum money.Amount, err error) {
	for day := max(0, p.days-p.f.Days); day < p.days && err == nil; day++ {
		if sum, err = sum.Add(b.known[day].Amount); err == nil && b.booked != nil {
			sum, err = sum.Add(b.booked[day])
		}
	}
	return sum, err
}
