package money

import (
	"errors"
	"fmt"
)

// ErrOverflow says that a result lies beyond ±(10³⁸−1) units.
var ErrOverflow = errors.New("beyond the largest amount, 99999999999999999999999999.999999999999")

// ErrSyntax says that a text or value does not denote an amount at all.
var ErrSyntax = errors.New("not an amount such as -12.5 or 3e-05")

// ErrPrecision says that an amount cannot be held without losing digits.
var ErrPrecision = errors.New("not exact in 12 decimals")

// ErrCurrency says that a currency is malformed, or that two of them would mix.
var ErrCurrency = errors.New("wrong currency")

// overflow stands apart from the arithmetic, so that the operands reach the
// heap only when something went wrong.
func overflow(format string, operands ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, operands...), ErrOverflow)
}

// clip keeps a stranger's text in an error message short.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
