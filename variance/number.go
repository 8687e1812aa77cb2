package variance

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/money"
)

const (
	longestNumber  = 128 // bytes
	widestExponent = 60
)

// perUnit is the number of units of 10⁻¹² in one whole.
const perUnit = 1_000_000_000_000

// Number is an exact quantity, price or factor. Its zero value is one that is not
// given.
type Number struct{ value *big.Rat }

// Exact gives the number of an amount: a price, or a quantity with 12 decimals.
func Exact(a money.Amount) Number {
	return Number{new(big.Rat).SetFrac(a.Big(), big.NewInt(perUnit))}
}

// Quotient gives a/b, not given when b is zero: a unit price is a cost over a
// quantity, and need not end in decimals.
func Quotient(a, b money.Amount) Number {
	if b.IsZero() {
		return Number{}
	}
	return Number{new(big.Rat).SetFrac(a.Big(), b.Big())}
}

func whole(n int64) Number { return Number{new(big.Rat).SetInt64(n)} }

// times gives the product: zero when either number is zero, else not given when either
// is not.
func (n Number) times(m Number) Number {
	switch {
	case n.isZero() || m.isZero():
		return whole(0)
	case !n.Given() || !m.Given():
		return Number{}
	}
	return Number{new(big.Rat).Mul(n.value, m.value)}
}

// Given reports whether there is a number.
func (n Number) Given() bool { return n.value != nil }

// isZero reports whether the number is given, and zero.
func (n Number) isZero() bool { return n.Given() && n.value.Sign() == 0 }

// ParseNumber reads an exact decimal, like 1250000, 0.0375 or 3e-05, of any number
// of decimals up to 128 characters. An empty text is a number that is not given.
func ParseNumber(s string) (Number, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Number{}, nil
	}
	if err := decimal(s); err != nil {
		return Number{}, err
	}
	value, ok := new(big.Rat).SetString(s)
	if !ok {
		return Number{}, notDecimal(s)
	}
	return Number{value}, nil
}

// decimal lets through what is a plain decimal, before an exponent can become a
// number of a million digits.
func decimal(s string) error {
	mantissa, exponent, scaled := strings.Cut(strings.ToLower(s), "e")
	if len(s) > longestNumber || mantissa == "" || strings.Trim(mantissa, "+-.0123456789") != "" || strings.ContainsAny(mantissa[1:], "+-") {
		return notDecimal(s)
	}
	if n, err := strconv.Atoi(exponent); scaled && (err != nil || max(n, -n) > widestExponent) {
		if errors.Is(err, strconv.ErrSyntax) {
			return notDecimal(s)
		}
		return fmt.Errorf("%.40q has an exponent beyond ±%d", s, widestExponent)
	}
	return nil
}

func notDecimal(s string) error {
	return fmt.Errorf("%.40q is no decimal like 1250000, 0.0375 or 3e-05", s)
}
