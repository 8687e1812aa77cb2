// Package ingest is the one way into the ledger: validate, normalise,
// dedupe, price, attribute, append. Start with Pipeline.Book.
//
// It refuses to own a store, a clock or a price book: the ledger is an interface
// that it declares, the rest is given. Nothing that it accepts is lost and
// nothing is booked twice; what it rejects is kept, visibly, in the quarantine.
//
// Invariant: any order of arrival of any sources gives the same totals, calls
// and distinct runs, because what is booked for an attempt is a function of the
// set of its sightings.
package ingest
