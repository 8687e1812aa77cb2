package money

import (
	"cmp"
	"math/bits"
)

// The largest amount, 10³⁸−1 units, is maxHi·2⁶⁴ + maxLo.
const (
	maxHi = 5_421_010_862_427_522_170
	maxLo = 687_399_551_400_673_279
)

// magnitude is an unsigned 128-bit integer, hi·2⁶⁴ + lo: an amount without its
// sign, or a count on the way to one.
type magnitude struct{ hi, lo uint64 }

// magnitude returns |a|. The mask is all ones for a negative amount, and
// (a XOR ones) − ones is −a: no branch on the hot path.
func (a Amount) magnitude() magnitude {
	mask := uint64(a.hi >> 63)
	lo, borrow := bits.Sub64(a.lo^mask, mask, 0)
	hi, _ := bits.Sub64(uint64(a.hi)^mask, mask, borrow)
	return magnitude{hi, lo}
}

// absolute returns |n|; that of the least int64 is 2⁶³.
func absolute(n int64) uint64 {
	mask := uint64(n >> 63)
	return (uint64(n) ^ mask) - mask
}

// isAmount reports whether m is at most 10³⁸−1.
func (m magnitude) isAmount() bool {
	return m.hi < maxHi || m.hi == maxHi && m.lo <= maxLo
}

// twos gives m a sign, for an m that is known to be an amount.
func (m magnitude) twos(negative bool) Amount {
	a := Amount{int64(m.hi), m.lo}
	if negative {
		return a.Neg()
	}
	return a
}

// signed gives m a sign, or returns false if m is too large for an amount.
func (m magnitude) signed(negative bool) (Amount, bool) {
	if !m.isAmount() {
		return Amount{}, false
	}
	return m.twos(negative), true
}

func (m magnitude) isZero() bool { return m == magnitude{} }

func (m magnitude) compare(n magnitude) int {
	return cmp.Or(cmp.Compare(m.hi, n.hi), cmp.Compare(m.lo, n.lo))
}

// plus returns m + n modulo 2¹²⁸.
func (m magnitude) plus(n magnitude) magnitude {
	lo, carry := bits.Add64(m.lo, n.lo, 0)
	hi, _ := bits.Add64(m.hi, n.hi, carry)
	return magnitude{hi, lo}
}

// minus returns m − n for n <= m.
func (m magnitude) minus(n magnitude) magnitude {
	lo, borrow := bits.Sub64(m.lo, n.lo, 0)
	hi, _ := bits.Sub64(m.hi, n.hi, borrow)
	return magnitude{hi, lo}
}

// next returns m + 1.
func (m magnitude) next() magnitude { return m.plus(magnitude{lo: 1}) }

// times returns m·n, or false if that needs more than 128 bits.
func (m magnitude) times(n uint64) (magnitude, bool) {
	hi, lo := bits.Mul64(m.lo, n)
	if m.hi == 0 {
		return magnitude{hi, lo}, true
	}
	beyond, cross := bits.Mul64(m.hi, n)
	hi, carry := bits.Add64(hi, cross, 0)
	return magnitude{hi, lo}, beyond|carry == 0
}

// divide returns m/d rounded down, and the rest. d must not be zero.
func (m magnitude) divide(d uint64) (magnitude, uint64) {
	lo, rest := bits.Div64(m.hi%d, m.lo, d)
	return magnitude{m.hi / d, lo}, rest
}

// nearest returns m/d rounded half to even. d must not be zero.
func (m magnitude) nearest(d uint64) magnitude {
	q, rest := m.divide(d)
	if roundsUp(q.lo, rest, d) {
		return q.next()
	}
	return q
}

// roundsUp is the rounding rule, half to even: a quotient with this low word
// and a rest below d goes up if the rest is more than half of d, or half of it
// and the quotient is odd.
func roundsUp(quotient, rest, d uint64) bool {
	return rest > d-rest || rest == d-rest && quotient&1 == 1
}
