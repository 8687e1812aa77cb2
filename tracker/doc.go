// Package tracker reads public price books and compiles them, with our own
// dated history, into the price facts that Bursar ships.
//
// It refuses to fetch anything, to know a clock and to guess: bytes in, facts
// out, and whatever it leaves out is listed with its reason. A name pattern of
// a book is never carried over; it only says which ids, known from other books,
// the book speaks for. Start with Read (one book), then Compile (all of them),
// then Files (what is committed under pricebook/facts).
//
// Invariant: for one seller, SKU, meter and set of conditions at most one fact
// is valid at any instant and known at any time, so that no two facts tie.
package tracker
