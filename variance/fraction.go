package variance

import "math/big"

// fraction is num/den with den above zero, not in lowest terms: effects of one leaf
// share their den.
type fraction struct{ num, den *big.Int }

func integer(n int64) *big.Int { return big.NewInt(n) }

func times(factors ...*big.Int) *big.Int {
	product := big.NewInt(1)
	for _, f := range factors {
		product.Mul(product, f)
	}
	return product
}

func plus(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

func minus(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }

// over writes two numbers as integers over their least common denominator.
func over(pair [2]Number) (a, b, den *big.Int) {
	x, y := pair[0].value, pair[1].value
	if x.Denom().Cmp(y.Denom()) == 0 {
		return x.Num(), y.Num(), x.Denom()
	}
	common := new(big.Int).GCD(nil, nil, x.Denom(), y.Denom())
	left, right := new(big.Int).Quo(y.Denom(), common), new(big.Int).Quo(x.Denom(), common)
	return times(x.Num(), left), times(y.Num(), right), times(x.Denom(), left)
}

// units cuts a fraction of wholes into units of 10⁻¹² rounded down, and the rest,
// which is below den and not below zero.
func (f fraction) units() (floor *big.Int, rest fraction) {
	scaled := new(big.Int).Mul(f.num, integer(perUnit))
	floor, r := scaled.DivMod(scaled, f.den, new(big.Int))
	return floor, fraction{r, f.den}
}

func (f fraction) compare(g fraction) int {
	if f.den == g.den || f.den.Cmp(g.den) == 0 {
		return f.num.Cmp(g.num)
	}
	return times(f.num, g.den).Cmp(times(g.num, f.den))
}

func (f fraction) negated() fraction { return fraction{new(big.Int).Neg(f.num), f.den} }

// nearest rounds a rational to an integer, half to even.
func nearest(r *big.Rat) *big.Int {
	floor, rest := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	switch rest.Lsh(rest, 1).Cmp(r.Denom()) {
	case 1:
		return floor.Add(floor, integer(1))
	case 0:
		return floor.Add(floor, integer(int64(floor.Bit(0))))
	}
	return floor
}
