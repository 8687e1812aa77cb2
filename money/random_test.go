package money_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestAgainstBig holds every operation against math/big on 200,000 cases from a
// fixed seed, over all magnitudes and with many cases at the borders.
func TestAgainstBig(t *testing.T) {
	t.Parallel()
	checks := []func(*testing.T, dice){
		func(t *testing.T, d dice) { checkAddSub(t, d.units(), d.units()) },
		func(t *testing.T, d dice) { checkMulRatio(t, d.units(), d.integer(), d.integer()) },
		func(t *testing.T, d dice) { checkMulRatio(t, d.units(), d.integer(), 1_000_000) },
		func(t *testing.T, d dice) { checkMul(t, d.units(), d.units(), d.integer()) },
		func(t *testing.T, d dice) { checkMulQuotient(t, d.units(), d.units(), d.units()) },
		func(t *testing.T, d dice) { checkRound(t, d.units(), d.IntN(15)-1) },
		func(t *testing.T, d dice) { checkSplit(t, d.units(), d.weights()) },
		func(t *testing.T, d dice) { checkShown(t, d.IntN(13), d.parts()) },
		func(t *testing.T, d dice) { checkParse(t, d.text()) },
	}
	d := dice{rand.New(rand.NewPCG(1, 38))}
	for i := range 200_000 {
		checks[i%len(checks)](t, d)
	}
}

// dice makes test values; all their magnitudes are equally likely.
type dice struct{ *rand.Rand }

// units returns an amount's units: one time in four next to a power of two or
// of ten, half of one, or the end of the range.
func (d dice) units() *big.Int {
	x := new(big.Int).SetUint64(d.Uint64())
	x.Lsh(x, 64).Add(x, new(big.Int).SetUint64(d.Uint64()))
	x.Rsh(x, 1+d.UintN(127))
	switch d.IntN(16) {
	case 0:
		x = new(big.Int).Lsh(one, d.UintN(127))
	case 1:
		x = power10(d.IntN(39))
	case 2:
		x = product(power10(d.IntN(38)), big.NewInt(5))
	case 3:
		x = new(big.Int).Sub(maxUnits, big.NewInt(d.Int64N(3)))
	}
	x.Add(x, big.NewInt(d.Int64N(3)-1))
	if d.IntN(2) == 0 {
		x.Neg(x)
	}
	if !fits(x) {
		return x.Rem(x, maxUnits)
	}
	return x
}

func (d dice) integer() int64 {
	edges := []int64{0, 1, -1, 2, 10, 1_000_000, 1_000_000_000_000, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}
	if d.IntN(4) == 0 {
		return edges[d.IntN(len(edges))]
	}
	n := int64(d.Uint64() >> d.UintN(64))
	if d.IntN(8) == 0 {
		return -n
	}
	return n
}

func (d dice) weights() []int64 {
	weights := make([]int64, d.IntN(8))
	shift := d.UintN(64)
	for i := range weights {
		weights[i] = int64(d.Uint64()>>1) >> shift
	}
	if d.IntN(20) == 0 && len(weights) > 0 {
		weights[d.IntN(len(weights))] = d.integer()
	}
	return weights
}

// parts are mostly of one magnitude, so that their remainders compete; some
// come with their negative, so that their total is near zero.
func (d dice) parts() []*big.Int {
	var parts []*big.Int
	shift := d.UintN(120)
	for range d.IntN(8) {
		x := d.units()
		if d.IntN(8) != 0 {
			x.Rsh(x, shift)
		}
		parts = append(parts, x)
		if d.IntN(8) == 0 {
			parts = append(parts, new(big.Int).Neg(x))
		}
	}
	return parts
}

// text is a number as somebody might write it, or nearly one.
func (d dice) text() string {
	s := []string{"", "-", "+"}[d.IntN(3)] + d.digits(30)
	if d.IntN(4) != 0 {
		s += "." + d.digits(15)
	}
	if d.IntN(3) == 0 {
		s += []string{"e", "E"}[d.IntN(2)] + strconv.Itoa(d.IntN(70)-35)
	}
	if at := d.IntN(len(s) + 1); d.IntN(10) == 0 {
		s = s[:at] + []string{" ", "_", ".", "e", "-", "NaN", "é"}[d.IntN(7)] + s[at:]
	}
	return s
}

// digits favours nines, zeros and fives, where carries and ties are.
func (d dice) digits(most int) string {
	var b strings.Builder
	for range d.IntN(most + 1) {
		b.WriteByte("00000559990123456789"[d.IntN(20)])
	}
	return b.String()
}
