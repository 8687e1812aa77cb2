package money

import "math/bits"

// decimals is the number of digits behind the point; perWhole the number of
// units in one whole of the currency.
const (
	decimals = 12
	perWhole = 1_000_000_000_000
)

// Amount is a signed sum of money as a count of units of 10⁻¹² of its currency,
// from −(10³⁸−1) to 10³⁸−1 units. It is a value: zero is its zero value, ==
// compares it, it may key a map, and nothing changes it in place.
//
// The two words are one two's complement integer, hi·2⁶⁴ + lo.
type Amount struct {
	hi int64
	lo uint64
}

// FromInt returns n wholes of the currency: FromInt(3) is 3.00. Every int64 fits.
func FromInt(n int64) Amount {
	hi, lo := bits.Mul64(absolute(n), perWhole)
	return magnitude{hi, lo}.twos(n < 0)
}

// FromUnits returns n units of 10⁻¹² of the currency: FromUnits(37_500) is
// 0.0000000375. Every int64 fits.
func FromUnits(n int64) Amount { return Amount{hi: n >> 63, lo: uint64(n)} }

// Units returns the count of 10⁻¹² units and true if it fits in an int64, that
// is up to about ±9.2 million wholes; else it returns 0 and false.
func (a Amount) Units() (int64, bool) {
	if n := int64(a.lo); a.hi == n>>63 {
		return n, true
	}
	return 0, false
}

// Sign returns -1, 0 or +1 for a negative, zero or positive amount.
func (a Amount) Sign() int {
	switch {
	case a.hi < 0:
		return -1
	case a.IsZero():
		return 0
	}
	return 1
}

// IsZero reports whether the amount is exactly zero.
func (a Amount) IsZero() bool { return a == Amount{} }

// Cmp returns -1, 0 or +1 as a is less than, equal to or greater than b; it
// suits slices.SortFunc.
func (a Amount) Cmp(b Amount) int {
	switch {
	case a == b:
		return 0
	case a.hi < b.hi, a.hi == b.hi && a.lo < b.lo:
		return -1
	}
	return 1
}

// Equal reports whether a == b, for go-cmp, which cannot look inside.
func (a Amount) Equal(b Amount) bool { return a == b }

// Neg returns −a, which always fits since the range is symmetric.
func (a Amount) Neg() Amount {
	lo, borrow := bits.Sub64(0, a.lo, 0)
	hi, _ := bits.Sub64(0, uint64(a.hi), borrow)
	return Amount{int64(hi), lo}
}

// Abs returns a without its sign.
func (a Amount) Abs() Amount {
	if a.hi < 0 {
		return a.Neg()
	}
	return a
}

// Approx returns the nearest float64 or one of its neighbours, in wholes of the
// currency. It is for charts: nothing that is money may be computed from it.
func (a Amount) Approx() float64 {
	m := a.magnitude()
	f := (float64(m.hi)*(1<<64) + float64(m.lo)) / perWhole
	if a.hi < 0 {
		return -f
	}
	return f
}
