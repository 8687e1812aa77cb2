package money

import (
	"fmt"
	"math/bits"
)

// MulInt returns a·n, exactly. The error wraps ErrOverflow.
func (a Amount) MulInt(n int64) (Amount, error) {
	m, fits := a.magnitude().times(absolute(n))
	product, ok := m.signed((a.hi < 0) != (n < 0))
	if !fits || !ok {
		return Amount{}, overflow("multiply %v by %d", a, n)
	}
	return product, nil
}

// MulRatio returns a·num/den, computed in full and rounded once, half to even,
// to whole units. It prices counted things: a is the price of den, num the
// count.
//
//	3.00 per 1,000,000 tokens, 1,234 tokens: 3 × 1234 / 1000000 = 0.003702
//	0.0375 per 1,000,000 tokens, 1 token:    37,500 units       = 0.0000000375
//	0.0000005 per 1,000,000 tokens, 1 token: 0.5 units, to even = 0
//	the same, 3 tokens:                      1.5 units, to even = 0.000000000002
//
// den must be positive, else there is an error; num may have either sign. Where
// the result does not fit, the error wraps ErrOverflow.
func (a Amount) MulRatio(num, den int64) (Amount, error) {
	if den <= 0 {
		return Amount{}, notPositive("denominator", a, den)
	}
	m, fits := a.magnitude().ratio(absolute(num), uint64(den))
	result, ok := m.signed((a.hi < 0) != (num < 0))
	if !fits || !ok {
		return Amount{}, overflow("multiply %v by %d/%d", a, num, den)
	}
	return result, nil
}

// ratio returns m·n/d rounded half to even, or false if that needs more than
// 128 bits. One multiplication and one division do while m and the quotient fit
// in a word: up to 18 million wholes.
func (m magnitude) ratio(n, d uint64) (magnitude, bool) {
	if hi, lo := bits.Mul64(m.lo, n); m.hi == 0 && hi < d {
		q, rest := bits.Div64(hi, lo, d)
		if roundsUp(q, rest, d) {
			return magnitude{lo: q}.next(), true
		}
		return magnitude{lo: q}, true
	}
	q, rest := multiply(m, magnitude{lo: n}).divide(d)
	if roundsUp(q[0], rest, d) {
		q = q.next()
	}
	return q.narrow()
}

// Mul returns a·q/per, computed in full and rounded once, half to even, to
// whole units. It prices measured things: a is the price of per, and q is a
// quantity with up to 12 decimals that is carried as an Amount, of no currency.
//
//	0.006 per 60 s of audio, 37.5 s: 0.006 × 37.5 / 60 = 0.00375
//	4.10 per hour of a machine, 0.25 h: 4.10 × 0.25 / 1 = 1.025
//
// per must be positive, else there is an error. Where the result does not fit,
// the error wraps ErrOverflow.
func (a Amount) Mul(q Amount, per int64) (Amount, error) {
	if per <= 0 {
		return Amount{}, notPositive("per", a, per)
	}
	m, fits := multiply(a.magnitude(), q.magnitude()).perQuantity(uint64(per))
	result, ok := m.signed((a.hi < 0) != (q.hi < 0))
	if !fits || !ok {
		return Amount{}, overflow("multiply %v by %v/%d", a, q, per)
	}
	return result, nil
}

// perQuantity returns w/(10¹²·per) rounded half to even, or false if that needs
// more than 128 bits. It divides twice, as 10¹²·per may need 103 bits; the two
// rests make up the rest of the whole division, restPer·10¹² + restWhole, so
// there is still one rounding:
//
//	it is over half  if 2·restPer·10¹² + 2·restWhole > per·10¹²
func (w wide) perQuantity(per uint64) (magnitude, bool) {
	q, restWhole := w.divide(perWhole)
	q, restPer := q.divide(per)

	restHi, restLo := bits.Mul64(restPer, perWhole)
	rest := magnitude{restHi, restLo}.plus(magnitude{lo: restWhole})
	divisorHi, divisorLo := bits.Mul64(per, perWhole)
	half := rest.compare(magnitude{divisorHi, divisorLo}.minus(rest))

	if half > 0 || half == 0 && q[0]&1 == 1 {
		q = q.next()
	}
	return q.narrow()
}

// MulQuotient returns a·num/den, computed in full and rounded once, half to even,
// to whole units. It converts between currencies: num over den is a rate, or the
// quotient of two, that no decimal need hold.
//
//	100 USD at 1.0813 USD a EUR: 100 × 1 / 1.0813 = 92.48127254231
//	100 GBP at 1.0813 USD and 0.8637 GBP a EUR: 100 × 1.0813 / 0.8637 = 125.193933078615
//
// den must be above zero, else there is an error. Where the result does not fit,
// the error wraps ErrOverflow.
func (a Amount) MulQuotient(num, den Amount) (Amount, error) {
	if den.Sign() <= 0 {
		return Amount{}, fmt.Errorf("multiply %v by %v/%v: the divisor must be above zero", a, num, den)
	}
	m, fits := multiply(a.magnitude(), num.magnitude()).quotient(den.magnitude())
	result, ok := m.signed((a.hi < 0) != (num.hi < 0))
	if !fits || !ok {
		return Amount{}, overflow("multiply %v by %v/%v", a, num, den)
	}
	return result, nil
}

// quotient returns w/d rounded half to even, or false if that is no amount. A
// divisor of one word, up to 18 million wholes, takes four divisions.
func (w wide) quotient(d magnitude) (magnitude, bool) {
	if d.hi != 0 {
		return w.quotientLong(d)
	}
	q, rest := w.divide(d.lo)
	if roundsUp(q[0], rest, d.lo) {
		q = q.next()
	}
	return q.narrow()
}

func (w wide) quotientLong(d magnitude) (magnitude, bool) {
	if (magnitude{w[3], w[2]}).compare(d) >= 0 {
		return magnitude{}, false // 2¹²⁸ and more
	}
	q, rest := w.divideLong(d)
	if !q.isAmount() {
		return magnitude{}, false // before next, which may wrap
	}
	if half := rest.compare(d.minus(rest)); half > 0 || half == 0 && q.lo&1 == 1 {
		q = q.next()
	}
	return q, true
}

func notPositive(what string, a Amount, n int64) error {
	return fmt.Errorf("multiply %v: %s is %d, want 1 or more", a, what, n)
}
