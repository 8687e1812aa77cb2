package exchange

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/money"
)

// leg is what one source states of a pair.
type leg struct {
	source string
	pair
}

// base is a currency that one source states several others against, always on
// the same side: the European Central Bank says what one EUR is worth, others
// say what one of each is worth in theirs.
type base struct {
	source string
	of     money.Currency
	side   side
}

type side bool

const (
	isFrom side = true  // 1 EUR = 1.0813 USD, 1 EUR = 0.9342 CHF
	isTo   side = false // 1 USD = 0.8639 CHF, 1 EUR = 0.9342 CHF
)

// basesOf finds the bases with two currencies at least, in a fixed order.
func basesOf(legs map[leg]series) []base {
	stated := map[base]int{}
	for l := range legs {
		stated[base{l.source, l.from, isFrom}]++
		stated[base{l.source, l.to, isTo}]++
	}
	var bases []base
	for b, n := range stated {
		if n > 1 {
			bases = append(bases, b)
		}
	}
	slices.SortFunc(bases, func(a, b base) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.of, b.of), bySide(a.side, b.side))
	})
	return bases
}

func bySide(a, b side) int {
	switch {
	case a == b:
		return 0
	case a == isFrom:
		return -1
	}
	return 1
}

// crossed looks for the last day, not before from, of which one source states
// both currencies against a third.
func (r *Rates) crossed(w *Want, from Day) (Quote, bool) {
	for day := w.Day; day >= from; day-- {
		if num, den := r.crossedOn(w, day); num != nil {
			return cross(num, den), true
		}
	}
	return Quote{}, false
}

// crossedOn gives the two facts of a day. Where several bases have both, the
// pair that was complete last counts.
func (r *Rates) crossedOn(w *Want, day Day) (num, den *Rate) {
	for _, b := range r.bases {
		n, d := r.legs[b.leg(w.To)].on(day), r.legs[b.leg(w.From)].on(day)
		if b.side == isTo {
			n, d = d, n
		}
		if n != nil && d != nil && (num == nil || learned(last(num, den), last(n, d)) < 0) {
			num, den = n, d
		}
	}
	return num, den
}

// leg is what the base's source states of a currency.
func (b base) leg(of money.Currency) leg {
	if b.side == isFrom {
		return leg{b.source, pair{b.of, of}}
	}
	return leg{b.source, pair{of, b.of}}
}

// last is the fact that was learned last.
func last(a, b *Rate) *Rate {
	if learned(a, b) < 0 {
		return b
	}
	return a
}
