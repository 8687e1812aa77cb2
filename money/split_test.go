package money_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
)

// amounts reads "1 2.5 -3" as three amounts.
func amounts(text string) []money.Amount {
	list := []money.Amount{}
	for s := range strings.FieldsSeq(text) {
		list = append(list, money.Must(s))
	}
	return list
}

func TestSplitByLargestRemainder(t *testing.T) {
	t.Parallel()
	const big = math.MaxInt64
	for _, tc := range []struct {
		name, total string
		weights     []int64
		want        string
	}{
		{"equal parts, tie to the first", "100", []int64{1, 1, 1}, "33.333333333334 33.333333333333 33.333333333333"},
		{"the mirror", "-100", []int64{1, 1, 1}, "-33.333333333334 -33.333333333333 -33.333333333333"},
		{"two left over, to the first two", "0.000000000005", []int64{1, 1, 1}, "2e-12 2e-12 1e-12"},
		{"the larger remainder comes last", "0.000000000010", []int64{10, 11, 12}, "3e-12 3e-12 4e-12"},
		{"zero weight", "0.000000000001", []int64{0, 1, 0, 1}, "0 1e-12 0 0"},
		{"all weights zero", "0.000000000005", []int64{0, 0, 0}, "2e-12 2e-12 1e-12"},
		{"all weights zero, negative", "-1", []int64{0, 0}, "-0.5 -0.5"},
		{"one weight", "-2.5", []int64{7}, "-2.5"},
		{"zero total", "0", []int64{3, 0, 1}, "0 0 0"},
		{"zero total, no weights", "0", nil, ""},
		{"weights whose sum needs two words", "3", []int64{big, big, big}, "1 1 1"},
		{"the same, with a tiny one", "3", []int64{big, big, big, 1}, "1 1 1 0"},
		{"everything at its largest", top.String(), []int64{big, 0, big, big},
			"33333333333333333333333333.333333333333 0 33333333333333333333333333.333333333333 33333333333333333333333333.333333333333"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := money.Must(tc.total).Split(tc.weights)
			if diff := cmp.Diff(amounts(tc.want), got); diff != "" || err != nil {
				t.Errorf("error %v, parts (-want +got):\n%s", err, diff)
			}
		})
	}
}

// The shares are 1.58 and 3.16 units in turn, so 37 units are left over for the
// first 37 of 50 equal remainders. An unstable sort would keep a few in order.
func TestSplitTiesGoToTheLowestIndex(t *testing.T) {
	t.Parallel()
	weights := slices.Repeat([]int64{1, 2}, 50)
	parts, err := money.FromUnits(237).Split(weights)
	want := append(slices.Repeat(amounts("2e-12 3e-12"), 37), slices.Repeat(amounts("1e-12 3e-12"), 13)...)
	if diff := cmp.Diff(want, parts); diff != "" || err != nil {
		t.Errorf("error %v, parts (-want +got):\n%s", err, diff)
	}
}

func TestPartsAreAsFewAsFit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		total string
		most  int64
		want  string
	}{
		{"600000", 250_000, "200000 200000 200000"},
		{"-500000.000000000001", 250_000, "-166666.666666666667 -166666.666666666667 -166666.666666666667"},
		{"500000", 250_000, "250000 250000"},
		{"250000", 250_000, "250000"},
		{"0", 1, "0"},
		{"0.5", 1, "0.5"},
	} {
		got, err := money.Must(tc.total).Parts(tc.most)
		if diff := cmp.Diff(amounts(tc.want), got); diff != "" || err != nil {
			t.Errorf("%s: error %v, parts (-want +got):\n%s", tc.total, err, diff)
		}
	}
	for most, total := range map[int64]string{0: "1", -1: "1", 1: "10000.5", 250_000: top.String()} {
		a := money.Must(total)
		if got, err := a.Parts(most); err == nil {
			t.Errorf("%v in parts of at most %d: %d parts, want an error", a, most, len(got))
		}
	}
}

func TestSplitSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		total   money.Amount
		weights []int64
		want    string
	}{
		{money.FromInt(5), []int64{}, "split 5 over no weights: there is nobody to take it"},
		{money.FromInt(5), []int64{1, -3}, "split 5: weight 2 of 2 is -3, want zero or more"},
		{money.Amount{}, []int64{-1}, "split 0: weight 1 of 1 is -1, want zero or more"},
	} {
		parts, err := tc.total.Split(tc.weights)
		if err == nil || err.Error() != tc.want || parts != nil {
			t.Errorf("got %v, %v; want %s", parts, err, tc.want)
		}
	}
}
