package money_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
)

func TestShownPartsSumToTheShownTotal(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		digits int
		parts  string
		want   string
	}{
		{"no parts", 2, "", ""},
		{"nothing to round", 2, "1.25 -3.5 0", "1.25 -3.5 0"},
		{"one cent missing, tie to the first", 2, "3.335 3.335 3.33", "3.34 3.33 3.33"},
		{"the mirror", 2, "-3.335 -3.335 -3.33", "-3.34 -3.33 -3.33"},
		{"thirds", 2, "0.333333333334 0.333333333333 0.333333333333", "0.34 0.33 0.33"},
		{"small parts add up", 0, "0.3 0.3 0.3 0.1", "1 0 0 0"},
		{"a total at a half goes to even", 0, "0.25 0.25", "0 0"},
		{"opposite halves", 0, "0.5 -0.5", "1 -1"},
		{"opposite halves, mirrored", 0, "-0.5 0.5", "-1 1"},
		{"a credit among charges", 2, "10.005 -0.0025 3.3325", "10.01 0 3.33"},
		{"twelve decimals", 12, "0.000000000001 2", "0.000000000001 2"},
		{"the total fits although halves of it do not", 0, top.String() + " " + bottom.String(), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := money.Shown(tc.digits, amounts(tc.parts))
			if tc.want == "" && tc.parts != "" {
				if !errors.Is(err, money.ErrOverflow) || got != nil {
					t.Errorf("got %v, %v; want ErrOverflow", got, err)
				}
				return
			}
			if diff := cmp.Diff(amounts(tc.want), got); diff != "" || err != nil {
				t.Errorf("error %v, parts (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestShownRefuses(t *testing.T) {
	t.Parallel()
	for _, digits := range []int{-1, 13} {
		if got, err := money.Shown(digits, []money.Amount{unit}); err == nil || got != nil {
			t.Errorf("%d digits: %v, %v; want an error", digits, got, err)
		}
	}
	for name, parts := range map[string][]money.Amount{
		"the total is too large":                 {top, unit},
		"the rounded total is too large":         {top},
		"the rounded total is too small":         {bottom},
		"a part is too large once it is rounded": {top, money.Must("-3.000000000001")},
	} {
		if got, err := money.Shown(2, parts); !errors.Is(err, money.ErrOverflow) || got != nil {
			t.Errorf("%s: %v, %v; want ErrOverflow", name, got, err)
		}
	}
}
