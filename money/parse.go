package money

import "fmt"

// Parse reads a decimal number of wholes of the currency: "0.0375", "-2.5",
// "3e-05", "1.25E+2". Nothing is rounded. The error wraps ErrSyntax if the text
// is no such number (no spaces, separators, hexadecimal, NaN or Inf; at most
// 128 bytes), ErrPrecision if it needs more than 12 decimals, trailing zeros
// aside, and ErrOverflow if it is too large.
func Parse(s string) (Amount, error) {
	l, err := cutLiteral(s)
	if err != nil {
		return Amount{}, err
	}
	a, exact, ok := l.amount()
	switch {
	case !ok:
		return Amount{}, overflow("parse amount %q", clip(s))
	case !exact:
		return Amount{}, fmt.Errorf("parse amount %q: it has %d decimals and nothing may be rounded away here: %w",
			clip(s), l.decimals(), ErrPrecision)
	}
	return a, nil
}

// ParseRounded reads what Parse reads and rounds it half to even to 12
// decimals, for sources that write more, such as floats in a vendor's export.
// exact is false if that changed the value. The error wraps ErrSyntax or
// ErrOverflow.
//
//	0.30000000000000004 = 0.3, inexact
//	0.0000000000005     = 0, inexact: half a unit, to even
//	0.0000000000015     = 0.000000000002, inexact
func ParseRounded(s string) (a Amount, exact bool, err error) {
	l, err := cutLiteral(s)
	if err != nil {
		return Amount{}, false, err
	}
	a, exact, ok := l.amount()
	if !ok {
		return Amount{}, false, overflow("parse amount %q", clip(s))
	}
	return a, exact, nil
}

// ParseFine reads what ParseRounded reads, and what rounding took off: rest
// counts units, so that numbers of up to 24 decimals can be summed before they
// are rounded, once. Decimals beyond those are rounded away. The error wraps
// ErrSyntax or ErrOverflow.
//
//	0.0000000000004 = 0 and a rest of 0.4 units
//	0.0000000000017 = 0.000000000002 and a rest of -0.3 units
func ParseFine(s string) (a, rest Amount, err error) {
	a, exact, err := ParseRounded(s)
	if err != nil || exact {
		return a, Amount{}, err
	}
	l, err := cutLiteral(s)
	if err != nil {
		return Amount{}, Amount{}, err
	}
	down, rest, ok := l.cut()
	if !ok {
		return Amount{}, Amount{}, overflow("parse amount %q", clip(s))
	}
	up, err := a.Sub(down) // a unit, where rounding went away from zero
	if err != nil {
		return Amount{}, Amount{}, err
	}
	units, _ := up.Units()
	rest, err = rest.Sub(FromInt(units))
	return a, rest, err
}

// Must is Parse for constants in code; it panics where Parse fails.
func Must(s string) Amount {
	a, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return a
}

// amount returns the value rounded half to even to whole units, whether it was
// exact, and false if it does not fit.
func (l literal) amount() (a Amount, exact, ok bool) {
	end := len(l.whole) + l.exponent + decimals // the digits before it count units
	m, ok := l.units(end)
	if !ok {
		return Amount{}, false, false
	}
	exact = l.significant() <= max(0, end)
	if !exact && l.tailRoundsUp(m, end) {
		m = m.next()
	}
	a, ok = m.signed(l.negative)
	return a, exact, ok
}

// cut returns the value without what is below a unit, and that in units, below
// one of either sign; false if it does not fit.
func (l literal) cut() (whole, below Amount, ok bool) {
	end := len(l.whole) + l.exponent + decimals
	m, ok := l.units(end)
	if !ok {
		return Amount{}, Amount{}, false
	}
	tail := literal{negative: l.negative, fraction: l.whole + l.fraction, exponent: min(end, 0)}
	tail.fraction = tail.fraction[min(max(end, 0), l.len()):]
	if whole, ok = m.signed(l.negative); !ok {
		return Amount{}, Amount{}, false
	}
	below, _, ok = tail.amount()
	return whole, below, ok
}

// units returns the number that the digits before end spell, or false if it
// does not fit. With a huge exponent it ends early: on overflow after at most
// 39 places, or behind the last digit of a zero.
func (l literal) units(end int) (magnitude, bool) {
	var m magnitude
	for i := 0; i < end; i++ {
		if m.isZero() && i >= l.len() {
			break
		}
		tenfold, ok := m.times(10)
		if m = tenfold.plus(magnitude{lo: l.digit(i)}); !ok || !m.isAmount() {
			return magnitude{}, false
		}
	}
	return m, true
}

// tailRoundsUp applies roundsUp to the digits from end on, of which one at
// least is not zero: the first of them decides but for a five with nothing
// behind it.
func (l literal) tailRoundsUp(m magnitude, end int) bool {
	first := l.digit(end)
	if first == 5 && l.significant() > end+1 {
		return true
	}
	return roundsUp(m.lo, first, 10)
}
