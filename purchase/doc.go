// Package purchase spreads what is paid beside usage, seats, subscriptions,
// credits and other charges, over the days that it is for.
//
// It is for the ledger, in whose totals a subscription stands beside the calls
// that it did not pay for. It refuses to price (an amount is what the vendor
// asks), to guess an end that nobody stated, and to round: the days of a purchase
// sum to its amount to the last digit.
//
// Start with Purchase, then Events.
//
// Invariant: the events of a purchase are a function of it and of the zone; each
// bears the purchase's id as its partition, so that a later version of the
// purchase replaces it whole.
//
// Worked example. A subscription of 100 USD from 2026-11-01 through 2026-11-30 is
// 3.333333333334 USD on each of the first ten days and 3.333333333333 on each of
// the twenty others, which is 100 USD again.
package purchase
