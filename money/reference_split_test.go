package money_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/bursarhq/bursar/money"
)

// handOut is the largest remainder method at its plainest: as long as something
// is missing, give one to the largest rest, the first among equals.
func handOut(counts, rests []*big.Int, missing *big.Int) {
	for left := missing.Int64(); left > 0; left-- {
		best := 0
		for i := range rests {
			if rests[i].Cmp(rests[best]) > 0 {
				best = i
			}
		}
		counts[best].Add(counts[best], one)
		rests[best] = big.NewInt(-1)
	}
}

func sumOf(xs []*big.Int) *big.Int {
	total := new(big.Int)
	for _, x := range xs {
		total.Add(total, x)
	}
	return total
}

func negatives(xs []*big.Int) []*big.Int {
	mirror := make([]*big.Int, len(xs))
	for i, x := range xs {
		mirror[i] = new(big.Int).Neg(x)
	}
	return mirror
}

// quotients divides each value by d, rounded down, with the rests.
func quotients(values []*big.Int, d *big.Int) (counts, rests []*big.Int) {
	for _, v := range values {
		count, rest := new(big.Int).DivMod(v, d, new(big.Int))
		counts, rests = append(counts, count), append(rests, rest)
	}
	return counts, rests
}

func referenceSplit(x *big.Int, weights []int64) []*big.Int {
	if x.Sign() < 0 {
		return negatives(referenceSplit(new(big.Int).Neg(x), weights))
	}
	bigs := make([]*big.Int, len(weights))
	for i, w := range weights {
		bigs[i] = big.NewInt(w)
	}
	total := sumOf(bigs)
	if total.Sign() == 0 {
		bigs = slices.Repeat([]*big.Int{one}, len(weights))
		total = big.NewInt(int64(len(weights)))
	}
	for i, w := range bigs {
		bigs[i] = product(x, w)
	}
	counts, rests := quotients(bigs, total)
	handOut(counts, rests, new(big.Int).Sub(x, sumOf(counts)))
	return counts
}

func checkSplit(t *testing.T, x *big.Int, weights []int64) {
	t.Helper()
	parts, err := amountOf(t, x).Split(weights)
	refused := len(weights) == 0 && x.Sign() != 0
	if refused || slices.ContainsFunc(weights, func(w int64) bool { return w < 0 }) {
		if err == nil {
			t.Fatalf("Split %v over %v = %v, want an error", x, weights, parts)
		}
		return
	}
	if err != nil || len(parts) != len(weights) {
		t.Fatalf("Split %v over %v = %v, %v", x, weights, parts, err)
	}
	for i, want := range referenceSplit(x, weights) {
		checkResult(t, "Split", parts[i], nil, want)
	}
	sum, err := money.Sum(parts...)
	checkResult(t, "sum of the parts", sum, err, x)
}

// referenceShown returns the shown parts and their total, both in units.
func referenceShown(parts []*big.Int, step *big.Int) ([]*big.Int, *big.Int) {
	total := sumOf(parts)
	leaning := total.Sign()
	for i := 0; i < len(parts) && leaning == 0; i++ {
		leaning = parts[i].Sign()
	}
	if leaning < 0 {
		shown, sum := referenceShown(negatives(parts), step)
		return negatives(shown), sum.Neg(sum)
	}
	target := halfEven(total, step)
	counts, rests := quotients(parts, step)
	handOut(counts, rests, new(big.Int).Sub(target, sumOf(counts)))
	for i := range counts {
		counts[i].Mul(counts[i], step)
	}
	return counts, target.Mul(target, step)
}

func checkShown(t *testing.T, digits int, parts []*big.Int) {
	t.Helper()
	shown, err := money.Shown(digits, amountsOf(t, parts))
	step := power10(12 - digits)
	want, total := referenceShown(parts, step)
	if !fits(sumOf(parts)) || !fits(total) || slices.ContainsFunc(want, func(x *big.Int) bool { return !fits(x) }) {
		checkResult(t, "Shown", money.Amount{}, err, power10(38))
		return
	}
	if err != nil || len(shown) != len(parts) {
		t.Fatalf("Shown(%d, %v) = %v, %v", digits, parts, shown, err)
	}
	for i := range want {
		checkResult(t, "Shown", shown[i], nil, want[i])
		if moved := new(big.Int).Sub(shown[i].Big(), parts[i]); moved.CmpAbs(step) >= 0 {
			t.Fatalf("Shown(%d) moved %v by %v units", digits, parts[i], moved)
		}
	}
	sum, err := money.Sum(shown...)
	checkResult(t, "sum of what is shown", sum, err, total)
}
