package variance_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/variance"
)

// drawn is a number as text and as what it is.
func drawn(t *rapid.T, label string) string {
	whole := rapid.SampledFrom([]int64{0, 1, 3, 7, 1_000, 999_983, 123_456_789}).Draw(t, label)
	if decimals := rapid.IntRange(0, 14).Draw(t, label+" decimals"); decimals > 0 {
		return fmt.Sprintf("%d.%0*d", whole, decimals, rapid.Int64Range(0, 99).Draw(t, label+" digits")%10)
	}
	return fmt.Sprint(whole)
}

func drawLeaves(t *rapid.T) []variance.Leaf {
	leaves := make([]variance.Leaf, rapid.IntRange(0, 6).Draw(t, "leaves"))
	for i := range leaves {
		l := variance.Leaf{Name: fmt.Sprintf("leaf %d", i)}
		for p := range 2 {
			l.Quantity[p], l.Price[p] = parsed(drawn(t, "quantity")), parsed(drawn(t, "price"))
		}
		leaves[i] = l
	}
	return leaves
}

func parsed(text string) variance.Number {
	n, err := variance.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}

func bennet(t *rapid.T, leaves []variance.Leaf) variance.Result {
	r, err := variance.Bennet(leaves)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mirrored are the leaves with their periods exchanged.
func mirrored(leaves []variance.Leaf) []variance.Leaf {
	swapped := slices.Clone(leaves)
	for i := range swapped {
		l := &swapped[i]
		l.Quantity[0], l.Quantity[1] = l.Quantity[1], l.Quantity[0]
		l.Price[0], l.Price[1] = l.Price[1], l.Price[0]
	}
	return swapped
}

// TestSwappedPeriodsFlipEverySign holds to the last digit, and so does the order of
// the leaves meaning nothing.
func TestSwappedPeriodsFlipEverySign(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t)
		want := bennet(t, leaves)
		got := bennet(t, mirrored(leaves))
		for _, row := range append(got.Leaves, got.Total) {
			for i, a := range row.Amounts {
				row.Amounts[i] = a.Neg()
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("exchanged periods (-want +got):\n%s", diff)
		}
		slices.Reverse(leaves)
		got = bennet(t, leaves)
		slices.Reverse(got.Leaves)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("reversed order (-want +got):\n%s", diff)
		}
	})
}

// TestEffectsSumToTheChange compares with the change in exact arithmetic, rounded
// once, and the sum of every leaf and of every slice with its own.
func TestEffectsSumToTheChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := make([][4]string, rapid.IntRange(1, 5).Draw(t, "leaves"))
		leaves, change, price := make([]variance.Leaf, len(texts)), new(big.Rat), new(big.Rat)
		for i := range texts {
			for c := range texts[i] {
				texts[i][c] = drawn(t, "number")
			}
			x := texts[i]
			change.Add(change, product(x[1], x[3])).Sub(change, product(x[0], x[2]))
			for _, q := range x[:2] {
				price.Add(price, product(q, x[3])).Sub(price, product(q, x[2]))
			}
			leaves[i] = variance.Leaf{Name: fmt.Sprint(i), Quantity: [2]variance.Number{parsed(x[0]), parsed(x[1])}, Price: [2]variance.Number{parsed(x[2]), parsed(x[3])}}
		}
		result := bennet(t, leaves)
		want, _, err := money.ParseRounded(change.FloatString(60))
		if err != nil {
			t.Fatal(err)
		}
		exact, _, err := money.ParseRounded(price.Quo(price, big.NewRat(2, 1)).FloatString(60))
		apart, err2 := exact.Sub(result.Total.Amounts[2])
		if err != nil || err2 != nil || apart.Abs().Cmp(money.FromUnits(1)) > 0 {
			t.Fatalf("the price effect is %v, want %v", result.Total.Amounts[2], exact)
		}
		slice := variance.Row{Amounts: make([]money.Amount, 3)}
		for i := range result.Leaves {
			if err := slice.Add(&result.Leaves[i]); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(result.Total.Amounts, slice.Amounts); diff != "" {
			t.Fatalf("leaves and total differ:\n%s", diff)
		}
		if got, err := result.Total.Change(); err != nil || got != want {
			t.Fatalf("effects sum to %v, %v; want %v", got, err, want)
		}
	})
}

func product(a, b string) *big.Rat {
	x, _ := new(big.Rat).SetString(a)
	y, _ := new(big.Rat).SetString(b)
	return x.Mul(x, y)
}

// TestHalvesOfALeafChangeNoTotal allows for the last digit.
func TestHalvesOfALeafChangeNoTotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t)
		want := bennet(t, leaves)
		var halves []variance.Leaf
		for _, l := range leaves {
			l.Quantity = [2]variance.Number{half(t, l.Quantity[0]), half(t, l.Quantity[1])}
			left, right := l, l
			left.Name, right.Name = l.Name+" left", l.Name+" right"
			halves = append(halves, left, right)
		}
		got := bennet(t, halves)
		for i, a := range got.Total.Amounts {
			apart, err := a.Sub(want.Total.Amounts[i])
			if err != nil || apart.Abs().Cmp(money.FromUnits(1)) > 0 {
				t.Fatalf("%s: %v by halves, %v whole", want.Effects[i], a, want.Total.Amounts[i])
			}
		}
	})
}

// half reads the number back from an amount: drawn numbers beyond 11 decimals are cut.
func half(t *rapid.T, n variance.Number) variance.Number {
	h, err := variance.Half(n)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestShapleyIsBruteForce compares with the definition: every order of the factors.
func TestShapleyIsBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "factors")
		names, c, values := make([]string, n), variance.Chain{Name: "a", Factors: make([][2]variance.Number, n)}, make([][2]*big.Rat, n)
		for j := range n {
			names[j] = fmt.Sprintf("f%d", j)
			for p := range 2 {
				text := fmt.Sprintf("%d.%d", rapid.IntRange(-40, 4_000).Draw(t, "whole"), rapid.IntRange(0, 99).Draw(t, "part"))
				c.Factors[j][p] = parsed(text)
				values[j][p], _ = new(big.Rat).SetString(text)
			}
		}
		result, err := variance.Shapley(names, []variance.Chain{c})
		if err != nil {
			t.Fatal(err)
		}
		for j, want := range byOrders(values) {
			rounded, _, err := money.ParseRounded(want.FloatString(40))
			apart, err2 := result.Total.Amounts[j].Sub(rounded)
			if err != nil || err2 != nil || apart.Abs().Cmp(money.FromUnits(1)) > 0 {
				t.Fatalf("factor %d: %v, want %v", j, result.Total.Amounts[j], rounded)
			}
			if values[j][0].Cmp(values[j][1]) == 0 && !result.Total.Amounts[j].IsZero() {
				t.Fatalf("factor %d did not change and has the effect %v", j, result.Total.Amounts[j])
			}
		}
	})
}

// byOrders is the mean, over all orders, of what each factor's change does.
func byOrders(values [][2]*big.Rat) []*big.Rat {
	effects, orders := make([]*big.Rat, len(values)), int64(0)
	for j := range effects {
		effects[j] = new(big.Rat)
	}
	var walk func(order []int)
	walk = func(order []int) {
		if len(order) < len(values) {
			for j := range values {
				if !slices.Contains(order, j) {
					walk(append(slices.Clone(order), j))
				}
			}
			return
		}
		orders++
		for k, j := range order {
			step := new(big.Rat).Sub(values[j][1], values[j][0])
			for i := range values {
				if i != j {
					later := 0
					if slices.Contains(order[:k], i) {
						later = 1
					}
					step.Mul(step, values[i][later])
				}
			}
			effects[j].Add(effects[j], step)
		}
	}
	walk(nil)
	for _, e := range effects {
		e.Quo(e, new(big.Rat).SetInt64(orders))
	}
	return effects
}
