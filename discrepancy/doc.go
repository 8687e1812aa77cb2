// Package discrepancy says why what another product says that a call cost is not what
// the price book makes of its tokens.
//
// It refuses to guess: a reason stands where the price book, used as the reason says
// (without a cache rate, at the base context, by the prices of another day), gives the
// other figure to 10⁻⁹ of a currency unit, or to the digits in which it was written.
// What no such use gives is unexplained, which is a reason too. It changes no line.
//
// Start with Explainer.Explain (explain.go); what lines have in common that no single
// one shows, a factor or another rate, is in clue.go; sums are in tally.go.
//
// Invariant: of each currency, ours − theirs is the sum of the differences that rows
// tell, and ours alone − theirs alone, to the last digit.
package discrepancy
