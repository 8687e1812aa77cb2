package money

import "fmt"

// Shown rounds parts for display to 0..12 decimals, so that what is shown sums
// to the total as shown, which is the sum of the parts rounded half to even. It
// works by largest remainder: every part goes down to a multiple of the last
// place, and the places missing go one each to the largest remainders, the
// lowest index first where they are equal. A part moves by less than one place,
// and one that needs no rounding does not move.
//
//	3.335, 3.335, 3.33 to 2 decimals: total 10.00
//	  down to 3.33, 3.33, 3.33 = 9.99; one cent is missing
//	  shown 3.34, 3.33, 3.33
//
// What is shown for the negated parts is the mirror. digits outside 0..12 is an
// error; where the total, or a part once rounded, does not fit, the error wraps
// ErrOverflow.
func Shown(digits int, parts []Amount) ([]Amount, error) {
	if digits != clampDigits(digits) {
		return nil, fmt.Errorf("show %d parts with %d decimals: want 0 to %d", len(parts), digits, decimals)
	}
	total, err := Sum(parts...)
	if err != nil {
		return nil, fmt.Errorf("show parts: %w", err)
	}
	step := steps[digits]
	if leansDown(total, parts) {
		shown, err := show(step, total.Neg(), negated(parts))
		if err != nil {
			return nil, err
		}
		return negated(shown), nil
	}
	return show(step, total, parts)
}

// leansDown is the sign of the total, or else of the first part that has one.
// The negated parts lean the other way, so both take the same path in show.
func leansDown(total Amount, parts []Amount) bool {
	sign := total.Sign()
	for i := 0; sign == 0 && i < len(parts); i++ {
		sign = parts[i].Sign()
	}
	return sign < 0
}

func negated(amounts []Amount) []Amount {
	mirror := make([]Amount, len(amounts))
	for i, a := range amounts {
		mirror[i] = a.Neg()
	}
	return mirror
}

// show does the work of Shown in whole steps. Counts of steps cannot overflow:
// a step is ten units at least, or else one and nothing is rounded.
func show(step uint64, total Amount, parts []Amount) ([]Amount, error) {
	target := total.magnitude().nearest(step).twos(total.hi < 0)
	if _, err := target.MulInt(int64(step)); err != nil {
		return nil, fmt.Errorf("show parts of %v: %w", total, err)
	}
	counts, rests := make([]Amount, len(parts)), make([]magnitude, len(parts))
	missing := target
	for i, part := range parts {
		counts[i], rests[i].lo = part.down(step)
		missing = missing.wrappingAdd(counts[i].Neg())
	}
	for _, i := range byRemainder(rests)[:missing.lo] {
		counts[i] = counts[i].wrappingAdd(FromUnits(1))
	}
	return scaled(counts, int64(step))
}

// down returns how many steps fit below a, and the units from there up to a.
func (a Amount) down(step uint64) (count Amount, rest uint64) {
	q, rest := a.magnitude().divide(step)
	if a.hi < 0 && rest > 0 {
		return q.next().twos(true), step - rest
	}
	return q.twos(a.hi < 0), rest
}

func scaled(counts []Amount, step int64) ([]Amount, error) {
	for i, count := range counts {
		a, err := count.MulInt(step)
		if err != nil {
			return nil, fmt.Errorf("show part %d of %d: %w", i+1, len(counts), err)
		}
		counts[i] = a
	}
	return counts, nil
}
