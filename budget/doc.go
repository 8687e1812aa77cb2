// Package budget decides whether a call may go on: before it is forwarded it is
// held at the most that it can cost, under every limit that matches it, all or
// none. What the ledger books afterwards takes the place of the hold.
//
// It refuses to know a clock, to store, to price and to tell anybody: instants,
// bounds and ledger lines go in, verdicts and crossings come out. It starts no
// goroutine; one mutex guards an engine.
//
// Start with Parse and Compile, then Engine.Acquire and Engine.Book.
//
// # What counts
//
// The use of a budget in a window is
//
//	booked    ledger lines by their instant of use, reversals included, and the
//	          exposure of those whose price nobody knows
//	settled   calls that have ended and that the ledger has not booked yet
//	held      calls that are open, each at its bound
//
// Worked example. A budget of 0.05 USD stops. 300 calls that cost 0.0016 USD
// each, and at most 0.002, come at once: 25 are held, which is 0.05, and 275
// refused. As calls end their holds shrink from 0.002 to 0.0016 USD, and
// others fit. When nothing is open any more 31 have been let through: 31 × 0.0016
// = 0.0496, and no 32nd fits into 0.0004.
//
// # Invariants
//
//   - Use never passes the limit of a stopping budget by a call that was admitted,
//     in any interleaving, as long as no call costs more than its bound.
//   - Beyond the limit of a budget that throttles go no more calls than its pace and
//     one, and a wait that is kept is long enough.
//   - Counters are sums over ledger lines and open calls: an engine that is made
//     of those equals the one that lived through them, as long as no limit counts
//     more than MaxValues apart.
//   - Unknown is never zero: a call without a bound is refused or held at the
//     ceiling that the budget names, an unpriced line counts with its exposure,
//     one without even that is counted by number.
//   - A late line belongs to the window in which the call was used.
//   - A threshold is told once for a budget, a window and an amount, also when
//     spend falls below it and rises again, and also after a restart.
package budget
