package money_test

import (
	"testing"

	"github.com/bursarhq/bursar/money"
)

func TestRoundAndFixed(t *testing.T) {
	t.Parallel()
	const most = "99999999999999999999999999"
	for _, tc := range []struct {
		a            string
		digits       int
		round, fixed string
	}{
		{"0", 2, "0", "0.00"},
		{"2.345", 2, "2.34", "2.34"},
		{"2.355", 2, "2.36", "2.36"},
		{"2.345000000001", 2, "2.35", "2.35"},
		{"-2.345", 2, "-2.34", "-2.34"},
		{"-0.005", 2, "0", "0.00"},
		{"-0.015", 2, "-0.02", "-0.02"},
		{"0.5", 0, "0", "0"},
		{"1.5", 0, "2", "2"},
		{"-1.5", 0, "-2", "-2"},
		{"1.5", -7, "2", "2"},
		{"0.0000000375", 12, "0.0000000375", "0.000000037500"},
		{"0.0000000375", 99, "0.0000000375", "0.000000037500"},
		{"12345678901234567890.125", 2, "12345678901234567890.12", "12345678901234567890.12"},
		// At the end of the range a text can say 10²⁶, an Amount cannot.
		{most + ".494", 0, most, most},
		{most + ".5", 0, most, "100000000000000000000000000"},
		{most + ".999999999999", 2, most + ".99", "100000000000000000000000000.00"},
		{"-" + most + ".999999999999", 11, "-" + most + ".99999999999", "-100000000000000000000000000.00000000000"},
		{"-" + most + ".999999999999", 12, "-" + most + ".999999999999", "-" + most + ".999999999999"},
	} {
		a := money.Must(tc.a)
		if got := a.Round(tc.digits); got != money.Must(tc.round) {
			t.Errorf("Round(%d) of %s = %v, want %s", tc.digits, tc.a, got, tc.round)
		}
		if got := a.Fixed(tc.digits); got != tc.fixed {
			t.Errorf("Fixed(%d) of %s = %s, want %s", tc.digits, tc.a, got, tc.fixed)
		}
	}
}
