package exchange

import (
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// MaxAge is for how many days a rate holds on while no later one is known. The
// longest gap in the tables of central banks is that around Easter and new
// year, four days; beyond a week somebody has forgotten to import.
const MaxAge Day = 7

// Rates is an immutable set of facts. Nil is the set without any, which
// converts at par only.
type Rates struct {
	facts    []Rate
	days     map[pair]series // by whoever stated them
	legs     map[leg]series
	bases    []base
	invoices map[invoice]*Rate
}

type pair struct{ from, to money.Currency }

type invoice struct {
	pair
	seller, account string
	period          spend.Period
}

// New makes a set of the facts that were known at an instant; the zero time
// means all of them.
func New(facts []Rate, asKnown time.Time) *Rates {
	facts = slices.Clone(facts) // the set stays as it is when the caller's changes
	if !asKnown.IsZero() {
		facts = slices.DeleteFunc(facts, func(f Rate) bool { return f.Known.After(asKnown) })
	}
	return of(facts)
}

// With gives the set that holds further facts too.
func (r *Rates) With(facts []Rate) *Rates {
	if r == nil {
		return New(facts, time.Time{})
	}
	return of(slices.Concat(r.facts, facts))
}

func of(facts []Rate) *Rates {
	r := &Rates{facts: facts, invoices: map[invoice]*Rate{}}
	daily := make([]*Rate, 0, len(facts))
	for i := range facts {
		switch f := &facts[i]; f.Basis {
		case InvoiceRate:
			key := invoice{pair{f.From, f.To}, f.Seller, f.Account, f.Period}
			if held := r.invoices[key]; held == nil || learned(held, f) < 0 {
				r.invoices[key] = f
			}
		default:
			daily = append(daily, f)
		}
	}
	slices.SortFunc(daily, func(a, b *Rate) int { return cmp.Or(cmp.Compare(a.Day, b.Day), learned(a, b)) })
	r.days = seriesBy(daily, func(f *Rate) pair { return pair{f.From, f.To} })
	r.legs = seriesBy(daily, func(f *Rate) leg { return leg{f.Source, pair{f.From, f.To}} })
	r.bases = basesOf(r.legs)
	return r
}

// learned orders facts by when they were learned, and by their ids within one
// instant, so that the order in which they are given does not matter.
func learned(a, b *Rate) int { return cmp.Or(a.Known.Compare(b.Known), cmp.Compare(a.ID, b.ID)) }

// series holds one fact a day, in the order of days.
type series []*Rate

// seriesBy sorts facts into series; of one day the fact that was learned last
// stays, as they come in this order.
func seriesBy[K comparable](facts []*Rate, key func(*Rate) K) map[K]series {
	all := map[K]series{}
	for _, f := range facts {
		k := key(f)
		s := all[k]
		if n := len(s); n > 0 && s[n-1].Day == f.Day {
			s[n-1] = f
			continue
		}
		all[k] = append(s, f)
	}
	return all
}

// on gives the fact of a very day, nil when there is none.
func (s series) on(day Day) *Rate {
	i, found := slices.BinarySearchFunc(s, day, func(r *Rate, d Day) int { return cmp.Compare(r.Day, d) })
	if !found {
		return nil
	}
	return s[i]
}

// upTo gives the fact of the last day up to one, nil when that is too old.
func (s series) upTo(day Day) *Rate {
	after, _ := slices.BinarySearchFunc(s, day+1, func(r *Rate, d Day) int { return cmp.Compare(r.Day, d) })
	if after == 0 || s[after-1].Day < day-MaxAge {
		return nil
	}
	return s[after-1]
}

// Newest is the newest day, up to one, of which a rate is known, none when it is
// 0. The rate of an invoice counts from the month that it bills.
func (r *Rates) Newest(upTo Day) (newest Day) {
	if r == nil {
		return 0
	}
	for i := range r.facts {
		f := &r.facts[i]
		begun := f.Day <= upTo
		if f.Basis == InvoiceRate {
			begun = f.Period <= upTo.Period()
		}
		if begun {
			newest = max(newest, f.Day)
		}
	}
	return newest
}

// Named lists the currencies that rates of days name, none without any.
func (r *Rates) Named() (all []money.Currency) {
	if r == nil {
		return nil
	}
	for p := range r.days {
		all = append(all, p.from, p.to)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Known lists the currencies that one can be converted into on a day: itself first, then
// others by name.
func (r *Rates) Known(from money.Currency, day Day) []money.Currency {
	all := []money.Currency{from}
	for _, to := range r.Named() {
		if _, found := r.On(Want{From: from, To: to, Day: day}); found && to != from {
			all = append(all, to)
		}
	}
	return all
}

// Want says what is to be converted.
type Want struct {
	From, To money.Currency
	Day      Day    // of use, in the organisation's zone
	Seller   string // who bills it
	Account  string
}

// On finds how to convert, false when no fact says it.
func (r *Rates) On(w Want) (Quote, bool) {
	switch {
	case w.From == w.To:
		return Par(), true
	case r == nil:
		return Quote{}, false
	}
	if q, found := r.invoiced(&w); found {
		return q, true
	}
	return r.daily(&w)
}

// invoiced looks for the seller's own rate of the month.
func (r *Rates) invoiced(w *Want) (Quote, bool) {
	if len(r.invoices) == 0 {
		return Quote{}, false
	}
	for _, account := range [2]string{w.Account, ""} {
		key := invoice{pair{w.From, w.To}, w.Seller, account, w.Day.Period()}
		if f := r.invoices[key]; f != nil {
			return stated(f), true
		}
		key.from, key.to = w.To, w.From
		if f := r.invoices[key]; f != nil {
			return inverse(f), true
		}
	}
	return Quote{}, false
}

// daily looks for the rate of the last day: stated, else inverse, else crossed.
func (r *Rates) daily(w *Want) (best Quote, found bool) {
	if f := r.days[pair{w.From, w.To}].upTo(w.Day); f != nil {
		best, found = stated(f), true
	}
	if f := r.days[pair{w.To, w.From}].upTo(w.Day); f != nil && (!found || f.Day > best.Day) {
		best, found = inverse(f), true
	}
	from := w.Day - MaxAge
	if found {
		from = best.Day + 1
	}
	if q, crossed := r.crossed(w, from); crossed {
		return q, true
	}
	return best, found
}
