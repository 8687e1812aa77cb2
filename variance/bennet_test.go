package variance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

func number(t testing.TB, text string) variance.Number {
	t.Helper()
	n, err := variance.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// leaf reads "name q0 q1 p0 p1", with - for a price that is not given.
func leaf(t testing.TB, text string) variance.Leaf {
	t.Helper()
	cells := strings.Fields(text)
	given := func(i int) variance.Number { return number(t, strings.Trim(cells[i], "-")) }
	return variance.Leaf{Name: cells[0], Quantity: [2]variance.Number{given(1), given(2)}, Price: [2]variance.Number{given(3), given(4)}}
}

func leavesOf(t testing.TB, lines ...string) []variance.Leaf {
	t.Helper()
	var leaves []variance.Leaf
	for _, line := range lines {
		leaves = append(leaves, leaf(t, line))
	}
	return leaves
}

// told writes a result with that many decimals.
func told(r variance.Result, digits int) []string {
	var lines []string
	for _, row := range append(r.Leaves, r.Total) {
		cells := []string{row.Leaf}
		for _, a := range row.Amounts {
			cells = append(cells, a.Fixed(digits))
		}
		lines = append(lines, strings.Join(cells, " "))
	}
	return lines
}

// models are five, of which one is new and one retired: a bill that doubles while
// list prices fall by 23 %.
func models(t testing.TB) []variance.Leaf {
	t.Helper()
	return leavesOf(t, "premium 120 400 30.00 25.00", "mid 300 900 6.00 4.00", "small 80 1700 0.60 0.30",
		"reasoning 0 250 - 18.00", "legacy 500 0 8.00 -")
}

func TestBennetOfFiveModels(t *testing.T) {
	t.Parallel()
	result, err := variance.Bennet(models(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"premium 7520.192308 179.807692 -1300.000000",
		"mid 3245.192308 -245.192308 -1200.000000",
		"small 305.307692 423.692308 -267.000000",
		"reasoning 1557.692308 2942.307692 0.000000",
		"legacy 4500.000000 -8500.000000 0.000000",
		"total 17128.384615 -5199.384615 -2767.000000",
	}
	if diff := cmp.Diff(want, told(result, 6)); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if change, err := result.Total.Change(); err != nil || change != money.FromInt(9_162) {
		t.Errorf("the effects sum to %v, %v; want 9162", change, err)
	}
}

func TestMatchedModelsGiveTheIndex(t *testing.T) {
	t.Parallel()
	index := variance.Matched(models(t))
	got := []string{index.Laspeyres.Amount.Fixed(6), index.Paasche.Amount.Fixed(6), index.Fisher.Amount.Fixed(6)}
	if diff := cmp.Diff([]string{"0.775330", "0.766015", "0.770659"}, got); diff != "" || index.Leaves != 3 {
		t.Errorf("index of %d leaves (-want +got):\n%s", index.Leaves, diff)
	}
	if none := variance.Matched(leavesOf(t, "new 0 5 - 3")); none.Fisher.Valid || none.Laspeyres.Valid || none.Leaves != 0 {
		t.Errorf("an index of nothing: %+v", none)
	}
}

func TestBennetAtItsEdges(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ leaves, want []string }{
		"the example":      {[]string{"a 100 200 3 2", "b 100 300 1 1"}, []string{"a 337.5 -87.5 -150", "b 165 35 0", "total 502.5 -52.5 -150"}},
		"nothing before":   {[]string{"a 0 7 - 2"}, []string{"a 14 0 0", "total 14 0 0"}},
		"nothing after":    {[]string{"a 7 0 2 -"}, []string{"a -14 0 0", "total -14 0 0"}},
		"nothing at all":   {[]string{"a 0 0 - -"}, []string{"a 0 0 0", "total 0 0 0"}},
		"no leaf":          {nil, []string{"total 0 0 0"}},
		"both prices, new": {[]string{"a 0 10 5 4"}, []string{"a 45 0 -5", "total 45 0 -5"}},
		"thirds": {[]string{"a 1 2 1 1", "b 1 1 1 1", "c 1 1 1 1"}, []string{
			"a 0.416666666666 0.583333333334 0", "b 0.291666666667 -0.291666666667 0", "c 0.291666666667 -0.291666666667 0",
			"total 1 0 0"}},
		"below the last digit": {[]string{"a 0 1 - 0.0000000000004", "b 0 1 - 0.0000000000008"}, []string{"a 0 0 0", "b 0.000000000001 0 0", "total 0.000000000001 0 0"}},
	} {
		result, err := variance.Bennet(leavesOf(t, tc.leaves...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, row := range append(result.Leaves, result.Total) {
			cells := []string{row.Leaf}
			for _, a := range row.Amounts {
				cells = append(cells, a.String())
			}
			got = append(got, strings.Join(cells, " "))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAQuantityWithoutAPriceIsRefusedByName(t *testing.T) {
	t.Parallel()
	_, err := variance.Bennet(leavesOf(t, "fine 1 1 1 1", "odd 3 0 - 2", "even 0 4 2 -"))
	if spend.KindOf(err) != spend.KindInvalid {
		t.Fatalf("got %v, want an invalid input", err)
	}
	for _, want := range []string{`leaf "odd", p0: there is a quantity and no price`, `leaf "even", p1: there is`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "fine") {
		t.Errorf("%q names a leaf that is right", err)
	}
	if _, err := variance.Bennet([]variance.Leaf{{Name: "big", Quantity: [2]variance.Number{number(t, "0"), number(t, "1e30")}, Price: [2]variance.Number{number(t, "1"), number(t, "1")}}}); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("an amount beyond the largest: %v", err)
	}
}
