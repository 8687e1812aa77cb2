package variance

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// MaxFactors is the most factors of one chain.
const MaxFactors = 32

// Chain is a product of factors in the earlier period and in the later one, like
// requests × tokens per request × price. A factor that is not given is that of the
// other period, where the product is zero without it.
type Chain struct {
	Name    string
	Factors [][2]Number // in the order of the factors' names
}

// Shapley splits the change of the sum of products over the chains into one effect
// for each factor: the mean, over all orders in which the factors may change one after
// the other, of what its own change does. With e_k the sum of all products of k other
// factors of the later period and the rest of the earlier one:
//
//	effect of x = (x₁−x₀) · Σ k!·(n−1−k)!/n! · e_k    for k from 0 to n−1
//
// The e_k are the coefficients of a product of n−1 linear polynomials, so a chain of n
// factors takes about n³ multiplications, not 2ⁿ. The error names every factor that is
// missing.
func Shapley(factors []string, chains []Chain) (Result, error) {
	const op = "split by factors"
	if len(factors) == 0 || len(factors) > MaxFactors {
		return Result{}, spend.Errorf(spend.KindInvalid, op, "there are %d factors", len(factors)).WithHint("give 1 to %d", MaxFactors)
	}
	var problems []string
	s := shapley{chains: make([]Chain, len(chains))}
	for n := range len(factors) + 1 {
		s.weights = append(s.weights, weights(n))
	}
	names := make([]string, len(chains))
	for i := range chains {
		for _, p := range chains[i].Problems(factors) {
			problems = append(problems, fmt.Sprintf("leaf %s, %s", clipped(chains[i].Name), p))
		}
		names[i], s.chains[i] = chains[i].Name, chains[i].filled()
	}
	if err := refused(op, problems); err != nil {
		return Result{}, err
	}
	return resolve(op, &s, factors, names)
}

// Problems lists what is wrong with a chain; none is a chain that can be split.
func (c *Chain) Problems(factors []string) []spend.Problem {
	if len(c.Factors) != len(factors) {
		return []spend.Problem{{Field: "factors", Msg: fmt.Sprintf("there are %d, want %d", len(c.Factors), len(factors))}}
	}
	var found []spend.Problem
	for t, period := range [2]string{"0", "1"} {
		nothing := slices.ContainsFunc(c.Factors, func(f [2]Number) bool { return f[t].isZero() })
		for j, f := range c.Factors {
			switch {
			case f[t].Given():
			case !f[1-t].Given():
				found = append(found, spend.Problem{Field: factors[j] + period, Msg: "it is given in neither period"})
			case !nothing:
				found = append(found, spend.Problem{Field: factors[j] + period, Msg: "it is missing, and no other factor of that period is 0; give it"})
			}
		}
	}
	return found
}

// filled is the chain with every factor in both periods.
func (c *Chain) filled() Chain {
	full := Chain{Name: c.Name, Factors: slices.Clone(c.Factors)}
	for j, f := range full.Factors {
		for t := range f {
			if !f[t].Given() {
				full.Factors[j][t] = f[1-t]
			}
		}
	}
	return full
}

type shapley struct {
	chains  []Chain
	weights [][]*big.Int // for n factors k!·(n−1−k)!, and n! behind them
}

func weights(n int) []*big.Int {
	factorial := func(k int) *big.Int { return new(big.Int).MulRange(1, int64(k)) }
	var all []*big.Int
	for k := range n {
		all = append(all, times(factorial(k), factorial(n-1-k)))
	}
	return append(all, factorial(n))
}

func (s *shapley) change(i int) fraction {
	before, after, den := integer(1), integer(1), integer(1)
	for _, f := range s.chains[i].Factors {
		x0, x1, per := over(f)
		before.Mul(before, x0)
		after.Mul(after, x1)
		den.Mul(den, per)
	}
	return fraction{after.Sub(after, before), den}
}

// effects leaves out the factors that do not change: they only scale the effects of
// the others.
func (s *shapley) effects(i int) []fraction {
	var x0, x1 []*big.Int
	var moving []int
	effects, scale, den := make([]fraction, len(s.chains[i].Factors)), integer(1), integer(1)
	for j, f := range s.chains[i].Factors {
		a, b, per := over(f)
		den.Mul(den, per)
		effects[j] = fraction{new(big.Int), den}
		if a.Cmp(b) == 0 {
			scale.Mul(scale, a)
			continue
		}
		x0, x1, moving = append(x0, a), append(x1, b), append(moving, j)
	}
	n := len(moving)
	den.Mul(den, s.weights[n][n])
	before, behind := prefixes(x0, x1), suffixes(x0, x1)
	for k, j := range moving {
		effects[j].num.Mul(minus(x1[k], x0[k]), weighted(before[k], behind[k+1], s.weights[n]))
		effects[j].num.Mul(effects[j].num, scale)
	}
	return effects
}
