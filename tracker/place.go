package tracker

import (
	"slices"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
)

// place gives a fact of a tracker its span and books it: from the day of
// release, and no longer than the base price that it was seen beside. For later
// base prices it keeps the ratio, as a derived fact of low confidence.
//
//	batch 2.5 seen beside 5; base 4 from 21 August: batch 2.5 until then, 2 after
func (c *compiler) place(b Book, f pricebook.Fact) {
	undated := f.Valid.From.IsZero()
	if undated {
		f.Valid.From = c.launch(f)
		if f.Valid.From.IsZero() {
			f.Confidence, f.Note = pricebook.Low, strings.TrimPrefix(f.Note+"; start unknown", "; ")
		}
	}
	f.Valid = within(f.Valid, limits(f))
	series := c.series(f)
	seen := c.seenBeside(b, series)
	if !undated || seen < 0 || !f.Valid.To.IsZero() {
		c.book(f)
		return
	}
	base := series[seen]
	if f.Valid.From.Before(base.Valid.From) {
		f.Valid.From = base.Valid.From
	}
	for _, later := range series[seen+1:] {
		if later.Price == base.Price && conditions(later.When) == conditions(base.When) {
			continue
		}
		if f.Valid.To.IsZero() {
			f.Valid.To = later.Valid.From
		}
		if d, ok := keepRatio(f, base, later); ok {
			c.book(d)
		}
	}
	c.book(f)
}

// book keeps a fact, and splits it where the rise that it announces was called
// off.
func (c *compiler) book(f pricebook.Fact) {
	c.chosen = append(c.chosen, f)
	last := &c.chosen[len(c.chosen)-1]
	off := revokedOn(f.Model)
	switch {
	case off.IsZero():
	case f.Valid.From.After(off):
		last.Known.To, last.Note = off, "announced rise, called off"
	case f.Valid.To.After(off):
		next := f
		next.Valid = pricebook.Span{From: f.Valid.To}
		next.Known.From, next.Note = off, "announced rise called off"
		c.chosen = append(c.chosen, next)
	}
}

// revoked gives the announced prices that were called off, for a cell whose
// prices come from history.
func revoked(said []opinion) (facts []pricebook.Fact) {
	for _, o := range said {
		for _, f := range o.facts {
			if off := revokedOn(f.Model); o.book == GenAI && !off.IsZero() && f.Valid.From.After(off) {
				f.Known.To, f.Note, f.Confidence = off, "announced rise, called off", pricebook.High
				facts = append(facts, f)
			}
		}
	}
	return facts
}

// settle drops empty spans and what would tie: of two facts of one
// cell that are valid and known at one time, the first stays.
func (c *compiler) settle(facts []pricebook.Fact) (settled []pricebook.Fact) {
	facts = slices.DeleteFunc(facts, func(f pricebook.Fact) bool {
		return !f.Valid.To.IsZero() && !f.Valid.From.Before(f.Valid.To)
	})
	slices.SortStableFunc(facts, compareFacts) // facts of one cell stand together
	for _, f := range facts {
		tie := false
		for i := len(settled) - 1; i >= 0 && !tie && cellOf(settled[i]) == cellOf(f); i-- {
			tie = conditions(settled[i].When) == conditions(f.When) &&
				overlap(settled[i].Valid, f.Valid) && overlap(settled[i].Known, f.Known)
		}
		if tie {
			c.skip("", cellOf(f), f.Meter.String()+" "+f.Price.String(), "another fact holds at the same time")
			continue
		}
		settled = append(settled, f)
	}
	return settled
}

func overlap(a, b pricebook.Span) bool {
	return (a.To.IsZero() || b.From.Before(a.To)) && (b.To.IsZero() || a.From.Before(b.To))
}
