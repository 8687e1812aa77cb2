package money_test

import (
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"testing"

	"github.com/bursarhq/bursar/money"
)

var number = regexp.MustCompile(`^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?$`)

// checkParse holds Parse and ParseRounded against big.Rat.
func checkParse(t *testing.T, s string) {
	t.Helper()
	match := number.FindStringSubmatch(s)
	got, err := money.Parse(s)
	rounded, exact, errRounded := money.ParseRounded(s)
	if match == nil || len(s) > 128 {
		if !errors.Is(err, money.ErrSyntax) || !errors.Is(errRounded, money.ErrSyntax) {
			t.Fatalf("Parse(%q) = %v, ParseRounded: %v; want ErrSyntax twice", s, err, errRounded)
		}
		return
	}
	value, ok := new(big.Rat).SetString(tamed(s, match[1]))
	if !ok {
		t.Fatalf("the reference cannot read %q", s)
	}
	units := value.Mul(value, new(big.Rat).SetInt(perWhole))
	want := halfEven(units.Num(), units.Denom())
	checkResult(t, "ParseRounded "+s, rounded, errRounded, want)
	switch {
	case units.IsInt() || !fits(want):
		checkResult(t, "Parse "+s, got, err, want)
	case !errors.Is(err, money.ErrPrecision) || !got.IsZero():
		t.Fatalf("Parse(%q) = %v, %v; want ErrPrecision", s, got, err)
	}
	if errRounded == nil && exact != units.IsInt() {
		t.Fatalf("ParseRounded(%q) says exact is %t", s, exact)
	}
}

// tamed replaces an exponent that would make the reference compute for ever.
// With at most 128 digits, everything beyond ±400 is as far out as ±400.
func tamed(s, exponent string) string {
	n, err := strconv.Atoi(exponent)
	if exponent == "" || err == nil && -400 < n && n < 400 {
		return s
	}
	if exponent[0] == '-' {
		return s[:len(s)-len(exponent)] + "-400"
	}
	return s[:len(s)-len(exponent)] + "400"
}
