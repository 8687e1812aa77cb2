package money_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
)

// The ends of the range, and the smallest step.
var (
	top    = money.Must("99999999999999999999999999.999999999999")
	bottom = top.Neg()
	unit   = money.FromUnits(1)
)

func TestConstructorsAtTheirEnds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		got  money.Amount
		want string
	}{
		{money.Amount{}, "0"},
		{money.FromInt(0), "0"},
		{money.FromInt(-3), "-3"},
		{money.FromInt(math.MaxInt64), "9223372036854775807"},
		{money.FromInt(math.MinInt64), "-9223372036854775808"},
		{money.FromUnits(-1), "-0.000000000001"},
		{money.FromUnits(37_500), "0.0000000375"},
		{money.FromUnits(math.MaxInt64), "9223372.036854775807"},
		{money.FromUnits(math.MinInt64), "-9223372.036854775808"},
	} {
		if got := tc.got.String(); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}

func TestUnitsFitOrNot(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64} {
		if got, ok := money.FromUnits(n).Units(); got != n || !ok {
			t.Errorf("Units of %d = %d, %t", n, got, ok)
		}
	}
	for _, s := range []string{"9223372.036854775808", "-9223372.036854775809", "18446744.073709551616"} {
		if got, ok := money.Must(s).Units(); got != 0 || ok {
			t.Errorf("Units of %s = %d, %t; want 0, false", s, got, ok)
		}
	}
}

func TestFromBigAtTheEndsOfTheRange(t *testing.T) {
	t.Parallel()
	over := new(big.Int).Add(maxUnits, one)
	for _, x := range []*big.Int{maxUnits, new(big.Int).Neg(maxUnits)} {
		if got, err := money.FromBig(x); err != nil || got.Abs() != top {
			t.Errorf("FromBig(%v) = %v, %v", x, got, err)
		}
	}
	for _, x := range []*big.Int{over, new(big.Int).Neg(over), new(big.Int).Lsh(one, 127), new(big.Int).Lsh(one, 128), power10(60)} {
		if got, err := money.FromBig(x); !errors.Is(err, money.ErrOverflow) || !got.IsZero() {
			t.Errorf("FromBig(%v) = %v, %v; want ErrOverflow", x, got, err)
		}
	}
	if _, err := money.FromBig(nil); !errors.Is(err, money.ErrSyntax) {
		t.Errorf("FromBig(nil): %v, want ErrSyntax", err)
	}
}

func TestAmountsCompareSortAndKeyMaps(t *testing.T) {
	t.Parallel()
	sorted := []money.Amount{bottom, money.Must("-18446744.073709551617"), unit.Neg(), {}, unit, money.FromInt(1), top}
	shuffled := []money.Amount{sorted[3], sorted[6], sorted[0], sorted[5], sorted[1], sorted[4], sorted[2]}
	slices.SortFunc(shuffled, money.Amount.Cmp)
	if diff := cmp.Diff(sorted, shuffled); diff != "" {
		t.Errorf("sorted (-want +got):\n%s", diff)
	}
	calls := map[money.Amount]int{money.Must("1.50"): 7}
	if calls[money.Must("1.5e0")] != 7 || money.Must("-0") != (money.Amount{}) {
		t.Error("equal values differ by ==")
	}
}

func TestApproxIsNear(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]float64{
		"0": 0, "1": 1, "-2.5": -2.5, "0.0000000375": 3.75e-8,
		"99999999999999999999999999.999999999999": 1e26, "18446744.073709551616": 18446744.073709551616,
	} {
		if got := money.Must(s).Approx(); math.Abs(got-want) > 1e-15*math.Abs(want) {
			t.Errorf("Approx of %s = %v, want %v", s, got, want)
		}
	}
}
