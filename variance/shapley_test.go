package variance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// chain reads "name x0 x1 y0 y1 …", with - for what is not given.
func chain(t testing.TB, text string) variance.Chain {
	t.Helper()
	cells := strings.Fields(text)
	c := variance.Chain{Name: cells[0]}
	for i := 1; i < len(cells); i += 2 {
		c.Factors = append(c.Factors, [2]variance.Number{number(t, strings.Trim(cells[i], "-")), number(t, strings.Trim(cells[i+1], "-"))})
	}
	return c
}

func TestShapleyOfTheDriverChain(t *testing.T) {
	t.Parallel()
	result, err := variance.Shapley([]string{"requests", "tokens", "share", "price"}, []variance.Chain{
		chain(t, "in 1 1.6 3000 9000 .70 .35 3.00 2.00"),
		chain(t, "cached 1 1.6 3000 9000 .10 .53 0.30 0.20"),
		chain(t, "out 1 1.6 3000 9000 .20 .12 15.00 10.00"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"in 4410.0 10045.0 -6755.0 -3920.0",
		"cached 293.4 609.1 829.9 -296.0",
		"out 6780.0 15320.0 -7720.0 -6100.0",
		"total 11483.4 25974.1 -13645.1 -10316.0",
	}
	if diff := cmp.Diff(want, told(result, 1)); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if change, err := result.Total.Change(); err != nil || change != money.Must("13496.4") {
		t.Errorf("the effects sum to %v, %v; want 13496.4", change, err)
	}
}

// TestShapleyOfFiveModels splits the same five models with their shares as a factor.
func TestShapleyOfFiveModels(t *testing.T) {
	t.Parallel()
	result, err := variance.Shapley([]string{"volume", "mix", "price"}, []variance.Chain{
		chain(t, "premium 1000 3250 0.12 0.123076923076923076923077 30 25"), chain(t, "mid 1000 3250 0.3 0.276923076923076923076923 6 4"),
		chain(t, "small 1000 3250 0.08 0.523076923076923076923077 0.6 0.3"), chain(t, "reasoning 1000 3250 0 0.076923076923076923076923 - 18"),
		chain(t, "legacy 1000 3250 0.5 0 8 -"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"premium 7517.307692 176.923077 -1294.230769", "mid 3253.846154 -236.538462 -1217.307692", "small 280.384615 398.769231 -217.153846",
		"reasoning 1557.692308 2942.307692 0.000000", "legacy 4500.000000 -8500.000000 0.000000", "total 17109.230769 -5218.538462 -2728.692308",
	}
	if diff := cmp.Diff(want, told(result, 6)); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

func TestAFactorThatIsMissing(t *testing.T) {
	t.Parallel()
	factors := []string{"quantity", "price"}
	for text, want := range map[string]string{
		"a 1 2 3 -": "price1: it is missing, and no other factor of that period is 0",
		"a 1 2 - -": "price0: it is given in neither period",
		"a 1 2":     "factors: there are 1, want 2",
	} {
		if _, err := variance.Shapley(factors, []variance.Chain{chain(t, text)}); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := variance.Shapley(nil, nil); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("no factor: %v", err)
	}
}
