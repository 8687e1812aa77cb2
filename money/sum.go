package money

import "math/bits"

// Add returns a + b. The error wraps ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	s := a.wrappingAdd(b)
	if !s.inRange() {
		return Amount{}, overflow("add %v to %v", b, a)
	}
	return s, nil
}

// Sub returns a − b. The error wraps ErrOverflow.
func (a Amount) Sub(b Amount) (Amount, error) {
	d := a.wrappingAdd(b.Neg())
	if !d.inRange() {
		return Amount{}, overflow("subtract %v from %v", b, a)
	}
	return d, nil
}

// Sum returns the exact sum of all amounts, zero for none. Only the final sum
// must fit, so the order of the amounts never decides whether there is an
// error. The error wraps ErrOverflow.
func Sum(amounts ...Amount) (Amount, error) {
	var lo, hi, carry uint64
	var top int64 // a third word: 2⁶³ amounts of any size cannot overflow it
	for _, a := range amounts {
		lo, carry = bits.Add64(lo, a.lo, 0)
		hi, carry = bits.Add64(hi, uint64(a.hi), carry)
		top += a.hi>>63 + int64(carry)
	}
	s := Amount{int64(hi), lo}
	if top != s.hi>>63 || !s.inRange() {
		return Amount{}, overflow("sum %d amounts", len(amounts))
	}
	return s, nil
}

// wrappingAdd adds modulo 2¹²⁸. No sum of two amounts wraps back into range:
// the furthest, ±(2·10³⁸−2), comes out as ∓(2¹²⁸−2·10³⁸+2), about 1.4·10³⁸, so
// inRange on the result is the whole overflow check.
func (a Amount) wrappingAdd(b Amount) Amount {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(uint64(a.hi), uint64(b.hi), carry)
	return Amount{int64(hi), lo}
}

// inRange reports whether a, taken as any 128-bit integer, is an amount. The
// first comparison, -maxHi <= hi < maxHi in one, decides all but the last 2⁶⁴
// values at either end.
func (a Amount) inRange() bool {
	return uint64(a.hi)+maxHi < 2*maxHi || a.magnitude().isAmount()
}
