package pricebook

import (
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// ceilingKey is a meter of a seller; the empty seller is the whole book.
type ceilingKey struct {
	seller string
	meter  spend.Meter
}

// step is the highest price from an instant on, until the next step.
type step struct {
	from  int64
	price price // per is 0 where nothing is in force
}

// HoldCurrency is the one of ceilings and holds: nearly every public price is in
// it, and prices of several currencies have no highest.
const HoldCurrency money.Currency = "USD"

// Ceiling gives the highest public rate of a seller for a meter at an instant,
// in HoldCurrency for per units: what an unpriced call is held at. Prices in other
// currencies do not count. A meter that the seller does not price counts at its
// parent's rate. known is false when the
// rate is the highest of the whole book, since the seller has none; per is 0
// when the book has none either.
func (b *Book) Ceiling(seller string, m spend.Meter, at time.Time) (rate money.Amount, per int64, known bool) {
	if s := b.shop(seller); s != nil {
		if p := b.ceiling(s.name, m, at.UnixMicro()); p.per > 0 {
			return p.rate, p.per, true
		}
	}
	p := b.ceiling("", m, at.UnixMicro())
	return p.rate, p.per, false
}

func (b *Book) ceiling(seller string, m spend.Meter, at int64) (highest price) {
	for {
		for _, m := range ratesOf(m) {
			if p := stepAt(b.ceilings[ceilingKey{seller, m}], at); p.per > 0 && (highest.per == 0 || p.compare(highest) > 0) {
				highest = p
			}
		}
		parent, isChild := m.Parent()
		if !isChild || highest.per > 0 && missingFlag(m) != 0 {
			return highest // reasoning and its like may also be billed at the parent's rate
		}
		m = parent
	}
}

// ratesOf lists the meters whose rates may price a meter before its parent's do:
// cache writes of unsaid lifetime may turn out to be of any.
func ratesOf(m spend.Meter) []spend.Meter {
	if m == spend.CacheWriteOther {
		return []spend.Meter{m, spend.CacheWrite5m, spend.CacheWrite30m, spend.CacheWrite1h}
	}
	return []spend.Meter{m}
}

func stepAt(steps []step, at int64) price {
	i, found := slices.BinarySearchFunc(steps, at, func(s step, at int64) int { return cmp.Compare(s.from, at) })
	if !found {
		i--
	}
	if i < 0 {
		return price{}
	}
	return steps[i].price
}

// Hold gives what an unpriced call may cost at most by the public rates in
// force, in HoldCurrency: the exposure that stands beside the totals. It
// is flagged SellerUnknown when a rate of another seller had to be used. Fees
// that no seller of the book charges add nothing.
func (b *Book) Hold(call *Call) (hold money.Amount, flags spend.Flags) {
	if call.Usage == nil {
		return money.Amount{}, 0
	}
	call.Usage.Each(func(m spend.Meter, q spend.Quantity) {
		rate, per, known := b.Ceiling(call.Seller, m, call.At)
		if per == 0 {
			return
		}
		if !known && m != spend.Request {
			flags |= spend.SellerUnknown
		}
		if amount, err := rate.Mul(q, per); err == nil {
			hold = add(hold, amount)
		}
	})
	return hold, flags
}

// add keeps the sum where it would leave the range of money.
func add(a, b money.Amount) money.Amount {
	if sum, err := a.Add(b); err == nil {
		return sum
	}
	return a
}

// ceilings finds, for every meter of every seller, the highest public price at
// any time, and from those the highest of the whole book.
func ceilings(facts []rate) map[ceilingKey][]step {
	groups := map[ceilingKey][]stretch{}
	for i := range facts {
		f := facts[i].fact()
		if f.Layer == Contract || f.Currency != HoldCurrency {
			continue
		}
		from, to := f.Valid.micros()
		key := ceilingKey{f.Seller, f.Meter}
		groups[key] = append(groups[key], stretch{from, to, price{f.Price, f.Per}})
	}
	all := make(map[ceilingKey][]step, len(groups))
	whole := map[ceilingKey][]stretch{}
	for key, group := range groups {
		all[key] = skyline(group)
		book := ceilingKey{meter: key.meter}
		whole[book] = append(whole[book], stretches(all[key])...)
	}
	for key, group := range whole {
		all[key] = skyline(group)
	}
	return all
}

// stretch is a price and when it applies.
type stretch struct {
	from, to int64
	price    price
}

func stretches(steps []step) (all []stretch) {
	for i, s := range steps[:max(len(steps)-1, 0)] {
		if s.price.per > 0 {
			all = append(all, stretch{s.from, steps[i+1].from, s.price})
		}
	}
	return all
}

// skyline paints the time line with the dearest price first: each price colours
// the parts of its stretch that no dearer one has taken.
func skyline(all []stretch) []step {
	slices.SortFunc(all, func(a, b stretch) int { return b.price.compare(a.price) })
	steps := breakpoints(all)
	free := make([]int, len(steps)+1) // the next unpainted step from here on
	for i := range free {
		free[i] = i
	}
	for _, s := range all {
		for i := nextFree(free, indexOf(steps, s.from)); i < len(steps) && steps[i].from < s.to; i = nextFree(free, i) {
			steps[i].price = s.price
			free[i] = i + 1
		}
	}
	few := slices.CompactFunc(steps, func(a, b step) bool { return a.price == b.price })
	return slices.Clone(few) // the room of all breakpoints is not kept
}

func breakpoints(all []stretch) []step {
	steps := make([]step, 0, 2*len(all))
	for _, s := range all {
		steps = append(steps, step{from: s.from}, step{from: s.to})
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.from, b.from) })
	return slices.CompactFunc(steps, func(a, b step) bool { return a.from == b.from })
}

func indexOf(steps []step, from int64) int {
	i, _ := slices.BinarySearchFunc(steps, from, func(s step, at int64) int { return cmp.Compare(s.from, at) })
	return i
}

// nextFree follows the chain to the next unpainted step and shortens it.
func nextFree(free []int, i int) int {
	for free[i] != i {
		free[i] = free[free[i]]
		i = free[i]
	}
	return i
}

// compare orders prices by what one unit costs.
func (p price) compare(o price) int {
	a, errA := p.rate.MulInt(o.per)
	b, errB := o.rate.MulInt(p.per)
	if errA != nil || errB != nil {
		return 0 // beyond the bounds that Compile keeps
	}
	return a.Cmp(b)
}
