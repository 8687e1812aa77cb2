// Package pricebook prices usage exactly: a log of dated price facts, compiled
// into an immutable book with a content hash, and the rater that applies it.
//
// A price belongs to a seller, the seller's own model id, an instant and
// conditions (service tier, region, size of the prompt, time of day). The log
// knows two times: when a price applies and when we knew it, so that a
// scheduled rise can be revoked and an old rating can be repeated.
//
// It refuses
//   - to guess: a model matches by its exact id, by a dated alias or by a
//     seller's spelling rules, never by a prefix and never at another seller;
//   - to read "no price" as zero: what has no price is unpriced;
//   - to choose between two facts that fit equally well: that is an error when
//     the book is compiled;
//   - to read a clock, a file or the network. The facts that ship with Bursar
//     are compiled in (Embedded).
//
// Start with Fact, then Compile, then Book.Rate. RateCases is the same rater
// behind JSON Lines, Lint and Diff look at facts before they are used.
//
// Invariant: a rating's lines sum to its list amount and so do its cost
// components, to the last of twelve decimals; and the order in which facts are
// given changes neither a book's hash nor any price.
package pricebook
