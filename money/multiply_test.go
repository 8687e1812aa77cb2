package money_test

import (
	"errors"
	"math"
	"testing"

	"github.com/bursarhq/bursar/money"
)

func TestMulIntAtTheEndsOfTheRange(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a    string
		n    int64
		want string
	}{
		{"0.0000000375", 1_000_000, "0.0375"},
		{"-2.5", -3, "7.5"},
		{"18446744.073709551615", 3, "55340232.221128654845"},
		{"99999999999999999999999999.999999999999", -1, "-99999999999999999999999999.999999999999"},
		{"33333333333333333333333333.333333333333", 3, "99999999999999999999999999.999999999999"},
		{"33333333333333333333333333.333333333334", 3, ""},
		{"33333333333333333333333333.333333333334", -3, ""},
		{"99999999999999999999999999.999999999999", math.MinInt64, ""},
		{"-0.000000000001", math.MinInt64, "9223372.036854775808"},
		// The last multiple of 2⁶⁴ units in range, and the next; then ±2¹²⁸, which would wrap to 0.
		{"18446744.073709551616", 5_421_010_862_427_522_170, "99999999999999999999312600.44859932672"},
		{"18446744.073709551616", 5_421_010_862_427_522_171, ""},
		{"36893488.147419103232", math.MinInt64, ""},
		{"-36893488.147419103232", math.MinInt64, ""},
	} {
		got, err := money.Must(tc.a).MulInt(tc.n)
		wantAmount(t, tc.a, got, err, tc.want)
	}
}

func TestMulRatioRoundsOnceHalfToEven(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a        string
		num, den int64
		want     string
	}{
		{"0.000000000001", 1, 2, "0"},
		{"0.000000000001", 3, 2, "0.000000000002"},
		{"0.000000000001", 5, 2, "0.000000000002"},
		{"0.000000000001", -3, 2, "-0.000000000002"},
		{"-0.000000000001", -5, 2, "0.000000000002"},
		{"0.000000000001", 500_001, 1_000_000, "0.000000000001"},
		{"0.000000000001", 499_999, 1_000_000, "0"},
		{"1", 1, 3, "0.333333333333"},
		{"1", 2, 3, "0.666666666667"},
		// A quotient of 2⁶⁴−1 that rounds up out of its word.
		{"18446744.073709551613", 6832127434707241340, 6832127434707241339, "18446744.073709551616"},
		{"18446744.073709551615", 2_000_001, 2_000_000, "18446753.297081588470"},
		{"18446744.073709551615", math.MaxInt64, math.MaxInt64, "18446744.073709551615"},
		{"36893488.147419103231", 1, 2, "18446744.073709551616"},
		{"-36893488.147419103229", 1, 2, "-18446744.073709551614"},
		// The product needs 190 bits, the result fits all the same.
		{"99999999999999999999999999.999999999999", math.MaxInt64, math.MaxInt64, "99999999999999999999999999.999999999999"},
		{"99999999999999999999999999.999999999999", math.MinInt64, math.MaxInt64, ""},
		// Half of an odd product at the very end of the range.
		{"99999999999999999999999999.999999999998", 1_000_000_000, 999_999_999, ""},
		{"66666666666666666666666666.666666666666", 3, 2, "99999999999999999999999999.999999999999"},
		{"66666666666666666666666666.666666666667", 3, 2, ""},
		{"-66666666666666666666666666.666666666667", 3, 2, ""},
	} {
		got, err := money.Must(tc.a).MulRatio(tc.num, tc.den)
		wantAmount(t, tc.a, got, err, tc.want)
	}
}

func TestMulRoundsOnceHalfToEven(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, q string
		per  int64
		want string
	}{
		{"0.006", "37.5", 60, "0.00375"},
		{"-0.000000000001", "0.5", 1, "0"},
		{"0.000000000001", "1.5", 1, "0.000000000002"},
		{"0.000000000003", "-0.5", 1, "-0.000000000002"},
		// Half a unit but for 10⁻¹²: the rest of the first division decides.
		{"0.000000000001", "0.499999999999", 1, "0"},
		{"0.000000000001", "0.500000000001", 1, "0.000000000001"},
		{"0.000000000001", "1.000000000001", 2, "0.000000000001"},
		{"0.000000000001", "3.000000000000", 2, "0.000000000002"},
		{"1", "1", math.MaxInt64, "0"},
		{"99999999999999999999999999.999999999999", "9223372036854775807", math.MaxInt64, "99999999999999999999999999.999999999999"},
		{"99999999999999999999999999.999999999999", "1.000000000001", 1, ""},
		{"1e20", "1e6", 1, ""},
		// 2¹⁹² units: only the fourth word is not zero.
		{"83076749736557242056487.941267521536", "75557863725914323419136", 1, ""},
		{"1e20", "-999999.999999999999", 1, "-99999999999999999900000000"},
		{"99999999999999999999999999.999999999999", "99999999999999999999999999.999999999999", 1, ""},
	} {
		got, err := money.Must(tc.a).Mul(money.Must(tc.q), tc.per)
		wantAmount(t, tc.a+" * "+tc.q, got, err, tc.want)
	}
}

func TestMulQuotientRoundsOnceHalfToEven(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ a, num, den, want string }{
		{"100", "1", "1.0813", "92.48127254231"},
		{"100", "1.0813", "0.8637", "125.193933078615"},
		{"-100", "1", "3", "-33.333333333333"},
		{"0.000000000001", "1", "2", "0"},
		{"0.000000000003", "1", "2", "0.000000000002"},
		{"0.000000000003", "-1", "2", "-0.000000000002"},
		// A divisor of two words.
		{"0.000000000001", "20000000", "40000000", "0"},
		{"0.000000000003", "20000000", "40000000", "0.000000000002"},
		{"99999999999999999999999999.999999999999", "20000000", "20000000", "99999999999999999999999999.999999999999"},
		{"99999999999999999999999999.999999999999", "20000000.000000000001", "20000000", ""},
		{"99999999999999999999999999.999999999999", "99999999999999999999999999", "20000000", ""},
		{"99999999999999999999999999.999999999999", "1", "0.000000000001", ""},
		{"1", "1", "0", ""},
		{"1", "1", "-1", ""},
	} {
		got, err := money.Must(tc.a).MulQuotient(money.Must(tc.num), money.Must(tc.den))
		if money.Must(tc.den).Sign() <= 0 {
			if err == nil || errors.Is(err, money.ErrOverflow) {
				t.Errorf("by %s/%s: %v, %v; want an error that is no overflow", tc.num, tc.den, got, err)
			}
			continue
		}
		wantAmount(t, tc.a+" * "+tc.num+" / "+tc.den, got, err, tc.want)
	}
}

func TestMultiplyRefusesDivisorsBelowOne(t *testing.T) {
	t.Parallel()
	for _, d := range []int64{0, -1, math.MinInt64} {
		if got, err := unit.MulRatio(1, d); err == nil || errors.Is(err, money.ErrOverflow) || !got.IsZero() {
			t.Errorf("MulRatio by 1/%d = %v, %v", d, got, err)
		}
		if got, err := unit.Mul(unit, d); err == nil || errors.Is(err, money.ErrOverflow) || !got.IsZero() {
			t.Errorf("Mul per %d = %v, %v", d, got, err)
		}
	}
}

// TestHotPathAllocatesNothing runs alone: other tests would disturb the count.
func TestHotPathAllocatesNothing(t *testing.T) {
	var got money.Amount
	var err error
	small, large, seconds := money.Must("0.0375"), money.Must("123456789012.0375"), money.Must("37.5")
	amounts := []money.Amount{small, large, seconds}
	for name, work := range map[string]func(){
		"Add":               func() { got, err = small.Add(large) },
		"Sub":               func() { got, err = small.Sub(large) },
		"Sum":               func() { got, err = money.Sum(amounts...) },
		"MulInt":            func() { got, err = large.MulInt(-3) },
		"MulRatio":          func() { got, err = small.MulRatio(123_457, 1_000_000) },
		"MulRatio, 2 words": func() { got, err = large.MulRatio(123_457, 1_000_000) },
		"Mul":               func() { got, err = large.Mul(seconds, 60) },
		"MulQuotient":       func() { got, err = large.MulQuotient(seconds, small) },
		"Round":             func() { got = large.Round(2) },
		"Parse":             func() { got, err = money.Parse("123456.789e-3") },
	} {
		if n := testing.AllocsPerRun(100, work); n != 0 || err != nil || got.IsZero() {
			t.Errorf("%s: %v allocations, %v, %v", name, n, got, err)
		}
	}
}
