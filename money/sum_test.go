package money_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/bursarhq/bursar/money"
)

// wantAmount wants that text, or ErrOverflow and zero where want is empty.
func wantAmount(t *testing.T, op string, got money.Amount, err error, want string) {
	t.Helper()
	if want == "" {
		if !errors.Is(err, money.ErrOverflow) || !got.IsZero() {
			t.Errorf("%s = %v, %v; want zero and ErrOverflow", op, got, err)
		}
		return
	}
	if err != nil || got != money.Must(want) {
		t.Errorf("%s = %v, %v; want %s", op, got, err, want)
	}
}

func TestAddAndSubAtTheEndsOfTheRange(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b      money.Amount
		sum, diff string
	}{
		{money.Must("0.1"), money.Must("0.2"), "0.3", "-0.1"},
		{money.Must("18446744.073709551615"), unit, "18446744.073709551616", "18446744.073709551614"},
		{money.Must("-18446744.073709551616"), unit, "-18446744.073709551615", "-18446744.073709551617"},
		{top, money.Amount{}, top.String(), top.String()},
		{top, unit, "", "99999999999999999999999999.999999999998"},
		{top, unit.Neg(), "99999999999999999999999999.999999999998", ""},
		{bottom, unit, "-99999999999999999999999999.999999999998", ""},
		{bottom, unit.Neg(), "", "-99999999999999999999999999.999999999998"},
		{top, top, "", "0"},
		{bottom, bottom, "", "0"},
		{top, bottom, "0", ""},
		{bottom, top, "0", ""},
		{money.Must("5e25"), money.Must("5e25"), "", "0"},
		{money.Must("5e25"), money.Must("49999999999999999999999999.999999999999"), top.String(), unit.String()},
	} {
		got, err := tc.a.Add(tc.b)
		wantAmount(t, tc.a.String()+" + "+tc.b.String(), got, err, tc.sum)
		got, err = tc.a.Sub(tc.b)
		wantAmount(t, tc.a.String()+" - "+tc.b.String(), got, err, tc.diff)
	}
}

func TestSumIsExactInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		amounts []money.Amount
		want    string
	}{
		{nil, "0"},
		{[]money.Amount{top, top, bottom, bottom, unit}, unit.String()},
		{[]money.Amount{bottom, bottom, top, top, unit}, unit.String()},
		{[]money.Amount{unit, top, bottom, top, bottom}, unit.String()},
		{[]money.Amount{top, unit, unit.Neg()}, top.String()},
		{[]money.Amount{top, unit}, ""},
		{[]money.Amount{bottom, unit.Neg()}, ""},
		{slices.Repeat([]money.Amount{top}, 3), ""},
		{slices.Repeat([]money.Amount{bottom}, 4), ""},
		{slices.Repeat([]money.Amount{top, bottom}, 1000), "0"},
	} {
		got, err := money.Sum(tc.amounts...)
		wantAmount(t, "sum", got, err, tc.want)
	}
}

func TestOverflowSaysWhatWasTried(t *testing.T) {
	t.Parallel()
	_, err := top.Add(money.Must("0.5"))
	want := "add 0.5 to 99999999999999999999999999.999999999999: beyond the largest amount, 99999999999999999999999999.999999999999"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
