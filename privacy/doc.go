// Package privacy decides what an answer may show of people: whether a question
// is about single persons, and which groups are too small to stand alone.
//
// It refuses to know who asks (package auth does), to read a ledger, and to hide
// money: what is merged is in the answer, summed.
//
// Start with policy.go, then few.go.
//
// Invariant: the sums of the rows of an answer are the same before and after; no
// row that is left has fewer people than the limit, but for an answer of one row,
// which then does not say how many.
package privacy
