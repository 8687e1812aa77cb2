package reconcile

import (
	"math/big"

	"github.com/bursarhq/bursar/money"
)

// solve gives the rates for a million that fit samples best by least squares, in exact
// fractions; those of as many samples as there are meters are hit. False when the samples
// do not tell the meters apart, or a rate would be below zero.
func (f *fitter) solve(samples []Sample) ([]money.Amount, bool) {
	k := len(f.meters)
	rows := make([][]*big.Rat, k) // the normal equations, with their right sides behind
	for i := range rows {
		rows[i] = make([]*big.Rat, k+1)
		for j := range rows[i] {
			rows[i][j] = new(big.Rat)
		}
	}
	product, term := new(big.Int), new(big.Rat)
	for s := range samples {
		tokens, amount := &samples[s].Usage.Tokens, samples[s].Amount.Big()
		for i, m := range f.meters {
			n := big.NewInt(tokens[m])
			for j, o := range f.meters {
				rows[i][j].Add(rows[i][j], term.SetInt(product.Mul(n, big.NewInt(tokens[o]))))
			}
			rows[i][k].Add(rows[i][k], term.SetInt(product.Mul(n, amount)))
		}
	}
	if !eliminate(rows) {
		return nil, false
	}
	rates := make([]money.Amount, k)
	for i := range rates {
		rate, ok := rounded(rows[i][k])
		if !ok || rate.Sign() < 0 {
			return nil, false
		}
		rates[i] = rate
	}
	return rates, true
}

// eliminate solves equations, each with its right side behind, false when they do not tell
// one solution.
func eliminate(rows [][]*big.Rat) bool {
	for i := range rows {
		pivot := i
		for pivot < len(rows) && rows[pivot][i].Sign() == 0 {
			pivot++
		}
		if pivot == len(rows) {
			return false
		}
		rows[i], rows[pivot] = rows[pivot], rows[i]
		scale := new(big.Rat).Inv(rows[i][i])
		for j := range rows[i] {
			rows[i][j].Mul(rows[i][j], scale)
		}
		for other := range rows {
			subtract(rows, other, i)
		}
	}
	return true
}

// subtract takes what makes the i-th unknown of another row zero off that row.
func subtract(rows [][]*big.Rat, other, i int) {
	if other == i || rows[other][i].Sign() == 0 {
		return
	}
	times := new(big.Rat).Set(rows[other][i])
	for j := range rows[i] {
		rows[other][j].Sub(rows[other][j], new(big.Rat).Mul(times, rows[i][j]))
	}
}

// rounded is a rate for one token, in the smallest units, as an amount for a million.
func rounded(r *big.Rat) (money.Amount, bool) {
	r = new(big.Rat).Mul(r, big.NewRat(perMillion, 1))
	half := new(big.Int).Rsh(r.Denom(), 1)
	units := new(big.Int).Add(r.Num(), half)
	a, err := money.FromBig(units.Div(units, r.Denom()))
	return a.Round(rateDigits), err == nil
}
