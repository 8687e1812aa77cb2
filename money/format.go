package money

import (
	"bytes"
	"strconv"
	"strings"
)

// room is enough for the longest text: a sign, 27 digits, a point, 12 digits.
const room = 48

// String returns the exact decimal without trailing zeros, in wholes of the
// currency: "0.0000000375", "-2.5", "0".
func (a Amount) String() string {
	return string(a.append(make([]byte, 0, room)))
}

// AppendText appends what String returns to b. The error is always nil.
func (a Amount) AppendText(b []byte) ([]byte, error) { return a.append(b), nil }

// Fixed returns the amount with exactly that many decimals, rounded half to
// even, for people to read: Fixed(2) of 0.125 is "0.12", and of -0.001 it is
// "0.00", without a sign. digits below 0 count as 0, above 12 as 12. Columns of
// Fixed amounts add up only if Shown rounded them.
func (a Amount) Fixed(digits int) string {
	digits = clampDigits(digits)
	m := a.magnitude().nearest(steps[digits])
	return string(appendDecimal(make([]byte, 0, room), a.hi < 0, m, digits))
}

// Grouped sets the thousands of a written number apart, for people to read:
// "1234567.80" is "1,234,567.80". Nothing else of the text changes.
func Grouped(number string) string {
	sign, rest := "", number
	if strings.HasPrefix(rest, "-") {
		sign, rest = "-", rest[1:]
	}
	whole, fraction, found := strings.Cut(rest, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	return sign + whole
}

func (a Amount) append(b []byte) []byte {
	b = appendDecimal(b, a.hi < 0, a.magnitude(), decimals)
	b = bytes.TrimRight(b, "0") // stops at the point, which is always there
	return bytes.TrimSuffix(b, []byte("."))
}

// appendDecimal appends m·10^−digits with all its decimals, and a minus sign if
// it is negative and not zero.
func appendDecimal(b []byte, negative bool, m magnitude, digits int) []byte {
	if negative && !m.isZero() {
		b = append(b, '-')
	}
	whole, fraction := m.divide(steps[decimals-digits]) // 10^digits
	b = appendWhole(b, whole)
	if digits == 0 {
		return b
	}
	return appendPadded(append(b, '.'), fraction, digits)
}

// appendWhole cuts off the last 19 digits: 10³⁸ and less leaves at most 10¹⁹,
// which one word holds.
func appendWhole(b []byte, m magnitude) []byte {
	if m.hi == 0 {
		return strconv.AppendUint(b, m.lo, 10)
	}
	head, tail := m.divide(1e19)
	return appendPadded(strconv.AppendUint(b, head.lo, 10), tail, 19)
}

// appendPadded appends the last width digits of n, zeros in front.
func appendPadded(b []byte, n uint64, width int) []byte {
	start := len(b)
	b = append(b, "0000000000000000000"[:width]...)
	for i := len(b) - 1; i >= start; i-- {
		b[i] += byte(n % 10)
		n /= 10
	}
	return b
}
