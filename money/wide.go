package money

import "math/bits"

// wide is an unsigned 256-bit integer, least word first: a product before its
// one division and rounding.
type wide [4]uint64

// multiply returns m·n, which always fits.
func multiply(m, n magnitude) wide {
	var w wide
	w[1], w[0] = bits.Mul64(m.lo, n.lo)
	w[3], w[2] = bits.Mul64(m.hi, n.hi)
	w.addAt1(bits.Mul64(m.hi, n.lo))
	w.addAt1(bits.Mul64(m.lo, n.hi))
	return w
}

// addAt1 adds (hi·2⁶⁴ + lo)·2⁶⁴.
func (w *wide) addAt1(hi, lo uint64) {
	var carry uint64
	w[1], carry = bits.Add64(w[1], lo, 0)
	w[2], carry = bits.Add64(w[2], hi, carry)
	w[3] += carry
}

// divide returns w/d rounded down, and the rest. d must not be zero.
func (w wide) divide(d uint64) (wide, uint64) {
	var q wide
	var rest uint64
	for i := 3; i >= 0; i-- {
		if rest|w[i] != 0 {
			q[i], rest = bits.Div64(rest, w[i], d)
		}
	}
	return q, rest
}

// divideLong returns w/d rounded down, and the rest, one bit at a time. It
// serves splits whose weights sum to 2⁶⁴ and more, and rates as large, which are
// rare and not hot.
// The quotient must fit in 128 bits and d in 127, so that rest·2+1 never wraps.
func (w wide) divideLong(d magnitude) (q, rest magnitude) {
	for i := 255; i >= 0; i-- {
		rest = rest.plus(rest)
		rest.lo |= w[i/64] >> (i % 64) & 1
		q = q.plus(q)
		if rest.compare(d) >= 0 {
			rest = rest.minus(d)
			q.lo |= 1
		}
	}
	return q, rest
}

// next returns w + 1.
func (w wide) next() wide {
	for i := range w {
		w[i]++
		if w[i] != 0 {
			break
		}
	}
	return w
}

// narrow returns w in 128 bits, or false if it needs more.
func (w wide) narrow() (magnitude, bool) {
	return magnitude{w[1], w[0]}, w[2]|w[3] == 0
}
