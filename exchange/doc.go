// Package exchange turns amounts of one currency into another by dated facts.
//
// It is for the ledger, whose lines keep the currency that they are billed in
// and stand beside it in the one of the organisation. It refuses to guess: a
// rate that nobody stated, or that is older than [MaxAge], is unknown, and an
// unknown amount is never zero. It knows no clock, no source of rates and no
// rounding but one.
//
// Start with Rate, then New and Rates.On.
//
// Which fact converts a line, in this order:
//
//  1. of one currency into itself: par
//  2. the rate of an invoice of its seller, account and month; then of its
//     seller and month
//  3. the rate of the last day up to the day of use; of one day a stated rate
//     before an inverse one, and that before a cross of two; of several that
//     say the same the one that was learned last
//
// Worked example. A call of Sunday 2026-11-22 cost 0.0213 USD, and the books
// are in CHF. The last table of the European Central Bank is that of Friday:
// one EUR is 1.0813 USD or 0.9342 CHF. Nobody states USD in CHF, but one source
// states both of one day against EUR:
//
//	0.0213 × 0.9342 / 1.0813 = 0.018402349024 CHF, rounded once
//
// Invariant: what a set of facts says does not depend on their order, and what
// it said as known at an instant never changes when facts are learned later.
package exchange
