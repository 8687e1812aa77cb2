// Package variance says why an amount of money changed between two periods.
//
// It is for the question why the bill rose although prices fell. [Bennet] splits
// the change of a sum of quantity times price into volume, mix and price, [Shapley]
// splits that of a product of any factors, and [Matched] says how far the prices of
// what was bought in both periods moved.
//
// It refuses to guess and to leave anything over:
//   - what has no price in a period, and a quantity in it, is an error; it belongs
//     beside the answer, as exposure, never into it;
//   - what has a price in one period only, and no quantity in the other, takes that
//     price in both, so that a new or a retired model has no price effect;
//   - there is no effect called "other": effects sum to the change exactly.
//
// Arithmetic is exact, in quotients of integers. Each effect is then a whole number
// of 10⁻¹² of the currency: the change of the whole is rounded once, that of the
// leaves is spread by largest remainder so that they sum to it, and the effects of a
// leaf are spread in the same way so that they sum to its change; then single units
// move within leaves until the totals are the exact ones rounded. What is exact stays
// as it is. So the effects of any slice are the sum of those of its leaves, the order
// of the leaves means nothing, and exchanging the periods flips every sign.
//
// Worked example. A model took 100 tokens at 3 and takes 200 at 2; another took 100
// at 1 and takes 300 at 1. The bill went from 400 to 700:
//
//	volume = 2.5·(½·½+½·⅖)·300 + 1·(½·½+½·⅗)·300 = 337.5 + 165 = 502.5
//	mix    = 2.5·350·(⅖−½)     + 1·350·(⅗−½)     = −87.5 + 35   = −52.5
//	price  = 150·(2−3)         + 200·(1−1)       = −150
//	                                                     sum      300
//
// Sources: T. L. Bennet, "The Theory of Measurement of Changes in Cost of Living"
// (1920); L. S. Shapley, "A Value for n-Person Games" (1953), of which Bennet's is
// the case of two factors.
//
// Start with bennet.go, then shapley.go and apportion.go; read_leaves.go and
// read_chains.go are the two files that bursar explain reads.
package variance
