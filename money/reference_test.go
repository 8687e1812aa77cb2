package money_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
)

// This file is the reference: what each operation means, said again in
// math/big. The checks are shared by the fuzz targets and the random test.

var (
	one      = big.NewInt(1)
	two      = big.NewInt(2)
	perWhole = power10(12)
	maxUnits = new(big.Int).Sub(power10(38), one)
)

func power10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func fits(x *big.Int) bool { return x.CmpAbs(maxUnits) <= 0 }

func product(x *big.Int, ys ...*big.Int) *big.Int {
	p := new(big.Int).Set(x)
	for _, y := range ys {
		p.Mul(p, y)
	}
	return p
}

// halfEven returns n/d rounded half to even, d > 0: n/d + 1/2 rounded down, and
// one less where that was a tie and came out odd.
func halfEven(n, d *big.Int) *big.Int {
	twice := new(big.Int).Add(product(n, two), d)
	q, rest := new(big.Int).DivMod(twice, product(d, two), new(big.Int))
	if rest.Sign() == 0 && q.Bit(0) == 1 {
		q.Sub(q, one)
	}
	return q
}

func amountOf(t *testing.T, x *big.Int) money.Amount {
	t.Helper()
	a, err := money.FromBig(x)
	if err != nil {
		t.Fatalf("FromBig(%v): %v", x, err)
	}
	if a.Big().Cmp(x) != 0 {
		t.Fatalf("FromBig(%v).Big() = %v", x, a.Big())
	}
	return a
}

func amountsOf(t *testing.T, xs []*big.Int) []money.Amount {
	t.Helper()
	amounts := make([]money.Amount, len(xs))
	for i, x := range xs {
		amounts[i] = amountOf(t, x)
	}
	return amounts
}

// checkResult wants exactly that many units, or ErrOverflow and zero if they do
// not fit.
func checkResult(t *testing.T, op string, got money.Amount, err error, want *big.Int) {
	t.Helper()
	switch {
	case fits(want) && (err != nil || got.Big().Cmp(want) != 0):
		t.Fatalf("%s = %v units, %v; want %v", op, got.Big(), err, want)
	case !fits(want) && (!errors.Is(err, money.ErrOverflow) || !got.IsZero()):
		t.Fatalf("%s = %v units, %v; want zero and ErrOverflow for %v", op, got.Big(), err, want)
	}
}

func checkAddSub(t *testing.T, x, y *big.Int) {
	t.Helper()
	a, b := amountOf(t, x), amountOf(t, y)
	got, err := a.Add(b)
	checkResult(t, "Add", got, err, new(big.Int).Add(x, y))
	got, err = a.Sub(b)
	checkResult(t, "Sub", got, err, new(big.Int).Sub(x, y))
	got, err = money.Sum(a, b, a)
	checkResult(t, "Sum", got, err, new(big.Int).Add(product(x, two), y))
	checkResult(t, "Neg", a.Neg(), nil, new(big.Int).Neg(x))
	checkResult(t, "Abs", a.Abs(), nil, new(big.Int).Abs(x))
	if a.Cmp(b) != x.Cmp(y) || a.Sign() != x.Sign() || a.IsZero() != (x.Sign() == 0) {
		t.Fatalf("Cmp(%v, %v) = %d, Sign = %d, IsZero = %t", x, y, a.Cmp(b), a.Sign(), a.IsZero())
	}
	if (a == b) != (x.Cmp(y) == 0) || a.Equal(b) != (a == b) {
		t.Fatalf("%v == %v is %t", x, y, a == b)
	}
	if n, ok := a.Units(); ok != x.IsInt64() || ok && n != x.Int64() {
		t.Fatalf("Units of %v = %d, %t", x, n, ok)
	}
}

func checkMulRatio(t *testing.T, x *big.Int, num, den int64) {
	t.Helper()
	a, n := amountOf(t, x), big.NewInt(num)
	got, err := a.MulInt(num)
	checkResult(t, "MulInt", got, err, product(x, n))
	got, err = a.MulRatio(num, den)
	if den <= 0 {
		if err == nil || errors.Is(err, money.ErrOverflow) || !got.IsZero() {
			t.Fatalf("MulRatio by %d/%d = %v, %v; want an error", num, den, got, err)
		}
		return
	}
	checkResult(t, "MulRatio", got, err, halfEven(product(x, n), big.NewInt(den)))
}

func checkMul(t *testing.T, x, q *big.Int, per int64) {
	t.Helper()
	got, err := amountOf(t, x).Mul(amountOf(t, q), per)
	if per <= 0 {
		if err == nil || errors.Is(err, money.ErrOverflow) || !got.IsZero() {
			t.Fatalf("Mul per %d = %v, %v; want an error", per, got, err)
		}
		return
	}
	checkResult(t, "Mul", got, err, halfEven(product(x, q), product(perWhole, big.NewInt(per))))
}

func checkMulQuotient(t *testing.T, x, num, den *big.Int) {
	t.Helper()
	got, err := amountOf(t, x).MulQuotient(amountOf(t, num), amountOf(t, den))
	if den.Sign() <= 0 {
		if err == nil || errors.Is(err, money.ErrOverflow) || !got.IsZero() {
			t.Fatalf("MulQuotient by %v/%v = %v, %v; want an error", num, den, got, err)
		}
		return
	}
	checkResult(t, "MulQuotient", got, err, halfEven(product(x, num), den))
}

func checkRound(t *testing.T, x *big.Int, digits int) {
	t.Helper()
	a := amountOf(t, x)
	clamped := max(0, min(digits, 12))
	step := power10(12 - clamped)
	count := halfEven(x, step)
	want := product(count, step)
	if !fits(want) {
		want = product(new(big.Int).Quo(x, step), step)
	}
	checkResult(t, "Round", a.Round(digits), nil, want)

	text := new(big.Rat).SetFrac(count, power10(clamped)).FloatString(clamped)
	if got := a.Fixed(digits); got != text {
		t.Fatalf("Fixed(%d) of %v units = %q, want %q", digits, x, got, text)
	}
	exact := new(big.Rat).SetFrac(x, perWhole).FloatString(12)
	if exact = strings.TrimSuffix(strings.TrimRight(exact, "0"), "."); a.String() != exact {
		t.Fatalf("String of %v units = %q, want %q", x, a, exact)
	}
	checkParse(t, exact)
}
