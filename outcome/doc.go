// Package outcome says what a business result is, how its events fold into one
// standing, and what outcomes cost.
//
// It is for whoever records results (a ticket resolved, a pull request merged)
// and for the ledger that sets spend against them. It refuses to move cost when
// an outcome is reversed, to count a claim as a result, to credit runs with more
// than the whole of an outcome, and to guess a value that nobody stated.
//
// Start with Event, then Fold, then Book.
//
// Invariant: the lines of an outcome sum to its current standing in every
// additive column, whatever the order in which its events arrived and however
// often each of them did.
package outcome
