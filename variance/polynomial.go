package variance

import "math/big"

// polynomial holds coefficients, that of tᵏ at k.
type polynomial []*big.Int

// byLinear multiplies a polynomial by x0 + x1·t.
func (p polynomial) byLinear(x0, x1 *big.Int) polynomial {
	product := make(polynomial, len(p)+1)
	var term big.Int
	for k := range product {
		product[k] = new(big.Int)
		if k < len(p) {
			product[k].Mul(p[k], x0)
		}
		if k > 0 {
			product[k].Add(product[k], term.Mul(p[k-1], x1))
		}
	}
	return product
}

// prefixes gives at j the product of all x0+x1·t before j.
func prefixes(x0, x1 []*big.Int) []polynomial {
	all := []polynomial{{integer(1)}}
	for j := range x0 {
		all = append(all, all[j].byLinear(x0[j], x1[j]))
	}
	return all
}

// suffixes gives at j the product of all x0+x1·t from j on.
func suffixes(x0, x1 []*big.Int) []polynomial {
	all := make([]polynomial, len(x0)+1)
	all[len(x0)] = polynomial{integer(1)}
	for j := len(x0) - 1; j >= 0; j-- {
		all[j] = all[j+1].byLinear(x0[j], x1[j])
	}
	return all
}

// weighted is the sum of the coefficients of p·q, each times its weight.
func weighted(p, q polynomial, weights []*big.Int) *big.Int {
	sum := new(big.Int)
	var coefficient, term big.Int
	for k := range len(p) + len(q) - 1 {
		coefficient.SetInt64(0)
		for i := max(0, k-len(q)+1); i <= min(k, len(p)-1); i++ {
			coefficient.Add(&coefficient, term.Mul(p[i], q[k-i]))
		}
		sum.Add(sum, term.Mul(&coefficient, weights[k]))
	}
	return sum
}
