package money

import (
	"fmt"
	"strings"
)

// longest bounds the texts that are read, in bytes.
const longest = 128

// literal is a decimal number as written, "-12.50e3", cut into its parts:
// (−1)^negative · whole.fraction · 10^exponent. Its digits are those of whole
// and then those of fraction.
type literal struct {
	negative        bool
	whole, fraction string
	exponent        int
}

// cutLiteral reads [+-] digits [. digits] [e [+-] digits], with a digit before
// or after the point and nothing around it. The error wraps ErrSyntax.
func cutLiteral(s string) (literal, error) {
	if len(s) > longest {
		return literal{}, malformed(s, "it has %d characters, at most %d are read", len(s), longest)
	}
	var l literal
	rest := s
	l.negative, rest = cutSign(rest)
	l.whole, rest = cutDigits(rest)
	if after, found := strings.CutPrefix(rest, "."); found {
		l.fraction, rest = cutDigits(after)
	}
	if l.whole == "" && l.fraction == "" {
		return literal{}, malformed(s, "want a digit, found %q", clip(rest))
	}
	if rest != "" && rest[0]|0x20 == 'e' {
		var ok bool
		if l.exponent, rest, ok = cutExponent(rest[1:]); !ok {
			return literal{}, malformed(s, "the exponent has no digits")
		}
	}
	if rest != "" {
		return literal{}, malformed(s, "found %q after the number", clip(rest))
	}
	return l, nil
}

func malformed(s, why string, args ...any) error {
	return fmt.Errorf("parse amount %q: %s: %w", clip(s), fmt.Sprintf(why, args...), ErrSyntax)
}

func cutSign(s string) (negative bool, rest string) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[0] == '-', s[1:]
	}
	return false, s
}

func cutDigits(s string) (digits, rest string) {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

// cutExponent stops counting at about a million: whatever lies beyond has long
// left the range at one end or the other.
func cutExponent(s string) (exponent int, rest string, ok bool) {
	negative, s := cutSign(s)
	digits, rest := cutDigits(s)
	for _, c := range digits {
		if exponent < 1_000_000 {
			exponent = exponent*10 + int(c-'0')
		}
	}
	if negative {
		exponent = -exponent
	}
	return exponent, rest, digits != ""
}

func (l literal) len() int { return len(l.whole) + len(l.fraction) }

// digit returns the digit at place i from the left; behind the last one, and
// before the first, there are zeros without end.
func (l literal) digit(i int) uint64 {
	switch {
	case i < 0 || i >= l.len():
		return 0
	case i < len(l.whole):
		return uint64(l.whole[i] - '0')
	}
	return uint64(l.fraction[i-len(l.whole)] - '0')
}

// significant returns the number of digits up to the last that is not zero.
func (l literal) significant() int {
	n := l.len()
	for n > 0 && l.digit(n-1) == 0 {
		n--
	}
	return n
}

// decimals returns how many digits behind the point the value needs, at least 0.
func (l literal) decimals() int {
	return max(0, l.significant()-len(l.whole)-l.exponent)
}
